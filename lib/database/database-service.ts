/** What kind of service a server is: two of one cloud and engine may differ in what applications can do with them. */
export enum DatabaseService {
  /** Amazon RDS, an instance with or without a standby (Multi-AZ DB instance). */
  RDS_INSTANCE = "rds-instance",
  /** Amazon RDS, three instances with two readable standbys (Multi-AZ DB cluster). */
  RDS_CLUSTER = "rds-multi-az-cluster",
  /** Amazon Aurora. */
  AURORA = "aurora",
  /** Google Cloud SQL. */
  CLOUD_SQL = "cloud-sql",
  /** Google AlloyDB. */
  ALLOYDB = "alloydb",
  /** Azure Database, Flexible Server. */
  AZURE_FLEXIBLE_SERVER = "azure-flexible-server",
  /** Azure Database, Single Server, which is retired. */
  AZURE_SINGLE_SERVER = "azure-single-server",
  /** A server that the user runs. */
  SELF_MANAGED = "self-managed",
}
