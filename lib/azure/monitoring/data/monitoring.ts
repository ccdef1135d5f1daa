// Metrics and log categories of flexible servers. Sources, read 2026-11: learn.microsoft.com "Supported metrics" for
// Microsoft.DBforPostgreSQL/flexibleServers and Microsoft.DBforMySQL/flexibleServers; azure-databases-docs postgresql concepts-monitoring
// (metrics that are enabled by default). Azure has no metric and no event of an automated backup that failed, and metric alerts have no
// forecast: the growth of a disk needs a log search alert on a Log Analytics workspace.

import { EngineFamily } from "../../../database";

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
  /** Disk space of the write-ahead log or the binary logs, in bytes. */
  readonly transactionLogs: string;
  /** Bytes that the logical replication slot furthest behind has not received; not available for MySQL. */
  readonly slotLag?: string;
  /** Age of the oldest transaction ID that is not frozen; not available for MySQL, which has no wraparound. */
  readonly transactionIds?: string;
  /** Deadlocks, counted per minute. */
  readonly deadlocks: string;
  /** Server parameter that has to be ON for the metric of deadlocks. @default - none: the metric is enabled */
  readonly deadlocksParameter?: string;
  /** Share of the disk's IOPS in use, in per cent. */
  readonly diskUse: string;
  /** Metrics that are 1 while the threads of a read replica run; not available for PostgreSQL. */
  readonly replicaThreads: readonly string[];
  /** Metric of statements; not available for PostgreSQL. */
  readonly statements?: string;
  /** Log categories that are sent by default. */
  readonly logCategories: readonly string[];
}

/** Metrics and log categories by engine family. */
export const MONITORING: { readonly [family: string]: ServerMonitoring } = {
  [EngineFamily.POSTGRES]: {
    namespace: "Microsoft.DBforPostgreSQL/flexibleServers",
    replicaLag: "physical_replication_delay_in_seconds",
    cpuCredits: "cpu_credits_remaining",
    alive: "is_db_alive",
    transactionLogs: "txlogs_storage_used",
    slotLag: "logical_replication_delay_in_bytes",
    transactionIds: "maximum_used_transactionIDs",
    deadlocks: "deadlocks",
    deadlocksParameter: "metrics.collector_database_activity",
    diskUse: "disk_iops_consumed_percentage",
    replicaThreads: [],
    logCategories: ["PostgreSQLLogs"],
  },
  [EngineFamily.MYSQL]: {
    namespace: "Microsoft.DBforMySQL/flexibleServers",
    replicaLag: "replication_lag",
    cpuCredits: "cpu_credits_remaining",
    transactionLogs: "binlog_storage_used",
    deadlocks: "lock_deadlocks",
    diskUse: "io_consumption_percent",
    replicaThreads: ["Replica_IO_Running", "Replica_SQL_Running"],
    statements: "Queries",
    logCategories: ["MySqlAuditLogs", "MySqlSlowLogs"],
  },
};

/**
 * Age of transaction IDs at which to act: PostgreSQL stops accepting writes at about 2.1 billion, autovacuum begins at 200 million. Azure
 * recommends no number; the threshold of azure-monitor-baseline-alerts (10 GiB) cannot be reached.
 *
 * @see https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 */
export const TRANSACTION_IDS = 1_000_000_000;
