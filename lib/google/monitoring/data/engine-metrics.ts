// Metrics of Cloud SQL that belong to one engine, under cloudsql.googleapis.com/database/. Source, read 2026-11:
// docs.cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql. Cloud SQL has no metric of the disk space that a replication slot holds:
// the age of the oldest transaction that a slot keeps is the nearest; disk/bytes_used_by_data_type has no documented type for the
// write-ahead log. It has no metric of CPU credits and of certificates.

import { EngineFamily } from "../../../database";

/** Metrics of one engine. */
export interface EngineMetrics {
  /** Open connections. */
  readonly connections: string;
  /** True if the metric of connections, and that of deadlocks, has a time series per database. */
  readonly perDatabase: boolean;
  /** Deadlocks since the last sample. */
  readonly deadlocks: string;
  /** Share of the transaction IDs in use, 0 to 1. Not available for MySQL, which has no wraparound. */
  readonly transactionIds?: string;
  /** Age of the oldest transaction, with the label `oldest_transaction_type`. Not available for MySQL. */
  readonly oldestTransaction?: string;
  /** Statements or transactions since the last sample. */
  readonly throughput: string;
}

/** Metrics by engine family. */
export const ENGINE_METRICS: { readonly [family: string]: EngineMetrics } = {
  [EngineFamily.POSTGRES]: {
    connections: "postgresql/num_backends",
    perDatabase: true,
    deadlocks: "postgresql/deadlock_count",
    transactionIds: "postgresql/transaction_id_utilization",
    oldestTransaction: "postgresql/vacuum/oldest_transaction_age",
    throughput: "postgresql/transaction_count",
  },
  [EngineFamily.MYSQL]: {
    connections: "network/connections",
    perDatabase: false,
    deadlocks: "mysql/innodb/deadlocks_count",
    throughput: "mysql/queries",
  },
};
