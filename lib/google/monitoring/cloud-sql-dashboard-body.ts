// The JSON of a Cloud Monitoring dashboard of a Cloud SQL instance. Its rules:
// cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards. The API leaves out zeros and empty texts when it returns a dashboard, and the
// provider would show a difference in each plan (hashicorp/terraform-provider-google, monitoringDashboardDiffSuppress), so none is written.

import type { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import { monitoringPage } from "../../database/private";
import type { ICloudSqlInstance } from "../cloud-sql/cloud-sql-instance";
import { ENGINE_METRICS, type EngineMetrics } from "./data/engine-metrics";

interface Line {
  /** Below `cloudsql.googleapis.com/database/`. */
  readonly metric: string;
  readonly legend: string;
  /** True for a metric that counts since its last sample. @default false */
  readonly delta?: boolean;
  /** True if the metric has several time series, which are added. @default false */
  readonly summed?: boolean;
}

interface Chart {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Threshold line. */
  readonly line?: number;
}

const COLUMNS = 12;
const WIDTH = 4;
const HEIGHT = 4;

/** The dashboard, as an object that may hold tokens. @internal */
export function cloudSqlDashboardBody(
  server: ICloudSqlInstance,
  policies: readonly MonitoringAlertPolicy[],
): object {
  const text = {
    title: "Cloud SQL",
    text: {
      content: `${server.engine.family} ${server.engine.version}${server.isReplica ? ", read replica" : ""}. [What to do](${monitoringPage("availability")})`,
      format: "MARKDOWN",
    },
  };
  const incidents = { title: "Incidents", incidentList: { policyNames: policies.map(({ name }) => name) } };
  const first =
    policies.length > 0
      ? [tile(0, 0, WIDTH, text), tile(WIDTH, 0, COLUMNS - WIDTH, incidents)]
      : [tile(0, 0, COLUMNS, text)];
  const charts = chartsOf(server).map((chart, index) =>
    tile(
      (index * WIDTH) % COLUMNS,
      HEIGHT + Math.floor((index * WIDTH) / COLUMNS) * HEIGHT,
      WIDTH,
      widget(server, chart),
    ),
  );
  return {
    displayName: `Cloud SQL ${server.instanceName}`,
    mosaicLayout: { columns: COLUMNS, tiles: [...first, ...charts] },
  };
}

function tile(x: number, y: number, width: number, content: object): object {
  return {
    ...(x > 0 ? { xPos: x } : {}),
    ...(y > 0 ? { yPos: y } : {}),
    width,
    height: HEIGHT,
    widget: content,
  };
}

function widget({ projectId, instanceName }: ICloudSqlInstance, chart: Chart): object {
  return {
    title: chart.title,
    xyChart: {
      dataSets: chart.lines.map((line) => ({
        plotType: "LINE",
        targetAxis: "Y1",
        legendTemplate: line.legend,
        timeSeriesQuery: {
          timeSeriesFilter: {
            filter:
              `resource.type = "cloudsql_database" AND resource.labels.database_id = "${projectId}:${instanceName}" ` +
              `AND metric.type = "cloudsql.googleapis.com/database/${line.metric}"`,
            aggregation: {
              alignmentPeriod: "60s",
              perSeriesAligner: line.delta ? "ALIGN_RATE" : "ALIGN_MEAN",
              ...(line.summed
                ? { crossSeriesReducer: "REDUCE_SUM", groupByFields: ["resource.label.database_id"] }
                : {}),
            },
          },
        },
      })),
      ...(chart.line === undefined ? {} : { thresholds: [{ value: chart.line }] }),
    },
  };
}

function chartsOf(server: ICloudSqlInstance): Chart[] {
  const metrics = ENGINE_METRICS[server.engine.family] as EngineMetrics;
  const summed = metrics.perDatabase;
  const charts: Chart[] = [
    { title: "CPU utilization", lines: [{ metric: "cpu/utilization", legend: "CPU" }] },
    {
      title: "Connections",
      lines: [{ metric: metrics.connections, legend: "Connections", summed }],
      line: server.connectionCapacity?.maximum,
    },
    { title: "Memory utilization", lines: [{ metric: "memory/utilization", legend: "Memory" }] },
    { title: "Disk utilization", lines: [{ metric: "disk/utilization", legend: "Disk" }] },
    {
      title: "Disk operations per second",
      lines: [
        { metric: "disk/read_ops_count", legend: "Read", delta: true },
        { metric: "disk/write_ops_count", legend: "Write", delta: true },
      ],
    },
    {
      title: "Disk space, bytes",
      lines: [
        { metric: "disk/bytes_used", legend: "Used" },
        { metric: "disk/quota", legend: "Size" },
      ],
    },
    {
      title: "Network, bytes per second",
      lines: [
        { metric: "network/received_bytes_count", legend: "Received", delta: true },
        { metric: "network/sent_bytes_count", legend: "Sent", delta: true, summed: true },
      ],
    },
    {
      title: metrics.transactionIds ? "Transactions per second" : "Statements per second",
      lines: [{ metric: metrics.throughput, legend: "Throughput", delta: true, summed }],
    },
    {
      title: "Deadlocks per second",
      lines: [{ metric: metrics.deadlocks, legend: "Deadlocks", delta: true, summed }],
    },
  ];
  if (metrics.transactionIds && !server.isReplica) {
    charts.push({
      title: "Transaction ID utilization",
      lines: [{ metric: metrics.transactionIds, legend: "Transaction IDs" }],
      line: 0.5,
    });
  }
  if (server.isReplica) {
    charts.push({
      title: "Replication lag, seconds",
      lines: [{ metric: "replication/replica_lag", legend: "Lag" }],
    });
  }
  return charts;
}
