// The metric alerts of a flexible server: metrics, thresholds and the reasons for them.

import { Op, Token } from "cdktf";
import { isResolved, type MonitoringSection, terraformCall } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import type { AzureServerAlertsProps } from "./azure-server-alerts";
import { type ServerMonitoring, TRANSACTION_IDS } from "./data/monitoring";

/** One metric alert. @internal */
export interface AzureAlert {
  readonly id: string;
  readonly metric: string;
  readonly above: boolean;
  readonly threshold: number;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Total";
  /** 0 is critical, 4 is verbose. */
  readonly severity: number;
  /** Period over which the metric is aggregated. */
  readonly window: "PT5M" | "PT15M";
  /** Ends without a full stop. */
  readonly says: string;
  readonly section: MonitoringSection;
}

const GIB = 1024 ** 3;

/** The alerts of a server, by its engine, SKU and role. @internal */
export function azureAlertList(props: AzureServerAlertsProps, monitoring: ServerMonitoring): AzureAlert[] {
  return [
    ...loadAlerts(props),
    ...connectionAlerts(props),
    ...stateAlerts(props, monitoring),
    ...logAlerts(props, monitoring),
    ...databaseAlerts(props, monitoring),
  ];
}

function loadAlerts(props: AzureServerAlertsProps): AzureAlert[] {
  const { storageUsedPercent = 85, memoryUsedPercent = 95, cpuPercent = 85 } = props;
  return [
    {
      id: "storage",
      metric: "storage_percent",
      above: true,
      threshold: storageUsedPercent,
      statistic: "Maximum",
      severity: 1,
      window: "PT5M",
      says: "The disk is nearly full; at the end the server takes no more writes",
      section: "disk-space",
    },
    {
      id: "cpu",
      metric: "cpu_percent",
      above: true,
      threshold: cpuPercent,
      statistic: "Average",
      severity: 2,
      window: "PT15M",
      says: "The CPU has been busy for 15 minutes",
      section: "cpu",
    },
    {
      id: "memory",
      metric: "memory_percent",
      above: true,
      threshold: memoryUsedPercent,
      statistic: "Average",
      severity: 2,
      window: "PT15M",
      says: "Memory is short",
      section: "memory",
    },
  ];
}

function connectionAlerts({ server, connectionsPercent = 80 }: AzureServerAlertsProps): AzureAlert[] {
  const capacity = server.connectionCapacity;
  if (!capacity) return [];
  return [
    {
      id: "connections",
      metric: "active_connections",
      above: true,
      threshold: shareOf(capacity.maximum, connectionsPercent / 100),
      statistic: "Maximum",
      severity: 2,
      window: "PT5M",
      says: "Most connections are in use",
      section: "connections",
    },
  ];
}

function stateAlerts({ server, replicaLagSeconds }: AzureServerAlertsProps, monitoring: ServerMonitoring) {
  const alerts: AzureAlert[] = [];
  if (monitoring.alive) {
    alerts.push({
      id: "alive",
      metric: monitoring.alive,
      above: false,
      threshold: 1,
      statistic: "Maximum",
      severity: 0,
      window: "PT5M",
      says: "The database does not answer",
      section: "availability",
    });
  }
  if (server.machine?.burstable) {
    alerts.push({
      id: "cpu-credits",
      metric: monitoring.cpuCredits,
      above: false,
      threshold: 20,
      statistic: "Minimum",
      severity: 2,
      window: "PT15M",
      says: "The CPU credits are nearly used up; the machine then slows down",
      section: "cpu-credits",
    });
  }
  if (!server.isReplica) return alerts;
  alerts.push({
    id: "replica-lag",
    metric: monitoring.replicaLag,
    above: true,
    threshold: replicaLagSeconds ?? 60,
    statistic: "Maximum",
    severity: 2,
    window: "PT5M",
    says: "The replica is behind its source",
    section: "replication-lag",
  });
  // A replica that does not replicate has no lag above the threshold.
  for (const metric of monitoring.replicaThreads) {
    alerts.push({
      id: metric.toLowerCase().replaceAll("_", "-"),
      metric,
      above: false,
      threshold: 1,
      statistic: "Maximum",
      severity: 1,
      window: "PT5M",
      says: "The replica does not replicate",
      section: "replication-lag",
    });
  }
  return alerts;
}

function logAlerts(props: AzureServerAlertsProps, monitoring: ServerMonitoring): AzureAlert[] {
  const { server, transactionLogsPercent = 20 } = props;
  const sizeGiB = server.serverProps?.storage.sizeGiB;
  if (sizeGiB === undefined) return [];
  const alert = {
    above: true,
    threshold: shareOf(sizeGiB, (transactionLogsPercent / 100) * GIB),
    statistic: "Maximum",
    severity: 2,
    window: "PT15M",
    section: "transaction-logs",
  } as const;
  const alerts: AzureAlert[] = [
    {
      id: "transaction-logs",
      metric: monitoring.transactionLogs,
      says: monitoring.slotLag
        ? "The write-ahead log takes much of the disk; a replication slot or an unreachable replica may hold it"
        : "The binary logs take much of the disk; a replica or their retention may hold them",
      ...alert,
    },
  ];
  if (monitoring.slotLag) {
    alerts.push({
      id: "replication-slot",
      metric: monitoring.slotLag,
      says: "A replication slot keeps write-ahead log that its client does not read, until the disk is full",
      ...alert,
    });
  }
  return alerts;
}

function databaseAlerts(props: AzureServerAlertsProps, monitoring: ServerMonitoring): AzureAlert[] {
  const { server, deadlocksPerMinute = 1 } = props;
  const alerts: AzureAlert[] = [];
  // A replica has the transaction IDs of its source, and cannot vacuum.
  if (monitoring.transactionIds && !server.isReplica) {
    alerts.push({
      id: "transaction-ids",
      metric: monitoring.transactionIds,
      above: true,
      threshold: TRANSACTION_IDS,
      statistic: "Maximum",
      severity: 1,
      window: "PT15M",
      says: "Vacuum does not keep up with transaction IDs; at two billion the server stops writing",
      section: "transaction-ids",
    });
  }
  if (countsDeadlocks(server, monitoring)) {
    alerts.push({
      id: "deadlocks",
      metric: monitoring.deadlocks,
      above: true,
      threshold: isResolved(deadlocksPerMinute)
        ? deadlocksPerMinute * 15
        : Token.asNumber(Op.mul(deadlocksPerMinute, 15)),
      statistic: "Total",
      severity: 3,
      window: "PT15M",
      says: "Transactions of the applications are rolled back by deadlocks",
      section: "deadlocks",
    });
  }
  return alerts;
}

/** True if the server sends the metric of deadlocks. @internal */
export function countsDeadlocks(server: IFlexibleServer, { deadlocksParameter }: ServerMonitoring): boolean {
  if (deadlocksParameter === undefined) return true;
  const value = server.serverProps?.parameters?.[deadlocksParameter];
  return isResolved(value) && value?.toUpperCase() === "ON";
}

/** A share of a value, rounded down; the value may be a token. */
function shareOf(value: number, share: number): number {
  return isResolved(value)
    ? Math.floor(value * share)
    : Token.asNumber(terraformCall("floor", Op.mul(value, share)));
}
