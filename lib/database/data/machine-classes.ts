// What each cloud calls a machine of a given shape. Sources, read 2026-11: awsdocs/amazon-rds-user-guide
// Concepts.DBInstanceClass (the size ladder), Cloud SQL "instance settings" (custom tiers; Enterprise Plus), the
// `sku_name` validators of azurerm 4.55 (which refuse GP_Standard_D*ds_v5 for MySQL) and Azure's service-tier page.

/** The memory of a machine by the suffix of its RDS class, in GiB, for the families with 4 and 8 GiB per vCPU. */
export const AWS_SUFFIXES: readonly { suffix: string; vcpu: number; general: number; memory: number }[] = [
  { suffix: "large", vcpu: 2, general: 8, memory: 16 },
  { suffix: "xlarge", vcpu: 4, general: 16, memory: 32 },
  { suffix: "2xlarge", vcpu: 8, general: 32, memory: 64 },
  { suffix: "4xlarge", vcpu: 16, general: 64, memory: 128 },
  { suffix: "8xlarge", vcpu: 32, general: 128, memory: 256 },
  { suffix: "12xlarge", vcpu: 48, general: 192, memory: 384 },
  { suffix: "16xlarge", vcpu: 64, general: 256, memory: 512 },
  { suffix: "24xlarge", vcpu: 96, general: 384, memory: 768 },
];

/** The RDS families that follow the ladder above. */
export const AWS_GENERAL_FAMILIES: readonly string[] = [
  "m5",
  "m5d",
  "m6g",
  "m6gd",
  "m6i",
  "m6id",
  "m7g",
  "m7i",
  "m8g",
];
/** The RDS families with 8 GiB per vCPU. */
export const AWS_MEMORY_FAMILIES: readonly string[] = [
  "r5",
  "r5d",
  "r6g",
  "r6gd",
  "r6i",
  "r6id",
  "r7g",
  "r7i",
  "r8g",
];
/** Families without a 24xlarge size (Graviton 2 and 3). */
export const AWS_WITHOUT_24XLARGE: readonly string[] = ["m6g", "m6gd", "m7g", "r6g", "r6gd", "r7g"];

/** The burstable RDS classes, for t3 and t4g. */
export const AWS_BURSTABLE: readonly { suffix: string; vcpu: number; memoryGiB: number }[] = [
  { suffix: "micro", vcpu: 2, memoryGiB: 1 },
  { suffix: "small", vcpu: 2, memoryGiB: 2 },
  { suffix: "medium", vcpu: 2, memoryGiB: 4 },
  { suffix: "large", vcpu: 2, memoryGiB: 8 },
  { suffix: "xlarge", vcpu: 4, memoryGiB: 16 },
  { suffix: "2xlarge", vcpu: 8, memoryGiB: 32 },
];

/** Cloud SQL Enterprise Plus machines: vCPU to GiB (8 GB per vCPU up to 80, 128 vCPU has 864). */
export const GOOGLE_ENTERPRISE_PLUS: readonly { vcpu: number; memoryGiB: number }[] = [
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
export const GOOGLE_CUSTOM = {
  maxVcpu: 96,
  minGiBPerVcpu: 0.9,
  maxGiBPerVcpu: 6.5,
  stepMiB: 256,
  minMiB: 3840,
  maxMiB: 638976,
};

/** Azure's burstable machines. */
export const AZURE_BURSTABLE: readonly { name: string; vcpu: number; memoryGiB: number }[] = [
  { name: "B_Standard_B1ms", vcpu: 1, memoryGiB: 2 },
  { name: "B_Standard_B2s", vcpu: 2, memoryGiB: 4 },
  { name: "B_Standard_B2ms", vcpu: 2, memoryGiB: 8 },
  { name: "B_Standard_B4ms", vcpu: 4, memoryGiB: 16 },
  { name: "B_Standard_B8ms", vcpu: 8, memoryGiB: 32 },
  { name: "B_Standard_B12ms", vcpu: 12, memoryGiB: 48 },
  { name: "B_Standard_B16ms", vcpu: 16, memoryGiB: 64 },
  { name: "B_Standard_B20ms", vcpu: 20, memoryGiB: 80 },
];

/** The vCPU counts of Azure's general (4 GiB per vCPU) and memory (8 GiB per vCPU) families. */
export const AZURE_VCPUS: readonly number[] = [2, 4, 8, 16, 32, 48, 64, 96];
