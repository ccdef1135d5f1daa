// Performance tiers of each storage size of PostgreSQL, the default first. Source: azurerm 4.55,
// services/postgres/validate InitializeFlexibleServerStorageTierDefaults, read 2026-11.

/** Performance tiers by `storage_mb`. */
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
