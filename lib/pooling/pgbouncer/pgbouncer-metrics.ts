// Metrics of the exporter in the pods: collector.go of github.com/prometheus-community/pgbouncer_exporter v0.12, read 2026-11.

import { monitoringPage } from "../../database/private";
import { AlertSeverity, type ApplicationMetrics } from "../../kubernetes";
import { deploymentPods, metricsMissing } from "../../kubernetes/private";

/** @internal */
export function pgBouncerMetrics(namespace: string, poolerName: string): ApplicationMetrics {
  const pods = `{${deploymentPods(namespace, poolerName)}}`;
  const subject = `PgBouncer ${namespace}/${poolerName}`;
  return {
    name: `pgbouncer/${namespace}/${poolerName}`,
    title: subject,
    alerts: [
      {
        name: "PgBouncerClientsWait",
        expression: `max by (namespace, pod, database) (pgbouncer_pools_client_maxwait_seconds${pods}) > 5`,
        forMinutes: 5,
        severity: AlertSeverity.WARNING,
        summary:
          "A client of PgBouncer's database {{ $labels.database }} waits for a server connection for {{ $value | humanizeDuration }}.",
        runbookUrl: monitoringPage("connection-pools"),
      },
      {
        name: "PgBouncerDown",
        expression: `pgbouncer_up${pods} == 0`,
        forMinutes: 5,
        severity: AlertSeverity.CRITICAL,
        summary: "PgBouncer in the pod {{ $labels.pod }} does not answer its exporter.",
        runbookUrl: monitoringPage("connection-pools"),
      },
      metricsMissing("PgBouncerMetricsMissing", subject, `pgbouncer_up${pods}`),
    ],
    panels: [
      {
        title: "Server connections in use, and the pool",
        unit: "short",
        queries: [
          {
            expression: `sum by (database) (pgbouncer_pools_server_active_connections${pods})`,
            legend: "{{database}} in use",
          },
          { expression: `sum by (name) (pgbouncer_databases_pool_size${pods})`, legend: "{{name}} pool" },
        ],
      },
      {
        title: "Clients",
        unit: "short",
        queries: [
          {
            expression: `sum by (database) (pgbouncer_pools_client_active_connections${pods})`,
            legend: "{{database}} active",
          },
          {
            expression: `sum by (database) (pgbouncer_pools_client_waiting_connections${pods})`,
            legend: "{{database}} waiting",
          },
        ],
      },
      {
        title: "Longest wait of a client",
        unit: "s",
        queries: [
          {
            expression: `max by (database) (pgbouncer_pools_client_maxwait_seconds${pods})`,
            legend: "{{database}}",
          },
        ],
      },
    ],
  };
}
