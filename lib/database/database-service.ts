/** Managed service that runs a server. Servers of one cloud and engine differ by service in what applications can do. */
export enum DatabaseService {
  /** Amazon RDS DB instance, with or without a standby (Multi-AZ DB instance deployment). */
  RDS_INSTANCE = "rds-instance",
  /** Amazon RDS Multi-AZ DB cluster: a writer and two readable standbys. */
  RDS_CLUSTER = "rds-multi-az-cluster",
  /** Amazon Aurora. */
  AURORA = "aurora",
  /** Google Cloud SQL. */
  CLOUD_SQL = "cloud-sql",
  /** Google AlloyDB. */
  ALLOYDB = "alloydb",
  /** Azure Database Flexible Server. */
  AZURE_FLEXIBLE_SERVER = "azure-flexible-server",
  /** Azure Database Single Server, which is retired. */
  AZURE_SINGLE_SERVER = "azure-single-server",
  /** Self-managed server. */
  SELF_MANAGED = "self-managed",
}
