import type { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EngineFamily, type ScheduledRehearsal } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import { type ApplicationMetrics, DatabaseSecret, type IMonitoredApplication } from "../../kubernetes";
import { checkFiles, checkSecrets, watchMetrics } from "../../kubernetes/private";
import type { BackupImage } from "../logical-backup/backup-image";
import { RCLONE_IMAGE } from "../logical-backup/data/backup-images";
import type { LogicalBackup } from "../logical-backup/logical-backup";
import {
  logicalBackupMechanism,
  storeCommands,
  storeFolder,
} from "../logical-backup/logical-backup-protection";
import { recoveryJob, WORK_FOLDER } from "../logical-backup/recovery-job";
import { storeEnvironment, storeSecrets } from "../logical-backup/store-access";
import { watchJob } from "../logical-backup/watch-job";
import type { RehearsalCheck } from "./rehearsal-check";
import { checkRehearsal } from "./restore-rehearsal-checks";
import { MYSQL_REHEARSAL_SCRIPT, POSTGRES_REHEARSAL_SCRIPT } from "./scripts/rehearsal-script";

const DEFAULT_SCHEDULE = "30 5 * * 0";

/** Properties of a `RestoreRehearsal`. */
export interface RestoreRehearsalProps {
  /** Backup whose newest copy is restored. The jobs run in its namespace, with its service account. */
  readonly backup: LogicalBackup;
  /** Checks of the restored data, at least one. A rehearsal without a `RehearsalCheck.newestRow` measures no RPO, which a note says. */
  readonly checks: RehearsalCheck[];
  /**
   * Cron expression of five fields, or `@weekly` and the like, as Kubernetes reads them. @default "30 5 * * 0"
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;
  /**
   * Age of the newest backup in hours from which a rehearsal fails.
   * @default - the longest gap of the backup's schedule, its deadline, and an hour
   */
  readonly maxBackupAgeHours?: number;
  /**
   * Days without a success after which the watch fails, so that monitoring reports a failed Job.
   * @default - twice the longest gap of the schedule
   */
  readonly alertAfterDays?: number;
  /**
   * Image of the scratch server, of at least the version of the backup's clients. It must have the extensions of the databases.
   * @default - the image of the backup
   */
  readonly image?: BackupImage;
  /**
   * Extensions that are not restored, since only the managed service has them, such as `google_vacuum_mgmt`. PostgreSQL only.
   * @default - none
   */
  readonly ignoredExtensions?: string[];
  /**
   * Size of the scratch server's volume in GiB: the data, its indexes and the largest dump. @default - three times the backup's `databaseSizeGiB`
   *
   * @see https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes
   */
  readonly volumeSizeGiB?: number;
  /** Storage class of the volume; its reclaim policy must be `Delete`. @default - the cluster's default class */
  readonly storageClassName?: string;
  /** Parallel jobs of pg_restore, 1 to 64. @default 2 */
  readonly restoreJobs?: number;
  /** Deadline of a rehearsal (`activeDeadlineSeconds`) in minutes, 5 to 2880. @default 720 */
  readonly deadlineMinutes?: number;
  /** CPU request of the scratch server. @default "1" */
  readonly cpu?: string;
  /** Memory of the scratch server in MiB, 512 or more. @default 2048 */
  readonly memoryMiB?: number;
  /** Node selector of the pods. @default - any node */
  readonly nodeSelector?: { readonly [name: string]: string };
  /** Further labels of all objects. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - that of the backup */
  readonly provider?: TerraformProvider;
}

