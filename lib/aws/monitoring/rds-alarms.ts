import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DbEventSubscription } from "@cdktf/provider-aws/lib/db-event-subscription";
import { type ITerraformDependable, Op, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
import { shortened } from "../private/short-names";
import type { IRdsInstance } from "../rds/rds-instance";

/** Properties of `RdsAlarms`. */
export interface RdsAlarmsProps {
  /** The server or replica. */
  readonly server: IRdsInstance;
  /**
   * The SNS topic that is told, in the server's region; may be a token. Its policy has to let `cloudwatch.amazonaws.com`
   * and `events.rds.amazonaws.com` publish.
   */
  readonly topicArn: string;
  /** The share of the disk that has to stay free, 0.01 to 0.9. @default 0.15 */
  readonly freeStorageShare?: number;
  /** The share of the CPU that may be used for 15 minutes, 0.1 to 1. @default 0.85 */
  readonly cpuShare?: number;
  /** The share of the connections that may be open, 0.1 to 1. @default 0.8 */
  readonly connectionShare?: number;
  /** The share of the memory that has to stay free, 0.01 to 0.9. @default 0.05 */
  readonly freeMemoryShare?: number;
  /** How far a replica may be behind, in seconds. @default 60 */
  readonly replicaLagSeconds?: number;
  /** Whether RDS tells of its own events too: failures, failovers, maintenance, low storage. @default true */
  readonly events?: boolean;
  /** Tags for all resources. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the server's */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

interface Alarm {
  readonly id: string;
  readonly metric: string;
  readonly above: boolean;
  readonly threshold: number;
  /** How long it has to last, in minutes. */
  readonly minutes: number;
  readonly statistic: "Average" | "Maximum" | "Minimum";
  readonly says: string;
  readonly missing?: string;
}

const GIB = 1024 ** 3;

/**
 * Alarms that every database server should have, to a topic of yours. Each also says when all is well again.
 *
 * @example
 * new RdsAlarms(this, "alarms", { server, topicArn: "arn:aws:sns:eu-central-1:123456789012:operations" });
 */
export class RdsAlarms extends Construct {
  /** The alarms. */
  public readonly alarms: CloudwatchMetricAlarm[];
  /** What RDS itself tells; not set when `events` is false. */
  public readonly events?: DbEventSubscription;
  private readonly props: RdsAlarmsProps;

  public constructor(scope: Construct, id: string, props: RdsAlarmsProps) {
    super(scope, id);
    this.props = props;
    const { server, topicArn, tags, dependsOn } = props;
    const provider = props.provider ?? server.provider;
    this.check();
    this.alarms = this.list().map(
      (alarm) =>
        new CloudwatchMetricAlarm(this, alarm.id, {
          alarmName: `${server.identifier}-${alarm.id}`,
          alarmDescription: `RDS ${server.identifier}: ${alarm.says}`,
          namespace: "AWS/RDS",
          metricName: alarm.metric,
          dimensions: { DBInstanceIdentifier: server.resource.identifier },
          statistic: alarm.statistic,
          comparisonOperator: alarm.above ? "GreaterThanThreshold" : "LessThanThreshold",
          threshold: alarm.threshold,
          period: 60,
          evaluationPeriods: alarm.minutes,
          datapointsToAlarm: alarm.minutes,
          treatMissingData: alarm.missing ?? "missing",
          alarmActions: [topicArn],
          okActions: [topicArn],
          tags,
          provider,
          dependsOn,
        }),
    );
    if (props.events ?? true) {
      this.events = new DbEventSubscription(this, "Events", {
        name: shortened(`${server.identifier}-events`, 255),
        snsTopic: topicArn,
        sourceType: "db-instance",
        sourceIds: [server.resource.identifier],
        // Not "backup" and "configuration change", which tell of what was asked for.
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
    const { server } = this.props;
    const { connectionCapacity: capacity, machine } = server;
    const cpu = this.props.cpuShare ?? 0.85;
    const alarms: Alarm[] = [
      {
        id: "free-storage",
        metric: "FreeStorageSpace",
        above: false,
        // A disk that grows by itself only makes the alarm later than it need be.
        threshold: times(server.storageGiB, (this.props.freeStorageShare ?? 0.15) * GIB),
        minutes: 5,
        statistic: "Minimum",
        says: "the disk is nearly full; at the end the server stops writing",
      },
      {
        id: "cpu",
        metric: "CPUUtilization",
        above: true,
        threshold: Math.round(cpu * 1000) / 10,
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
        threshold: times(capacity.maximum, this.props.connectionShare ?? 0.8),
        minutes: 5,
        statistic: "Maximum",
        says: "most connections are in use",
      });
    }
    if (machine.memoryGiB !== undefined) {
      alarms.push({
        id: "free-memory",
        metric: "FreeableMemory",
        above: false,
        threshold: times(machine.memoryGiB, (this.props.freeMemoryShare ?? 0.05) * GIB),
        minutes: 15,
        statistic: "Average",
        says: "memory is short",
      });
    }
    if (machine.burstable) {
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
        // RDS sends the metric while replication runs; silence means that it stopped.
        missing: "breaching",
      });
    }
    return alarms;
  }

  private check(): void {
    const { props } = this;
    const checks = new SynthChecks(this);
    checks.share("freeStorageShare", props.freeStorageShare, 0.01, 0.9);
    checks.share("cpuShare", props.cpuShare, 0.1, 1);
    checks.share("connectionShare", props.connectionShare, 0.1, 1);
    checks.share("freeMemoryShare", props.freeMemoryShare, 0.01, 0.9);
    checks.wholeNumber("replicaLagSeconds", props.replicaLagSeconds, 1, 86_400, "seconds");
    checks.matches(
      "topicArn",
      props.topicArn,
      /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
      "allowed is the ARN of an SNS topic that is not FIFO, such as arn:aws:sns:eu-central-1:123456789012:operations",
    );
    if (!props.server.connectionCapacity) {
      checks.warn(
        "the connections that the server takes are not known, so there is no alarm on them; set maxConnections",
      );
    }
  }
}

/** A product of which one factor may be a token. */
function times(value: number, factor: number): number {
  return isResolved(value)
    ? Math.floor(value * factor)
    : Token.asNumber(terraformCall("floor", Op.mul(terraformCall("tonumber", value), factor)));
}
