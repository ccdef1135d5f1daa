import type { ITerraformDependable } from "cdktf";
import type { IWorkloadIdentity } from "../../database";
import type { SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { SecretEntry } from "../../kubernetes";
import { type IObjectStore, type ObjectStoreKey, ObjectStoreKind } from "../../storage";
import type { GitlabVersion } from "../planning/gitlab-version";
import {
  checkObjectStorage,
  namedStores,
  registryIsApart,
  type StorageAccess,
  type StorageUse,
} from "./object-storage-checks";
import {
  backupConfiguration,
  REGISTRY_CA_FILE,
  REGISTRY_KEY_FILE,
  railsConnection,
  registryStorage,
} from "./object-storage-secrets";

/**
 * Object stores of GitLab. Each must be a separate bucket or container: a restore does not work if two share one.
 *
 * @see https://docs.gitlab.com/charts/advanced/external-object-storage/
 */
export interface GitlabStores {
  /** Job artifacts. */
  readonly artifacts: IObjectStore;
  /** Git LFS objects. */
  readonly lfs: IObjectStore;
  /** Uploads: attachments, avatars and exports. */
  readonly uploads: IObjectStore;
  /** Packages of the package registry. */
  readonly packages: IObjectStore;
  /** External merge request diffs. */
  readonly externalDiffs: IObjectStore;
  /** Terraform state files of projects. */
  readonly terraformState: IObjectStore;
  /** Secure files of projects for CI/CD. */
  readonly ciSecureFiles: IObjectStore;
  /** Images cached by the dependency proxy. */
  readonly dependencyProxy: IObjectStore;
  /** Images of the container registry. */
  readonly registry: IObjectStore;
  /** Backups. */
  readonly backups: IObjectStore;
  /** Temporary copies that a restore makes before it overwrites objects. */
  readonly tmp: IObjectStore;
  /** Sites of GitLab Pages; enables Pages. @default - Pages are disabled */
  readonly pages?: IObjectStore;
}

/** Object storage accessed with a workload identity. */
export interface GitlabStorageByIdentity {
  /** Object stores, all on one cloud. */
  readonly stores: GitlabStores;
  /** Workload identity of webservice, Sidekiq, toolbox and migrations; gets read and write access to all stores. */
  readonly identity: IWorkloadIdentity;
  /** Workload identity of the container registry; gets access to its store only. @default - `identity` */
  readonly registryIdentity?: IWorkloadIdentity;
}

/** Object storage accessed with a key. */
export interface GitlabStorageByKey {
  /** Object stores, all on one cloud. */
  readonly stores: GitlabStores;
  /** Access key for all stores. */
  readonly key: ObjectStoreKey;
  /** Access key of the container registry. @default - `key` */
  readonly registryKey?: ObjectStoreKey;
}

/** Stores with settings in `global.appConfig`. */
const APP_CONFIG = [
  "artifacts",
  "lfs",
  "uploads",
  "packages",
  "externalDiffs",
  "terraformState",
  "ciSecureFiles",
  "dependencyProxy",
] as const;

/** Subcharts whose pods read and write objects of Rails. */
const RAILS_COMPONENTS = ["webservice", "sidekiq", "toolbox", "migrations"];

/** Names of the secrets. @internal */
export interface StorageSecretNames {
  readonly connection: string;
  readonly registry: string;
  readonly backups: string;
}

/**
 * Object storage of a GitLab release, accessed with a workload identity, or with a key where the cloud offers no identity. The
 * release creates the Kubernetes secrets with the configuration; with an identity they hold nothing secret.
 *
 * @see https://docs.gitlab.com/charts/advanced/external-object-storage/
 *
 * @example
 * const storage = GitlabObjectStorage.withIdentity({ stores, identity });
 */
export class GitlabObjectStorage {
  /**
   * Access with a workload identity, which is granted access to the stores.
   *
   * @param props stores and identities.
   */
  public static withIdentity(props: GitlabStorageByIdentity): GitlabObjectStorage {
    const { stores, identity } = props;
    return new GitlabObjectStorage({
      stores,
      identity,
      registryIdentity: props.registryIdentity ?? identity,
    });
  }

  /**
   * Access with a key: for S3-compatible stores and for clusters without workload identities. Recorded as an opt-out.
   *
   * @param props stores and keys.
   */
  public static withKey(props: GitlabStorageByKey): GitlabObjectStorage {
    const { stores, key } = props;
    return new GitlabObjectStorage({ stores, key, registryKey: props.registryKey ?? key });
  }

  /** Object stores. */
  public readonly stores: GitlabStores;
  /** Workload identity of Rails' pods; not set with a key. */
  public readonly identity?: IWorkloadIdentity;
  /** Workload identity of the registry; not set with a key. */
  public readonly registryIdentity?: IWorkloadIdentity;
  private readonly access: StorageAccess;

  private constructor(access: StorageAccess) {
    const { stores, identity, registryIdentity } = access;
    this.access = access;
    this.stores = stores;
    this.identity = identity;
    this.registryIdentity = registryIdentity;
  }

  /** Resources that must exist before pods use the stores. */
  public get dependables(): ITerraformDependable[] {
    const { stores, identity, registryIdentity } = this;
    return [
      ...new Set([
        ...namedStores(stores).flatMap(([, store]) => store.dependables),
        ...(identity?.dependables ?? []),
        ...(registryIdentity?.dependables ?? []),
      ]),
    ];
  }

  /** True if the registry's pods have another identity than those of Rails. @internal */
  public get registryIsApart(): boolean {
    return registryIsApart(this.access);
  }

  /** Grants the identities access to the stores; returns the resources of stores, identities and grants. @internal */
  public grant(): ITerraformDependable[] {
    const { identity, registryIdentity } = this;
    if (!identity || !registryIdentity) return this.dependables;
    // The toolbox backs up the registry's images too.
    // Rails signs the URLs of uploads and downloads (docs.gitlab.com/administration/object_storage, "direct upload"), and the
    // registry those to which it redirects `docker pull`.
    const grants = namedStores(this.stores).flatMap(([, store]) => [
      store.grantReadWrite(identity),
      store.grantSignUrls(identity),
    ]);
    if (this.registryIsApart) {
      const { registry } = this.stores;
      grants.push(registry.grantReadWrite(registryIdentity), registry.grantSignUrls(registryIdentity));
    }
    return [...new Set([...this.dependables, ...grants.flatMap(({ dependables }) => dependables)])];
  }

  /** Entries of the secret with Rails' connection. @internal */
  public connectionEntries(): SecretEntry[] {
    return [railsConnection(this.stores.artifacts, this.access.key)];
  }

  /** True if the one extra file that the chart mounts with the registry's storage is Google's key. @internal */
  public get registryNeedsKeyFile(): boolean {
    return this.stores.registry.kind === ObjectStoreKind.GCS && this.access.registryKey !== undefined;
  }

  /** Entries of the registry's secret, with the certificate authorities of its database. @internal */
  public registryEntries(version: GitlabVersion, authorities: string | undefined): SecretEntry[] {
    const entries = registryStorage(this.stores.registry, this.access.registryKey, version);
    return authorities === undefined || this.registryNeedsKeyFile
      ? entries
      : [...entries, SecretEntry.certificate(REGISTRY_CA_FILE, authorities)];
  }

  /** Entries of the backup tool's secret; none if the tool uses the pod's credentials. @internal */
  public backupEntries(): SecretEntry[] {
    const found = backupConfiguration(this.stores.backups, this.access.key);
    return found ? [found] : [];
  }

  /** Values of the chart. @internal */
  public values(
    names: StorageSecretNames,
    withAuthorities: boolean,
    backupArguments: readonly string[] = [],
  ): HelmValues {
    const { stores, key } = this.access;
    const { kind } = stores.artifacts;
    // s3cmd does not support the identity of a service account; the AWS CLI does (chart, doc "IAM roles for AWS").
    const s3tool = kind === ObjectStoreKind.S3 && !key ? ["--s3tool", "awscli"] : [];
    const utilityArguments = [...s3tool, ...backupArguments];
    const gcs = kind === ObjectStoreKind.GCS;
    return {
      global: {
        appConfig: {
          object_store: {
            enabled: true,
            connection: { secret: names.connection, key: "connection" },
          },
          ...Object.fromEntries(
            APP_CONFIG.map((name) => [name, { enabled: true, bucket: stores[name].bucketName }]),
          ),
          backups: { bucket: stores.backups.bucketName, tmpBucket: stores.tmp.bucketName },
        },
        // The registry reads its bucket from its secret; backups read it here.
        registry: { bucket: stores.registry.bucketName },
        pages: stores.pages && {
          enabled: true,
          objectStore: {
            enabled: true,
            bucket: stores.pages.bucketName,
            connection: { secret: names.connection, key: "connection" },
          },
        },
        // A subchart creates its account if either this or its own value says so, and this is true by default. Helm refuses to
        // install an object that exists already.
        serviceAccount: this.identity && { create: false },
      },
      registry: {
        storage: {
          secret: names.registry,
          key: "config",
          extraKey: this.registryNeedsKeyFile
            ? REGISTRY_KEY_FILE
            : withAuthorities
              ? REGISTRY_CA_FILE
              : undefined,
        },
        ...pods(this.registryIdentity),
      },
      gitlab: {
        ...Object.fromEntries(RAILS_COMPONENTS.map((name) => [name, pods(this.identity)])),
        toolbox: {
          ...pods(this.identity),
          backups: {
            objectStorage: {
              backend: gcs ? "gcs" : kind === ObjectStoreKind.AZURE_BLOB ? "azure" : "s3",
              // Without a value Google's default credentials are used; a secret that is named must exist.
              config:
                gcs && !key
                  ? undefined
                  : {
                      secret: names.backups,
                      key: "config",
                      gcpProject: gcs ? stores.backups.projectId : undefined,
                    },
            },
            cron: {
              extraArgs: utilityArguments.length > 0 ? utilityArguments.join(" ") : undefined,
            },
          },
        },
      },
    };
  }

  /** Reports stores that GitLab cannot use together. @internal */
  public check(checks: SynthChecks, use: StorageUse): void {
    checkObjectStorage(checks, this.access, use);
  }
}

/** Service account of a subchart's pods, which the release creates, and the labels that Azure requires. */
function pods(identity: IWorkloadIdentity | undefined): HelmValues {
  if (!identity) return {};
  return {
    serviceAccount: { enabled: true, create: false, name: identity.serviceAccountName },
    podLabels: Object.keys(identity.podLabels).length > 0 ? { ...identity.podLabels } : undefined,
  };
}
