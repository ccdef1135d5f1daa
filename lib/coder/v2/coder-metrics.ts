// Metrics of Coder's connection pool: Go's database/sql statistics, by the collector of prometheus/client_golang, with the label
// db_name="coder" (github.com/coder/coder/pull/17635, May 2025). They are exported with CODER_PROMETHEUS_ENABLE only.

import type { ConnectionBudget, ConnectionConsumer } from "../../database";
import { isResolved, monitoringPage, peakConnections } from "../../database/private";
import { AlertSeverity, type ApplicationMetrics } from "../../kubernetes";
import { deploymentPods, metricsMissing } from "../../kubernetes/private";

/** Names and numbers of a release. @internal */
export interface CoderMetricsInput {
  readonly namespace: string;
  readonly releaseName: string;
  /** Coder's part of the connection budget. */
  readonly consumer: ConnectionConsumer;
  readonly budget: ConnectionBudget;
}

/** @internal */
export function coderMetrics(input: CoderMetricsInput): ApplicationMetrics {
  const { namespace, releaseName } = input;
  const pods = `{${deploymentPods(namespace, releaseName)},db_name="coder"}`;
  const byPod = (metric: string) => `sum by (namespace, pod) (go_sql_${metric}${pods})`;
  const planned = plannedConnections(input.consumer);
  const { available } = input.budget;
  return {
    name: `coder/${namespace}/${releaseName}`,
    title: `Coder ${namespace}/${releaseName}`,
    alerts: [
      {
        name: "CoderConnectionPool",
        expression: `${byPod("in_use_connections")} > 0.9 * (${byPod("max_open_connections")} > 0)`,
        forMinutes: 10,
        severity: AlertSeverity.WARNING,
        summary: "Coder's pod {{ $labels.pod }} uses more than 90 % of its connection pool.",
        runbookUrl: monitoringPage("connection-pools"),
      },
      {
        name: "CoderWaitsForConnections",
        expression: `sum by (namespace, pod) (rate(go_sql_wait_duration_seconds_total${pods}[5m])) > 1`,
        forMinutes: 10,
        severity: AlertSeverity.WARNING,
        summary:
          "Requests in Coder's pod {{ $labels.pod }} wait for a connection: {{ $value | humanize }} at the same time.",
        runbookUrl: monitoringPage("connection-pools"),
      },
      ...(planned === undefined
        ? []
        : [
            {
              name: "CoderConnectionBudget",
              expression: `sum by (namespace) (go_sql_max_open_connections${pods}) > ${planned}`,
              forMinutes: 30,
              severity: AlertSeverity.WARNING,
              summary: `Coder's pods may open {{ $value }} connections; the connection budget of the server has ${planned}.`,
              runbookUrl: monitoringPage("connections"),
            },
          ]),
      metricsMissing("CoderMetricsMissing", "Coder", `go_sql_open_connections${pods}`),
    ],
    panels: [
      {
        title: "Connections against the budget",
        unit: "short",
        queries: [
          { expression: `sum(go_sql_open_connections${pods})`, legend: "open" },
          { expression: `sum(go_sql_in_use_connections${pods})`, legend: "in use" },
          ...(planned === undefined ? [] : [{ expression: `vector(${planned})`, legend: "budget of Coder" }]),
          ...(available === undefined
            ? []
            : [{ expression: `vector(${available})`, legend: "available on the server" }]),
        ],
      },
      {
        title: "Share of the pool in use",
        unit: "percentunit",
        queries: [
          {
            expression: `${byPod("in_use_connections")} / (${byPod("max_open_connections")} > 0)`,
            legend: "{{pod}}",
          },
        ],
      },
      {
        title: "Requests that wait for a connection",
        unit: "short",
        queries: [
          {
            expression: `sum by (pod) (rate(go_sql_wait_duration_seconds_total${pods}[$__rate_interval]))`,
            legend: "{{pod}}",
          },
        ],
      },
    ],
  };
}

/** Sum of the pools of all pods during a rolling update; not set if a number is known at apply only. */
function plannedConnections({ replicas, surge, poolMax }: ConnectionConsumer): number | undefined {
  if (!isResolved([replicas, surge, poolMax])) return undefined;
  return peakConnections({ name: "pools", replicas, surge, poolMax });
}
