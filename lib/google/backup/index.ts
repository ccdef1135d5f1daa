export * from "./cloud-sql-backup-schedule";
export * from "./cloud-sql-restore-rehearsal";