/**
 * Scheduled restore rehearsal of a `LogicalBackup`: restores the newest backup into a scratch server in the pod of the job, checks the
 * data with SQL, measures RPO and RTO, deletes the copy, and writes the result to the store, as `rehearsals/<time>.json` and, when it
 * passed, `rehearsals/latest.json`. A watch fails when none has passed for `alertAfterDays`: alert on failed Jobs of the namespace.
 *
 * The copy cannot reach the source, and no client can reach the copy: the pod has no login of the source, the scratch server listens
 * on a Unix socket only, and a network policy allows the pod nothing but DNS, the store and the cloud's identity service.
 * Subscriptions are not restored, and events of MySQL do not run. The copy's name has the date of the rehearsal. The volume belongs to
 * the pod, so that Kubernetes deletes what a killed rehearsal has left, at the latest a week later (`ttlSecondsAfterFinished`).
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 *
 * @example
 * new RestoreRehearsal(this, "rehearsal", {
 *   backup,
 *   checks: [RehearsalCheck.newestRow(database, "SELECT extract(epoch FROM max(created_at)) FROM audit_logs", 48)],
 * });
 */
export class RestoreRehearsal extends Construct implements IMonitoredApplication {
  /** CronJob of the rehearsal. */
  public readonly resource: CronJobV1;
  /** CronJob that fails when no rehearsal has passed for too long. */
  public readonly watch: CronJobV1;
  /** NetworkPolicy of the rehearsal's pods. */
  public readonly networkPolicy: NetworkPolicyV1;
  /** Secret of the keys; not set if there are none. */
  public readonly secret?: DatabaseSecret;
  /** Name of the jobs; a copy has the time behind it. */
  public readonly rehearsalName: string;
  /** Path of the result of the last rehearsal that passed, in the store. */
  public readonly resultPath: string;
  private readonly props: RestoreRehearsalProps;
  private readonly gapMinutes?: number;
  private readonly maxAgeSeconds: number;

