import type { CloudSchedulerJob } from "@cdktf/provider-google/lib/cloud-scheduler-job";
import { DataGoogleSqlDatabaseInstance } from "@cdktf/provider-google/lib/data-google-sql-database-instance";
import type { MonitoringAlertPolicy } from "@cdktf/provider-google/lib/monitoring-alert-policy";
import type { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { StorageBucketIamMember } from "@cdktf/provider-google/lib/storage-bucket-iam-member";
import { WorkflowsWorkflow } from "@cdktf/provider-google/lib/workflows-workflow";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { IDatabase, Protection } from "../../database";
import { physicalName, requireProps } from "../../database/private";
import type { IObjectStore } from "../../storage";
import type { ICloudSqlServer } from "../cloud-sql/cloud-sql-server";
import { CloudSqlServerBase } from "../cloud-sql/cloud-sql-server-base";
import { defaultOverdueDays, keptDays } from "./backup-schedule-checks";
import {
  checkExport,
  DEFAULT_EXPORT_KEEP,
  DEFAULT_EXPORT_SCHEDULE,
  DEFAULT_EXPORT_TIMEOUT_MINUTES,
  exportedDatabase,
  otherRegionPreconditions,
} from "./export-checks";
import { exportProtection } from "./export-protection";
import { exportWorkflowSource } from "./export-workflow";
import {
  grantOnBucket,
  grantPermissions,
  onInstanceAndBackups,
  startJob,
  workflowAccount,
} from "./scheduled-workflow";
import { workflowAlerts } from "./workflow-alerts";

/** Properties of a `CloudSqlExport`. */
export interface CloudSqlExportProps {
  /** Server; not a read replica. */
  readonly server: ICloudSqlServer;
  /**
   * Databases of the server to export, at least one; each becomes an object. Of a pooled database the one behind the pooler is exported.
   *
   * @see https://cloud.google.com/sql/docs/postgres/import-export/import-export-sql
   */
  readonly databases: IDatabase[];
  /**
   * Bucket of Cloud Storage for the exports, such as a `BackupBucket`. With `lockDays` no export can be deleted before: an export writes
   * each object once.
   *
   * @see https://cloud.google.com/storage/docs/locations
   */
  readonly bucket: IObjectStore;
  /**
   * Notification channels of the alerts, as `projects/PROJECT/notificationChannels/ID`; at least one.
   *
   * @see https://cloud.google.com/monitoring/support/notification-options
   */
  readonly notificationChannels: string[];
  /**
   * Requires that the bucket is in another region than the server, or in a dual-region or multi-region, so that exports outlive the
   * region. @default true
   *
   * @see https://cloud.google.com/storage/docs/locations
   */
  readonly otherRegion?: boolean;
  /**
   * Schedule in unix-cron format: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday), on average at most once an
   * hour. @default "0 2 * * *" - every day, 02:00
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
   * Number of complete exports to keep, 1 to 500: older ones are deleted after a new one has succeeded. @default 14
   *
   * @see https://cloud.google.com/workflows/docs/reference/googleapis/storage/v1/objects/delete
   */
  readonly keep?: number;
  /**
   * Serverless export (`offload`): Cloud SQL exports from a temporary instance, so that clients of the server notice nothing. It takes
   * some minutes longer, and is charged. @default true
   *
   * @see https://cloud.google.com/sql/docs/postgres/import-export#serverless
   */
  readonly serverless?: boolean;
  /**
   * Time after which the unfinished export of one database counts as failed, in minutes, 10 to 1440. @default 360
   *
   * @see https://cloud.google.com/workflows/quotas
   */
  readonly timeoutMinutes?: number;
  /**
   * Days without a complete export after which an alert is sent, 1 to 400 and more than the longest time between two runs.
   * @default - a day more than that time
   *
   * @see https://cloud.google.com/monitoring/alerts/using-promql
   */
  readonly overdueDays?: number;
  /**
   * Name of the workflow and of the Cloud Scheduler job, 1 to 63 lower-case letters, digits and hyphens; known at synth. It is part of
   * the names of the objects: those of another name are never deleted. @default - derived from the construct path
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

/**
 * Scheduled export of databases of a Cloud SQL server as SQL dumps into a bucket: Cloud Scheduler starts a workflow that exports one
 * database after another, fails if an operation has failed or an object is missing or empty, writes a manifest, and deletes its own
 * older exports. Unlike backups, exports do not belong to the instance, stay when it is deleted, and can be locked in the bucket.
 *
 * The workflow cannot read what it exports. The instance's service account can create objects in the bucket, not overwrite or delete
 * them. Of an existing server, each plan reads the instance, and fails once it is deleted: remove the export then.
 *
 * Needs the APIs `workflows`, `workflowexecutions`, `cloudscheduler` and `sqladmin`. The alert for missing exports is open until the
 * first one has succeeded: start it by `gcloud scheduler jobs run`.
 *
 * @see https://cloud.google.com/sql/docs/postgres/import-export/import-export-sql
 * @see https://cloud.google.com/scheduler/docs/tut-workflows
 *
 * @example
 * const bucket = new BackupBucket(this, "exports", { bucketName: "platform-coder-exports", location: "EU", lockDays: 14 });
 * new CloudSqlExport(this, "export", {
 *   server, databases: [server.database("coder")], bucket,
 *   notificationChannels: ["projects/platform/notificationChannels/123"],
 * });
 */
export class CloudSqlExport extends Construct {
  /** The workflow. */
  public readonly workflow: WorkflowsWorkflow;
  /** The Cloud Scheduler job that starts the workflow. */
  public readonly job: CloudSchedulerJob;
  /** Service account of the workflow: exports the server; lists the bucket; creates and deletes objects with the prefix. */
  public readonly workflowAccount: ServiceAccount;
  /** Service account of the Cloud Scheduler job: starts workflows of the project. */
  public readonly schedulerAccount: ServiceAccount;
  /** Beginning of the names of all objects: project, instance and workflow. */
  public readonly objectPrefix: string;
  /** The alerting policies: an export has failed, and none has succeeded for days. */
  public readonly alerts: MonitoringAlertPolicy[];
  private readonly reported: Protection;

  public constructor(scope: Construct, id: string, props: CloudSqlExportProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-EXPORT", props, {
      server: true,
      databases: true,
      bucket: true,
      notificationChannels: true,
    });
    const cron = checkExport(this, props);
    const { server, bucket, provider, dependsOn, tags } = props;
    const { instanceName, projectId } = server;
    const databases = props.databases.map(exportedDatabase);
    const keep = props.keep ?? DEFAULT_EXPORT_KEEP;
    const project = props.project ?? projectId;
    const region = props.region ?? (server.location.region as string);
    const name = props.workflowName ?? physicalName(this, 63);
    const common = { project, provider };
    // Two stacks with the same names may share a bucket.
    this.objectPrefix = `${projectId}.${instanceName}.${name}.`;

    this.workflowAccount = workflowAccount(this, "WorkflowAccount", {
      ...common,
      suffix: "export",
      dependsOn,
    });
    this.schedulerAccount = workflowAccount(this, "SchedulerAccount", {
      ...common,
      suffix: "start",
      dependsOn,
    });
    const grants = [...this.serverGrants(props), ...this.bucketGrants(props)];
    const starts = grantPermissions(this, "Starts", this.schedulerAccount, {
      ...common,
      permissions: ["workflows.executions.create"],
    });
    this.workflow = new WorkflowsWorkflow(this, "Workflow", {
      ...common,
      name,
      region,
      description: `Exports databases of the Cloud SQL instance ${instanceName}; keeps the newest ${keep} exports`,
      serviceAccount: this.workflowAccount.email,
      sourceContents: exportWorkflowSource({
        project: projectId,
        instance: instanceName,
        bucket: bucket.bucketName,
        prefix: this.objectPrefix,
        databases: databases.map(({ databaseName }) => databaseName),
        serverless: props.serverless ?? true,
        keep,
        timeoutMinutes: props.timeoutMinutes ?? DEFAULT_EXPORT_TIMEOUT_MINUTES,
        lockSeconds: (bucket.lockDays ?? 0) * 86_400,
      }),
      labels: tags,
      // It holds no data: exports stay when it goes.
      deletionProtection: false,
      lifecycle: this.preconditions(props),
      dependsOn: [...grants, ...(dependsOn ?? [])],
    });
    this.job = startJob(this, "Job", {
      ...common,
      name,
      region,
      workflow: this.workflow,
      account: this.schedulerAccount,
      description: `Starts the workflow ${name}`,
      schedule: props.schedule ?? DEFAULT_EXPORT_SCHEDULE,
      timeZone: props.timeZone,
      dependsOn: [starts, ...databases.flatMap(({ dependables }) => dependables), ...(dependsOn ?? [])],
    });
    this.alerts = workflowAlerts(this, {
      ...common,
      name,
      region,
      instanceName,
      failed: "an export has failed",
      missing: "no export has succeeded",
      days: props.overdueDays ?? (cron ? defaultOverdueDays(cron) : 1),
      notificationChannels: props.notificationChannels,
      tags,
    });
    this.reported = exportProtection({
      instanceName,
      project: projectId,
      region: server.location.region,
      engine: server.engine,
      bucketName: bucket.bucketName,
      bucketLocation: bucket.region,
      prefix: this.objectPrefix,
      databases: databases.map(({ databaseName, owner }) => ({ name: databaseName, owner: owner.username })),
      longestGapMinutes: cron?.longestGapMinutes,
      retentionDays: cron && keptDays(cron, keep),
      keep,
    });
  }

  /**
   * Reports the exports as a protection, for a `RecoveryPlan`: a lost server, and a lost region if the bucket is not in the server's.
   *
   * @see https://cloud.google.com/sdk/gcloud/reference/sql/import/sql
   */
  public protection(): Protection {
    return this.reported;
  }

  private preconditions({ otherRegion, bucket, server }: CloudSqlExportProps) {
    const precondition = otherRegion === false ? [] : otherRegionPreconditions(bucket, server);
    return precondition.length > 0 ? { precondition } : undefined;
  }

  private serverGrants({ server, provider }: CloudSqlExportProps): ITerraformDependable[] {
    const { projectId: project, instanceName } = server;
    return [
      grantPermissions(this, "Exports", this.workflowAccount, {
        project,
        provider,
        permissions: ["cloudsql.instances.export"],
        condition: onInstanceAndBackups(project, instanceName),
      }),
      // Operations belong to the project, and need the right to read instances.
      grantPermissions(this, "Reads", this.workflowAccount, {
        project,
        provider,
        permissions: ["cloudsql.instances.get"],
      }),
    ];
  }

  private bucketGrants({ bucket, server, provider }: CloudSqlExportProps): ITerraformDependable[] {
    const { bucketName } = bucket;
    const inBucket = { project: bucket.projectId ?? server.projectId, provider, bucketName };
    return [
      // The list is one of the bucket, which conditions on names of objects do not match.
      grantOnBucket(this, "Lists", this.workflowAccount, {
        ...inBucket,
        permissions: ["storage.objects.list"],
      }),
      grantOnBucket(this, "Objects", this.workflowAccount, {
        ...inBucket,
        permissions: ["storage.objects.create", "storage.objects.delete"],
        condition: {
          title: "exports of one workflow only",
          // cloud.google.com/storage/docs/access-control/iam#conditions. Not run against Google Cloud.
          expression: `resource.type == "storage.googleapis.com/Object" && resource.name.startsWith("projects/_/buckets/${bucketName}/objects/${this.objectPrefix}")`,
        },
      }),
      // The role that Google's module terraform-google-sql-db grants (modules/backup/main.tf, read 2026-11): it cannot overwrite.
      new StorageBucketIamMember(this, "ServerAccount", {
        bucket: bucketName,
        role: "roles/storage.objectCreator",
        member: `serviceAccount:${this.serverAccount(server, provider)}`,
        provider,
      }),
    ];
  }

  /** Service account of the instance, with which Cloud SQL writes to the bucket. */
  private serverAccount(server: ICloudSqlServer, provider: TerraformProvider | undefined): string {
    if (server instanceof CloudSqlServerBase) return server.resource.serviceAccountEmailAddress;
    return new DataGoogleSqlDatabaseInstance(this, "Instance", {
      name: server.instanceName,
      project: server.projectId,
      provider,
    }).serviceAccountEmailAddress;
  }
}
