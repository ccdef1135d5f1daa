import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DbEventSubscription } from "@cdktf/provider-aws/lib/db-event-subscription";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { monitoringPage, requireProps, SynthChecks } from "../../database/private";
import { shortened } from "../private/short-names";
import { checkTags } from "../private/tags";
import type { IRdsInstance } from "../rds/rds-instance";
import { rdsAlarmList } from "./rds-alarm-list";
import { RdsDashboard } from "./rds-dashboard";

/** Properties of `RdsAlarms`. */
export interface RdsAlarmsProps {
  /** Server or read replica, created here or existing. */
  readonly server: IRdsInstance;
  /**
   * ARN of the SNS topic that is notified, in the server's region; may be a token. Its access policy has to let
   * `cloudwatch.amazonaws.com` and `events.rds.amazonaws.com` publish.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
   */
  readonly alarmTopicArn: string;
  /**
   * Threshold of used storage, in per cent of the allocated storage, 10 to 99. @default 85
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
   */
  readonly storageUsedPercent?: number;
  /**
   * Threshold of the CPU utilization over 15 minutes, in per cent, 10 to 100. @default 85
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
   */
  readonly cpuPercent?: number;
  /**
   * Threshold of open connections, in per cent of the maximum, 10 to 100. @default 80
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
   */
  readonly connectionsPercent?: number;
  /**
   * Threshold of freeable memory, in per cent of the memory, 1 to 90: the alarm is raised below it. @default 5
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
   */
  readonly freeableMemoryPercent?: number;
  /**
   * Threshold of the replica lag, in seconds. @default 60
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
   */
  readonly replicaLagSeconds?: number;
  /**
   * Hours in which the disk would be full at its present rate of growth, 1 to 168: the alarm is raised below it. Storage autoscaling does
   * not stop the alarm. @default 24
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
   */
  readonly storageForecastHours?: number;
  /**
   * Threshold of the disk space of write-ahead log (PostgreSQL) or binary logs (MySQL), and of the lag of a replication slot, in per cent of
   * the allocated storage, 1 to 90. @default 20
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
   */
  readonly transactionLogsPercent?: number;
  /**
   * Threshold of deadlocks per minute over 15 minutes, more than 0. Needs Performance Insights. @default 1
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights_Counters.html
   */
  readonly deadlocksPerMinute?: number;
  /**
   * Subscribes the topic to RDS events: failures, failovers, maintenance, low storage, and replication of a read replica. @default true
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.html
   */
  readonly events?: boolean;
  /**
   * Creates an `RdsDashboard` of the server with the state of the alarms. @default true
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
   */
  readonly dashboard?: boolean;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Tagging.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * CloudWatch alarms for an RDS server or read replica: storage and its growth, CPU, disk queue, connections, memory, CPU credits, replica
 * lag, transaction logs and replication slots, transaction ID wraparound and deadlocks. The description of each names the section of
 * docs/monitoring.md with the steps. Each
 * notifies the topic of the alarm and of the recovery (OK action).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
 *
 * @example
 * new RdsAlarms(this, "alarms", { server, alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:operations" });
 */
export class RdsAlarms extends Construct {
  /** CloudWatch alarms. */
  public readonly alarms: CloudwatchMetricAlarm[];
  /** RDS event subscription; not set if `events` is false. */
  public readonly events?: DbEventSubscription;
  /** Dashboard of the server; not set if `dashboard` is false. */
  public readonly dashboard?: RdsDashboard;
  private readonly props: RdsAlarmsProps;

  public constructor(scope: Construct, id: string, props: RdsAlarmsProps) {
    super(scope, id);
    requireProps(this.node.path, "RDS-ALARMS", props, { server: true, alarmTopicArn: true });
    this.props = props;
    const { server, alarmTopicArn, tags, dependsOn } = props;
    const provider = props.provider ?? server.provider;
    this.check();
    this.alarms = rdsAlarmList(props).map(
      (alarm) =>
        new CloudwatchMetricAlarm(this, alarm.id, {
          alarmName: `${server.identifier}-${alarm.id}`,
          alarmDescription: `RDS ${server.identifier}: ${alarm.says}. ${monitoringPage(alarm.section)}`,
          ...alarm.config,
          alarmActions: [alarmTopicArn],
          okActions: [alarmTopicArn],
          tags,
          provider,
          dependsOn,
        }),
    );
    if (props.dashboard ?? true) {
      this.dashboard = new RdsDashboard(this, "Dashboard", {
        server,
        alarms: this.alarms,
        provider,
        dependsOn,
      });
    }
    if (props.events ?? true) {
      this.events = new DbEventSubscription(this, "Events", {
        name: shortened(`${server.identifier}-events`, 255),
        snsTopic: alarmTopicArn,
        sourceType: "db-instance",
        sourceIds: [server.instanceRef.identifier],
        // Without "backup" and "configuration change", which report intended changes.
        eventCategories: [
          "availability",
          "deletion",
          "failover",
          "failure",
          "low storage",
          "maintenance",
          "notification",
          ...(server.isReplica ? ["read replica"] : []),
          "recovery",
        ],
        tags,
        provider,
        dependsOn,
      });
    }
  }

  private check(): void {
    const { props } = this;
    const checks = new SynthChecks(this, "RDS-ALARMS");
    checkTags(checks, this, props.tags);
    if (props.dashboard === false) checks.optOut("dashboard: the server has no dashboard");
    checkPercent(checks, "storageUsedPercent", props.storageUsedPercent, 10, 99);
    checkPercent(checks, "cpuPercent", props.cpuPercent, 10, 100);
    checkPercent(checks, "connectionsPercent", props.connectionsPercent, 10, 100);
    checkPercent(checks, "freeableMemoryPercent", props.freeableMemoryPercent, 1, 90);
    checkPercent(checks, "transactionLogsPercent", props.transactionLogsPercent, 1, 90);
    checks.wholeNumber("replicaLagSeconds", props.replicaLagSeconds, 1, 86_400, "seconds");
    checks.wholeNumber("storageForecastHours", props.storageForecastHours, 1, 168, "hours");
    checks.check(
      "deadlocksPerMinute",
      props.deadlocksPerMinute,
      () => (props.deadlocksPerMinute as number) > 0,
      "must be more than 0",
    );
    if (props.deadlocksPerMinute !== undefined && !props.server.performanceInsights) {
      checks.warn(
        "deadlocksPerMinute has no effect: deadlocks are counted by Performance Insights, which the server does not have",
        "deadlocksPerMinute",
      );
    }
    checks.matches(
      "alarmTopicArn",
      props.alarmTopicArn,
      /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
      "must be the ARN of a standard SNS topic, such as arn:aws:sns:eu-central-1:123456789012:operations",
    );
    if (!props.server.connectionCapacity) {
      checks.warn(
        "connectionsPercent has no effect: the maximum number of connections is not known; set maxConnections",
        "connectionsPercent",
      );
    }
  }
}

function checkPercent(
  checks: SynthChecks,
  property: string,
  value: number | undefined,
  min: number,
  max: number,
): void {
  checks.check(
    property,
    value,
    () => (value as number) >= min && (value as number) <= max,
    `must be ${min} to ${max} per cent`,
  );
}
