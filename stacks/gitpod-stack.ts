// The cloud-independent part of the Gitpod architectures.

import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type ITerraformDependable, type TerraformBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  type Availability,
  type BackupPolicy,
  type Cloud,
  type DatabaseEngine,
  DeletionPolicy,
  type IDatabaseServer,
  type MachineSize,
  type MaintenanceWindow,
  type SecretValue,
  type StorageProps,
} from "../lib/database";
import { SynthChecks } from "../lib/database/private";
import {
  type GitpodConnection,
  GitpodEncryptionKeys,
  GitpodInstallation,
  GitpodPreset,
  GitpodRehearsal,
  GitpodSecret,
  GitpodServerParameters,
  GitpodVersion,
  type GitpodWorkspaces,
} from "../lib/gitpod";
import { type HelmValues, type IClusterConnection, KubernetesNamespace } from "../lib/kubernetes";
import type { PlannedProtection, RecoveryPlan, RestoreRunbook } from "../lib/recovery";
import type { IImageRegistry, IObjectStore, ObjectStoreKey, RegistryLogin } from "../lib/storage";
import { type BackupCloud, newestRowHours, StackBackups } from "./shared/backups";
import type { DatabaseStackProps } from "./shared/database-props";
import { backendOrLocalState } from "./shared/local-state";
import { type StackRecovery, stackRecovery } from "./shared/recovery";

/** Namespace of Gitpod's chart, secrets and jobs. */
export const GITPOD_NAMESPACE = "gitpod";

/** Properties of a Gitpod architecture on any cloud. */
export interface GitpodStackProps extends DatabaseStackProps {
  /** Domain of Gitpod, without scheme; `*.<domain>` and `*.ws.<domain>` have to lead to the cluster too. May be a token. */
  readonly domain: string;
  /** Image of Gitpod's installer with an exact tag or digest; may be a token. */
  readonly installerImage: string;
  /** Gitpod version. @default GitpodVersion.V2022_11 */
  readonly version?: GitpodVersion;
  /** Preset of the database, overridden by the database properties. @default GitpodPreset.supported() */
  readonly preset?: GitpodPreset;
  /** cert-manager issuer of Gitpod's wildcard certificate (DNS-01); may be a token. @default "gitpod-issuer" */
  readonly certificateIssuer?: string;
  /** Resources, timeouts and volumes of workspaces. @default - those of Gitpod's installer */
  readonly workspaces?: GitpodWorkspaces;
  /** Names of existing Kubernetes secrets with the configuration of Git providers. @default - none; they are set up in the dashboard */
  readonly authProviderSecretNames?: string[];
  /** Installer configuration for settings without a property here. @default - none */
  readonly values?: HelmValues;
}

/** Encryption keys of Gitpod where the cloud stores them. */
export interface GitpodKeyProps {
  /**
   * Keys that encrypt Gitpod's database. When they replace the keys that the stack generated, the old keys have to be among them.
   * @default - generated keys in the cloud's secret store
   */
  readonly encryptionKeys?: GitpodEncryptionKeys;
  /** Version of the primary key, 1 to 100; increment to add a new key. Older keys are kept for reading. @default 1 */
  readonly encryptionKeyVersion?: number;
}

/** The properties of the database server that are the same on each cloud. */
export interface GitpodDatabaseIntent {
  readonly engine: DatabaseEngine;
  readonly acceptExtendedSupport: string;
  readonly size: MachineSize;
  readonly storage: StorageProps;
  readonly parameters: { readonly [name: string]: string };
  readonly availability: Availability;
  readonly backup?: BackupPolicy;
  readonly maintenanceWindow?: MaintenanceWindow;
  readonly deletionPolicy?: DeletionPolicy;
  readonly passwordVersion?: number;
  readonly maxConnections?: number;
}

/** The cloud resources that Gitpod is installed on. */
export interface GitpodCloudParts {
  /** The database server. */
  readonly server: IDatabaseServer;
  /** Keys that encrypt Gitpod's database. */
  readonly encryptionKeys: GitpodEncryptionKeys;
  /** Connection of Gitpod to the server. @default - a direct connection */
  readonly connection?: GitpodConnection;
  /** Object store of workspaces. */
  readonly store: IObjectStore;
  /** Access key of that store. */
  readonly storeKey: ObjectStoreKey;
  /** Registry outside the cluster with its login. @default - a registry in the cluster, on `imageStore` */
  readonly registry?: { readonly registry: IImageRegistry; readonly login: RegistryLogin };
  /** Object store of the registry in the cluster, with its access key. @default - a volume in the cluster */
  readonly imageStore?: { readonly store: IObjectStore; readonly key: ObjectStoreKey };
  /** Stores, identities and secrets of the backups. */
  readonly backups: BackupCloud;
  /** Backup mechanisms that the cloud's resources do not report themselves, such as replications. @default - none */
  readonly protections?: readonly PlannedProtection[];
  /** Resources that must exist before Gitpod runs, such as the permissions of its access keys. @default - none */
  readonly before?: ITerraformDependable[];
}

