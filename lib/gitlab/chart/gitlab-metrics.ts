// Metrics of the connection pools of Puma and Sidekiq: docs.gitlab.com/administration/monitoring/prometheus/gitlab_metrics, "Connection
// pool metrics", and lib/gitlab/metrics/samplers/database_sampler.rb. Every process exports its pools, with the label `pid`. In newer
// releases busy and dead have the label thread_name too (gitlab.com/gitlab-org/gitlab/-/merge_requests/223981), which size does not
// have: they are divided only after it has been summed away.

import { monitoringPage } from "../../database/private";
import { AlertSeverity, type ApplicationMetrics } from "../../kubernetes";
import { deploymentPods, metricsMissing } from "../../kubernetes/private";

const POOL = "namespace, pod, pid, class, db_config_name, host, port";

/** @internal */
export function gitlabMetrics(namespace: string, releaseName: string): ApplicationMetrics {
  const pods = `{${deploymentPods(namespace, `${releaseName}-(webservice|sidekiq)-.+`)}}`;
  const pool = (metric: string) => `sum by (${POOL}) (gitlab_database_connection_pool_${metric}${pods})`;
  const used = `(${pool("busy")} + ${pool("dead")}) / (${pool("size")} > 0)`;
  const total = (metric: string) =>
    `sum by (db_config_name) (gitlab_database_connection_pool_${metric}${pods})`;
  const subject = `GitLab ${namespace}/${releaseName}`;
  return {
    name: `gitlab/${namespace}/${releaseName}`,
    title: subject,
    alerts: [
      {
        name: "GitlabConnectionPool",
        expression: `max by (namespace, pod, db_config_name) (${used}) > 0.9`,
        forMinutes: 10,
        severity: AlertSeverity.WARNING,
        summary:
          "A process in GitLab's pod {{ $labels.pod }} uses more than 90 % of its connection pool of {{ $labels.db_config_name }}.",
        runbookUrl: monitoringPage("connection-pools"),
      },
      {
        name: "GitlabWaitsForConnections",
        expression: `sum by (namespace, pod, db_config_name) (gitlab_database_connection_pool_waiting${pods}) > 0`,
        forMinutes: 5,
        severity: AlertSeverity.WARNING,
        summary:
          "Threads in GitLab's pod {{ $labels.pod }} wait for a connection to {{ $labels.db_config_name }}: {{ $value }}.",
        runbookUrl: monitoringPage("connection-pools"),
      },
      metricsMissing("GitlabMetricsMissing", subject, `gitlab_database_connection_pool_size${pods}`),
    ],
    panels: [
      {
        title: "Connections, and the size of the pools",
        unit: "short",
        queries: [
          { expression: total("connections"), legend: "{{db_config_name}} open" },
          { expression: total("busy"), legend: "{{db_config_name}} in use" },
          { expression: total("size"), legend: "{{db_config_name}} pools" },
        ],
      },
      {
        title: "Fullest pool of a process",
        unit: "percentunit",
        queries: [{ expression: `max by (db_config_name) (${used})`, legend: "{{db_config_name}}" }],
      },
      {
        title: "Threads that wait for a connection",
        unit: "short",
        queries: [{ expression: total("waiting"), legend: "{{db_config_name}}" }],
      },
    ],
  };
}
