import type { CloudSchedulerJob } from "@cdktf/provider-google/lib/cloud-scheduler-job";
import type { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { WorkflowsWorkflow } from "@cdktf/provider-google/lib/workflows-workflow";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy, type Protection } from "../../database";
import { physicalName, requireProps } from "../../database/private";
import type { ICloudSqlServer } from "../cloud-sql/cloud-sql-server";
import { CloudSqlServerBase } from "../cloud-sql/cloud-sql-server-base";
import {
  checkBackupSchedule,
  DEFAULT_KEEP,
  DEFAULT_SCHEDULE,
  defaultOverdueDays,
  keptDays,
} from "./backup-schedule-checks";
import { scheduledBackupProtection } from "./backup-schedule-protection";
import { backupMark, backupWorkflowSource } from "./backup-workflow";
import { grantPermissions, onInstanceAndBackups, startJob, workflowAccount } from "./scheduled-workflow";
import { workflowAlerts } from "./workflow-alerts";

/** Properties of a `CloudSqlBackupSchedule`. */
export interface CloudSqlBackupScheduleProps {
  /** Server; not a read replica. */
  readonly server: ICloudSqlServer;
  /**
   * Notification channels of the alerts, as `projects/PROJECT/notificationChannels/ID`; at least one.
   *
   * @see https://cloud.google.com/monitoring/support/notification-options
   */
  readonly notificationChannels: string[];
  /**
   * Schedule in unix-cron format: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday), on average at most once an
   * hour. @default "0 1 * * 0" - Sunday, 01:00
   *
   * @see https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
   */
  readonly schedule?: string;
  /**
   * Time zone of the schedule, by its name in the IANA database. @default "Etc/UTC"
   *
   * @see https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
   */
  readonly timeZone?: string;
  /**
   * Number of successful backups to keep, 1 to 500: the schedule's older ones are deleted after a new one has succeeded. @default 12
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups#on-demand-backups
   */
  readonly keep?: number;
  /**
   * Location of the backups: a region, or `us`, `eu` or `asia`. @default - `backupLocation` of the server, or else the nearest multi-region
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups#backup-locations
   */
  readonly backupLocation?: string;
  /**
   * Time after which an unfinished backup counts as failed, in minutes, 10 to 1440. @default 360
   *
   * @see https://cloud.google.com/workflows/quotas
   */
  readonly timeoutMinutes?: number;
  /**
   * Days without a successful backup after which an alert is sent, 1 to 400 and more than the longest time between two runs.
   * @default - a day more than that time
   *
   * @see https://cloud.google.com/monitoring/alerts/using-promql
   */
  readonly overdueDays?: number;
  /**
   * Name of the workflow and of the Cloud Scheduler job, 1 to 63 lower-case letters, digits and hyphens; known at synth. It marks the
   * schedule's backups: those of another name are never deleted. @default - derived from the construct path
   *
   * @see https://cloud.google.com/workflows/docs/creating-updating-workflow
   */
  readonly workflowName?: string;
  /**
   * Region of the workflow and of the Cloud Scheduler job. @default - the server's
   *
   * @see https://cloud.google.com/workflows/docs/locations
   */
  readonly region?: string;
  /**
   * Project of the workflow, the Cloud Scheduler job, their service accounts and the alerts; preferably one without other workflows.
   * @default - the server's
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /**
   * Labels of the workflow and the alerts. @default - none
   *
   * @see https://cloud.google.com/workflows/docs/creating-updating-workflow
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first, such as the APIs of Cloud Scheduler and Workflows. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Needed by the workflow, on the instance and its backups only. Reading the state of an operation is not among them. */
const BACKUP_PERMISSIONS = [
  "cloudsql.backupRuns.create",
  "cloudsql.backupRuns.delete",
  "cloudsql.backupRuns.list",
];

/**
 * Scheduled on-demand backups of a Cloud SQL server, beside the automated ones: Cloud Scheduler starts a workflow that makes a backup,
 * fails if the backup has failed, and deletes the schedule's own older backups, never automated ones or others. On-demand backups do
 * not expire, but Cloud SQL deletes them with the instance unless backups are retained, which `CloudSqlServer` sets.
 *
 * Needs the APIs `workflows`, `workflowexecutions`, `cloudscheduler` and `sqladmin`. The alert for missing backups is open until the
 * first one has succeeded: start it by `gcloud scheduler jobs run`.
 *
 * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups#on-demand-backups
 * @see https://cloud.google.com/scheduler/docs/tut-workflows
 *
 * @example
 * new CloudSqlBackupSchedule(this, "weekly", {
 *   server, keep: 26, notificationChannels: ["projects/platform/notificationChannels/123"],
 * });
 */
export class CloudSqlBackupSchedule extends Construct {
  /** The workflow. */
  public readonly workflow: WorkflowsWorkflow;
  /** The Cloud Scheduler job that starts the workflow. */
  public readonly job: CloudSchedulerJob;
  /** Service account of the workflow: makes, lists and deletes backups of the server. */
  public readonly workflowAccount: ServiceAccount;
  /** Service account of the Cloud Scheduler job: starts workflows of the project. */
  public readonly schedulerAccount: ServiceAccount;
  /** The alerting policies: a backup has failed, and none has succeeded for days. */
  public readonly alerts: MonitoringAlertPolicy[];
  private readonly reported: Protection;

