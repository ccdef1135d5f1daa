import {
  MonitoringAlertPolicy,
  type MonitoringAlertPolicyAlertStrategy,
  type MonitoringAlertPolicyConditions,
} from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { isResolved, monitoringPage, requireProps, SynthChecks } from "../../database/private";
import type { ICloudSqlInstance } from "../cloud-sql/cloud-sql-instance";
import { checkLabels } from "../resource-names";
import { type CloudSqlAlert, cloudSqlAlertList } from "./cloud-sql-alert-list";
import { CloudSqlDashboard } from "./cloud-sql-dashboard";

/** Properties of `CloudSqlAlerts`. */
export interface CloudSqlAlertsProps {
  /** The server or read replica, created here or existing. */
  readonly server: ICloudSqlInstance;
  /**
   * Notification channels, as `projects/PROJECT/notificationChannels/ID`; at least one.
   *
   * @see https://cloud.google.com/monitoring/support/notification-options
   */
  readonly notificationChannels: string[];
  /**
   * Threshold of disk utilization, in per cent, 10 to 100.
   * @default 85
   *
   * @see https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
   */
  readonly storageUsedPercent?: number;
  /**
   * Threshold of CPU utilization over 15 minutes, in per cent, 10 to 100.
   * @default 85
   *
   * @see https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
   */
  readonly cpuPercent?: number;
  /**
   * Threshold of memory utilization over 15 minutes, in per cent, 10 to 100.
   * @default 95
   *
   * @see https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
   */
  readonly memoryUsedPercent?: number;
  /**
   * Threshold of open connections, in per cent of the maximum, 10 to 100.
   * @default 80
   *
   * @see https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
   */
  readonly connectionsPercent?: number;
  /**
   * Threshold of the replication lag, in seconds, 1 to 86400; only for read replicas.
   * @default 60
   *
   * @see https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
   */
  readonly replicaLagSeconds?: number;
  /**
   * Forecast of disk utilization, in hours, 1 to 60: the alert is raised if the disk is expected to be full by then.
   * @default 24
   *
   * @see https://cloud.google.com/monitoring/alerts/metric-forecast
   */
  readonly storageForecastHours?: number;
  /**
   * Threshold of deadlocks per minute over 15 minutes, more than 0.
   * @default 1
   *
   * @see https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
   */
  readonly deadlocksPerMinute?: number;
  /**
   * Project of the alerting policies. An alert of failed backups, which reads the server's logs, is in the server's project only, and is
   * left out with another one. @default - the server's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Creates a `CloudSqlDashboard` of the server with the incidents of the policies.
   * @default true
   *
   * @see https://cloud.google.com/monitoring/dashboards
   */
  readonly dashboard?: boolean;
  /**
   * Labels of the alerting policies. @default - none
   *
   * @see https://cloud.google.com/monitoring/alerts/labels
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Alerting policies for a Cloud SQL instance: availability, disk and its growth, CPU, memory, connections, deadlocks, transaction ID
 * wraparound, replication slots, log archiving and failed automated backups; for a read replica, replication lag. The documentation of
 * each names the section of docs/monitoring.md with the steps.
 *
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
 *
 * @example
 * new CloudSqlAlerts(this, "alerts", { server, notificationChannels: ["projects/platform/notificationChannels/123"] });
 */
export class CloudSqlAlerts extends Construct {
  /** The alerting policies. */
  public readonly policies: MonitoringAlertPolicy[];
  /** Dashboard of the server; not set if `dashboard` is false. */
  public readonly dashboard?: CloudSqlDashboard;
  private readonly props: CloudSqlAlertsProps;

  public constructor(scope: Construct, id: string, props: CloudSqlAlertsProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-ALERTS", props, { server: true, notificationChannels: true });
    this.props = props;
    this.check();
    this.policies = cloudSqlAlertList(props).map((alert) =>
      this.policy(alert, metricCondition(props, alert)),
    );
    if (!props.server.isReplica && props.project === undefined) this.policies.push(this.failedBackups());
    if (props.dashboard ?? true) {
      const { server, project, provider, dependsOn } = props;
      this.dashboard = new CloudSqlDashboard(this, "Dashboard", {
        server,
        policies: this.policies,
        project,
        provider,
        dependsOn,
      });
    }
  }

