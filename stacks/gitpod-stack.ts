// What the three Gitpod architectures share: everything but the cloud's own part.

import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type ITerraformDependable, TerraformOutput, TerraformStack } from "cdktf";
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
  EncryptionKeys,
  GitpodCertificate,
  type GitpodConnection,
  GitpodDatabase,
  GitpodInstallerJob,
  GitpodObjectStorage,
  GitpodPreset,
  GitpodRegistry,
  GitpodServerParameters,
  GitpodVersion,
  InstallerConfig,
} from "../lib/gitpod";
import { type IClusterConnection, KubernetesNamespace } from "../lib/kubernetes";
import type { IImageRegistry, IObjectStore, ObjectStoreKey, RegistryLogin } from "../lib/storage";

/** Gitpod's namespace: its charts, secrets and jobs name each other in it. */
export const GITPOD_NAMESPACE = "gitpod";

/** Properties of a Gitpod architecture on any cloud. */
export interface GitpodStackProps {
  /** The domain at which people reach Gitpod, without scheme; also `*.` and `*.ws.` before it lead to the cluster. May be a token. */
  readonly domain: string;
  /** The installer's image, by an exact tag or digest; may be a token. */
  readonly installerImage: string;
  /** The version of Gitpod. @default GitpodVersion.V2022_11 */
  readonly version?: GitpodVersion;
  /** What the database is like, unless one of the properties below says otherwise. @default GitpodPreset.supported() */
  readonly preset?: GitpodPreset;
  /** The database's machine. @default - the preset's */
  readonly databaseSize?: MachineSize;
  /** The database's disk. @default - the preset's */
  readonly storage?: StorageProps;
  /** What the database survives. @default - the preset's */
  readonly availability?: Availability;
  /** How the database is backed up. @default - 14 days */
  readonly backup?: BackupPolicy;
  /** When the cloud may change the database. @default - Sunday, from 04:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** What happens to the data when the stack is destroyed. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** The cert-manager issuer of Gitpod's certificate, which makes wildcards by DNS; may be a token. @default "gitpod-issuer" */
  readonly certificateIssuer?: string;
  /** Tags, or labels, for everything on the cloud. @default - application=gitpod */
  readonly tags?: { readonly [name: string]: string };
}

/** Which keys Gitpod has, where the cloud keeps them. */
export interface GitpodKeyProps {
  /**
   * The keys with which Gitpod encrypts what it stores. Given later, they take the place of those that the stack made: give the
   * same ones then. @default - one for each version, kept by the cloud
   */
  readonly encryptionKeys?: EncryptionKeys;
  /** The version of the key that Gitpod writes with, 1 to 100: raise it by one for a new key. The older ones stay. @default 1 */
  readonly encryptionKeyVersion?: number;
}

/** What a database server is asked for, in the words that every cloud's server takes. */
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
}

/** What a cloud's part brings along for Gitpod. */
export interface GitpodParts {
  /** The server. */
  readonly server: IDatabaseServer;
  /** The keys with which Gitpod encrypts what it stores. */
  readonly encryptionKeys: EncryptionKeys;
  /** How Gitpod reaches the server. @default - directly */
  readonly connection?: GitpodConnection;
  /** Where workspaces are kept. */
  readonly store: IObjectStore;
  /** The key to it. */
  readonly storeKey: ObjectStoreKey;
  /** A registry outside the cluster, and a login. @default - the one in the cluster, on `imageStore` */
  readonly registry?: { readonly registry: IImageRegistry; readonly login: RegistryLogin };
  /** Where the registry in the cluster keeps images, and the key. */
  readonly imageStore?: { readonly store: IObjectStore; readonly key: ObjectStoreKey };
  /** What else has to be there before Gitpod runs, such as the rights of those whose keys it has. @default - nothing */
  readonly before?: ITerraformDependable[];
}

