// Cloud SQL for PostgreSQL and MySQL behind the contract, and what belongs to it on Google Cloud.

export * from "./application-buckets";
export * from "./artifact-registry";
export * from "./backup-bucket";
export * from "./cloud-sql-admin-login";
export * from "./cloud-sql-alerts";
export { CloudSqlEdition } from "./cloud-sql-edition";
export type { ICloudSqlInstance } from "./cloud-sql-instance";
export * from "./cloud-sql-instance-options";
export { type DenyMaintenancePeriod, MaintenanceTrack } from "./cloud-sql-maintenance";
export * from "./cloud-sql-network";
export * from "./cloud-sql-read-replica";
export * from "./cloud-sql-server";
export * from "./cloud-sql-server-from-backup";
export * from "./cloud-sql-server-from-point-in-time";
export * from "./cloud-sql-tls";
export * from "./cloud-sql-user";
export * from "./database-network";
export * from "./gcs-bucket";
export * from "./generated-password";
export * from "./gke-workload-identity";
export * from "./google-workload-identity";
export * from "./instance-dns";
export * from "./instance-name";
export * from "./private-service-connect";
