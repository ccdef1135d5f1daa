// The alarms of an RDS server or read replica: metrics, thresholds and the reasons for them.

import type {
  CloudwatchMetricAlarmConfig,
  CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Op, Token } from "cdktf";
import { EngineFamily } from "../../database";
import { isResolved, type MonitoringSection, terraformCall } from "../../database/private";
import type { IRdsInstance } from "../rds/rds-instance";
import { ENGINE_METRICS, type EngineMetrics, TRANSACTION_IDS } from "./data/engine-metrics";
import type { RdsAlarmsProps } from "./rds-alarms";

/** One alarm. @internal */
export interface RdsAlarm {
  readonly id: string;
  /** Ends without a full stop. */
  readonly says: string;
  readonly section: MonitoringSection;
  readonly config: Omit<CloudwatchMetricAlarmConfig, "alarmName">;
}

interface MetricAlarm {
  readonly metric: string;
  readonly above: boolean;
  readonly threshold: number;
  /** Evaluation periods of a minute, all of which have to breach the threshold. */
  readonly minutes: number;
  readonly statistic: "Average" | "Maximum" | "Minimum";
  readonly missing?: "breaching" | "notBreaching";
}

const GIB = 1024 ** 3;

/** The alarms of a server, by its engine, class and role. @internal */
export function rdsAlarmList(props: RdsAlarmsProps): RdsAlarm[] {
  const { server } = props;
  const metrics = ENGINE_METRICS[server.engine.family] as EngineMetrics;
  return [
    ...loadAlarms(props),
    ...capacityAlarms(props),
    growthAlarm(props),
    ...logAlarms(props, metrics),
    ...(server.isReplica ? replicaAlarms(props) : []),
    ...databaseAlarms(props, metrics),
  ];
}

function loadAlarms({ server, storageUsedPercent = 85, cpuPercent = 85 }: RdsAlarmsProps): RdsAlarm[] {
  return [
    {
      id: "free-storage",
      says: "the disk is nearly full; at the end the server stops writing",
      section: "disk-space",
      config: metricAlarm(server, {
        metric: "FreeStorageSpace",
        above: false,
        // Of the storage at creation: after storage autoscaling the alarm is raised later than it could be.
        threshold: percentOf(server.storageGiB, free(storageUsedPercent), GIB),
        minutes: 5,
        statistic: "Minimum",
      }),
    },
    {
      id: "cpu",
      says: "the CPU has been busy for 15 minutes",
      section: "cpu",
      config: metricAlarm(server, {
        metric: "CPUUtilization",
        above: true,
        threshold: cpuPercent,
        minutes: 15,
        statistic: "Average",
      }),
    },
    {
      id: "disk-queue",
      says: "requests wait for the disk; it may need more IOPS",
      section: "disk-queue",
      config: metricAlarm(server, {
        metric: "DiskQueueDepth",
        above: true,
        threshold: 64,
        minutes: 15,
        statistic: "Average",
      }),
    },
  ];
}

function capacityAlarms(props: RdsAlarmsProps): RdsAlarm[] {
  const { server, connectionsPercent = 80, freeableMemoryPercent = 5 } = props;
  const { connectionCapacity: capacity, machine } = server;
  const alarms: RdsAlarm[] = [];
  if (capacity) {
    alarms.push({
      id: "connections",
      says: "most connections are in use",
      section: "connections",
      config: metricAlarm(server, {
        metric: "DatabaseConnections",
        above: true,
        threshold: percentOf(capacity.maximum, connectionsPercent),
        minutes: 5,
        statistic: "Maximum",
      }),
    });
  }
  if (machine?.memoryGiB !== undefined) {
    alarms.push({
      id: "free-memory",
      says: "memory is short",
      section: "memory",
      config: metricAlarm(server, {
        metric: "FreeableMemory",
        above: false,
        threshold: percentOf(machine.memoryGiB, freeableMemoryPercent, GIB),
        minutes: 15,
        statistic: "Average",
      }),
    });
  }
  if (machine?.burstable) {
    alarms.push({
      id: "cpu-credits",
      says: "the CPU credits are nearly used up; the machine then slows down",
      section: "cpu-credits",
      config: metricAlarm(server, {
        metric: "CPUCreditBalance",
        above: false,
        threshold: 20,
        minutes: 15,
        statistic: "Minimum",
      }),
    });
  }
  return alarms;
}

/**
 * Free space now, plus its change per second over the forecast. Three hours of four, since one large sort or the hourly binary logs would
 * raise the alarm otherwise; the first hour of an evaluation has no rate.
 */
function growthAlarm({ server, storageForecastHours = 24 }: RdsAlarmsProps): RdsAlarm {
  const hours = isResolved(storageForecastHours)
    ? storageForecastHours
    : Token.asString(storageForecastHours);
  return {
    id: "storage-growth",
    says: `the disk will be full within ${hours} hours if it grows as in the last hours`,
    section: "disk-space",
    config: {
      metricQuery: [
        {
          id: "free",
          metric: {
            namespace: "AWS/RDS",
            metricName: "FreeStorageSpace",
            dimensions: { DBInstanceIdentifier: server.instanceRef.identifier },
            stat: "Minimum",
            period: 3600,
          },
          returnData: false,
        },
        {
          id: "forecast",
          expression: `free + RATE(free) * ${seconds(storageForecastHours)}`,
          label: "Free storage space, forecast",
          returnData: true,
        },
      ] satisfies CloudwatchMetricAlarmMetricQuery[],
      comparisonOperator: "LessThanThreshold",
      threshold: 0,
      evaluationPeriods: 4,
      datapointsToAlarm: 3,
      treatMissingData: "missing",
    },
  };
}

