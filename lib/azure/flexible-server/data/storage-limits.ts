// Storage of flexible servers. Sources, read 2026-11: the `storage_mb` and `storage.size_gb` validators of azurerm 4.55 and its
// services/postgres/validate InitializeFlexibleServerStorageTierDefaults; learn.microsoft.com "concepts-storage".

/** Performance tiers by `storage_mb` of PostgreSQL, the default first. Azure has no other sizes. */
export const STORAGE_TIERS: { readonly [storageMb: number]: readonly string[] } = {
  32768: ["P4", "P6", "P10", "P15", "P20", "P30", "P40", "P50"],
  65536: ["P6", "P10", "P15", "P20", "P30", "P40", "P50"],
  131072: ["P10", "P15", "P20", "P30", "P40", "P50"],
  262144: ["P15", "P20", "P30", "P40", "P50"],
  524288: ["P20", "P30", "P40", "P50"],
  1048576: ["P30", "P40", "P50"],
  2097152: ["P40", "P50"],
  4193280: ["P50"],
  4194304: ["P50"],
  8388608: ["P60", "P70", "P80"],
  16777216: ["P70", "P80"],
  33553408: ["P80"],
};

/** Storage sizes of PostgreSQL, in MB. */
export const POSTGRES_SIZES_MB: readonly number[] = Object.keys(STORAGE_TIERS).map(Number);

/** Storage of MySQL, in GiB, and its IOPS. */
export const MYSQL_STORAGE = { minGiB: 20, maxGiB: 16_384, minIops: 360, maxIops: 48_000 };
