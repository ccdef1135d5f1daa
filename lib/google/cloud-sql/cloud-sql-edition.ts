// Editions of Cloud SQL and their machine types. A machine type belongs to one edition, which is always set: for PostgreSQL 16 and
// later the API defaults to ENTERPRISE_PLUS, and then refuses an ENTERPRISE tier.

import type { DatabaseEngine, MachineSize } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { type CloudSqlMachine, cloudSqlTier } from "./cloud-sql-tier";
import { ENTERPRISE_PLUS_FROM } from "./data/cloud-sql-versions";
import { CUSTOM_TIER, ENTERPRISE_PLUS_TIERS } from "./data/tiers";

/**
 * Editions of Cloud SQL.
 *
 * @see https://cloud.google.com/sql/docs/postgres/editions-intro
 */
export enum CloudSqlEdition {
  /** Enterprise: custom and shared-core machine types; up to 7 days of point-in-time recovery. */
  ENTERPRISE = "ENTERPRISE",
  /** Enterprise Plus: performance-optimized machine types, data cache, near-zero downtime; up to 35 days of point-in-time recovery. */
  ENTERPRISE_PLUS = "ENTERPRISE_PLUS",
}

const PREDEFINED = ["db-f1-micro", "db-g1-small"];

/** The machine type of a size, with its edition. Refuses machine types that Cloud SQL refuses. @internal */
export function machineOf(
  checks: SynthChecks,
  engine: DatabaseEngine,
  size: MachineSize,
  edition: CloudSqlEdition | undefined,
): CloudSqlMachine {
  const machine = cloudSqlTier(size);
  if (!machine) {
    checks.fail(
      "size",
      size.label,
      `must be general() with an even number of 2 to 96 vCPU, memory() with ${ENTERPRISE_PLUS_TIERS.map((m) => m.vcpu).join(", ")} ` +
        'vCPU, or a machine type of your choice, such as MachineSize.of({ names: { google: "db-custom-4-16384" } })',
    );
    return { name: "unknown", burstable: false, edition: edition ?? CloudSqlEdition.ENTERPRISE };
  }
  if (!isResolved(machine.name)) {
    if (edition === undefined) {
      checks.fail("edition", undefined, "must be set, since the machine type is not known at synth");
    }
    return { ...machine, edition: edition ?? CloudSqlEdition.ENTERPRISE };
  }
  checkCustom(checks, machine.name);
  const needed = editionOf(machine.name);
  if (edition !== undefined && needed !== undefined && edition !== needed) {
    checks.fail(
      "edition",
      edition,
      `must be ${needed}, the edition of ${machine.name}; leave edition out or choose another size`,
    );
  }
  if (edition === undefined && needed === undefined) {
    checks.fail(
      "edition",
      undefined,
      `must be set to ENTERPRISE or ENTERPRISE_PLUS, since the library does not know ${machine.name}`,
    );
  }
  const effective = needed ?? edition ?? CloudSqlEdition.ENTERPRISE;
  const oldest = ENTERPRISE_PLUS_FROM[engine.family] ?? 0;
  if (effective === CloudSqlEdition.ENTERPRISE_PLUS && Number(engine.majorVersion) < oldest) {
    checks.fail(
      "size",
      size.label,
      `must not be an ENTERPRISE_PLUS machine for ${engine.label}, which that edition does not offer; use general(), or a later version`,
    );
  }
  return { ...machine, edition: effective };
}

/** The edition of a machine type, by its name; undefined for one that the library does not know. */
function editionOf(tier: string): CloudSqlEdition | undefined {
  if (tier.startsWith("db-perf-optimized-")) return CloudSqlEdition.ENTERPRISE_PLUS;
  if (tier.startsWith("db-custom-") || tier.startsWith("db-n1-") || PREDEFINED.includes(tier)) {
    return CloudSqlEdition.ENTERPRISE;
  }
  return undefined;
}

/** Rules of machine types that `MachineSize.of` can break (cloud.google.com/sql/docs/postgres/instance-settings). */
function checkCustom(checks: SynthChecks, tier: string): void {
  if (/^db-perf-optimized-N-/.test(tier)) {
    checks.check(
      "size",
      tier,
      () => ENTERPRISE_PLUS_TIERS.some((machine) => tier === `db-perf-optimized-N-${machine.vcpu}`),
      `must be db-perf-optimized-N- with ${ENTERPRISE_PLUS_TIERS.map((m) => m.vcpu).join(", ")}`,
    );
    return;
  }
  if (!tier.startsWith("db-custom-")) return;
  const match = /^db-custom-([1-9]\d*)-([1-9]\d*)$/.exec(tier);
  if (!match) {
    checks.fail("size", tier, "must be db-custom-VCPU-MIB, such as db-custom-4-16384");
    return;
  }
  const [vcpu, mib] = [Number(match[1]), Number(match[2])];
  const { maxVcpu, stepMiB, minMiB, minGiBPerVcpu, maxGiBPerVcpu } = CUSTOM_TIER;
  checks.check(
    "size",
    tier,
    () => vcpu === 1 || (vcpu % 2 === 0 && vcpu <= maxVcpu),
    `must have 1 vCPU or an even number of up to ${maxVcpu}`,
  );
  const least = Math.max(minMiB, vcpu * minGiBPerVcpu * 1024);
  const most = vcpu * maxGiBPerVcpu * 1024;
  checks.check(
    "size",
    tier,
    () => mib % stepMiB === 0 && mib >= least && mib <= most,
    `must have, with ${vcpu} vCPU, ${Math.ceil(least / stepMiB) * stepMiB} to ${Math.floor(most / stepMiB) * stepMiB} MiB of memory, in steps of ${stepMiB}`,
  );
}

/** True for Enterprise Plus machine types. @internal */
export function isEnterprisePlus(machine: CloudSqlMachine): boolean {
  return machine.edition === CloudSqlEdition.ENTERPRISE_PLUS;
}