  public constructor(scope: Construct, id: string, props: CloudSqlBackupScheduleProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-BACKUP", props, { server: true, notificationChannels: true });
    const cron = checkBackupSchedule(this, props);
    const { server, provider, dependsOn, tags } = props;
    const { instanceName, projectId } = server;
    // Untyped programs pass a replica, which is refused, and has no defaults for others.
    const defaults = (server as Partial<ICloudSqlServer>)._replicaDefaults ?? {};
    const keep = props.keep ?? DEFAULT_KEEP;
    const backupLocation = props.backupLocation ?? defaults.backupLocation;
    const project = props.project ?? projectId;
    const region = props.region ?? (server.location.region as string);
    const name = props.workflowName ?? physicalName(this, 63);
    const common = { project, provider };

    this.workflowAccount = workflowAccount(this, "WorkflowAccount", {
      ...common,
      suffix: "backup",
      dependsOn,
    });
    this.schedulerAccount = workflowAccount(this, "SchedulerAccount", {
      ...common,
      suffix: "start",
      dependsOn,
    });
    const backups = grantPermissions(this, "Backups", this.workflowAccount, {
      project: projectId,
      provider,
      permissions: BACKUP_PERMISSIONS,
      condition: onInstanceAndBackups(projectId, instanceName),
    });
    // The same page has no workflows, and the provider no IAM resource of a workflow: the role is on the project, and has one permission.
    const starts = grantPermissions(this, "Starts", this.schedulerAccount, {
      ...common,
      permissions: ["workflows.executions.create"],
    });
    this.workflow = new WorkflowsWorkflow(this, "Workflow", {
      ...common,
      name,
      region,
      description: `On-demand backups of the Cloud SQL instance ${instanceName}; keeps the newest ${keep}`,
      serviceAccount: this.workflowAccount.email,
      sourceContents: backupWorkflowSource({
        name,
        project: projectId,
        instance: instanceName,
        location: backupLocation,
        keep,
        timeoutMinutes: props.timeoutMinutes ?? 360,
      }),
      labels: tags,
      // It holds no data: backups stay when it goes.
      deletionProtection: false,
      dependsOn: [backups, ...(dependsOn ?? [])],
    });
    this.job = startJob(this, "Job", {
      ...common,
      name,
      region,
      workflow: this.workflow,
      account: this.schedulerAccount,
      description: `Starts the workflow ${name}`,
      schedule: props.schedule ?? DEFAULT_SCHEDULE,
      timeZone: props.timeZone,
      dependsOn: [starts, ...(dependsOn ?? [])],
    });
    this.alerts = workflowAlerts(this, {
      ...common,
      name,
      region,
      instanceName,
      failed: "a scheduled backup has failed",
      missing: "no scheduled backup has succeeded",
      days: props.overdueDays ?? (cron ? defaultOverdueDays(cron) : 1),
      notificationChannels: props.notificationChannels,
      tags,
    });
    this.reported = scheduledBackupProtection({
      family: server.engine.family,
      instanceName,
      project: projectId,
      inProgram:
        server instanceof CloudSqlServerBase
          ? { resourceId: server.resource.friendlyUniqueId, path: server.node.path }
          : undefined,
      backupLocation,
      longestGapMinutes: cron?.longestGapMinutes,
      retentionDays: cron && keptDays(cron, keep),
      keep,
      // Of an existing server it is not known.
      retainedOnDelete:
        server instanceof CloudSqlServerBase && defaults.deletionPolicy !== DeletionPolicy.DELETE,
      mark: backupMark(name),
    });
  }

  /**
   * Reports the backups as a protection, for a `RecoveryPlan`: a bad migration back to the time of a backup, and a lost server if its
   * backups are retained.
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups#retained-backups
   */
  public protection(): Protection {
    return this.reported;
  }
}
