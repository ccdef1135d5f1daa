export type { CloudSqlAddress, CloudSqlTarget, ICloudSqlNetwork } from "./cloud-sql-network";
export * from "./database-network";
export * from "./private-service-connect";
