// RDS instance classes. Sources, read 2026-11: awsdocs/amazon-rds-user-guide Concepts.DBInstanceClass (sizes) and the data of
// cfn-lint 1.58.0 (the families that RDS offers).

/** The sizes of the RDS families below: each has the vCPU of its suffix. Not every family has every size. */
export const INSTANCE_SIZES: readonly { suffix: string; vcpu: number }[] = [
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
export const GENERAL_FAMILIES: readonly string[] = [
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
export const MEMORY_FAMILIES: readonly string[] = [
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
export const BURSTABLE_CLASSES: readonly { suffix: string; vcpu: number; memoryGiB: number }[] = [
  { suffix: "micro", vcpu: 2, memoryGiB: 1 },
  { suffix: "small", vcpu: 2, memoryGiB: 2 },
  { suffix: "medium", vcpu: 2, memoryGiB: 4 },
  { suffix: "large", vcpu: 2, memoryGiB: 8 },
  { suffix: "xlarge", vcpu: 4, memoryGiB: 16 },
  { suffix: "2xlarge", vcpu: 8, memoryGiB: 32 },
];
