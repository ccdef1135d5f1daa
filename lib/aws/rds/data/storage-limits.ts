// Storage limits of RDS. Sources, read 2026-11: botocore's RDS service model and AWS "USER_PIOPS.StorageTypes".

import type { EngineFamily } from "../../../database";

/**
 * gp3 on RDS: below the threshold IOPS and throughput are fixed and may not be set. AWS's limit of 500 IOPS for each GiB
 * is left out: from the thresholds on it is above the maximum.
 */
export const RDS_GP3 = {
  minGiB: 20,
  maxGiB: 65_536,
  /** By engine family. RDS for Oracle has 200 GiB, and RDS for SQL Server has no threshold. */
  thresholdGiB: { postgres: 400, mysql: 400 } satisfies { readonly [family in EngineFamily]: number },
  fixedIops: 3_000,
  fixedThroughputMiBps: 125,
  minIops: 12_000,
  maxIops: 64_000,
  minThroughputMiBps: 500,
  maxThroughputMiBps: 4_000,
  maxThroughputPerIops: 0.25,
};

/** RDS storage autoscaling: the ceiling AWS demands, and the one that leaves room for one step. */
export const RDS_AUTOSCALING = { minRatio: 1.1, advisedRatio: 1.26 };
