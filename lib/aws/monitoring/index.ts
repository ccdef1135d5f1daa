export * from "./rds-alarms";
