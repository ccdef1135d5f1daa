import { Cloud, type MachineClass, MachineKind, type MachineSize } from "../../database";
import { CUSTOM_TIER, ENTERPRISE_PLUS_TIERS, SHARED_CORE_TIERS } from "./data/tiers";

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
