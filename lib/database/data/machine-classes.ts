// What each cloud calls a machine of a given shape. Sources, read 2026-11: awsdocs/amazon-rds-user-guide
// Concepts.DBInstanceClass (the size ladder) and the data of cfn-lint 1.58.0 (which families RDS has),
// Cloud SQL "instance settings" (custom tiers; Enterprise Plus), the `sku_name` validators of azurerm 4.55 (which refuse
// GP_Standard_D*ds_v5 for MySQL), Azure's service-tier page and its list of virtual machine sizes (the exceptions).

/** The sizes of the RDS families below: each has the vCPU of its suffix. Not every family has every size. */
export const AWS_SUFFIXES: readonly { suffix: string; vcpu: number }[] = [
  { suffix: "large", vcpu: 2 },
  { suffix: "xlarge", vcpu: 4 },
  { suffix: "2xlarge", vcpu: 8 },
  { suffix: "4xlarge", vcpu: 16 },
  { suffix: "8xlarge", vcpu: 32 },
  { suffix: "12xlarge", vcpu: 48 },
  { suffix: "16xlarge", vcpu: 64 },
  { suffix: "24xlarge", vcpu: 96 },
  { suffix: "32xlarge", vcpu: 128 },
  { suffix: "48xlarge", vcpu: 192 },
];

/** The RDS families with 4 GiB per vCPU. */
export const AWS_GENERAL_FAMILIES: readonly string[] = [
  "m5",
  "m5d",
  "m6g",
  "m6gd",
  "m6i",
  "m6id",
  "m6idn",
  "m6in",
  "m7g",
  "m7i",
  "m8a",
  "m8g",
  "m8gd",
  "m9g",
];
/** The RDS families with 8 GiB per vCPU. */
export const AWS_MEMORY_FAMILIES: readonly string[] = [
  "r5",
  "r5b",
  "r5d",
  "r6g",
  "r6gd",
  "r6i",
  "r6id",
  "r6idn",
  "r6in",
  "r7g",
  "r7i",
  "r8a",
  "r8g",
  "r8gd",
];

/** The burstable RDS classes, for t3 and t4g. */
export const AWS_BURSTABLE: readonly { suffix: string; vcpu: number; memoryGiB: number }[] = [
  { suffix: "micro", vcpu: 2, memoryGiB: 1 },
  { suffix: "small", vcpu: 2, memoryGiB: 2 },
  { suffix: "medium", vcpu: 2, memoryGiB: 4 },
  { suffix: "large", vcpu: 2, memoryGiB: 8 },
  { suffix: "xlarge", vcpu: 4, memoryGiB: 16 },
  { suffix: "2xlarge", vcpu: 8, memoryGiB: 32 },
];

/** Cloud SQL's shared machines. */
export const GOOGLE_SHARED: readonly { name: string; vcpu: number; memoryGiB: number }[] = [
  { name: "db-f1-micro", vcpu: 1, memoryGiB: 0.6 },
  { name: "db-g1-small", vcpu: 1, memoryGiB: 1.7 },
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

/** Azure's general (D, 4 GiB per vCPU) and memory (E, 8 GiB per vCPU) machines; a name that only begins so is none. */
export const AZURE_SKU = /^(GP_Standard_D|MO_Standard_E)(\d+)(?:s_v3|ds_v4|ds_v5|ads_v5)$/;

/** Memory machines with less than 8 GiB per vCPU, in GiB. */
export const AZURE_MEMORY_EXCEPTIONS: { readonly [name: string]: number } = {
  MO_Standard_E64s_v3: 432,
  MO_Standard_E64ds_v4: 504,
  MO_Standard_E96ds_v5: 672,
  MO_Standard_E96ads_v5: 672,
};
