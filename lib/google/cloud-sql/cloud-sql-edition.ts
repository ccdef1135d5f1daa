// Cloud SQL sells machines in two editions, and a machine belongs to one of them. The edition is always written: for
// PostgreSQL 16 and later the API takes ENTERPRISE_PLUS when it is not, and then refuses the tier.

import {
  Cloud,
  type DatabaseEngine,
  EngineFamily,
  type MachineClass,
  type MachineSize,
} from "../../database";
import { GOOGLE_CUSTOM, GOOGLE_ENTERPRISE_PLUS, isResolved, type SynthChecks } from "../../database/private";
import { ENTERPRISE_PLUS_FROM } from "./data/cloud-sql-versions";

/** The editions of Cloud SQL. */
export enum CloudSqlEdition {
  /** Custom and shared-core machines; logs for point-in-time recovery are kept for up to 7 days. */
  ENTERPRISE = "ENTERPRISE",
  /** Faster machines, data cache, near-zero downtime; logs are kept for up to 35 days. */
  ENTERPRISE_PLUS = "ENTERPRISE_PLUS",
}

const PREDEFINED = ["db-f1-micro", "db-g1-small"];

/**
 * The machine of a size, with its edition; checked.
 *
 * @internal
 */
export function machineOf(
  checks: SynthChecks,
  engine: DatabaseEngine,
  size: MachineSize,
  edition: CloudSqlEdition | undefined,
): MachineClass {
  const machine = size.on(Cloud.GOOGLE, engine);
  if (!machine) {
    checks.fail(
      "size",
      size.label,
      "Cloud SQL has no machine of this size; allowed are general() with 2 to 96 vCPU in steps of two, memory() with " +
        `${GOOGLE_ENTERPRISE_PLUS.map((m) => m.vcpu).join(", ")} vCPU, or MachineSize.of({ google: "db-custom-4-16384" })`,
    );
    return { name: "unknown", burstable: false, edition: edition ?? CloudSqlEdition.ENTERPRISE };
  }
  if (!isResolved(machine.name)) {
    if (edition === undefined) {
      checks.fail("edition", undefined, "it has to be given when the machine is not known at synth");
    }
    return { ...machine, edition: edition ?? CloudSqlEdition.ENTERPRISE };
  }
  checkCustom(checks, machine.name);
  const needed = editionOf(machine.name);
  if (edition !== undefined && needed !== undefined && edition !== needed) {
    checks.fail(
      "edition",
      edition,
      `${machine.name} belongs to ${needed}; leave edition out or take another size`,
    );
  }
  if (edition === undefined && needed === undefined) {
    checks.fail(
      "edition",
      undefined,
      `the library does not know ${machine.name}; say CloudSqlEdition.ENTERPRISE or ENTERPRISE_PLUS`,
    );
  }
  const effective = needed ?? edition ?? CloudSqlEdition.ENTERPRISE;
  const oldest = ENTERPRISE_PLUS_FROM[engine.family] ?? 0;
  if (effective === CloudSqlEdition.ENTERPRISE_PLUS && Number(engine.majorVersion) < oldest) {
    checks.fail(
      "size",
      size.label,
      `${engine.label} is not offered in ENTERPRISE_PLUS, to which ${machine.name} belongs; take general(), or a later version`,
    );
  }
  return { ...machine, edition: effective };
}

/** The edition that a tier belongs to by its name; none for a tier the library does not know. */
function editionOf(tier: string): CloudSqlEdition | undefined {
  if (tier.startsWith("db-perf-optimized-")) return CloudSqlEdition.ENTERPRISE_PLUS;
  if (tier.startsWith("db-custom-") || tier.startsWith("db-n1-") || PREDEFINED.includes(tier)) {
    return CloudSqlEdition.ENTERPRISE;
  }
  return undefined;
}

/** The rules of custom machines, which `MachineSize.of` can break; Cloud SQL "instance settings". */
function checkCustom(checks: SynthChecks, tier: string): void {
  if (/^db-perf-optimized-N-/.test(tier)) {
    checks.check(
      "size",
      tier,
      () => GOOGLE_ENTERPRISE_PLUS.some((machine) => tier === `db-perf-optimized-N-${machine.vcpu}`),
      `allowed are db-perf-optimized-N- with ${GOOGLE_ENTERPRISE_PLUS.map((m) => m.vcpu).join(", ")}`,
    );
    return;
  }
  if (!tier.startsWith("db-custom-")) return;
  const match = /^db-custom-([1-9]\d*)-([1-9]\d*)$/.exec(tier);
  if (!match) {
    checks.fail("size", tier, "a custom machine is written db-custom-VCPU-MIB, such as db-custom-4-16384");
    return;
  }
  const [vcpu, mib] = [Number(match[1]), Number(match[2])];
  const { maxVcpu, stepMiB, minMiB, minGiBPerVcpu, maxGiBPerVcpu } = GOOGLE_CUSTOM;
  checks.check(
    "size",
    tier,
    () => vcpu === 1 || (vcpu % 2 === 0 && vcpu <= maxVcpu),
    `allowed are 1 vCPU or an even number up to ${maxVcpu}`,
  );
  const least = Math.max(minMiB, vcpu * minGiBPerVcpu * 1024);
  const most = vcpu * maxGiBPerVcpu * 1024;
  checks.check(
    "size",
    tier,
    () => mib % stepMiB === 0 && mib >= least && mib <= most,
    `${vcpu} vCPU take ${Math.ceil(least / stepMiB) * stepMiB} to ${Math.floor(most / stepMiB) * stepMiB} MiB of memory, in steps of ${stepMiB}`,
  );
}

/** Whether an engine may use what only Enterprise Plus has. @internal */
export function isEnterprisePlus(machine: MachineClass): boolean {
  return machine.edition === CloudSqlEdition.ENTERPRISE_PLUS;
}

/** Whether the engine is MySQL. @internal */
export function isMysql(engine: DatabaseEngine): boolean {
  return engine.family === EngineFamily.MYSQL;
}
