// Storage limits by cloud. Sources, read 2026-11: botocore's RDS service model and AWS "USER_PIOPS.StorageTypes";
// Cloud SQL "instance settings"; the `storage_mb` and `storage.size_gb` validators of azurerm 4.55 and
// learn.microsoft.com "concepts-storage".

/**
 * gp3 on RDS: below the threshold IOPS and throughput are fixed and may not be set. AWS's limit of 500 IOPS for each GiB
 * is left out: from 400 GiB on it is above the most that can be had.
 */
export const RDS_GP3 = {
  minGiB: 20,
  maxGiB: 65_536,
  thresholdGiB: 400,
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

/** Cloud SQL persistent disks. */
export const CLOUD_SQL_DISK = { minGiB: 10, maxGiB: 65_536 };

/** The only sizes of an Azure Database for PostgreSQL flexible server, in MB. */
export const AZURE_POSTGRES_LADDER_MB: readonly number[] = [
  32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576, 2_097_152, 4_193_280, 4_194_304, 8_388_608,
  16_777_216, 33_553_408,
];

/** Azure Database for MySQL flexible server, in GiB, and its IOPS. */
export const AZURE_MYSQL_DISK = { minGiB: 20, maxGiB: 16_384, minIops: 360, maxIops: 48_000 };
