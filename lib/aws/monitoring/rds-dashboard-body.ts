// The body of a CloudWatch dashboard of an RDS server or read replica. Its rules:
// docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EngineFamily } from "../../database";
import { monitoringPage } from "../../database/private";
import type { IRdsInstance } from "../rds/rds-instance";
import { ENGINE_METRICS, type EngineMetrics, TRANSACTION_IDS } from "./data/engine-metrics";

interface Chart {
  readonly title: string;
  /** Metrics of AWS/RDS, or an expression with its label. */
  readonly metrics: readonly (string | { readonly expression: string; readonly label: string })[];
  readonly stat?: "Average" | "Maximum" | "Minimum";
  /** A line with its label. */
  readonly line?: { readonly label: string; readonly value: number };
}

const COLUMNS = 24;
const WIDTH = 8;
const HEIGHT = 6;
const STATE_HEIGHT = 3;

/** The dashboard's body, as an object that may hold tokens. @internal */
export function rdsDashboardBody(
  server: IRdsInstance,
  region: string,
  alarms: readonly CloudwatchMetricAlarm[],
): object {
  const top = 2 + (alarms.length > 0 ? STATE_HEIGHT : 0);
  const heading = {
    type: "text",
    x: 0,
    y: 0,
    width: COLUMNS,
    height: 2,
    properties: {
      markdown: `# ${server.identifier}\n${server.engine.family} ${server.engine.version}${server.isReplica ? ", read replica" : ""} · [What to do](${monitoringPage("availability")})`,
    },
  };
  const states = {
    type: "alarm",
    x: 0,
    y: 2,
    width: COLUMNS,
    height: STATE_HEIGHT,
    properties: { title: "Alarms", alarms: alarms.map((alarm) => alarm.arn) },
  };
  const charts = chartsOf(server).map((chart, index) => ({
    type: "metric",
    x: (index * WIDTH) % COLUMNS,
    y: top + Math.floor((index * WIDTH) / COLUMNS) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: properties(server, region, chart),
  }));
  return { widgets: [heading, ...(alarms.length > 0 ? [states] : []), ...charts] };
}

function properties(server: IRdsInstance, region: string, chart: Chart): object {
  return {
    title: chart.title,
    view: "timeSeries",
    region,
    stat: chart.stat ?? "Average",
    period: 60,
    metrics: chart.metrics.map((metric, index) =>
      typeof metric === "string"
        ? ["AWS/RDS", metric, "DBInstanceIdentifier", server.instanceRef.identifier]
        : [{ ...metric, id: `e${index}`, region }],
    ),
    ...(chart.line ? { annotations: { horizontal: [chart.line] } } : {}),
  };
}

function chartsOf(server: IRdsInstance): Chart[] {
  const metrics = ENGINE_METRICS[server.engine.family] as EngineMetrics;
  const { connectionCapacity: capacity, machine } = server;
  const counter = (name: string, label: string) => ({
    expression: `DB_PERF_INSIGHTS('RDS', '${server.instanceRef.resourceId}', '${name}')`,
    label,
  });
  const charts: Chart[] = [
    { title: "CPU, per cent", metrics: ["CPUUtilization"] },
    {
      title: "Connections",
      metrics: ["DatabaseConnections"],
      stat: "Maximum",
      line: capacity && { label: "Maximum", value: capacity.maximum },
    },
    { title: "Memory, bytes", metrics: ["FreeableMemory", "SwapUsage"] },
    { title: "Free storage, bytes", metrics: ["FreeStorageSpace"], stat: "Minimum" },
    { title: "Disk operations per second", metrics: ["ReadIOPS", "WriteIOPS"] },
    { title: "Disk latency, seconds", metrics: ["ReadLatency", "WriteLatency"] },
    { title: "Disk queue", metrics: ["DiskQueueDepth"] },
    {
      title: "Network, bytes per second",
      metrics: ["NetworkReceiveThroughput", "NetworkTransmitThroughput"],
    },
    {
      title: server.engine.family === EngineFamily.POSTGRES ? "Write-ahead log, bytes" : "Binary logs, bytes",
      metrics: [metrics.transactionLogs, ...(metrics.replicationSlotLag ? [metrics.replicationSlotLag] : [])],
      stat: "Maximum",
    },
  ];
  if (metrics.transactionIds && !server.isReplica) {
    charts.push({
      title: "Transaction IDs that are not frozen",
      metrics: [metrics.transactionIds],
      stat: "Maximum",
      line: { label: "Alarm", value: TRANSACTION_IDS },
    });
  }
  if (server.isReplica) {
    charts.push({ title: "Replication lag, seconds", metrics: ["ReplicaLag"], stat: "Maximum" });
  }
  if (machine?.burstable)
    charts.push({ title: "CPU credits", metrics: ["CPUCreditBalance"], stat: "Minimum" });
  if (server.performanceInsights) {
    charts.push(
      { title: "Database load, active sessions", metrics: ["DBLoad", "DBLoadCPU", "DBLoadNonCPU"] },
      { title: "Deadlocks per minute", metrics: [counter(metrics.deadlocks, "Deadlocks")] },
    );
  }
  return charts;
}
