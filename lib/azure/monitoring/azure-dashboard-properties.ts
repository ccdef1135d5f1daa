// The properties of a portal dashboard of a flexible server. Their structure:
// learn.microsoft.com/azure/azure-portal/azure-portal-dashboards-structure; lenses and parts are maps with numbers for keys in the API version
// of the provider (2019-01-01-preview).

import { monitoringPage } from "../../database/private";
import type { IFlexibleServer } from "../flexible-server/flexible-server";
import { countsDeadlocks } from "./azure-alert-list";
import type { ServerMonitoring } from "./data/monitoring";

interface Chart {
  readonly title: string;
  readonly metrics: readonly { readonly name: string; readonly aggregation: number }[];
}

/** Aggregation types of Azure Monitor in the portal. */
const TOTAL = 1;
const MAXIMUM = 3;
const AVERAGE = 4;
/** Line chart. */
const LINE = 2;

const COLUMNS = 12;
const WIDTH = 4;
const HEIGHT = 3;
const DAY = 24 * 60 * 60 * 1000;

/** The properties, as an object that may hold tokens. @internal */
export function azureDashboardProperties(server: IFlexibleServer, monitoring: ServerMonitoring): object {
  const heading = {
    position: { x: 0, y: 0, colSpan: COLUMNS, rowSpan: 1 },
    metadata: {
      inputs: [],
      type: "Extension/HubsExtension/PartType/MarkdownPart",
      settings: {
        content: {
          settings: {
            title: "",
            subtitle: "",
            markdownSource: 1,
            content: `${server.engine.family} ${server.engine.version}${server.isReplica ? ", read replica" : ""}. [What to do](${monitoringPage("availability")})`,
          },
        },
      },
    },
  };
  const charts = chartsOf(server, monitoring).map((chart, index) => ({
    position: {
      x: (index * WIDTH) % COLUMNS,
      y: 1 + Math.floor((index * WIDTH) / COLUMNS) * HEIGHT,
      colSpan: WIDTH,
      rowSpan: HEIGHT,
    },
    metadata: {
      inputs: [
        { name: "options", isOptional: true },
        { name: "sharedTimeRange", isOptional: true },
      ],
      type: "Extension/HubsExtension/PartType/MonitorChartPart",
      settings: { content: { options: { chart: options(server, monitoring, chart) } } },
    },
  }));
  const parts = Object.fromEntries([heading, ...charts].map((part, index) => [String(index), part]));
  return {
    lenses: { "0": { order: 0, parts } },
    metadata: {
      model: {
        timeRange: {
          type: "MsPortalFx.Composition.Configuration.ValueTypes.TimeRange",
          value: { relative: { duration: 24, timeUnit: 1 } },
        },
      },
    },
  };
}

function options(server: IFlexibleServer, monitoring: ServerMonitoring, chart: Chart): object {
  return {
    title: chart.title,
    titleKind: 1,
    metrics: chart.metrics.map(({ name, aggregation }) => ({
      resourceMetadata: { id: server.serverId },
      name,
      aggregationType: aggregation,
      namespace: monitoring.namespace.toLowerCase(),
      metricVisualization: { displayName: name },
    })),
    visualization: { chartType: LINE },
    timespan: { relative: { duration: DAY }, showUTCTime: true, grain: 1 },
  };
}

function chartsOf(server: IFlexibleServer, monitoring: ServerMonitoring): Chart[] {
  const one = (title: string, name: string, aggregation = MAXIMUM): Chart => ({
    title,
    metrics: [{ name, aggregation }],
  });
  return [
    one("CPU, per cent", "cpu_percent", AVERAGE),
    one("Active connections", "active_connections"),
    one("Memory, per cent", "memory_percent", AVERAGE),
    one("Storage, per cent", "storage_percent"),
    one("Disk I/O, per cent", monitoring.diskUse, AVERAGE),
    one("Transaction logs, bytes", monitoring.transactionLogs),
    {
      title: "Network, bytes",
      metrics: [
        { name: "network_bytes_ingress", aggregation: TOTAL },
        { name: "network_bytes_egress", aggregation: TOTAL },
      ],
    },
    ...(countsDeadlocks(server, monitoring) ? [one("Deadlocks", monitoring.deadlocks, TOTAL)] : []),
    monitoring.statements
      ? one("Statements", monitoring.statements, TOTAL)
      : one("Disk operations per second", "iops", AVERAGE),
    ...(monitoring.transactionIds && !server.isReplica
      ? [one("Transaction IDs that are not frozen", monitoring.transactionIds)]
      : []),
    ...(monitoring.slotLag ? [one("Lag of replication slots, bytes", monitoring.slotLag)] : []),
    ...(server.isReplica ? [one("Replication lag, seconds", monitoring.replicaLag)] : []),
    ...(server.machine?.burstable ? [one("CPU credits", monitoring.cpuCredits, AVERAGE)] : []),
  ];
}