  public constructor(scope: Construct, id: string, props: RestoreRehearsalProps) {
    super(scope, id);
    requireProps(this.node.path, "REHEARSAL", props, { backup: true, checks: true });
    this.props = props;
    const { backup } = props;
    const { identity, storeKey, rcloneImage, timeZone } = backup._props;
    const provider = props.provider ?? backup._props.provider;
    this.rehearsalName = `${backup.backupName}-rehearsal`;
    this.resultPath = `${backup.path}/rehearsals/latest.json`;
    const image = props.image ?? backup.image;
    const checks = new SynthChecks(this, "REHEARSAL");
    const gap = checkRehearsal(checks, props, image);
    this.gapMinutes = gap;
    const family = backup.databases[0]?.server.engine.family;

    const selector = {
      "app.kubernetes.io/name": "restore-rehearsal",
      "app.kubernetes.io/instance": backup.backupName,
    };
    const labels = { ...props.labels, ...selector, "app.kubernetes.io/managed-by": "terraform" };
    const { namespace } = backup;
    const port = /:(\d+)$/.exec(backup.store.endpoint)?.[1] ?? "443";
    this.networkPolicy = new NetworkPolicyV1(this, "NetworkPolicy", {
      metadata: { name: this.rehearsalName, namespace, labels },
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        egress: [
          {
            ports: [
              { port: "53", protocol: "UDP" },
              { port: "53", protocol: "TCP" },
              { port, protocol: "TCP" },
              ...(port === "443" || !identity ? [] : [{ port: "443", protocol: "TCP" }]),
            ],
          },
          // The metadata server of GKE and the agent of EKS Pod Identity, which hand out the identity's credentials.
          ...(identity
            ? [
                {
                  to: ["169.254.169.254/32", "169.254.169.252/32", "169.254.170.23/32"].map((cidr) => ({
                    ipBlock: { cidr },
                  })),
                  ports: ["80", "988"].map((each) => ({ port: each, protocol: "TCP" })),
                },
              ]
            : []),
        ],
      },
      provider,
      dependsOn: backup._props.dependsOn,
    });
    const entries = [...storeSecrets(backup._access), ...checkSecrets(props.checks)];
    this.secret =
      entries.length === 0
        ? undefined
        : new DatabaseSecret(this, "Secret", {
            namespace,
            secretName: this.rehearsalName,
            entries,
            labels,
            provider,
            dependsOn: backup._props.dependsOn,
          });
    const jobs = {
      namespace,
      labels,
      podLabels: identity?.podLabels,
      serviceAccountName: backup.serviceAccount.metadata.name,
      timeZone: timeZone ?? "Etc/UTC",
      rcloneImage: rcloneImage ?? RCLONE_IMAGE,
      nodeSelector: props.nodeSelector ?? backup._props.nodeSelector,
      provider,
      dependsOn: [...backup.dependables, this.networkPolicy, ...(this.secret?.dependables ?? [])],
    };
    const hours =
      props.maxBackupAgeHours ??
      ((backup._gapMinutes ?? 1440) + (backup._props.deadlineMinutes ?? 360)) / 60 + 1;
    this.resource = recoveryJob(this, "Resource", {
      ...jobs,
      jobName: this.rehearsalName,
      schedule: props.schedule ?? DEFAULT_SCHEDULE,
      deadlineSeconds: (props.deadlineMinutes ?? 720) * 60,
      files: {
        "job.sh": family === EngineFamily.POSTGRES ? POSTGRES_REHEARSAL_SCRIPT : MYSQL_REHEARSAL_SCRIPT,
        ...checkFiles(props.checks),
      },
      environment: {
        ...storeEnvironment(backup._access),
        REHEARSAL_NAME: backup.backupName,
        REHEARSAL_FOLDER: WORK_FOLDER,
        REHEARSAL_CHECKS: "/etc/recovery",
        REHEARSAL_MAX_AGE_SECONDS: String(Math.ceil(hours * 3600)),
        REHEARSAL_LEFTOVER_SECONDS: "86400",
        REHEARSAL_JOBS: String(props.restoreJobs ?? 2),
        REHEARSAL_IGNORED_EXTENSIONS: (props.ignoredExtensions ?? []).join("\n"),
      },
      image: image.reference,
      userId: image.userId,
      cpu: props.cpu ?? "1",
      memoryMiB: props.memoryMiB ?? 2048,
      secretName: this.secret?.secretName,
      workVolume: {
        sizeGiB: props.volumeSizeGiB ?? 3 * backup._access.sizeGiB,
        storageClassName: props.storageClassName,
      },
    });
    this.maxAgeSeconds = (props.alertAfterDays ?? ((gap ?? 10_080) * 2) / 1440) * 86_400;
    this.watch = watchJob(this, {
      ...jobs,
      jobName: `${this.rehearsalName}-watch`,
      access: backup._access,
      object: "rehearsals/latest.json",
      subject: `restore rehearsal of ${backup.backupName}`,
      maxAgeSeconds: this.maxAgeSeconds,
      secretName: storeKey && this.secret?.secretName,
    });
  }

  /** The rehearsal for a `RecoveryPlan`, with the commands that print its last result. */
  public rehearsal(): ScheduledRehearsal {
    const { backup, schedule } = this.props;
    return {
      rehearsedBy: `CronJob ${this.rehearsalName} in the namespace ${backup.namespace}`,
      mechanisms: [logicalBackupMechanism(backup)],
      schedule: schedule ?? DEFAULT_SCHEDULE,
      timeZone: backup._props.timeZone ?? "Etc/UTC",
      longestGapMinutes: this.gapMinutes,
      proves: "A success shows that the newest dump was restored and that its rows pass the checks in SQL.",
      resultCommands: [
        `kubectl get cronjob "${this.rehearsalName}" --namespace "${backup.namespace}" -o custom-columns=SCHEDULED:.status.lastScheduleTime,SUCCEEDED:.status.lastSuccessfulTime`,
        ...storeCommands(backup),
        `rclone cat "${storeFolder(backup)}/rehearsals/latest.json"`,
      ],
      source: "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/",
    };
  }

  /** Alerts and chart of the last success, for `ApplicationMonitoring`: metrics of kube-state-metrics about the CronJobs. */
  public metrics(): ApplicationMetrics {
    return watchMetrics({
      kind: "RestoreRehearsal",
      title: "Restore rehearsal",
      namespace: this.props.backup.namespace,
      jobName: this.rehearsalName,
      maxAgeSeconds: this.maxAgeSeconds,
    });
  }
}
