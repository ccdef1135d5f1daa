import { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import { type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { EngineFamily } from "../../database";
import { isResolved, requireProps, SynthChecks } from "../../database/private";
import type { ICloudSqlInstance } from "../cloud-sql/cloud-sql-instance";
import { checkLabels } from "../resource-names";

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
   * Project of the alerting policies. @default - the server's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
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

interface Alert {
  readonly id: string;
  readonly metric: string;
  readonly above: boolean;
  readonly threshold: number;
  /** Duration of the condition, in minutes. */
  readonly minutes: number;
  readonly severity: "CRITICAL" | "WARNING";
  /** True if the metric has a time series per database. */
  readonly summed?: boolean;
  readonly says: string;
}

/**
 * Alerting policies for a Cloud SQL instance: availability, disk, CPU, memory, connections and, for a read replica, replication lag.
 *
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
 *
 * @example
 * new CloudSqlAlerts(this, "alerts", { server, notificationChannels: ["projects/platform/notificationChannels/123"] });
 */
export class CloudSqlAlerts extends Construct {
  /** The alerting policies. */
  public readonly policies: MonitoringAlertPolicy[];
  private readonly props: CloudSqlAlertsProps;

  public constructor(scope: Construct, id: string, props: CloudSqlAlertsProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-ALERTS", props, { server: true, notificationChannels: true });
    this.props = props;
    this.check();
    const { server, notificationChannels, tags, provider, dependsOn } = props;
    const { instanceName, projectId } = server;
    this.policies = this.list().map(
      (alert) =>
        new MonitoringAlertPolicy(this, alert.id, {
          displayName: `Cloud SQL ${instanceName}: ${alert.id}`,
          combiner: "OR",
          severity: alert.severity,
          notificationChannels,
          project: props.project ?? projectId,
          userLabels: tags,
          documentation: { content: alert.says, mimeType: "text/markdown" },
          conditions: [
            {
              displayName: alert.says,
              conditionThreshold: {
                filter:
                  `resource.type = "cloudsql_database" AND resource.labels.database_id = "${projectId}:${instanceName}" ` +
                  `AND metric.type = "cloudsql.googleapis.com/database/${alert.metric}"`,
                comparison: alert.above ? "COMPARISON_GT" : "COMPARISON_LT",
                thresholdValue: alert.threshold,
                duration: `${alert.minutes * 60}s`,
                aggregations: [
                  {
                    alignmentPeriod: "60s",
                    perSeriesAligner: alert.above ? "ALIGN_MAX" : "ALIGN_MIN",
                    crossSeriesReducer: alert.summed ? "REDUCE_SUM" : undefined,
                    groupByFields: alert.summed ? ["resource.label.database_id"] : undefined,
                  },
                ],
                trigger: { count: 1 },
              },
            },
          ],
          alertStrategy: { autoClose: "604800s" },
          provider,
          dependsOn,
        }),
    );
  }

  private list(): Alert[] {
    const { server, storageUsedPercent, cpuPercent, memoryUsedPercent, connectionsPercent } = this.props;
    const postgres = server.engine.family === EngineFamily.POSTGRES;
    const capacity = server.connectionCapacity;
    const alerts: Alert[] = [
      {
        id: "Up",
        metric: "up",
        above: false,
        threshold: 1,
        minutes: 3,
        severity: "CRITICAL",
        says: "The server does not run",
      },
      {
        id: "Disk",
        metric: "disk/utilization",
        above: true,
        threshold: fraction(storageUsedPercent ?? 85),
        minutes: 5,
        severity: "CRITICAL",
        says: "The disk is nearly full; a full disk stops the server",
      },
      {
        id: "Cpu",
        metric: "cpu/utilization",
        above: true,
        threshold: fraction(cpuPercent ?? 85),
        minutes: 15,
        severity: "WARNING",
        says: "The processor has been busy for a quarter of an hour",
      },
      {
        id: "Memory",
        metric: "memory/utilization",
        above: true,
        threshold: fraction(memoryUsedPercent ?? 95),
        minutes: 15,
        severity: "WARNING",
        says: "Memory has been short for a quarter of an hour",
      },
    ];
    if (capacity) {
      const { maximum } = capacity;
      const percent = connectionsPercent ?? 80;
      alerts.push({
        id: "Connections",
        metric: postgres ? "postgresql/num_backends" : "network/connections",
        above: true,
        threshold: isResolved([maximum, percent])
          ? Math.floor((maximum * percent) / 100)
          : Token.asNumber(Op.mul(maximum, fraction(percent))),
        minutes: 5,
        severity: "WARNING",
        summed: postgres,
        says: "Most of the connections that the server takes are open",
      });
    }
    if (server.isReplica) {
      alerts.push({
        id: "ReplicaLag",
        metric: "replication/replica_lag",
        above: true,
        threshold: this.props.replicaLagSeconds ?? 60,
        minutes: 5,
        severity: "WARNING",
        says: "The replica is behind its source",
      });
    }
    return alerts;
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
  }
}

/** Cloud Monitoring measures utilization as a fraction. */
function fraction(percent: number): number {
  return isResolved(percent) ? percent / 100 : Token.asNumber(Op.div(percent, 100));
}