  /** Log-based: Cloud SQL has no metric of automated backups. */
  private failedBackups(): MonitoringAlertPolicy {
    const { instanceName, projectId } = this.props.server;
    return this.policy(
      {
        id: "Backups",
        severity: "CRITICAL",
        says: "An automated backup failed or was not tried",
        section: "automated-backups",
      },
      {
        conditionMatchedLog: {
          filter:
            `resource.type = "cloudsql_database" AND resource.labels.database_id = "${projectId}:${instanceName}" ` +
            'AND log_id("cloudaudit.googleapis.com/system_event") ' +
            'AND protoPayload.methodName = "cloudsql.instances.automatedBackup" ' +
            'AND protoPayload.metadata.windowStatus = ("STATUS_FAILED" OR "STATUS_ATTEMPT_FAILED")',
        },
      },
      // A log-based alert needs a limit; failed attempts are repeated within the backup window of four hours.
      { notificationRateLimit: { period: "3600s" } },
    );
  }

  private policy(
    alert: Pick<CloudSqlAlert, "id" | "severity" | "says" | "section">,
    condition: Partial<MonitoringAlertPolicyConditions>,
    strategy: MonitoringAlertPolicyAlertStrategy = {},
  ): MonitoringAlertPolicy {
    const { server, notificationChannels, tags, project, provider, dependsOn } = this.props;
    return new MonitoringAlertPolicy(this, alert.id, {
      displayName: `Cloud SQL ${server.instanceName}: ${alert.id}`,
      combiner: "OR",
      severity: alert.severity,
      notificationChannels,
      project: project ?? server.projectId,
      userLabels: tags,
      documentation: {
        content: `${alert.says}. [What to do](${monitoringPage(alert.section)})`,
        mimeType: "text/markdown",
      },
      conditions: [{ displayName: alert.says, ...condition }],
      alertStrategy: { autoClose: "604800s", ...strategy },
      provider,
      dependsOn,
    });
  }

  private check(): void {
    const { props } = this;
    const checks = new SynthChecks(this, "CLOUDSQL-ALERTS");
    checks.check(
      "notificationChannels",
      props.notificationChannels,
      () => props.notificationChannels.length > 0,
      "must have at least one channel",
    );
    for (const channel of props.notificationChannels) {
      checks.matches(
        "notificationChannels",
        channel,
        /^projects\/[^/]+\/notificationChannels\/[^/]+$/,
        "must be projects/PROJECT/notificationChannels/ID",
      );
    }
    for (const property of [
      "storageUsedPercent",
      "cpuPercent",
      "memoryUsedPercent",
      "connectionsPercent",
    ] as const) {
      checks.wholeNumber(property, props[property], 10, 100, "per cent");
    }
    checks.wholeNumber("replicaLagSeconds", props.replicaLagSeconds, 1, 86_400, "seconds");
    const hours = props.storageForecastHours;
    if (hours !== undefined && !isResolved(hours)) {
      checks.fail("storageForecastHours", hours, "must be known at synth");
    }
    checks.wholeNumber("storageForecastHours", hours, 1, 60, "hours");
    checks.check(
      "deadlocksPerMinute",
      props.deadlocksPerMinute,
      () => (props.deadlocksPerMinute as number) > 0,
      "must be more than 0",
    );
    if (props.replicaLagSeconds !== undefined && !props.server.isReplica) {
      checks.fail(
        "replicaLagSeconds",
        props.replicaLagSeconds,
        "must be left out, since the server is no read replica",
      );
    }
    if (!props.server.connectionCapacity) {
      checks.warn(
        "connectionsPercent: no alert for connections, since the server's maximum is not known; set its maxConnections",
        "connectionsPercent",
      );
    }
    checkLabels(checks, this, props.tags);
    if (props.dashboard === false) checks.optOut("dashboard: the server has no dashboard");
  }
}

function metricCondition(
  { server }: CloudSqlAlertsProps,
  alert: CloudSqlAlert,
): Partial<MonitoringAlertPolicyConditions> {
  return {
    conditionThreshold: {
      filter:
        `resource.type = "cloudsql_database" AND resource.labels.database_id = "${server.projectId}:${server.instanceName}" ` +
        `AND metric.type = "cloudsql.googleapis.com/database/${alert.metric}"` +
        (alert.labels ? ` AND ${alert.labels}` : ""),
      comparison: alert.above ? "COMPARISON_GT" : "COMPARISON_LT",
      thresholdValue: alert.threshold,
      duration: `${alert.minutes * 60}s`,
      forecastOptions: alert.forecastSeconds ? { forecastHorizon: alert.forecastSeconds } : undefined,
      aggregations: [
        {
          alignmentPeriod: alert.delta ? "300s" : "60s",
          perSeriesAligner: aligner(alert),
          crossSeriesReducer: alert.summed ? "REDUCE_SUM" : undefined,
          groupByFields: alert.summed ? ["resource.label.database_id"] : undefined,
        },
      ],
      trigger: { count: 1 },
    },
  };
}

function aligner(alert: CloudSqlAlert): string {
  if (alert.delta) return "ALIGN_SUM";
  return alert.above ? "ALIGN_MAX" : "ALIGN_MIN";
}
