export * from "./cloud-sql-backup-schedule";