/** A stack with Gitpod on an existing Kubernetes cluster and a new MySQL server. */
export abstract class GitpodStack extends TerraformStack {
  /** Tags of all cloud resources; labels on Google Cloud. */
  protected readonly cloudTags: { [name: string]: string };
  /** The properties of the database server that are the same on each cloud. */
  protected readonly databaseIntent: GitpodDatabaseIntent;
  /** Gitpod version. */
  protected readonly version: GitpodVersion;
  /** True with DeletionPolicy.DELETE: the stack's resources are destroyed with it. */
  protected readonly disposable: boolean;
  /** Deletion policy of buckets, registries and the namespace. They have no snapshots, so any value but DELETE keeps them. */
  protected readonly storesDeletion?: DeletionPolicy;
  private readonly gitpodProps: GitpodStackProps;
  private readonly preset: GitpodPreset;
  private installation?: InstalledGitpod;

  protected constructor(scope: Construct, id: string, cloud: Cloud, props: GitpodStackProps) {
    super(scope, id);
    this.gitpodProps = props;
    this.disposable = props.deletionPolicy === DeletionPolicy.DELETE;
    this.storesDeletion = this.disposable ? DeletionPolicy.DELETE : undefined;
    this.cloudTags = { ...(props.tags ?? { application: "gitpod" }) };
    this.version = props.version ?? GitpodVersion.V2022_11;
    const preset = props.preset ?? GitpodPreset.supported();
    this.preset = preset;
    this.databaseIntent = {
      engine: preset.engine,
      acceptExtendedSupport: preset.acceptExtendedSupport,
      size: props.databaseSize ?? preset.size,
      storage: props.storage ?? preset.storage,
      parameters: { ...GitpodServerParameters.forCloud(cloud), ...props.parameters },
      availability: props.availability ?? preset.availability,
      backup: props.backup,
      maintenanceWindow: props.maintenanceWindow,
      deletionPolicy: props.deletionPolicy,
      passwordVersion: props.passwordVersion,
      maxConnections: props.maxConnections,
    };
    // Ephemeral values and write-only arguments need Terraform 1.11.
    this.addOverride("terraform.required_version", ">= 1.11.0");
  }

  /** Backend of the stack: the one that the program added, or local state beside the output folder, with a warning. */
  public override ensureBackendExists(): TerraformBackend {
    return backendOrLocalState(this);
  }

  /**
   * Gitpod's encryption keys: the given ones, or a generated one for each version up to the current one. Older keys are kept because
   * Gitpod needs them to read data that they encrypted.
   *
   * @param make creates a secret of 32 letters and digits with the construct id
   */
  protected gitpodKeys(props: GitpodKeyProps, make: (id: string) => SecretValue): GitpodEncryptionKeys {
    const { encryptionKeys, encryptionKeyVersion } = props;
    const checks = new SynthChecks(this, "GITPOD");
    checks.wholeNumber("encryptionKeyVersion", encryptionKeyVersion, 1, 100);
    if (encryptionKeys) {
      if (encryptionKeyVersion !== undefined) {
        checks.fail(
          "encryptionKeyVersion",
          encryptionKeyVersion,
          "must not be set together with encryptionKeys, which has versions already; leave one of the two out",
        );
      }
      return encryptionKeys;
    }
    const newest = encryptionKeyVersion ?? 1;
    const versions = Array.from(
      { length: newest >= 1 && newest <= 100 ? Math.floor(newest) : 1 },
      (_, i) => i + 1,
    );
    return GitpodEncryptionKeys.of(
      versions.map((version) => ({
        version,
        primary: version === versions.length,
        material: GitpodEncryptionKeys.material(
          make(version === 1 ? "encryption-key" : `encryption-key-${version}`),
        ),
      })),
    );
  }

