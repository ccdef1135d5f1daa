import { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import { type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { EngineFamily } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import type { ICloudSqlInstance } from "../cloud-sql/cloud-sql-instance";
import { checkLabels } from "../cloud-sql/cloud-sql-labels";

/** Properties of `CloudSqlAlerts`. */
export interface CloudSqlAlertsProps {
  /** The server or replica. */
  readonly server: ICloudSqlInstance;
  /** The notification channels that are told, as `projects/PROJECT/notificationChannels/ID`; at least one. */
  readonly notificationChannels: string[];
  /** The share of the disk that may be used, 0.1 to 1. @default 0.85 */
  readonly diskShare?: number;
  /** The share of the CPU that may be used for 15 minutes, 0.1 to 1. @default 0.85 */
  readonly cpuShare?: number;
  /** The share of the memory that may be used for 15 minutes, 0.1 to 1. @default 0.95 */
  readonly memoryShare?: number;
  /** The share of the connections that may be open, 0.1 to 1. @default 0.8 */
  readonly connectionShare?: number;
  /** How far a replica may be behind, in seconds, 1 or more. @default 60 */
  readonly replicaLagSeconds?: number;
  /** The project of the alerts. @default - the server's */
  readonly project?: string;
  /** Labels. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

interface Alert {
  readonly id: string;
  readonly metric: string;
  readonly above: boolean;
  readonly threshold: number;
  /** How long it has to last, in minutes. */
  readonly minutes: number;
  readonly severity: "CRITICAL" | "WARNING";
  /** Whether the metric counts each database on its own. */
  readonly summed?: boolean;
  readonly says: string;
}

/**
 * Alerts that every database server should have, to channels of yours. Metrics are those of "Google Cloud metrics: sql".
 *
 * @example
 * new CloudSqlAlerts(this, "alerts", { server, notificationChannels: ["projects/platform/notificationChannels/123"] });
 */
export class CloudSqlAlerts extends Construct {
  /** The alerts. */
  public readonly policies: MonitoringAlertPolicy[];
  private readonly props: CloudSqlAlertsProps;

  public constructor(scope: Construct, id: string, props: CloudSqlAlertsProps) {
    super(scope, id);
    this.props = props;
    this.check();
    const { server, notificationChannels, tags, provider, dependsOn } = props;
    const { resource } = server;
    const project = props.project ?? resource.project;
    this.policies = this.list().map(
      (alert) =>
        new MonitoringAlertPolicy(this, alert.id, {
          displayName: `Cloud SQL ${resource.name}: ${alert.id}`,
          combiner: "OR",
          severity: alert.severity,
          notificationChannels,
          project,
          userLabels: tags,
          documentation: { content: alert.says, mimeType: "text/markdown" },
          conditions: [
            {
              displayName: alert.says,
              conditionThreshold: {
                filter:
                  `resource.type = "cloudsql_database" AND resource.labels.database_id = "${resource.project}:${resource.name}" ` +
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
    const { server } = this.props;
    const postgres = server.engine.family === EngineFamily.POSTGRES;
    const capacity = server.connectionCapacity;
    const share = this.props.connectionShare ?? 0.8;
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
        threshold: this.props.diskShare ?? 0.85,
        minutes: 5,
        severity: "CRITICAL",
        says: "The disk is nearly full; a full disk stops the server",
      },
      {
        id: "Cpu",
        metric: "cpu/utilization",
        above: true,
        threshold: this.props.cpuShare ?? 0.85,
        minutes: 15,
        severity: "WARNING",
        says: "The processor has been busy for a quarter of an hour",
      },
      {
        id: "Memory",
        metric: "memory/utilization",
        above: true,
        threshold: this.props.memoryShare ?? 0.95,
        minutes: 15,
        severity: "WARNING",
        says: "Memory has been short for a quarter of an hour",
      },
    ];
    if (capacity) {
      const maximum = capacity.maximum;
      alerts.push({
        id: "Connections",
        metric: postgres ? "postgresql/num_backends" : "network/connections",
        above: true,
        threshold: isResolved([maximum, share])
          ? Math.floor(maximum * share)
          : Token.asNumber(Op.mul(maximum, share)),
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
    const checks = new SynthChecks(this);
    checks.check(
      "notificationChannels",
      props.notificationChannels,
      () => props.notificationChannels.length > 0,
      "without a channel nobody is told; give at least one",
    );
    for (const channel of props.notificationChannels) {
      checks.matches(
        "notificationChannels",
        channel,
        /^projects\/[^/]+\/notificationChannels\/[^/]+$/,
        "allowed is projects/PROJECT/notificationChannels/ID",
      );
    }
    for (const property of ["diskShare", "cpuShare", "memoryShare", "connectionShare"] as const) {
      checks.share(property, props[property], 0.1, 1);
    }
    checks.wholeNumber("replicaLagSeconds", props.replicaLagSeconds, 1, 86_400, "seconds");
    if (props.replicaLagSeconds !== undefined && !props.server.isReplica) {
      checks.fail("replicaLagSeconds", props.replicaLagSeconds, "the server follows no other; leave it out");
    }
    if (!props.server.connectionCapacity) {
      checks.warn(
        "the connections that the server takes are not known, so there is no alert for them; set its maxConnections",
      );
    }
    checkLabels(checks, props.tags);
  }
}
