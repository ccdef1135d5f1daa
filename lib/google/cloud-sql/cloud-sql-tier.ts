// Editions of Cloud SQL and their machine types (tiers). A tier belongs to one edition, which is always set: for PostgreSQL 16 and
// later the API defaults to ENTERPRISE_PLUS, and then refuses an ENTERPRISE tier.

import { Cloud, type DatabaseEngine, type MachineClass, MachineKind, type MachineSize } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { CUSTOM_TIER, ENTERPRISE_PLUS_TIERS, SHARED_CORE_TIERS } from "./data/tiers";
import { ENTERPRISE_PLUS_FROM } from "./data/versions";

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

/** A Cloud SQL machine tier. */
export interface CloudSqlMachine extends MachineClass {
  /** Cloud SQL edition that offers the tier: `ENTERPRISE` or `ENTERPRISE_PLUS`. */
  readonly edition: string;
}

/**
 * The Cloud SQL tier of a size, or `undefined` if Cloud SQL has none.
 *
 * @param size the size.
 *
 * @internal
 */
export function cloudSqlTier(size: MachineSize): CloudSqlMachine | undefined {
  const { kind, vcpu, memoryGiB } = size;
  if (kind === MachineKind.NAMED) {
    const named = size.named(Cloud.GOOGLE, describeTier);
    return named && { ...named, edition: describeTier(named.name).edition };
  }
  if (vcpu === undefined || memoryGiB === undefined) return undefined;
  if (kind === MachineKind.MEMORY) {
    return ENTERPRISE_PLUS_TIERS.some((m) => m.vcpu === vcpu && m.memoryGiB === memoryGiB)
      ? describeTier(`db-perf-optimized-N-${vcpu}`)
      : undefined;
  }
  if (kind === MachineKind.BURSTABLE && (vcpu === 1 || vcpu === 2)) {
    if (memoryGiB === 1) return describeTier("db-f1-micro");
    if (memoryGiB === 2) return describeTier("db-g1-small");
  }
  const mib = memoryGiB * 1024;
  const legal =
    (vcpu === 1 || vcpu % 2 === 0) &&
    vcpu <= CUSTOM_TIER.maxVcpu &&
    mib % CUSTOM_TIER.stepMiB === 0 &&
    mib >= Math.max(CUSTOM_TIER.minMiB, vcpu * CUSTOM_TIER.minGiBPerVcpu * 1024) &&
    mib <= Math.min(CUSTOM_TIER.maxMiB, vcpu * CUSTOM_TIER.maxGiBPerVcpu * 1024);
  return legal ? describeTier(`db-custom-${vcpu}-${mib}`) : undefined;
}

/**
 * vCPU, memory and edition of a Cloud SQL tier, as far as the tier is known.
 *
 * @param name the tier, such as `db-custom-4-16384`.
 *
 * @internal
 */
export function describeTier(name: string): CloudSqlMachine {
  const shared = SHARED_CORE_TIERS.find((machine) => machine.name === name);
  if (shared) return { ...shared, burstable: true, edition: "ENTERPRISE" };
  const custom = /^db-custom-(\d+)-(\d+)$/.exec(name);
  if (custom) {
    const memoryGiB = Number(custom[2]) / 1024;
    return { name, vcpu: Number(custom[1]), memoryGiB, burstable: false, edition: "ENTERPRISE" };
  }
  const plus = /^db-perf-optimized-N-(\d+)$/.exec(name);
  if (plus) {
    const machine = ENTERPRISE_PLUS_TIERS.find((m) => m.vcpu === Number(plus[1]));
    return { name, ...machine, burstable: false, edition: "ENTERPRISE_PLUS" };
  }
  return {
    name,
    burstable: false,
    edition: /^db-(perf-optimized|c4a)-/.test(name) ? "ENTERPRISE_PLUS" : "ENTERPRISE",
  };
}

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
      `must be general() with an even number of 2 to 96 vCPU, memory() with ${ENTERPRISE_PLUS_TIERS.map((m) => m.vcpu).join(", ")} vCPU, or a machine type of your choice, such as MachineSize.of({ names: { google: "db-custom-4-16384" } })`,
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
  if (
    tier.startsWith("db-custom-") ||
    tier.startsWith("db-n1-") ||
    SHARED_CORE_TIERS.some(({ name }) => name === tier)
  ) {
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
