// Storage limits of Cloud SQL. Source, read 2026-11: Cloud SQL "instance settings".

/** Cloud SQL persistent disks. */
export const CLOUD_SQL_DISK = { minGiB: 10, maxGiB: 65_536 };
