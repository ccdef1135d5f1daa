import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { DeletionPolicy, IDatabase } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import { type HelmValues, KubernetesNamespace } from "../../kubernetes";
import type { ApplicationRecovery, IRecoverable } from "../../recovery";
import type { IImageRegistry, IObjectStore, ObjectStoreKey, RegistryLogin } from "../../storage";
import type { GitpodConnection } from "../database/gitpod-connection";
import { GitpodDatabase } from "../database/gitpod-database";
import type { GitpodDatabaseSetup } from "../database/gitpod-database-setup";
import type { GitpodPreset } from "../database/gitpod-preset";
import { gitpodRecovery } from "../recovery/gitpod-recovery";
import { type CertManagerIssuerKind, GitpodCertificate } from "../secrets/gitpod-certificate";
import type { GitpodEncryptionKeys } from "../secrets/gitpod-encryption-keys";
import type { GitpodSecret } from "../secrets/gitpod-secret";
import { GitpodObjectStorage } from "../storage/gitpod-object-storage";
import { GitpodRegistry } from "../storage/gitpod-registry";
import type { GitpodVersion } from "../version/gitpod-version";
import { GitpodInstallerConfig, type GitpodWorkspaces } from "./gitpod-installer-config";
import { GitpodInstallerJob } from "./gitpod-installer-job";

/** Container registry outside the cluster, with a login that can pull and push. */
export interface GitpodInstallationRegistry {
  /** Registry. Gitpod creates repositories by pushing, which Amazon ECR does not support. */
  readonly registry: IImageRegistry;
  /** Login that can pull and push. */
  readonly login: RegistryLogin;
}

/** Object store with its access key. */
export interface GitpodInstallationStore {
  /** Object store. */
  readonly store: IObjectStore;
  /** Access key of the store. */
  readonly key: ObjectStoreKey;
}

/** Scope and construct ids of the parts, for stacks that created the parts themselves before. */
export interface GitpodInstallationPlacement {
  /** Scope of the parts. @default - the installation */
  readonly scope?: Construct;
  /** Construct id of the installer job. @default "installer" */
  readonly installerId?: string;
}

/** Properties of a `GitpodInstallation`. */
export interface GitpodInstallationProps {
  /**
   * Domain of Gitpod, without scheme. `*.<domain>` and `*.ws.<domain>` must lead to the cluster too. May be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly domain: string;
  /**
   * Image of Gitpod's installer with an exact tag or digest, in the version of Gitpod; may be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/install/installer
   */
  readonly installerImage: string;
  /**
   * Database of Gitpod. It must be MySQL and have the name `gitpod`: `server.database("gitpod")`.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#database
   */
  readonly database: IDatabase;
  /**
   * Keys that encrypt Gitpod's data in the database.
   *
   * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/components/gitpod-protocol/src/encryption
   */
  readonly encryptionKeys: GitpodEncryptionKeys;
  /**
   * Object store of workspaces, with its access key.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#object-storage
   */
  readonly storage: GitpodInstallationStore;
  /**
   * Container registry outside the cluster. @default - Gitpod's registry in the cluster, on `imageStorage`
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#container-registry
   */
  readonly registry?: GitpodInstallationRegistry;
  /**
   * S3 object store of Gitpod's registry in the cluster, with its access key. @default - a volume of fixed size in the cluster
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#container-registry
   */
  readonly imageStorage?: GitpodInstallationStore;
  /**
   * TLS certificate of the domain. @default - a certificate of cert-manager, by `certificateIssuer`
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#tls-certificates
   */
  readonly certificate?: GitpodCertificate;
  /**
   * cert-manager issuer of the wildcard certificate (DNS-01); may be a token. @default "gitpod-issuer"
   *
   * @see https://cert-manager.io/docs/concepts/issuer/
   */
  readonly certificateIssuer?: string;
  /**
   * Kind of that issuer. @default CertManagerIssuerKind.CLUSTER_ISSUER
   *
   * @see https://cert-manager.io/docs/concepts/issuer/
   */
  readonly certificateIssuerKind?: CertManagerIssuerKind;
  /**
   * Gitpod version. @default GitpodVersion.V2022_11
   *
   * @see https://github.com/gitpod-io/gitpod/releases
   */
  readonly version?: GitpodVersion;
  /**
   * Connection of Gitpod to the database server. @default - a direct connection, or the proxy of the given database
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly connection?: GitpodConnection;
  /** Creation of databases and login where the server leaves that to SQL. @default - jobs in a separate namespace */
  readonly databaseSetup?: GitpodDatabaseSetup;
  /** Preset of the server; its deviations from the documented architecture are recorded as warnings. @default - none */
  readonly preset?: GitpodPreset;
  /** Number of replicas of each Gitpod component that uses the database, for the connection budget. @default 1 */
  readonly replicas?: number;
  /**
   * Resources, timeouts and volumes of workspaces. @default - those of Gitpod's installer
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly workspaces?: GitpodWorkspaces;
  /**
   * Secrets with the configuration of Git providers (`GitpodSecret.authProvider`). @default - none; they are set up in the dashboard
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#auth-providers
   */
  readonly authProviders?: GitpodSecret[];
  /**
   * Fields of the installer's configuration that have no property here, such as `components`. @default - none
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly values?: HelmValues;
  /** Accepts missing or changed encryption keys. Recorded as an opt-out. @default false */
  readonly acceptLostKeys?: boolean;
  /**
   * Kubernetes namespace. @default "gitpod"
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace?: string;
  /** Creates the namespace. @default true */
  readonly createNamespace?: boolean;
  /** Deletion policy of the namespace created here, and so of the workspace volumes in it. @default DeletionPolicy.RETAIN */
  readonly namespaceDeletionPolicy?: DeletionPolicy;
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist before all others, such as an existing namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
  /** Resources that must exist before Gitpod is installed, such as the permissions of its access keys. @default - none */
  readonly installAfter?: ITerraformDependable[];
  /** Scope and construct ids of the parts. @default - children of the installation */
  readonly placement?: GitpodInstallationPlacement;
}

