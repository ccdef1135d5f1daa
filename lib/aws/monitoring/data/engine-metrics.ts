// Metrics of RDS that belong to one engine. Sources, read 2026-11:
// - AmazonRDS/latest/UserGuide/rds-metrics.html (MaximumUsedTransactionIDs, OldestReplicationSlotLag, TransactionLogsDiskUsage,
//   BinLogDiskUsage; all in the namespace AWS/RDS, bytes and counts)
// - AmazonRDS/latest/UserGuide/USER_PerfInsights_Counters.html (deadlocks, per minute; RDS has no CloudWatch metric of them, the
//   metric `Deadlocks` is Aurora's)
// RDS has neither a metric nor an event of an automated backup that failed: the category `backup` of
// AmazonRDS/latest/UserGuide/USER_Events.Messages.html has only RDS-EVENT-0001, 0002 and 0086.

import { EngineFamily } from "../../../database";

/** Metrics of one engine. */
export interface EngineMetrics {
  /** Age of the oldest transaction ID that is not frozen. Not available for MySQL, which has no wraparound. */
  readonly transactionIds?: string;
  /** Disk space of the write-ahead log or the binary logs, in bytes. */
  readonly transactionLogs: string;
  /** Bytes of write-ahead log that the replication slot furthest behind has not received; -1 without slots. Not available for MySQL. */
  readonly replicationSlotLag?: string;
  /** Counter of Performance Insights, in deadlocks per minute. */
  readonly deadlocks: string;
}

/** Metrics by engine family. */
export const ENGINE_METRICS: { readonly [family: string]: EngineMetrics } = {
  [EngineFamily.POSTGRES]: {
    transactionIds: "MaximumUsedTransactionIDs",
    transactionLogs: "TransactionLogsDiskUsage",
    replicationSlotLag: "OldestReplicationSlotLag",
    deadlocks: "db.Concurrency.deadlocks.avg",
  },
  [EngineFamily.MYSQL]: {
    transactionLogs: "BinLogDiskUsage",
    deadlocks: "db.Locks.innodb_deadlocks.avg",
  },
};

/**
 * Age of transaction IDs at which AWS advises to act: PostgreSQL stops accepting writes at about 2.1 billion, autovacuum begins at 200
 * million.
 *
 * @see https://aws.amazon.com/blogs/database/implement-an-early-warning-system-for-transaction-id-wraparound-in-amazon-rds-for-postgresql/
 */
export const TRANSACTION_IDS = 1_000_000_000;
