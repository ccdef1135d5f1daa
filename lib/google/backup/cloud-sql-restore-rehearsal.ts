import type { CloudSchedulerJob } from "@cdktf/provider-google/lib/cloud-scheduler-job";
import { LoggingMetric } from "@cdktf/provider-google/lib/logging-metric";
import type { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { WorkflowsWorkflow } from "@cdktf/provider-google/lib/workflows-workflow";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { ScheduledRehearsal } from "../../database";
import { isResolved, namingPath, physicalName, requireProps, shortHash } from "../../database/private";
import { AUTOMATED_BACKUPS, cloudSqlPage } from "../cloud-sql/cloud-sql-protection";
import type { ICloudSqlServer } from "../cloud-sql/cloud-sql-server";
import { defaultOverdueDays } from "./backup-schedule-checks";
import { SCHEDULED_BACKUPS } from "./backup-schedule-protection";
import {
  checkRehearsal,
  DEFAULT_MAX_BACKUP_AGE_HOURS,
  DEFAULT_REHEARSAL_SCHEDULE,
  DEFAULT_TIMEOUT_MINUTES,
  defaultLeftoverHours,
} from "./restore-rehearsal-checks";
import { rehearsalWorkflowSource } from "./restore-rehearsal-workflow";
import { grantPermissions, onInstanceAndBackups, startJob, workflowAccount } from "./scheduled-workflow";
import { workflowAlerts } from "./workflow-alerts";

/** Properties of a `CloudSqlRestoreRehearsal`. */
export interface CloudSqlRestoreRehearsalProps {
  /** Server whose backups are restored; not a read replica. */
  readonly server: ICloudSqlServer;
  /**
   * Notification channels of the alerts, as `projects/PROJECT/notificationChannels/ID`; at least one.
   *
   * @see https://cloud.google.com/monitoring/support/notification-options
   */
  readonly notificationChannels: string[];
  /**
   * Schedule in unix-cron format: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday). Between two runs there
   * must be `timeoutMinutes` and 180 minutes for retries and the deletion of the copy. @default "0 4 * * 0" - Sunday, 04:00
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
   * Beginning of the names of copies: 5 to 49 lower-case letters, digits and hyphens, with a letter first and a hyphen last; known at
   * synth. Only instances whose names begin with it can be created, restored into and deleted; it is not the beginning of the server's
   * name. @default - `rehearsal-`, and a hash of the construct path
   *
   * @see https://cloud.google.com/sql/docs/postgres/iam-conditions
   */
  readonly copyPrefix?: string;
  /**
   * Machine type of the copy, of the server's edition. Database flags are those of the server, and have to fit.
   * @default - the server's, at the time of the rehearsal
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings#machine-type-2ndgen
   */
  readonly tier?: string;
  /**
   * Databases that must be in the copy. @default - none: success is a restore that Cloud SQL reports, and an instance that runs
   *
   * @see https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/databases/list
   */
  readonly databases?: string[];
  /**
   * Age of the newest successful backup above which the rehearsal fails, in hours, 1 to 9600. @default 30
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups
   */
  readonly maxBackupAgeHours?: number;
  /**
   * Time after which an unfinished restore counts as failed, and the copy is deleted, in minutes, 30 to 1440. @default 360
   *
   * @see https://cloud.google.com/workflows/quotas
   */
  readonly timeoutMinutes?: number;
  /**
   * Age at which a copy counts as left over and is deleted, in hours, up to 168 and at least `timeoutMinutes` and 180 minutes.
   * @default - that minimum: 9 hours
   */
  readonly leftoverHours?: number;
  /**
   * Days without a successful rehearsal after which an alert is sent, 1 to 400 and more than the longest time between two runs.
   * @default - a day more than that time
   *
   * @see https://cloud.google.com/monitoring/alerts/using-promql
   */
  readonly overdueDays?: number;
  /**
   * Name of the workflow and of the Cloud Scheduler job, 1 to 63 lower-case letters, digits and hyphens; known at synth. It is a label
   * of the copies. @default - derived from the construct path
   *
   * @see https://cloud.google.com/workflows/docs/creating-updating-workflow
   */
  readonly workflowName?: string;
  /**
   * Region of the workflow and of the Cloud Scheduler jobs. @default - the server's
   *
   * @see https://cloud.google.com/workflows/docs/locations
   */
  readonly region?: string;
  /**
   * Project of the workflow, the Cloud Scheduler jobs, their service accounts, the metrics and the alerts. Copies are in the server's
   * project. @default - the server's
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

/**
 * On all of the project: of these, IAM conditions know neither lists nor operations, nor databases
 * (github.com/terraform-google-modules/terraform-google-sql-db/pull/616). None of them changes anything.
 */
const READ_PERMISSIONS = ["cloudsql.databases.list", "cloudsql.instances.get", "cloudsql.instances.list"];
/** On the source: gcloud sql backups restore needs cloudsql.backupRuns.get beside the right on the target. */
const BACKUP_PERMISSIONS = ["cloudsql.backupRuns.get", "cloudsql.backupRuns.list"];
/** On instances whose names begin with the prefix. */
const COPY_PERMISSIONS = [
  "cloudsql.instances.create",
  "cloudsql.instances.delete",
  "cloudsql.instances.restoreBackup",
];
/** Twice in the time after which a copy is left over, and not at the time of most rehearsals. */
const SWEEP_SCHEDULE = "45 */4 * * *";

/**
 * Scheduled rehearsal of a restore: Cloud Scheduler starts a workflow that restores the newest successful backup of a Cloud SQL server
 * into a new instance, measures the time of the restore (RTO) and the age of the backup (RPO), and deletes the instance in any case. A
 * second job deletes copies that a cancelled execution left. The workflow cannot change or delete the server: its rights to create, restore
 * and delete are bound to the prefix of the copies' names by an IAM condition.
 *
 * The copy has no public IP address, takes no client without a certificate, of which there are none, and has no backups, replicas or
 * deletion protection. It costs as much as the server for the time of the rehearsal, and has its data: choose the region's project with
 * care. The API cannot read the data; for checks in SQL take `RestoreRehearsal` of the room `recovery`.
 *
 * Needs the APIs `workflows`, `workflowexecutions`, `cloudscheduler`, `logging` and `sqladmin`.
 *
 * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/restoring
 * @see https://cloud.google.com/sql/docs/postgres/iam-conditions
 *
 * @example
 * new CloudSqlRestoreRehearsal(this, "rehearsal", {
 *   server, databases: ["coder"], notificationChannels: ["projects/platform/notificationChannels/123"],
 * });
 */
export class CloudSqlRestoreRehearsal extends Construct {
  /** The workflow. */
  public readonly workflow: WorkflowsWorkflow;
  /** The Cloud Scheduler job that starts a rehearsal. */
  public readonly job: CloudSchedulerJob;
  /** The Cloud Scheduler job that only deletes copies that were left over. */
  public readonly sweepJob: CloudSchedulerJob;
  /** Service account of the workflow. */
  public readonly workflowAccount: ServiceAccount;
  /** Service account of the Cloud Scheduler jobs: starts workflows of the project. */
  public readonly schedulerAccount: ServiceAccount;
  /** Beginning of the names of copies. */
  public readonly copyPrefix: string;
  /** Log-based metrics: successful rehearsals, seconds of the restore, and seconds since the backup. */
  public readonly metrics: LoggingMetric[];
  /** The alerting policies: a rehearsal has failed, and none has succeeded for days. */
  public readonly alerts: MonitoringAlertPolicy[];
  /** Command that prints the results of the newest rehearsals. */
  public readonly resultCommand: string;
  private readonly props: CloudSqlRestoreRehearsalProps;
  private readonly gapMinutes?: number;

  public constructor(scope: Construct, id: string, props: CloudSqlRestoreRehearsalProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-REHEARSAL", props, { server: true, notificationChannels: true });
    this.props = props;
    const { server, provider, dependsOn, tags } = props;
    const { instanceName, projectId } = server;
    this.copyPrefix = props.copyPrefix ?? `rehearsal-${shortHash(namingPath(this))}-`;
    const cron = checkRehearsal(this, props, nameAtSynth(server), this.copyPrefix);
    this.gapMinutes = cron?.longestGapMinutes;
    const project = props.project ?? projectId;
    const region = props.region ?? (server.location.region as string);
    const name = props.workflowName ?? physicalName(this, 63);
    const timeoutMinutes = props.timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES;
    const common = { project, provider };

    this.workflowAccount = workflowAccount(this, "WorkflowAccount", {
      ...common,
      suffix: "rehear",
      dependsOn,
    });
    this.schedulerAccount = workflowAccount(this, "SchedulerAccount", {
      ...common,
      suffix: "start",
      dependsOn,
    });
    const grants = this.grants(projectId, project, instanceName, provider);
    const starts = grantPermissions(this, "Starts", this.schedulerAccount, {
      ...common,
      permissions: ["workflows.executions.create"],
    });
    this.workflow = new WorkflowsWorkflow(this, "Workflow", {
      ...common,
      name,
      region,
      description: `Restores the newest backup of the Cloud SQL instance ${instanceName} into a copy, and deletes the copy`,
      serviceAccount: this.workflowAccount.email,
      sourceContents: rehearsalWorkflowSource({
        name,
        project: projectId,
        instance: instanceName,
        prefix: this.copyPrefix,
        tier: props.tier,
        databases: props.databases ?? [],
        maxBackupAgeHours: props.maxBackupAgeHours ?? DEFAULT_MAX_BACKUP_AGE_HOURS,
        timeoutMinutes,
        leftoverHours: props.leftoverHours ?? defaultLeftoverHours(timeoutMinutes),
      }),
      labels: tags,
      deletionProtection: false,
      dependsOn: [...grants, ...(dependsOn ?? [])],
    });
    const start = { ...common, region, workflow: this.workflow, account: this.schedulerAccount };
    this.job = startJob(this, "Job", {
      ...start,
      name,
      description: `Starts the workflow ${name}`,
      schedule: props.schedule ?? DEFAULT_REHEARSAL_SCHEDULE,
      timeZone: props.timeZone,
      dependsOn: [starts, ...(dependsOn ?? [])],
    });
    this.sweepJob = startJob(this, "SweepJob", {
      ...start,
      name: `${name}-sweep`,
      description: `Lets the workflow ${name} delete copies that were left over`,
      schedule: SWEEP_SCHEDULE,
      argument: { sweepOnly: true },
      dependsOn: [starts, ...(dependsOn ?? [])],
    });
    const metricName = `cloudsql_rehearsal_${name.replace(/[^a-z0-9]/g, "_")}`;
    this.metrics = this.logMetrics(name, region, project, metricName, provider);
    this.alerts = workflowAlerts(this, {
      ...common,
      name,
      region,
      instanceName,
      failed: "a restore rehearsal has failed",
      missing: "no restore rehearsal has succeeded",
      days: props.overdueDays ?? (cron ? defaultOverdueDays(cron) : 1),
      // Executions that only delete copies succeed too.
      successMetric: metricName,
      notificationChannels: props.notificationChannels,
      tags,
    });
    this.resultCommand = `gcloud logging read "${entries(name, region).replace(/"/g, '\\"')} AND jsonPayload.rehearsal:*" --project="${project}" --freshness=30d --limit=5 --format="json(timestamp,jsonPayload)"`;
  }

  /** The rehearsal for a `RecoveryPlan`, with the command that prints its last results. */
  public rehearsal(): ScheduledRehearsal {
    const { schedule, timeZone } = this.props;
    return {
      rehearsedBy: `workflow ${this.workflow.name}`,
      // The newest successful backup is restored, of either kind.
      mechanisms: [AUTOMATED_BACKUPS, SCHEDULED_BACKUPS],
      schedule: schedule ?? DEFAULT_REHEARSAL_SCHEDULE,
      timeZone: timeZone ?? "Etc/UTC",
      longestGapMinutes: this.gapMinutes,
      proves:
        "A success shows that the newest backup was restored into an instance that runs and has the databases; its rows are not read.",
      resultCommands: [this.resultCommand],
      permissions: ["logging.logEntries.list"],
      source: cloudSqlPage(this.props.server.engine.family, "backup-recovery/restoring"),
    };
  }

  /** The rights of the workflow. The condition on names does not hold for the source, which Terraform checks once more. */
  private grants(projectId: string, project: string, source: string, provider?: TerraformProvider) {
    const account = this.workflowAccount;
    const { copyPrefix } = this;
    return [
      grantPermissions(this, "Reads", account, {
        project: projectId,
        provider,
        permissions: READ_PERMISSIONS,
      }),
      grantPermissions(this, "SourceBackups", account, {
        project: projectId,
        provider,
        permissions: BACKUP_PERMISSIONS,
        condition: onInstanceAndBackups(projectId, source),
      }),
      grantPermissions(this, "Copies", account, {
        project: projectId,
        provider,
        permissions: COPY_PERMISSIONS,
        condition: {
          title: "copies of rehearsals only",
          // cloud.google.com/sql/docs/postgres/iam-conditions: a condition on the name covers create and delete. Not run against Google Cloud.
          expression:
            'resource.type == "sqladmin.googleapis.com/Instance" && ' +
            `resource.name.startsWith("projects/${projectId}/instances/${copyPrefix}")`,
        },
        lifecycle: {
          precondition: [
            {
              condition: `\${!startswith(${isResolved(source) ? JSON.stringify(source) : source}, "${copyPrefix}")}`,
              errorMessage: `copyPrefix must not be the beginning of the server's name (got ${copyPrefix}); set copyPrefix to another one`,
            },
          ],
        },
      }),
      grantPermissions(this, "Logs", account, {
        project,
        provider,
        permissions: ["logging.logEntries.create"],
      }),
    ];
  }

  private logMetrics(
    name: string,
    region: string,
    project: string,
    metricName: string,
    provider?: TerraformProvider,
  ): LoggingMetric[] {
    const filter = `${entries(name, region)} AND jsonPayload.rehearsal="succeeded"`;
    const seconds = (id: string, suffix: string, field: string, description: string) =>
      new LoggingMetric(this, id, {
        name: `${metricName}_${suffix}`,
        project,
        provider,
        description,
        filter,
        metricDescriptor: { metricKind: "DELTA", valueType: "DISTRIBUTION", unit: "s" },
        valueExtractor: `EXTRACT(jsonPayload.${field})`,
      });
    return [
      new LoggingMetric(this, "Succeeded", {
        name: metricName,
        project,
        provider,
        description: `Restore rehearsals of the workflow ${name} that have succeeded`,
        filter,
        metricDescriptor: { metricKind: "DELTA", valueType: "INT64", unit: "1" },
      }),
      seconds(
        "RestoreTime",
        "restore_seconds",
        "restoreSeconds",
        "Seconds from the request of the copy to its restored data (RTO)",
      ),
      seconds("Loss", "loss_seconds", "lossSeconds", "Seconds since the backup that was restored (RPO)"),
    ];
  }
}

/** Filter of a workflow's log entries. */
function entries(name: string, region: string): string {
  return `resource.type="workflows.googleapis.com/Workflow" AND resource.labels.workflow_id="${name}" AND resource.labels.location="${region}"`;
}

/** Name of the server, or what is known of a generated one. */
function nameAtSynth(server: ICloudSqlServer): string {
  const given = (server as Partial<ICloudSqlServer>)._replicaDefaults?.instanceName;
  if (given !== undefined) return given;
  return isResolved(server.instanceName) ? server.instanceName : physicalName(server, 58);
}
