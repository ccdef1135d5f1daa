/** Severity of an alert, its label `severity`, by which Alertmanager routes it. */
export enum AlertSeverity {
  /** Data or service is at risk now. */
  CRITICAL = "critical",
  /** A limit is near, or a measurement is missing. */
  WARNING = "warning",
}

/** Alerting rule of Prometheus. */
export interface MetricsAlert {
  /** Name of the alert in camel case, such as `CoderConnectionPool`; unique within the application. */
  readonly name: string;
  /**
   * PromQL expression: each series of its result is an alert.
   *
   * @see https://prometheus.io/docs/prometheus/latest/querying/basics/
   */
  readonly expression: string;
  /** Time in minutes for which the expression must have the series before the alert fires, 0 or more. */
  readonly forMinutes: number;
  /** Severity. */
  readonly severity: AlertSeverity;
  /**
   * Sentence that says what is wrong; may refer to labels: `{{ $labels.pod }}`.
   *
   * @see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/
   */
  readonly summary: string;
  /** URL of the page that says what to do (annotation `runbook_url`). */
  readonly runbookUrl: string;
}

/** Line of a panel. */
export interface MetricsQuery {
  /** PromQL expression. */
  readonly expression: string;
  /** Legend; labels in double braces: `{{pod}}`. */
  readonly legend: string;
}

/** Panel of a dashboard: a chart over time. */
export interface MetricsPanel {
  /** Title, at most 40 characters. */
  readonly title: string;
  /**
   * Unit of the values by Grafana's id: `short`, `s`, `percentunit`, `bytes`.
   *
   * @see https://github.com/grafana/grafana/blob/v12.2.0/packages/grafana-data/src/valueFormats/categories.ts
   */
  readonly unit: string;
  /** Lines of the chart. */
  readonly queries: MetricsQuery[];
}

/** Metrics of an application or of one of its parts: its alerts and charts. */
export interface ApplicationMetrics {
  /** Name of the rule group, unique in the cluster: `coder/coder`. */
  readonly name: string;
  /** Heading on the dashboard, such as `Coder`. */
  readonly title: string;
  /** Alerts. */
  readonly alerts: MetricsAlert[];
  /** Charts. */
  readonly panels: MetricsPanel[];
}

/** Construct that knows the metrics of its pods, for an `ApplicationMonitoring`. */
export interface IMonitoredApplication {
  /** Alerts and charts. */
  metrics(): ApplicationMetrics;
}
