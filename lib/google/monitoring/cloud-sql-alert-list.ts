// The alerting policies of a Cloud SQL instance: metrics, thresholds and the reasons for them.

import { Op, Token } from "cdktf";
import { isResolved, type MonitoringSection } from "../../database/private";
import type { CloudSqlAlertsProps } from "./cloud-sql-alerts";
import { ENGINE_METRICS, type EngineMetrics } from "./data/engine-metrics";

/** One alert on a metric. @internal */
export interface CloudSqlAlert {
  readonly id: string;
  /** Below `cloudsql.googleapis.com/database/`. */
  readonly metric: string;
  /** Further terms of the filter. */
  readonly labels?: string;
  readonly above: boolean;
  readonly threshold: number;
  /** Duration of the condition, in minutes. */
  readonly minutes: number;
  readonly severity: "CRITICAL" | "WARNING";
  /** True if the metric has a time series per database. */
  readonly summed?: boolean;
  /** True for a metric that counts since its last sample: its values of five minutes are added. */
  readonly delta?: boolean;
  /** Forecast, in seconds. */
  readonly forecastSeconds?: string;
  /** Ends without a full stop. */
  readonly says: string;
  readonly section: MonitoringSection;
}

/** The alerts of a server, by its engine and role. @internal */
export function cloudSqlAlertList(props: CloudSqlAlertsProps): CloudSqlAlert[] {
  const { server } = props;
  const metrics = ENGINE_METRICS[server.engine.family] as EngineMetrics;
  return [
    ...loadAlerts(props),
    ...connectionAlerts(props, metrics),
    ...(server.isReplica ? replicaAlerts(props) : []),
    growthAlert(props),
    ...databaseAlerts(props, metrics),
  ];
}

function loadAlerts({
  storageUsedPercent,
  cpuPercent,
  memoryUsedPercent,
}: CloudSqlAlertsProps): CloudSqlAlert[] {
  return [
    {
      id: "Up",
      metric: "up",
      above: false,
      threshold: 1,
      minutes: 3,
      severity: "CRITICAL",
      says: "The server does not run",
      section: "availability",
    },
    {
      id: "Disk",
      metric: "disk/utilization",
      above: true,
      threshold: fraction(storageUsedPercent ?? 85),
      minutes: 5,
      severity: "CRITICAL",
      says: "The disk is nearly full; a full disk stops the server",
      section: "disk-space",
    },
    {
      id: "Cpu",
      metric: "cpu/utilization",
      above: true,
      threshold: fraction(cpuPercent ?? 85),
      minutes: 15,
      severity: "WARNING",
      says: "The processor has been busy for a quarter of an hour",
      section: "cpu",
    },
    {
      id: "Memory",
      metric: "memory/utilization",
      above: true,
      threshold: fraction(memoryUsedPercent ?? 95),
      minutes: 15,
      severity: "WARNING",
      says: "Memory has been short for a quarter of an hour",
      section: "memory",
    },
  ];
}

function connectionAlerts(
  { server, connectionsPercent: percent = 80 }: CloudSqlAlertsProps,
  metrics: EngineMetrics,
): CloudSqlAlert[] {
  if (!server.connectionCapacity) return [];
  const { maximum } = server.connectionCapacity;
  return [
    {
      id: "Connections",
      metric: metrics.connections,
      above: true,
      threshold: isResolved([maximum, percent])
        ? Math.floor((maximum * percent) / 100)
        : Token.asNumber(Op.mul(maximum, fraction(percent))),
      minutes: 5,
      severity: "WARNING",
      summed: metrics.perDatabase,
      says: "Most of the connections that the server takes are open",
      section: "connections",
    },
  ];
}

function replicaAlerts({ replicaLagSeconds }: CloudSqlAlertsProps): CloudSqlAlert[] {
  const alert = { metric: "replication/replica_lag", minutes: 5, section: "replication-lag" } as const;
  return [
    {
      id: "ReplicaLag",
      ...alert,
      above: true,
      threshold: replicaLagSeconds ?? 60,
      severity: "WARNING",
      says: "The replica is behind its source",
    },
    {
      id: "ReplicaStopped",
      ...alert,
      // A negative lag says that replication is inactive; it is no lag above the threshold.
      above: false,
      threshold: 0,
      severity: "CRITICAL",
      says: "The replica does not replicate",
    },
  ];
}

function growthAlert({ storageForecastHours: hours = 24 }: CloudSqlAlertsProps): CloudSqlAlert {
  return {
    id: "DiskForecast",
    metric: "disk/utilization",
    above: true,
    threshold: 0.95,
    minutes: 15,
    severity: "WARNING",
    forecastSeconds: `${hours * 3600}s`,
    says: `The disk is expected to be full within ${hours} hours`,
    section: "disk-space",
  };
}

function databaseAlerts(
  { server, deadlocksPerMinute = 1 }: CloudSqlAlertsProps,
  metrics: EngineMetrics,
): CloudSqlAlert[] {
  const alerts: CloudSqlAlert[] = [
    {
      id: "Deadlocks",
      metric: metrics.deadlocks,
      above: true,
      threshold: isResolved(deadlocksPerMinute)
        ? deadlocksPerMinute * 5
        : Token.asNumber(Op.mul(deadlocksPerMinute, 5)),
      minutes: 15,
      severity: "WARNING",
      summed: metrics.perDatabase,
      delta: true,
      says: "Transactions of the applications are rolled back by deadlocks",
      section: "deadlocks",
    },
  ];
  // A replica has the transaction IDs of its source, and cannot vacuum; it is not backed up.
  if (server.isReplica) return alerts;
  if (metrics.transactionIds) {
    alerts.push({
      id: "TransactionIds",
      metric: metrics.transactionIds,
      above: true,
      // About a billion of the two billion; autovacuum begins at 200 million.
      threshold: 0.5,
      minutes: 15,
      severity: "CRITICAL",
      says: "Vacuum does not keep up with transaction IDs; without any left the server stops writing",
      section: "transaction-ids",
    });
  }
  if (metrics.oldestTransaction) {
    alerts.push({
      id: "ReplicationSlot",
      metric: metrics.oldestTransaction,
      labels: 'metric.labels.oldest_transaction_type = "replication_slot"',
      above: true,
      // A quarter of the age at which autovacuum freezes by force (autovacuum_freeze_max_age, 200 million).
      threshold: 50_000_000,
      minutes: 15,
      severity: "WARNING",
      says: "A replication slot keeps old rows and write-ahead log that its client does not read",
      section: "transaction-logs",
    });
  }
  alerts.push({
    id: "LogArchive",
    metric: "replication/log_archive_failure_count",
    above: true,
    threshold: 0,
    minutes: 15,
    severity: "CRITICAL",
    delta: true,
    says: "Transaction logs are not archived, without which there is no point-in-time recovery",
    section: "automated-backups",
  });
  return alerts;
}

/** Cloud Monitoring measures utilization as a fraction. */
function fraction(percent: number): number {
  return isResolved(percent) ? percent / 100 : Token.asNumber(Op.div(percent, 100));
}
