export * from "./cloud-sql-alerts";
export * from "./cloud-sql-dashboard";
