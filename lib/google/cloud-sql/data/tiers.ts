// Cloud SQL machine tiers. Source, read 2026-11: Cloud SQL "instance settings" (custom tiers; Enterprise Plus).

/** Cloud SQL's shared machines. */
export const SHARED_CORE_TIERS: readonly { name: string; vcpu: number; memoryGiB: number }[] = [
  { name: "db-f1-micro", vcpu: 1, memoryGiB: 0.6 },
  { name: "db-g1-small", vcpu: 1, memoryGiB: 1.7 },
];

/** Cloud SQL Enterprise Plus machines: vCPU to GiB (8 GB per vCPU up to 80, 128 vCPU has 864). */
export const ENTERPRISE_PLUS_TIERS: readonly { vcpu: number; memoryGiB: number }[] = [
  { vcpu: 2, memoryGiB: 16 },
  { vcpu: 4, memoryGiB: 32 },
  { vcpu: 8, memoryGiB: 64 },
  { vcpu: 16, memoryGiB: 128 },
  { vcpu: 32, memoryGiB: 256 },
  { vcpu: 48, memoryGiB: 384 },
  { vcpu: 64, memoryGiB: 512 },
  { vcpu: 80, memoryGiB: 640 },
  { vcpu: 96, memoryGiB: 768 },
  { vcpu: 128, memoryGiB: 864 },
];

/** Cloud SQL Enterprise custom tiers: the limits of `db-custom-VCPU-MB`. */
export const CUSTOM_TIER = {
  maxVcpu: 96,
  minGiBPerVcpu: 0.9,
  maxGiBPerVcpu: 6.5,
  stepMiB: 256,
  minMiB: 3840,
  maxMiB: 638976,
};
