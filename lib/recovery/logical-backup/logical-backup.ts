import type { CronJobV1 } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  type DatabaseLogin,
  EngineFamily,
  type IDatabase,
  type IWorkloadIdentity,
  type Protection,
  type SecretValue,
} from "../../database";
import { directDatabase, physicalName, requireProps, SynthChecks } from "../../database/private";
import type { ApplicationMetrics, IMonitoredApplication } from "../../kubernetes";
import { CaSecret, DatabaseSecret, SecretEntry } from "../../kubernetes";
import { watchMetrics } from "../../kubernetes/private";
import type { IObjectStore, ObjectStoreKey } from "../../storage";
import { BackupImage } from "./backup-image";
import { connectionEnvironment } from "./connection-environment";
import { RCLONE_IMAGE } from "./data/backup-images";
import { DEFAULT_KEEP, DEFAULT_SCHEDULE, dumpFiles } from "./dump-files";
import { checkLogicalBackup } from "./logical-backup-checks";
import { logicalBackupProtection } from "./logical-backup-protection";
import { caFile, recoveryJob } from "./recovery-job";
import { MYSQL_BACKUP_SCRIPT, POSTGRES_BACKUP_SCRIPT } from "./scripts/backup-script";
import { type StoreAccess, storeEnvironment, storeSecrets, streamMemoryMiB } from "./store-access";
import { watchJob } from "./watch-job";

/** Properties of a `LogicalBackup`. */
export interface LogicalBackupProps {
  /**
   * Databases of one server that are dumped together, at nearly the same moment. A database behind a pooler is dumped past it.
   *
   * @see https://www.postgresql.org/docs/current/app-pgdump.html
   * @see https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html
   */
  readonly databases: IDatabase[];
  /**
   * Object store of the dumps: a separate bucket, best in another region and account, with versioning or object lock.
   *
   * @see https://rclone.org/overview/
   */
  readonly store: IObjectStore;
  /**
   * Identity of the pods, which gets permission to read and write the store; its service account is created. @default - none: `storeKey` is set
   *
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
   */
  readonly identity?: IWorkloadIdentity;
  /** Key of the store, for stores without workload identities. @default - none: `identity` is set */
  readonly storeKey?: ObjectStoreKey;
  /**
   * Namespace of the jobs; must exist. Use a separate namespace: everyone who may create pods in it can read the login's password.
   * @default - the namespace of `identity`
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace?: string;
  /**
   * Login that reads all databases, such as a member of `pg_read_all_data`. It must have a password. @default - the owner of the databases
   *
   * @see https://www.postgresql.org/docs/current/predefined-roles.html
   */
  readonly login?: DatabaseLogin;
  /**
   * Name of the backup: of its jobs and of its folder in the store, at most 36 lower-case letters, digits and hyphens.
   * @default - the construct's path
   */
  readonly backupName?: string;
  /** Folder in the store in which the backup has its folder, without slashes at its ends. @default "logical-backups" */
  readonly prefix?: string;
  /**
   * Cron expression of five fields, or `@daily` and the like, as Kubernetes reads them. @default "0 2 * * *"
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
   */
  readonly schedule?: string;
  /**
   * Time zone of the schedule, by its name in the IANA database. @default "Etc/UTC"
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones
   */
  readonly timeZone?: string;
  /** Number of backups that are kept, 2 to 1000. Older ones are deleted after the next success. @default 14 */
  readonly keep?: number;
  /**
   * Key of a client-side encryption (rclone `crypt`: XSalsa20 and Poly1305), 20 characters or more. Without this key no dump can be
   * read, so keep it in a secret store that outlives the cluster. @default - none: the encryption of the store
   *
   * @see https://rclone.org/crypt/
   */
  readonly encryptionKey?: SecretValue;
  /**
   * Dumps roles without passwords (`pg_dumpall --roles-only --no-role-passwords`), where the service allows; otherwise the backup
   * says so in its manifest. PostgreSQL only. @default true
   *
   * @see https://www.postgresql.org/docs/current/app-pg-dumpall.html
   */
  readonly roles?: boolean;
  /**
   * Expected size of the largest dump in GiB, 1 to 4096; sizes the parts of the upload, which limit a stream to twice this size.
   * From 100 GiB a warning advises physical backups. @default 50
   */
  readonly databaseSizeGiB?: number;
  /** Size below which a dump does not count, in bytes. @default 512 */
  readonly minimumBytes?: number;
  /**
   * Image with the clients of the engine, at least of the server's version. @default - Docker official image of the server's major version
   *
   * @see https://hub.docker.com/_/postgres
   * @see https://hub.docker.com/_/mysql
   */
  readonly image?: BackupImage;
  /** Image of rclone 1.74 or later, by exact tag or digest. @default - Docker image `rclone/rclone` */
  readonly rcloneImage?: string;
  /**
   * Deadline of a run (`activeDeadlineSeconds`) in minutes, 5 to 2880. @default 360
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup
   */
  readonly deadlineMinutes?: number;
  /**
   * Age of the last success in hours from which the watch fails, so that monitoring reports a failed Job.
   * @default - twice the longest gap of the schedule, and the deadline
   */
  readonly maxAgeHours?: number;
  /** CPU request of a run. @default "500m" */
  readonly cpu?: string;
  /** Node selector of the pods. @default - any node */
  readonly nodeSelector?: { readonly [name: string]: string };
  /** Further labels of all objects. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly provider?: TerraformProvider;
  /** Resources that the jobs depend on, such as the namespace and the SQL objects that create the login. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Scheduled logical backup of databases to an object store, on any cloud: `pg_dump -Fc` or `mysqldump --single-transaction`, streamed by
 * rclone. A dump is written under a temporary name, read back in full and checked; it counts when its manifest is there. A second
 * CronJob, the watch, fails when the last success is too long ago: alert on failed Jobs of the namespace
 * (`kube_job_status_failed` of kube-state-metrics, or the container monitoring of the cloud). Objects are encrypted by the store, and
 * with `encryptionKey` also before they leave the pod.
 *
 * It does not replace the server's own backups, which allow point-in-time recovery; it is a copy that another cloud and another
 * version can restore.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 *
 * @example
 * const backup = new LogicalBackup(this, "backup", { databases: [database], store, identity });
 */
export class LogicalBackup extends Construct implements IMonitoredApplication {
  /** CronJob of the backup. */
  public readonly resource: CronJobV1;
  /** CronJob that fails when the last success is too long ago. */
  public readonly watch: CronJobV1;
  /** NetworkPolicy: no connections to the pods. */
  public readonly networkPolicy: NetworkPolicyV1;
  /** Service account of the pods. */
  public readonly serviceAccount: ServiceAccountV1;
  /** Secret of the login's password and the keys. */
  public readonly secret: DatabaseSecret;
  /** Name of the backup: of its jobs and of its folder. */
  public readonly backupName: string;
  /** Namespace of the jobs. */
  public readonly namespace: string;
  /** Folder of the backups in the store. Each has a folder by its time, and `latest.json` describes the last success. */
  public readonly path: string;
  /** Databases, past all poolers. */
  public readonly databases: IDatabase[];
  /** Object store. */
  public readonly store: IObjectStore;
  /** Image of the clients. */
  public readonly image: BackupImage;
  /** Resources that must exist before a run. */
  public readonly dependables: ITerraformDependable[];
  /** Properties, for rehearsals. @internal */
  public readonly _props: LogicalBackupProps;
  /** Access to the store, for rehearsals. @internal */
  public readonly _access: StoreAccess;
  /** Longest time between two runs in minutes; not set if the schedule is not known. @internal */
  public readonly _gapMinutes?: number;
  private readonly maxAgeSeconds: number;

