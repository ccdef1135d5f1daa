export * from "./rds-alarms";
export * from "./rds-dashboard";
