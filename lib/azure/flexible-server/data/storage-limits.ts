// Storage limits of flexible servers. Sources, read 2026-11: the `storage_mb` and `storage.size_gb` validators of azurerm 4.55 and
// learn.microsoft.com "concepts-storage".

/** The only sizes of an Azure Database for PostgreSQL flexible server, in MB. */
export const AZURE_POSTGRES_LADDER_MB: readonly number[] = [
  32_768, 65_536, 131_072, 262_144, 524_288, 1_048_576, 2_097_152, 4_193_280, 4_194_304, 8_388_608,
  16_777_216, 33_553_408,
];

/** Azure Database for MySQL flexible server, in GiB, and its IOPS. */
export const AZURE_MYSQL_DISK = { minGiB: 20, maxGiB: 16_384, minIops: 360, maxIops: 48_000 };
