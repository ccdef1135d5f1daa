import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DbEventSubscription } from "@cdktf/provider-aws/lib/db-event-subscription";
import { type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { isResolved, requireProps, SynthChecks, terraformCall } from "../../database/private";
import { shortened } from "../private/short-names";
import { checkTags } from "../private/tags";
import type { IRdsInstance } from "../rds/rds-instance";

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
   * Subscribes the topic to RDS events: failures, failovers, maintenance, low storage. @default true
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.html
   */
  readonly events?: boolean;
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

interface Alarm {
  readonly id: string;
  readonly metric: string;
  readonly above: boolean;
  readonly threshold: number;
  /** Evaluation periods of a minute, all of which have to breach the threshold. */
  readonly minutes: number;
  readonly statistic: "Average" | "Maximum" | "Minimum";
  readonly says: string;
  readonly missing?: string;
}

const GIB = 1024 ** 3;

/**
 * CloudWatch alarms for an RDS server or read replica: storage, CPU, disk queue, connections, memory, CPU credits and replica lag. Each
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
  private readonly props: RdsAlarmsProps;

  public constructor(scope: Construct, id: string, props: RdsAlarmsProps) {
    super(scope, id);
    requireProps(this.node.path, "RDS-ALARMS", props, { server: true, alarmTopicArn: true });
    this.props = props;
    const { server, alarmTopicArn, tags, dependsOn } = props;
    const provider = props.provider ?? server.provider;
    this.check();
    this.alarms = this.list().map(
      (alarm) =>
        new CloudwatchMetricAlarm(this, alarm.id, {
          alarmName: `${server.identifier}-${alarm.id}`,
          alarmDescription: `RDS ${server.identifier}: ${alarm.says}`,
          namespace: "AWS/RDS",
          metricName: alarm.metric,
          dimensions: { DBInstanceIdentifier: server.instanceRef.identifier },
          statistic: alarm.statistic,
          comparisonOperator: alarm.above ? "GreaterThanThreshold" : "LessThanThreshold",
          threshold: alarm.threshold,
          period: 60,
          evaluationPeriods: alarm.minutes,
          datapointsToAlarm: alarm.minutes,
          treatMissingData: alarm.missing ?? "missing",
          alarmActions: [alarmTopicArn],
          okActions: [alarmTopicArn],
          tags,
          provider,
          dependsOn,
        }),
    );
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
          "recovery",
        ],
        tags,
        provider,
        dependsOn,
      });
    }
  }

  private list(): Alarm[] {
    const { server, storageUsedPercent = 85, cpuPercent = 85, connectionsPercent = 80 } = this.props;
    const { connectionCapacity: capacity, machine } = server;
    const alarms: Alarm[] = [
      {
        id: "free-storage",
        metric: "FreeStorageSpace",
        above: false,
        // Of the storage at creation: after storage autoscaling the alarm is raised later than it could be.
        threshold: percentOf(server.storageGiB, free(storageUsedPercent), GIB),
        minutes: 5,
        statistic: "Minimum",
        says: "the disk is nearly full; at the end the server stops writing",
      },
      {
        id: "cpu",
        metric: "CPUUtilization",
        above: true,
        threshold: cpuPercent,
        minutes: 15,
        statistic: "Average",
        says: "the CPU has been busy for 15 minutes",
      },
      {
        id: "disk-queue",
        metric: "DiskQueueDepth",
        above: true,
        threshold: 64,
        minutes: 15,
        statistic: "Average",
        says: "requests wait for the disk; it may need more IOPS",
      },
    ];
    if (capacity) {
      alarms.push({
        id: "connections",
        metric: "DatabaseConnections",
        above: true,
        threshold: percentOf(capacity.maximum, connectionsPercent),
        minutes: 5,
        statistic: "Maximum",
        says: "most connections are in use",
      });
    }
    if (machine?.memoryGiB !== undefined) {
      alarms.push({
        id: "free-memory",
        metric: "FreeableMemory",
        above: false,
        threshold: percentOf(machine.memoryGiB, this.props.freeableMemoryPercent ?? 5, GIB),
        minutes: 15,
        statistic: "Average",
        says: "memory is short",
      });
    }
    if (machine?.burstable) {
      alarms.push({
        id: "cpu-credits",
        metric: "CPUCreditBalance",
        above: false,
        threshold: 20,
        minutes: 15,
        statistic: "Minimum",
        says: "the CPU credits are nearly used up; the machine then slows down",
      });
    }
    if (server.isReplica) {
      alarms.push({
        id: "replica-lag",
        metric: "ReplicaLag",
        above: true,
        threshold: this.props.replicaLagSeconds ?? 60,
        minutes: 5,
        statistic: "Maximum",
        says: "the replica is behind its source",
        // RDS sends the metric while replication runs; missing data mean that it stopped.
        missing: "breaching",
      });
    }
    return alarms;
  }

  private check(): void {
    const { props } = this;
    const checks = new SynthChecks(this, "RDS-ALARMS");
    checkTags(checks, this, props.tags);
    checkPercent(checks, "storageUsedPercent", props.storageUsedPercent, 10, 99);
    checkPercent(checks, "cpuPercent", props.cpuPercent, 10, 100);
    checkPercent(checks, "connectionsPercent", props.connectionsPercent, 10, 100);
    checkPercent(checks, "freeableMemoryPercent", props.freeableMemoryPercent, 1, 90);
    checks.wholeNumber("replicaLagSeconds", props.replicaLagSeconds, 1, 86_400, "seconds");
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

/** A percentage of a value, times a unit, rounded down; value and percentage may be tokens. */
function percentOf(value: number, percent: number, unit = 1): number {
  const factor = isResolved(percent) ? (percent / 100) * unit : Op.mul(Op.div(number(percent), 100), unit);
  return isResolved([value, percent])
    ? Math.floor(value * factor)
    : Token.asNumber(terraformCall("floor", Op.mul(number(value), factor)));
}

/** The percentage that is left; may be a token. */
function free(usedPercent: number): number {
  return isResolved(usedPercent) ? 100 - usedPercent : Op.sub(100, number(usedPercent));
}

function number(value: number): number | string {
  return isResolved(value) ? value : terraformCall("tonumber", value);
}
