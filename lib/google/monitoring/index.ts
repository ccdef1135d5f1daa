export * from "./cloud-sql-alerts";
