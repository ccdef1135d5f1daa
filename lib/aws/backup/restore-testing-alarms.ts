// Notifications of restore testing. AWS Backup sends events of its jobs at best effort; those of restore testing have restoreTestingPlanArn, in
// each state: "if your restore job is part of a restore testing plan, the parameter restoreTestingPlanArn is included"
// (https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html, read 2026-11). The metrics of AWS Backup know resource types and
// vaults, and no plans or servers; those of EventBridge know rules. Not run against AWS.

import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { namingPath, physicalName, shortHash, terraformCall } from "../../database/private";
import { policyDocument } from "../private/policy-document";
import type { IRdsServer } from "../rds/rds-server";

/** Longest retention of a queue, in seconds: 14 days. */
const RETENTION_SECONDS = 14 * 24 * 3600;
const DAY_SECONDS = 24 * 3600;

/** A restore testing plan and its topic. @internal */
export interface RestoreTestingWatch {
  readonly topicArn: string;
  readonly planArn: string;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
}

function jobEvents(scope: Construct, id: string, watch: RestoreTestingWatch, words: string, detail: object) {
  return new CloudwatchEventRule(scope, id, {
    namePrefix: `${physicalName(scope, 36).slice(0, 36)}-`,
    description: words,
    eventPattern: terraformCall("jsonencode", {
      source: ["aws.backup"],
      "detail-type": ["Restore Job State Change"],
      detail: { restoreTestingPlanArn: [watch.planArn], ...detail },
    }),
    tags: watch.tags,
    provider: watch.provider,
  });
}

/** Notifies of failed tests. @internal */
export function failureEvents(scope: Construct, watch: RestoreTestingWatch): CloudwatchEventRule {
  const words = `Failed restore tests of ${namingPath(scope)}`;
  const rule = jobEvents(scope, "Failures", watch, words, { status: ["FAILED", "ABORTED"] });
  new CloudwatchEventTarget(scope, "FailuresTarget", {
    rule: rule.name,
    arn: watch.topicArn,
    provider: watch.provider,
  });
  return rule;
}

/** A watch of each server. @internal */
export interface MissingTestsProps extends RestoreTestingWatch {
  readonly servers: readonly IRdsServer[];
  /** Days without a completed test after which the alarm goes off. */
  readonly days: number;
}

/**
 * Alarms of servers of which no test has completed for days: AWS Backup leaves out a server without a recovery point in silence. Each has a rule
 * for its completed tests, whose invocations CloudWatch counts. The target of the rules is a queue that keeps the events for two weeks.
 *
 * @internal
 */
export class MissingTests extends Construct {
  public readonly alarms: readonly CloudwatchMetricAlarm[];
  public readonly queue: SqsQueue;

  public constructor(scope: Construct, id: string, props: MissingTestsProps) {
    super(scope, id);
    const { tags, provider, topicArn, days } = props;
    this.queue = new SqsQueue(this, "Queue", {
      namePrefix: `${physicalName(scope, 40)}-`,
      messageRetentionSeconds: RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
      tags,
      provider,
    });
    const rules = props.servers.map((server) => {
      const hash = shortHash(namingPath(server));
      const words = `Completed restore tests of ${namingPath(server)}`;
      const rule = jobEvents(this, `Completed-${hash}`, props, words, {
        status: ["COMPLETED"],
        sourceResourceArn: [server.instanceRef.arn],
      });
      return { server, hash, rule };
    });
    const policy = new SqsQueuePolicy(this, "QueuePolicy", {
      queueUrl: this.queue.id,
      policy: policyDocument({
        Sid: "CompletedTests",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: this.queue.arn,
        Condition: { ArnEquals: { "aws:SourceArn": rules.map(({ rule }) => rule.arn) } },
      }),
      provider,
    });
    this.alarms = rules.map(({ server, hash, rule }) => {
      new CloudwatchEventTarget(this, `Target-${hash}`, {
        rule: rule.name,
        arn: this.queue.arn,
        provider,
        dependsOn: [policy],
      });
      return new CloudwatchMetricAlarm(this, `Alarm-${hash}`, {
        alarmName: `${physicalName(scope, 190)}-missing-${hash}`,
        alarmDescription: `No restore test of ${namingPath(server)} by AWS Backup completed in ${days} days. See "Restore testing of AWS Backup" in docs/recovery.md.`,
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html: of a rule of the default event bus, and sent only if it is
        // not zero.
        namespace: "AWS/Events",
        metricName: "Invocations",
        dimensions: { RuleName: rule.name },
        statistic: "Sum",
        period: DAY_SECONDS,
        evaluationPeriods: days,
        datapointsToAlarm: days,
        threshold: 1,
        comparisonOperator: "LessThanThreshold",
        treatMissingData: "breaching",
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags,
        provider,
      });
    });
  }
}
