export * from "./cloud-sql-backup-schedule";
export * from "./cloud-sql-export";
export * from "./cloud-sql-restore-rehearsal";
