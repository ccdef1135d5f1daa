// Metrics and log categories of flexible servers. Sources, read 2026-11: learn.microsoft.com "Supported metrics for
// Microsoft.DBforMySQL/flexibleServers", azure-databases-docs postgresql concepts-monitoring; the names of the metrics of
// CPU credits are not verified against the documentation.

/** Names of metrics and log categories of a kind of server in Azure Monitor. */
export interface ServerMonitoring {
  /** Metric namespace. */
  readonly namespace: string;
  /** Metric of the replication lag, in seconds. */
  readonly replicaLag: string;
  /** Metric of the remaining CPU credits of a burstable SKU. */
  readonly cpuCredits: string;
  /** Metric that is 1 while the database is alive; not available for MySQL. */
  readonly alive?: string;
  /** Log categories that are sent by default. */
  readonly logCategories: readonly string[];
}

/** Metrics and log categories by engine family. */
export const MONITORING: { readonly [family: string]: ServerMonitoring } = {
  postgres: {
    namespace: "Microsoft.DBforPostgreSQL/flexibleServers",
    replicaLag: "physical_replication_delay_in_seconds",
    cpuCredits: "cpu_credits_remaining",
    alive: "is_db_alive",
    logCategories: ["PostgreSQLLogs"],
  },
  mysql: {
    namespace: "Microsoft.DBforMySQL/flexibleServers",
    replicaLag: "replication_lag",
    cpuCredits: "cpu_credits_remaining",
    logCategories: ["MySqlAuditLogs", "MySqlSlowLogs"],
  },
};
