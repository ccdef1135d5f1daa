/** A backup and its rehearsal as a stack has them, run against a server and a store of this machine. */
import { chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type IDatabase,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import {
  BackupImage,
  LogicalBackup,
  type LogicalBackupProps,
  RehearsalCheck,
  RestoreRehearsal,
  type RestoreRehearsalProps,
} from "../../../lib/recovery";
import { ObjectStore, ObjectStoreKey, ObjectStoreKind } from "../../../lib/storage";
import type { Finished } from "../../../tools/machine/processes";
import {
  type RecoveryJob,
  type RunJobOptions,
  recoveryJob,
  runJob,
} from "../../../tools/machine/recovery-job";
import { AZURITE, inStore, type ObjectStoreTools, type RunningStore } from "../servers/object-stores";
import { synthesize } from "../synth";
import type { ImagePath } from "./recovery-programs";

export const ENCRYPTION_KEY = "a key of the backups, 32 letters";
/** Secret that a check of the data uses. */
export const DATA_KEY = 'it\'s "the" key of \\ rows';

export interface Source {
  readonly family: "postgres" | "mysql";
  readonly port: number;
  readonly ca: string;
  readonly user: string;
  readonly password: string;
  readonly databases: readonly string[];
  readonly image: ImagePath;
}

export interface WayOptions {
  readonly source: Source;
  readonly kind: ObjectStoreKind;
  readonly store: RunningStore;
  readonly tools: ObjectStoreTools;
  readonly name: string;
  readonly folder: string;
  readonly backup?: Partial<LogicalBackupProps>;
  readonly rehearsal?: Partial<RestoreRehearsalProps>;
  readonly checks: (databases: IDatabase[], secret: (name: string) => SecretValue) => RehearsalCheck[];
  readonly encrypted?: boolean;
}

const secretOf = (stack: TerraformStack) => (name: string) =>
  SecretValue.fromVariable(new TerraformVariable(stack, name, { type: "string" }), 1);

/** The program that a user would write. */
export function buildWay(stack: TerraformStack, options: WayOptions): void {
  const { source, kind, name } = options;
  new KubernetesProvider(stack, "kubernetes", {});
  const secret = secretOf(stack);
  const postgres = source.family === "postgres";
  const server = DatabaseServer.fromServerAttributes(stack, "server", {
    engine: postgres ? DatabaseEngine.postgres(PostgresVersion.V15) : DatabaseEngine.mysql(MysqlVersion.V8_4),
    host: "localhost",
    port: source.port,
    tls: {
      enforced: true,
      hostnameVerifiable: true,
      caCertificatesPem: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    },
  });
  const owner = DatabaseLogin.withPassword(source.user, secret("password"));
  const databases = source.databases.map((each) => server.database(each, { owner }));
  const store = ObjectStore.fromObjectStoreAttributes(stack, "store", {
    kind,
    bucketName: "backups",
    region: "eu-central-1",
    endpoint: "objects.example.com",
    ...(kind === ObjectStoreKind.GCS ? { projectId: "test" } : {}),
    ...(kind === ObjectStoreKind.AZURE_BLOB ? { accountName: AZURITE.account } : {}),
  });
  const backup = new LogicalBackup(stack, "backup", {
    databases,
    store,
    ...accessOf(kind, secret),
    namespace: "backups",
    backupName: name,
    encryptionKey: options.encrypted ? secret("key") : undefined,
    ...options.backup,
  });
  new RestoreRehearsal(stack, "rehearsal", {
    backup,
    checks: options.checks(databases, secret),
    restoreJobs: 2,
    ...options.rehearsal,
  });
}

// Azurite takes a key; S3 and Cloud Storage here take the identity of the environment, as a pod does.
function accessOf(kind: ObjectStoreKind, secret: (name: string) => SecretValue): Partial<LogicalBackupProps> {
  if (kind === ObjectStoreKind.AZURE_BLOB) {
    return { storeKey: ObjectStoreKey.azureBlob(AZURITE.account, secret("store_key")) };
  }
  return {
    identity: {
      cloud: Cloud.SELF_MANAGED,
      namespace: "backups",
      serviceAccountName: "backup",
      serviceAccountAnnotations: {},
      podLabels: {},
      dependables: [],
    },
  };
}

/** The jobs of one backup, and what is left in the store and on the disk. */
export class Way {
  public readonly jobs: {
    readonly backup: RecoveryJob;
    readonly watch: RecoveryJob;
    readonly rehearsal: RecoveryJob;
  };
  /** Folder of the copies. */
  public readonly copies: string;

  public constructor(public readonly options: WayOptions) {
    const { json } = synthesize((stack) => buildWay(stack, options));
    const { name } = options;
    this.jobs = {
      backup: recoveryJob(json, name),
      watch: recoveryJob(json, `${name}-watch`),
      rehearsal: recoveryJob(json, `${name}-rehearsal`),
    };
    this.copies = join(options.folder, name);
    mkdirSync(this.copies, { recursive: true });
    const { user } = options.source.image;
    if (user) chownSync(this.copies, user.uid, user.gid);
  }

  public run(job: RecoveryJob, changed: Partial<RunJobOptions> = {}): Promise<Finished> {
    const { source, store, kind } = this.options;
    return runJob(job, {
      path: source.image.path,
      user: source.image.user,
      ...changed,
      secrets: {
        "database-password": source.password,
        "encryption-key": ENCRYPTION_KEY,
        "check-3": DATA_KEY,
        ...(kind === ObjectStoreKind.AZURE_BLOB ? { "store-key": AZURITE.key } : {}),
        ...changed.secrets,
      },
      environment: {
        PGSSLROOTCERT: job.environment.PGSSLROOTCERT && source.ca,
        MYSQL_CA_FILE: job.environment.MYSQL_CA_FILE && source.ca,
        REHEARSAL_FOLDER: job.environment.REHEARSAL_FOLDER && this.copies,
        ...store.environment,
        ...changed.environment,
      },
    });
  }

  public backup(changed?: Partial<RunJobOptions>): Promise<Finished> {
    return this.run(this.jobs.backup, changed);
  }

  public rehearse(changed?: Partial<RunJobOptions>): Promise<Finished> {
    return this.run(this.jobs.rehearsal, changed);
  }

  /** Runs rclone with the configuration of the job, below the backup's folder. */
  public rclone(command: string, path: string, more: string[] = [], input?: string): Finished {
    const { environment } = this.jobs.backup;
    const { kind, store, tools } = this.options;
    const env = {
      ...Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith("RCLONE"))),
      ...(kind === ObjectStoreKind.AZURE_BLOB ? { RCLONE_CONFIG_STORE_KEY: AZURITE.key } : {}),
      ...store.environment,
    };
    return inStore(tools, env, [command, ...more, `${environment.STORE_ROOT}/${path}`], input);
  }

  /** Objects in the store, without the results of rehearsals. */
  public objects(): string[] {
    const listed = this.rclone("lsf", "", ["--recursive", "--files-only"]);
    return listed.stdout
      .split("\n")
      .filter((each) => each !== "" && !each.startsWith("rehearsals/"))
      .sort();
  }

  /** Backups that count. */
  public backups(): string[] {
    return this.objects()
      .filter((each) => each.endsWith("/manifest.json"))
      .map((each) => each.replace("/manifest.json", ""));
  }

  /** Results of rehearsals, the oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: results are read as they are written
  public results(): any[] {
    const listed = this.rclone("lsf", "rehearsals", ["--files-only"]).stdout.split("\n");
    return listed
      .filter((each) => /^\d/.test(each))
      .sort()
      .map((each) => JSON.parse(this.rclone("cat", `rehearsals/${each}`).stdout));
  }

  /** Copies that exist on the disk. */
  public leftCopies(): string[] {
    return existsSync(this.copies) ? readdirSync(this.copies) : [];
  }
}

export { BackupImage, RehearsalCheck };
