import { BackupRestoreTestingPlan } from "@cdktf/provider-aws/lib/backup-restore-testing-plan";
import { BackupRestoreTestingSelection } from "@cdktf/provider-aws/lib/backup-restore-testing-selection";
import type { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { dependable, Op, type Precondition, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type ScheduledRehearsal, TerraformData } from "../../database";
import {
  checkTimeZone,
  isResolved,
  namingPath,
  physicalName,
  requireProps,
  resourcesOfType,
  SynthChecks,
  shortHash,
  terraformCall,
} from "../../database/private";
import { type AwsCronSchedule, checkAwsCron } from "../private/aws-cron";
import { AwsEnvironment } from "../private/aws-environment";
import { checkTags } from "../private/tags";
import type { IRdsServer } from "../rds/rds-server";
import type { AwsBackupPlan } from "./backup-plan";
import { backupRole } from "./backup-role";
import { RESTORE_TESTING_LIMITS } from "./data/backup-limits";
import { failureEvents, MissingTests } from "./restore-testing-alarms";
import { COPY_PREFIX, restoreTestingStatements } from "./restore-testing-role";

/** Properties of an `AwsRestoreTesting`. */
export interface AwsRestoreTestingProps {
  /** Backup plan whose recovery points are restored. */
  readonly plan: AwsBackupPlan;
  /** Servers of the plan that are restored, 1 to 30, each on its own. @default - all servers of the plan */
  readonly servers?: readonly IRdsServer[];
  /**
   * Schedule as AWS writes cron, not more often than every hour, such as `cron(0 4 ? * 1 *)`.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-create.html
   */
  readonly schedule: string;
  /** Time zone of the schedule, a name of the IANA database such as `Europe/Berlin`. @default "Etc/UTC" */
  readonly timeZone?: string;
  /** Hours after the scheduled time in which restores start, 1 to 168. @default 1 */
  readonly startWindowHours?: number;
  /**
   * Days back within which the latest recovery point is taken, 1 to 365; at least the gap of the plan's schedule with its windows, since AWS
   * Backup leaves out a server without a recovery point in silence. @default 7
   */
  readonly selectionWindowDays?: number;
  /** DB instance class of the copies, such as `db.t4g.large`. @default - the class of the server at the time of the backup */
  readonly instanceClass?: string;
  /**
   * Hours that the copies are kept for checks of their data, 1 to 168, after which AWS Backup deletes them. The checks report their result by
   * `backup:PutRestoreValidationResult`; without them a test shows that the copy became available, and no more. @default 1
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
   */
  readonly validationWindowHours?: number;
  /**
   * ARN of the SNS topic that is notified of failed tests, and of days without a completed one of a server; may be a token. Its access policy has to let
   * `events.amazonaws.com` and `cloudwatch.amazonaws.com` publish. @default - no notification, recorded as an opt-out
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
   */
  readonly alarmTopicArn?: string;
  /** ARN of the policy that is the permissions boundary of the role. @default - none */
  readonly permissionsBoundaryArn?: string;
  /** Tags of all resources. @default - the provider's default tags only */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

const CLASS = /^db\.[a-z0-9-]+\.[a-z0-9-]+$/;
const TOPIC = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;
const DAY_MINUTES = 24 * 60;

/**
 * Restore testing of AWS Backup: restores the latest recovery point of each server on a schedule into a copy named
 * `awsbackup-restore-test-...`, records the time that it took, and deletes the copy. The copies are Single-AZ and private, in the subnet
 * group of their server, with a security group that lets nothing in and nothing out. The role may restore and may change or delete no server;
 * AWS Backup deletes copies by its service-linked role, which is limited to resources with the tag of restore testing.
 *
 * Errors at synth: a server that is not in the plan, windows out of range or shorter than the plan's gap, a wrong schedule, class or topic.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
 *
 * @example
 * const plan = new AwsBackupPlan(this, "backups", {
 *   vault: new AwsBackupVault(this, "vault"),
 *   servers: [server],
 *   rules: { daily: { schedule: "cron(0 1 * * ? *)", retentionDays: 35 } },
 * });
 * new AwsRestoreTesting(this, "restore-testing", {
 *   plan,
 *   schedule: "cron(0 4 ? * 1 *)",
 *   alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:operations",
 * });
 */
export class AwsRestoreTesting extends Construct {
  /** The restore testing plan. */
  public readonly resource: BackupRestoreTestingPlan;
  /** Selections, one for each server, in the order of the servers. */
  public readonly selections: readonly BackupRestoreTestingSelection[];
  /** Role that AWS Backup assumes to restore. */
  public readonly role: IamRole;
  /** Security groups of the copies, without rules, one for each VPC. */
  public readonly securityGroups: readonly SecurityGroup[];
  /** Rule for events of failed tests; not set without `alarmTopicArn`. */
  public readonly failures?: CloudwatchEventRule;
  /**
   * Alarms of days without a completed restore, one for each server, in the order of the servers; empty without `alarmTopicArn`, or if the
   * schedule has longer gaps than CloudWatch can watch.
   */
  public readonly alarms: readonly CloudwatchMetricAlarm[];
  /** Queue of the events of completed tests, which the alarms count; not set without alarms. */
  public readonly completed?: SqsQueue;
  private readonly props: AwsRestoreTestingProps;
  private readonly cron?: AwsCronSchedule;

  public constructor(scope: Construct, id: string, props: AwsRestoreTestingProps) {
    super(scope, id);
    requireProps(this.node.path, "AWS-RESTORE-TESTING", props, { plan: true, schedule: true });
    this.props = props;
    const { plan, provider, tags } = props;
    const servers = props.servers ?? plan.servers;
    const checks = new SynthChecks(this, "AWS-RESTORE-TESTING");
    checkTags(checks, this, tags);
    this.cron = this.check(checks, props, servers);
    const description = `Lets AWS Backup restore copies for ${namingPath(this)}`;
    const { role, policy } = backupRole(this, "Role", {
      description,
      statements: restoreTestingStatements(servers, AwsEnvironment.of(this, provider).lookUpPartition()),
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags,
      provider,
    });
    this.role = role;
    const groups = new Map<string, SecurityGroup>();
    // AWS takes letters, digits and underscores here, and a name of a test plan cannot change.
    const name = physicalName(this, RESTORE_TESTING_LIMITS.nameLength - 9).replace(/-/g, "_");
    this.resource = new BackupRestoreTestingPlan(this, "Resource", {
      name,
      scheduleExpression: props.schedule,
      scheduleExpressionTimezone: props.timeZone ?? "Etc/UTC",
      startWindowHours: props.startWindowHours ?? 1,
      recoveryPointSelection: [
        {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [plan.vault.arn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: props.selectionWindowDays ?? 7,
        },
      ],
      tags,
      provider,
    });
    this.selections = servers.map((server) => {
      const { arn } = server.instanceRef;
      const group = groups.get(server.network.vpcId) ?? this.securityGroup(server, groups.size, props);
      groups.set(server.network.vpcId, group);
      const id = shortHash(namingPath(server));
      // The provider ignores a changed ARN in place (hashicorp/terraform-provider-aws#48316).
      const changed = new TerraformData(this, `Server-${id}`, { triggersReplace: { arn } });
      return new BackupRestoreTestingSelection(this, `Selection-${id}`, {
        name: `s_${id}`,
        lifecycle: { replaceTriggeredBy: [dependable(changed)], precondition: notACopy(server) },
        restoreTestingPlanName: this.resource.name,
        protectedResourceType: "RDS",
        protectedResourceArns: [arn],
        iamRoleArn: role.arn,
        // Always written: the provider keeps the old value of an argument that is left out.
        validationWindowHours: props.validationWindowHours ?? 1,
        // Without these a copy goes to the default VPC, with the rules of its default group.
        restoreMetadataOverrides: {
          dbSubnetGroupName: server.network.subnetGroupName,
          vpcSecurityGroupIds: terraformCall("jsonencode", [group.id]),
          multiAz: "false",
          publiclyAccessible: "false",
          ...(props.instanceClass === undefined ? {} : { dbInstanceClass: props.instanceClass }),
        },
        provider,
        // A restore before the role has its rights fails.
        dependsOn: [policy],
      });
    });
    this.securityGroups = [...groups.values()];
    if (props.alarmTopicArn === undefined) {
      checks.optOut(
        "alarmTopicArn: failed restore tests, and tests that do not run, send no notification",
        "alarmTopicArn",
      );
      this.alarms = [];
      return;
    }
    const watch = { topicArn: props.alarmTopicArn, planArn: this.resource.arn, tags, provider };
    this.failures = failureEvents(this, watch);
    const days = Math.ceil((this.cron?.longestGapMinutes ?? Number.POSITIVE_INFINITY) / DAY_MINUTES) + 1;
    // An alarm looks back seven days at most.
    if (days > 7) {
      checks.note(
        "schedule: no alarm of missing tests, since CloudWatch looks back seven days and the schedule has longer gaps; failed tests notify all the same",
        "schedule",
      );
      this.alarms = [];
      return;
    }
    const missing = new MissingTests(this, "Missing", { ...watch, servers, days });
    this.alarms = missing.alarms;
    this.completed = missing.queue;
  }

  /** The rehearsal for a `RecoveryPlan`, with the command that prints its last results. */
  public rehearsal(): ScheduledRehearsal {
    const { plan, schedule, timeZone } = this.props;
    return {
      rehearsedBy: `restore testing plan ${this.resource.name} of AWS Backup`,
      mechanisms: plan._mechanisms,
      schedule,
      timeZone: timeZone ?? "Etc/UTC",
      longestGapMinutes: this.cron?.longestGapMinutes,
      proves:
        "A job that is COMPLETED shows that the latest recovery point was restored into a server that is available, in the time between the first two columns; its data is checked only by a validation of yours.",
      resultCommands: [
        `aws backup list-restore-jobs --region "${plan.vault.region}" --by-restore-testing-plan-arn "${this.resource.arn}" --query "sort_by(RestoreJobs,&CreationDate)[-5:].[CreationDate,CompletionDate,Status,ValidationStatus,DeletionStatus,StatusMessage]" --output table`,
      ],
      permissions: ["backup:ListRestoreJobs"],
      source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html",
    };
  }

  private securityGroup(server: IRdsServer, index: number, { tags, provider }: AwsRestoreTestingProps) {
    const id = index === 0 ? "SecurityGroup" : `SecurityGroup${index + 1}`;
    return new SecurityGroup(this, id, {
      namePrefix: `${physicalName(this, 200)}-`,
      description: `Copies of ${namingPath(this)}: no connections`,
      vpcId: server.network.vpcId,
      // CDKTF leaves out empty blocks; the attribute form removes the rule for all outgoing traffic, too.
      ingress: [],
      egress: [],
      revokeRulesOnDelete: true,
      tags,
      provider: provider ?? server.network.provider,
    });
  }

  private check(
    checks: SynthChecks,
    props: AwsRestoreTestingProps,
    servers: readonly IRdsServer[],
  ): AwsCronSchedule | undefined {
    const { plan } = props;
    const { serversPerPlan, windowHours, selectionDays } = RESTORE_TESTING_LIMITS;
    checks.check(
      "servers",
      servers.length,
      () => servers.length >= 1 && servers.length <= serversPerPlan,
      `must be 1 to ${serversPerPlan} servers of the plan`,
    );
    for (const [i, server] of servers.entries()) {
      if (!plan.servers.includes(server)) {
        checks.fail(
          `servers[${i}]`,
          server,
          "must be a server of the plan, which makes its recovery points; add it to servers of the plan",
        );
      }
      checks.check(
        `servers[${i}]`,
        server.identifier,
        () => !server.identifier.startsWith(COPY_PREFIX),
        `must not begin with ${COPY_PREFIX}, the prefix of copies, which the role may delete; choose another identifier`,
      );
      if (servers.indexOf(server) !== i)
        checks.fail(`servers[${i}]`, server, "must be in the list once; remove the other entry");
    }
    checks.whenComplete(() => {
      for (const other of resourcesOfType(this, "aws_db_instance")) {
        const { identifierInput } = other as { readonly identifierInput?: string };
        const ours = servers.some(({ node }) => other.node.path.startsWith(`${node.path}/`));
        if (ours || !isResolved(identifierInput) || !identifierInput?.startsWith(COPY_PREFIX)) continue;
        checks.fail(
          "servers",
          identifierInput,
          `must not share the account with ${other.node.path}: its identifier begins with ${COPY_PREFIX}, the prefix of copies, which the role may delete; choose another identifier`,
        );
      }
    });
    checks.wholeNumber("startWindowHours", props.startWindowHours, 1, windowHours, "hours");
    checks.wholeNumber("validationWindowHours", props.validationWindowHours, 1, windowHours, "hours");
    checks.wholeNumber("selectionWindowDays", props.selectionWindowDays, 1, selectionDays, "days");
    const oldestDays = Math.ceil(plan.oldestBackupMinutes / DAY_MINUTES);
    if (oldestDays > (props.selectionWindowDays ?? 7)) {
      checks.fail(
        "selectionWindowDays",
        props.selectionWindowDays,
        `must be ${oldestDays} or more, the age in days that the latest backup of the plan reaches; otherwise the server is left out in silence at times`,
      );
    }
    checks.matches(
      "instanceClass",
      props.instanceClass,
      CLASS,
      "must be a DB instance class such as db.t4g.large",
    );
    checks.matches(
      "alarmTopicArn",
      props.alarmTopicArn,
      TOPIC,
      "must be the ARN of a standard SNS topic, such as arn:aws:sns:eu-central-1:123456789012:operations",
    );
    checkTimeZone(checks, props.timeZone);
    return checkAwsCron(checks, "schedule", props.schedule);
  }
}

/** Compares the name of a server with the prefix of copies, where only Terraform knows it. */
function notACopy({ identifier, node }: IRdsServer): Precondition[] | undefined {
  if (isResolved(identifier)) return undefined;
  return [
    {
      condition: Op.not(terraformCall("startswith", identifier, COPY_PREFIX)),
      errorMessage: `servers: the identifier of ${node.path} must not begin with ${COPY_PREFIX}, the prefix of copies, which the role may delete; choose another identifier.`,
    },
  ];
}
