// Rule groups of Prometheus. Their form: prometheus.io/docs/prometheus/latest/configuration/alerting_rules, which PrometheusRule has
// in its `spec` as it is.

import type { ApplicationMetrics } from "./application-metrics";

/** Rule group as Prometheus and PrometheusRule read it. @internal */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly object[];
}

/** @internal */
export function ruleGroups(applications: readonly ApplicationMetrics[]): RuleGroup[] {
  return applications.map(({ name, alerts }) => ({
    name,
    rules: alerts.map((alert) => ({
      alert: alert.name,
      expr: alert.expression,
      for: `${alert.forMinutes}m`,
      labels: { severity: alert.severity },
      annotations: { summary: alert.summary, runbook_url: alert.runbookUrl },
    })),
  }));
}
