// Metrics and log categories of flexible servers. Sources, read 2026-11: learn.microsoft.com "Supported metrics for
// Microsoft.DBforMySQL/flexibleServers", azure-databases-docs postgresql concepts-monitoring; the names of the metrics of
// CPU credits are remembered, not re-read.

/** What Azure Monitor calls a kind of server and what it measures there. */
export interface ServerMonitoring {
  /** The metric namespace. */
  readonly namespace: string;
  /** The metric of a replica's lag in seconds. */
  readonly replicaLag: string;
  /** The metric of CPU credits that remain on a burstable machine. */
  readonly cpuCredits: string;
  /** The metric that is 1 while the database answers; not there for MySQL. */
  readonly alive?: string;
  /** The log categories that are worth keeping. */
  readonly logCategories: readonly string[];
}

/** By engine family. */
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