function logAlarms(props: RdsAlarmsProps, metrics: EngineMetrics): RdsAlarm[] {
  const { server, transactionLogsPercent = 20 } = props;
  const threshold = percentOf(server.storageGiB, transactionLogsPercent, GIB);
  const alarm = {
    above: true,
    threshold,
    minutes: 15,
    statistic: "Maximum",
    missing: "notBreaching",
  } as const;
  const postgres = server.engine.family === EngineFamily.POSTGRES;
  const alarms: RdsAlarm[] = [
    {
      id: "transaction-logs",
      says: postgres
        ? "the write-ahead log takes much of the disk; a replication slot or an unreachable replica may hold it"
        : "the binary logs take much of the disk; a replica or their retention may hold them",
      section: "transaction-logs",
      config: metricAlarm(server, { metric: metrics.transactionLogs, ...alarm }),
    },
  ];
  if (metrics.replicationSlotLag) {
    alarms.push({
      id: "replication-slot",
      says: "a replication slot keeps write-ahead log that its client does not read, until the disk is full",
      section: "transaction-logs",
      config: metricAlarm(server, { metric: metrics.replicationSlotLag, ...alarm }),
    });
  }
  return alarms;
}

function replicaAlarms({ server, replicaLagSeconds = 60 }: RdsAlarmsProps): RdsAlarm[] {
  const alarm = { metric: "ReplicaLag", minutes: 5, statistic: "Maximum" } as const;
  return [
    {
      id: "replica-lag",
      says: "the replica is behind its source",
      section: "replication-lag",
      config: metricAlarm(server, {
        ...alarm,
        above: true,
        threshold: replicaLagSeconds,
        // RDS sends the metric while replication runs; missing data mean that it stopped.
        missing: "breaching",
      }),
    },
    {
      id: "replica-stopped",
      says: "the replica does not replicate",
      section: "replication-lag",
      // -1 says that replication is not active; it is no lag above the threshold.
      config: metricAlarm(server, { ...alarm, above: false, threshold: 0, missing: "notBreaching" }),
    },
  ];
}

function databaseAlarms(props: RdsAlarmsProps, metrics: EngineMetrics): RdsAlarm[] {
  const { server, deadlocksPerMinute = 1 } = props;
  const alarms: RdsAlarm[] = [];
  // A replica has the transaction IDs of its source, and cannot vacuum.
  if (metrics.transactionIds && !server.isReplica) {
    alarms.push({
      id: "transaction-ids",
      says: "vacuum does not keep up with transaction IDs; at two billion the server stops writing",
      section: "transaction-ids",
      config: metricAlarm(server, {
        metric: metrics.transactionIds,
        above: true,
        threshold: TRANSACTION_IDS,
        minutes: 15,
        statistic: "Maximum",
      }),
    });
  }
  if (server.performanceInsights) {
    alarms.push({
      id: "deadlocks",
      says: "transactions of the applications are rolled back by deadlocks",
      section: "deadlocks",
      config: {
        metricQuery: [
          {
            id: "deadlocks",
            expression: `DB_PERF_INSIGHTS('RDS', '${server.instanceRef.resourceId}', '${metrics.deadlocks}')`,
            label: "Deadlocks per minute",
            period: 300,
            returnData: true,
          },
        ] satisfies CloudwatchMetricAlarmMetricQuery[],
        comparisonOperator: "GreaterThanThreshold",
        threshold: deadlocksPerMinute,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        treatMissingData: "notBreaching",
      },
    });
  }
  return alarms;
}

function metricAlarm(server: IRdsInstance, alarm: MetricAlarm): RdsAlarm["config"] {
  return {
    namespace: "AWS/RDS",
    metricName: alarm.metric,
    dimensions: { DBInstanceIdentifier: server.instanceRef.identifier },
    statistic: alarm.statistic,
    comparisonOperator: alarm.above ? "GreaterThanThreshold" : "LessThanThreshold",
    threshold: alarm.threshold,
    period: 60,
    evaluationPeriods: alarm.minutes,
    datapointsToAlarm: alarm.minutes,
    treatMissingData: alarm.missing ?? "missing",
  };
}

/** A percentage of a value, times a unit, rounded down; value and percentage may be tokens. */
function percentOf(value: number, percent: number, unit = 1): number {
  const factor = isResolved(percent) ? (percent / 100) * unit : Op.mul(Op.div(number(percent), 100), unit);
  return isResolved([value, percent])
    ? Math.floor(value * factor)
    : Token.asNumber(terraformCall("floor", Op.mul(number(value), factor)));
}

/** The percentage that is left; may be a token. */
function free(usedPercent: number): number {
  return isResolved(usedPercent) ? 100 - usedPercent : Op.sub(100, number(usedPercent));
}

function seconds(hours: number): string {
  return isResolved(hours) ? String(hours * 3600) : Token.asString(Op.mul(number(hours), 3600));
}

function number(value: number): number | string {
  return isResolved(value) ? value : terraformCall("tonumber", value);
}