  public constructor(scope: Construct, id: string, props: LogicalBackupProps) {
    super(scope, id);
    requireProps(this.node.path, "BACKUP", props, { databases: true, store: true });
    this._props = props;
    this.databases = props.databases.map(directDatabase);
    this.store = props.store;
    this.backupName = props.backupName ?? physicalName(this, 36);
    this.namespace = props.namespace ?? props.identity?.namespace ?? "";
    this.path = `${props.prefix ?? "logical-backups"}/${this.backupName}`;
    const [first] = this.databases;
    if (!first) {
      throw new Error(
        `[${this.node.path}] BACKUP-DATABASES: databases must have at least one entry (got [])`,
      );
    }
    const { server } = first;
    const { provider } = props;
    this.image = props.image ?? BackupImage.forEngine(server.engine);
    const login = props.login ?? first.owner;
    const sizeGiB = props.databaseSizeGiB ?? 50;
    this._access = {
      store: props.store,
      path: this.path,
      key: props.storeKey,
      encryptionKey: props.encryptionKey,
      sizeGiB,
    };
    const checks = new SynthChecks(this, "BACKUP");
    this._gapMinutes = checkLogicalBackup(checks, { backup: this, props, login });

    // The dumps, the session with the lock and the roles, one after the other.
    server.connectionBudget.add({
      name: this.node.path,
      replicas: 1,
      surge: 0,
      poolMax: this.databases.length + 1,
    });
    const grant = props.identity && props.store.grantReadWrite(props.identity);
    const selector = {
      "app.kubernetes.io/name": "logical-backup",
      "app.kubernetes.io/instance": this.backupName,
    };
    const labels = { ...props.labels, ...selector, "app.kubernetes.io/managed-by": "terraform" };
    const common = { namespace: this.namespace, labels, provider, dependsOn: props.dependsOn };
    this.serviceAccount = new ServiceAccountV1(this, "ServiceAccount", {
      metadata: {
        name: props.identity?.serviceAccountName ?? this.backupName,
        namespace: this.namespace,
        labels,
        annotations: props.identity && { ...props.identity.serviceAccountAnnotations },
      },
      automountServiceAccountToken: false,
      provider,
      dependsOn: props.dependsOn,
    });
    this.networkPolicy = new NetworkPolicyV1(this, "NetworkPolicy", {
      metadata: { name: this.backupName, namespace: this.namespace, labels },
      spec: { podSelector: { matchLabels: selector }, policyTypes: ["Ingress"] },
      provider,
      dependsOn: props.dependsOn,
    });
    this.secret = new DatabaseSecret(this, "Secret", {
      ...common,
      secretName: this.backupName,
      entries: [
        ...(login.password ? [SecretEntry.secret("database-password", login.password)] : []),
        ...storeSecrets(this._access),
      ],
    });
    const pem = server.tls.caCertificatesPem;
    const ca =
      pem === undefined
        ? undefined
        : new CaSecret(this, "Ca", {
            ...common,
            secretName: `${this.backupName}-ca`,
            caCertificatesPem: pem,
          });
    const dependsOn = [
      ...(props.dependsOn ?? []),
      ...this.databases.flatMap((database) => database.dependables),
      ...props.store.dependables,
      ...(grant?.dependables ?? []),
      ...(props.identity?.dependables ?? []),
      ...this.secret.dependables,
      ...(ca?.dependables ?? []),
      this.serviceAccount,
      this.networkPolicy,
    ];
    const jobs = {
      namespace: this.namespace,
      labels,
      podLabels: props.identity?.podLabels,
      serviceAccountName: this.serviceAccount.metadata.name,
      timeZone: props.timeZone ?? "Etc/UTC",
      rcloneImage: props.rcloneImage ?? RCLONE_IMAGE,
      nodeSelector: props.nodeSelector,
      provider,
      dependsOn,
    };
    const postgres = server.engine.family === EngineFamily.POSTGRES;
    const deadlineSeconds = (props.deadlineMinutes ?? 360) * 60;
    this.resource = recoveryJob(this, "Resource", {
      ...jobs,
      jobName: this.backupName,
      schedule: props.schedule ?? DEFAULT_SCHEDULE,
      deadlineSeconds,
      files: { "job.sh": postgres ? POSTGRES_BACKUP_SCRIPT : MYSQL_BACKUP_SCRIPT },
      environment: {
        ...connectionEnvironment(first, login, caFile(ca !== undefined)),
        ...storeEnvironment(this._access),
        BACKUP_NAME: this.backupName,
        BACKUP_ENGINE: server.engine.family,
        BACKUP_DATABASES: dumpFiles(this.databases)
          .map(({ file, name }) => `${file} ${name}\n`)
          .join(""),
        BACKUP_KEEP: String(props.keep ?? DEFAULT_KEEP),
        BACKUP_MINIMUM_BYTES: String(props.minimumBytes ?? 512),
        BACKUP_ROLES: String(postgres && (props.roles ?? true)),
      },
      image: this.image.reference,
      userId: this.image.userId,
      cpu: props.cpu ?? "500m",
      memoryMiB: 256 + streamMemoryMiB(this._access) * this.databases.length,
      secretName: this.secret.secretName,
      caSecretName: ca?.secretName,
    });
    this.maxAgeSeconds =
      (props.maxAgeHours ?? ((this._gapMinutes ?? 1440) * 2) / 60 + deadlineSeconds / 3600) * 3600;
    this.watch = watchJob(this, {
      ...jobs,
      jobName: `${this.backupName}-watch`,
      access: this._access,
      object: "latest.json",
      subject: `logical backup ${this.backupName}`,
      maxAgeSeconds: this.maxAgeSeconds,
      secretName: props.storeKey && this.secret.secretName,
    });
    this.dependables = [this.resource, this.watch, this.networkPolicy];
  }

  /** The backup as a mechanism of protection, for `RecoveryPlan` and `RestoreRunbook`. */
  public protection(): Protection {
    return logicalBackupProtection(this);
  }
  /** Alerts and chart of the last success, for `ApplicationMonitoring`: metrics of kube-state-metrics about the CronJobs. */
  public metrics(): ApplicationMetrics {
    return watchMetrics({
      kind: "LogicalBackup",
      title: "Logical backup",
      namespace: this.namespace,
      jobName: this.backupName,
      maxAgeSeconds: this.maxAgeSeconds,
    });
  }
}