  /** Creates Gitpod's namespace, which all resources in it have to wait for. */
  protected gitpodNamespace(cluster: IClusterConnection): KubernetesNamespace {
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    // Velero is a chart; Gitpod's installer is none.
    if (this.gitpodProps.recovery?.velero?.disabledBecause === undefined) {
      new HelmProvider(this, "helm", { kubernetes: cluster.helm });
    }
    return new KubernetesNamespace(this, "namespace", {
      namespaceName: GITPOD_NAMESPACE,
      // Workspace volumes are in it.
      deletionPolicy: this.storesDeletion,
    });
  }

  /** Gitpod: databases, secrets, object storage, registry, certificate, configuration and installer job. */
  public get gitpod(): GitpodInstallation {
    return this.installed.gitpod;
  }

  /** Recovery plan: the data of Gitpod, its backups, and what is not covered. */
  public get recoveryPlan(): RecoveryPlan {
    return this.installed.recovery.plan;
  }

  /** Restore runbook, which `npm start` writes to `RESTORE.md`. */
  public get runbook(): RestoreRunbook {
    return this.installed.recovery.runbook;
  }

  /** Velero, dumps of the databases, and rehearsals of their restore. */
  public get backups(): StackBackups {
    return this.installed.backups;
  }

  /** Namespace of Gitpod. */
  public get namespace(): KubernetesNamespace {
    return this.installed.namespace;
  }

  /** Installs Gitpod on the cluster with its databases on the server. A cloud's constructor calls it once, at its end. */
  protected installGitpod(namespace: KubernetesNamespace, parts: GitpodCloudParts): void {
    const { domain, certificateIssuer, installerImage, workspaces, values } = this.gitpodProps;
    const { server, store, storeKey, registry, imageStore } = parts;
    const database = server.database("gitpod");
    const gitpod = new GitpodInstallation(this, "installation", {
      domain,
      installerImage,
      version: this.version,
      preset: this.preset,
      database,
      connection: parts.connection,
      encryptionKeys: parts.encryptionKeys,
      // A stack whose data is destroyed with it does not need protection from lost keys.
      acceptLostKeys: this.disposable,
      storage: { store, key: storeKey },
      registry,
      imageStorage: imageStore,
      certificateIssuer,
      workspaces,
      authProviders: this.gitpodProps.authProviderSecretNames?.map((name) =>
        GitpodSecret.fromSecretName(this, `auth-provider-${name}`, name),
      ),
      values,
      namespace: GITPOD_NAMESPACE,
      createNamespace: false,
      dependsOn: namespace.dependables,
      installAfter: parts.before,
      // The parts are children of the stack, as they were before there was an installation.
      placement: { scope: this, installerId: "gitpod" },
    });
    new TerraformOutput(this, "database_host", {
      staticId: true,
      description: "Host name of the database server",
      value: server.endpoint.host,
    });
    const backups = new StackBackups(this, "protection", {
      application: "gitpod",
      namespace: GITPOD_NAMESPACE,
      data: ["encryption-keys", "configuration"],
      // Workspaces are on the nodes' disks, and what else Gitpod keeps in the cluster are caches.
      volumes: false,
      dumps: [
        {
          name: "database",
          data: "database",
          databases: [database],
          // A week without users is no fault.
          checks: [
            GitpodRehearsal.newestWorkspace(database, newestRowHours(this.gitpodProps.recovery, 8 * 24)),
            GitpodRehearsal.tokensDecrypt(database, parts.encryptionKeys),
          ],
          limits: [
            "`gitpod-sessions` is not dumped: it holds the sessions of browsers only. The program and the installer's job `dbinit-session` create it again, and users log in again.",
          ],
        },
      ],
      cloud: parts.backups,
      recovery: this.gitpodProps.recovery,
      disposable: this.disposable,
      inNamespace: namespace.dependables,
      databaseSetup: gitpod.database.dependables,
    });
    const recovery = stackRecovery(this, gitpod, this.gitpodProps.recovery, {
      protections: [...(parts.protections ?? []), ...backups.protections],
      plannedRehearsals: backups.plannedRehearsals,
    });
    this.installation = { gitpod, namespace, backups, recovery };
  }

  private get installed(): InstalledGitpod {
    if (!this.installation) throw new Error(`[${this.node.path}] GITPOD: installGitpod must be called first`);
    return this.installation;
  }
}

interface InstalledGitpod {
  readonly gitpod: GitpodInstallation;
  readonly namespace: KubernetesNamespace;
  readonly backups: StackBackups;
  readonly recovery: StackRecovery;
}