/**
 * Gitpod with an external MySQL database, an object store and a registry: database objects, secrets, certificate, configuration and
 * installer job, wired in dependency order. Each part is also available as a separate construct, for installations that differ.
 *
 * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/install/installer
 *
 * @example
 * new GitpodInstallation(this, "gitpod", {
 *   domain: "gitpod.example.com",
 *   installerImage: "registry.example.com/gitpod/installer:release-2022.11.3",
 *   database: server.database("gitpod"),
 *   encryptionKeys,
 *   storage: { store, key },
 *   imageStorage: { store: images, key: imagesKey },
 * });
 */
export class GitpodInstallation extends Construct implements IRecoverable {
  /** Namespace; not set if it is not created here. */
  public readonly namespace?: KubernetesNamespace;
  /** Databases, login, secrets and preflight job. */
  public readonly database: GitpodDatabase;
  /** Object storage of workspaces. */
  public readonly storage: GitpodObjectStorage;
  /** Container registry. */
  public readonly registry: GitpodRegistry;
  /** TLS certificate. */
  public readonly certificate: GitpodCertificate;
  /** Configuration of the installer. */
  public readonly config: GitpodInstallerConfig;
  /** Job that installs Gitpod. */
  public readonly installer: GitpodInstallerJob;
  /** Resources that must exist before Gitpod is used. */
  public readonly dependables: ITerraformDependable[];
  /** Data of Gitpod and the steps of its restore, for a `RecoveryPlan`. */
  public readonly recovery: ApplicationRecovery;

  public constructor(scope: Construct, id: string, props: GitpodInstallationProps) {
    super(scope, id);
    requireProps(this.node.path, "GITPOD", props, {
      domain: true,
      installerImage: true,
      database: true,
      encryptionKeys: true,
      storage: true,
    });
    this.check(props);
    const { domain, version, kubernetesProvider } = props;
    const namespace = props.namespace ?? "gitpod";
    const parts = props.placement?.scope ?? this;
    const dependsOn = [...(props.dependsOn ?? [])];
    if (props.createNamespace ?? true) {
      this.namespace = new KubernetesNamespace(parts, "namespace", {
        namespaceName: namespace,
        deletionPolicy: props.namespaceDeletionPolicy,
        provider: kubernetesProvider,
        dependsOn: props.dependsOn,
      });
      dependsOn.push(...this.namespace.dependables);
    }
    const common = { namespace, kubernetesProvider, dependsOn };
    this.database = new GitpodDatabase(parts, "database", {
      ...common,
      database: props.database,
      encryptionKeys: props.encryptionKeys,
      connection: props.connection,
      databaseSetup: props.databaseSetup,
      version,
      replicas: props.replicas,
      acceptLostKeys: props.acceptLostKeys,
    });
    props.preset?.recordDeviations(this.database);
    this.storage = new GitpodObjectStorage(parts, "storage", { ...common, ...props.storage, version });
    this.registry = makeRegistry(parts, props, common);
    this.certificate =
      props.certificate ??
      GitpodCertificate.certManager(parts, "certificate", {
        domain,
        issuerName: props.certificateIssuer,
        issuerKind: props.certificateIssuerKind,
      });
    this.config = new GitpodInstallerConfig(parts, "config", {
      domain,
      version,
      database: this.database,
      storage: this.storage,
      registry: this.registry,
      certificate: this.certificate,
      workspaces: props.workspaces,
      authProviders: props.authProviders,
      values: props.values,
      kubernetesProvider,
      dependsOn,
    });
    this.installer = new GitpodInstallerJob(parts, props.placement?.installerId ?? "installer", {
      config: this.config,
      image: props.installerImage,
      kubernetesProvider,
      dependsOn: [...dependsOn, ...(props.installAfter ?? [])],
    });
    this.dependables = this.installer.dependables;
    this.recovery = gitpodRecovery({
      database: props.database,
      databaseNames: this.database.databaseNames,
      encryptionKeys: props.encryptionKeys,
      store: props.storage.store,
      registry: props.registry?.registry,
      imageStore: props.imageStorage?.store,
      namespace,
      domain,
      release: [],
    });
  }

  private check(props: GitpodInstallationProps): void {
    const checks = new SynthChecks(this, "GITPOD");
    if (props.registry && props.imageStorage) {
      checks.fail(
        "imageStorage",
        props.imageStorage.store.node.path,
        "must not be set with a registry outside the cluster; leave one of the two out",
      );
    }
    for (const property of ["certificateIssuer", "certificateIssuerKind"] as const) {
      if (props.certificate && props[property] !== undefined) {
        checks.fail(property, props[property], "must not be set with certificate");
      }
    }
  }
}

interface CommonProps {
  readonly namespace: string;
  readonly kubernetesProvider?: TerraformProvider;
  readonly dependsOn: ITerraformDependable[];
}

function makeRegistry(
  scope: Construct,
  { registry, imageStorage }: GitpodInstallationProps,
  common: CommonProps,
): GitpodRegistry {
  if (registry) return GitpodRegistry.external(scope, "registry", { ...common, ...registry });
  if (imageStorage) return GitpodRegistry.inClusterOnS3(scope, "registry", { ...common, ...imageStorage });
  return GitpodRegistry.inCluster(scope, "registry");
}