/** A stack with Gitpod on a cluster that you have and a MySQL server of its own. */
export abstract class GitpodStack extends TerraformStack {
  /** The tags, or labels, of everything on the cloud. */
  protected readonly cloudTags: { [name: string]: string };
  /** What the cloud's part asks of its server. */
  protected readonly databaseIntent: GitpodDatabaseIntent;
  /** The version of Gitpod. */
  protected readonly version: GitpodVersion;
  /** Whether what is made here goes with the stack. */
  protected readonly disposable: boolean;
  /** What happens to what has no snapshots, such as buckets and namespaces: short of DELETE, it stays. */
  protected readonly storesDeletion?: DeletionPolicy;
  private readonly gitpodProps: GitpodStackProps;
  private readonly preset: GitpodPreset;

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
      parameters: GitpodServerParameters.on(cloud),
      availability: props.availability ?? preset.availability,
      backup: props.backup,
      maintenanceWindow: props.maintenanceWindow,
      deletionPolicy: props.deletionPolicy,
    };
    // Ephemeral values and write-only arguments came with 1.11.
    this.addOverride("terraform.required_version", ">= 1.11.0");
  }

  /**
   * Gitpod's keys where the cloud keeps them: those given, or one for each version up to the present one. Old ones stay, since
   * Gitpod reads with them what it wrote with them.
   *
   * @param make makes a secret of 32 letters and digits under an id, the same in each run.
   */
  protected keptKeys(props: GitpodKeyProps, make: (id: string) => SecretValue): EncryptionKeys {
    const { encryptionKeys, encryptionKeyVersion } = props;
    const checks = new SynthChecks(this);
    checks.wholeNumber("encryptionKeyVersion", encryptionKeyVersion, 1, 100);
    if (encryptionKeys) {
      if (encryptionKeyVersion !== undefined) {
        checks.fail(
          "encryptionKeyVersion",
          encryptionKeyVersion,
          "the keys are given with their versions by encryptionKeys; leave one of the two out",
        );
      }
      return encryptionKeys;
    }
    const newest = encryptionKeyVersion ?? 1;
    const versions = Array.from(
      { length: newest >= 1 && newest <= 100 ? Math.floor(newest) : 1 },
      (_, i) => i + 1,
    );
    return EncryptionKeys.of(
      versions.map((version) => ({
        version,
        primary: version === versions.length,
        material: EncryptionKeys.material(
          make(version === 1 ? "encryption-key" : `encryption-key-${version}`),
        ),
      })),
    );
  }

  /** Makes Gitpod's namespace, before anything that belongs in it. */
  protected gitpodNamespace(cluster: IClusterConnection): KubernetesNamespace {
    new KubernetesProvider(this, "kubernetes", cluster.kubernetes);
    return new KubernetesNamespace(this, "namespace", {
      namespaceName: GITPOD_NAMESPACE,
      // Workspaces' volumes are data too.
      deletionPolicy: this.storesDeletion,
    });
  }

  /** Installs Gitpod on the cluster, with its databases on the server. */
  protected installGitpod(namespace: KubernetesNamespace, parts: GitpodParts): GitpodInstallerJob {
    const { domain, certificateIssuer, installerImage } = this.gitpodProps;
    const { version } = this;
    const { server, registry, imageStore } = parts;
    const common = { namespace: GITPOD_NAMESPACE, dependsOn: namespace.dependables };
    const database = new GitpodDatabase(this, "database", {
      ...common,
      database: server.database("gitpod"),
      encryptionKeys: parts.encryptionKeys,
      connection: parts.connection,
      version,
      // What goes with the stack needs no memory of its keys.
      acceptLostKeys: this.disposable,
    });
    this.preset.record(database);
    const config = new InstallerConfig(this, "config", {
      domain,
      version,
      database,
      storage: new GitpodObjectStorage(this, "storage", {
        ...common,
        store: parts.store,
        key: parts.storeKey,
        version,
      }),
      registry: registry
        ? GitpodRegistry.external(this, "registry", { ...common, ...registry })
        : imageStore
          ? GitpodRegistry.inClusterOn(this, "registry", { ...common, ...imageStore })
          : GitpodRegistry.inCluster(this, "registry"),
      certificate: GitpodCertificate.certManager(this, "certificate", {
        domain,
        issuerName: certificateIssuer,
      }),
    });
    new TerraformOutput(this, "database_host", {
      staticId: true,
      description: "Where the database listens",
      value: server.endpoint.host,
    });
    return new GitpodInstallerJob(this, "gitpod", { config, image: installerImage, dependsOn: parts.before });
  }
}
