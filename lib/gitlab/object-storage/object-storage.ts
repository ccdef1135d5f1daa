// What a release has to know of object storage, decided in one place: texts of secrets, values of the chart and who gets access.

import type { ITerraformDependable } from "cdktf";
import type { IWorkloadIdentity } from "../../database";
import type { SynthChecks } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import { SecretEntry } from "../../kubernetes";
import { ObjectStoreKind } from "../../storage";
import type { GitlabVersion } from "../planning/gitlab-version";
import {
  checkObjectStorage,
  namedStores,
  registryIsApart,
  type StorageAccess,
} from "./object-storage-checks";
import type { GitlabStorageByIdentity, GitlabStorageByKey, GitlabStores } from "./object-storage-props";
import {
  backupConfiguration,
  REGISTRY_CA_FILE,
  REGISTRY_KEY_FILE,
  railsConnection,
  registryStorage,
} from "./object-storage-texts";

/** What is in `global.appConfig`, by the name of the store. */
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

/** The subcharts whose pods read and write objects of Rails. */
const RAILS_COMPONENTS = ["webservice", "sidekiq", "toolbox", "migrations"];

/** The names of the secrets. @internal */
export interface StorageSecretNames {
  readonly connection: string;
  readonly registry: string;
  readonly backups: string;
}

/**
 * The stores of a GitLab release and how its pods get in: by an identity, or by a key where the cloud leaves no other way. The
 * release makes the secrets; with an identity there is nothing secret in them.
 *
 * @example
 * const storage = GitlabObjectStorage.withIdentity({ stores, identity });
 */
export class GitlabObjectStorage {
  /**
   * Pods log in by an identity, which gets access to the stores.
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
   * Pods log in by a key: for what speaks S3's protocol without being Amazon's, and for clusters without identities. The
   * review shows it.
   *
   * @param props stores and keys.
   */
  public static withKey(props: GitlabStorageByKey): GitlabObjectStorage {
    const { stores, key } = props;
    return new GitlabObjectStorage({ stores, key, registryKey: props.registryKey ?? key });
  }

  /** The stores. */
  public readonly stores: GitlabStores;
  /** The identity of Rails' pods; not set with a key. */
  public readonly identity?: IWorkloadIdentity;
  /** The registry's identity; not set with a key. */
  public readonly registryIdentity?: IWorkloadIdentity;
  private readonly access: StorageAccess;

  private constructor(access: StorageAccess) {
    const { stores, identity, registryIdentity } = access;
    this.access = access;
    this.stores = stores;
    this.identity = identity;
    this.registryIdentity = registryIdentity;
  }

  /** What has to exist before pods use the stores; once a release has the storage, also what gives the identities their access. */
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

  /** Whether the registry's pods have another identity than Rails'. @internal */
  public get registryIsApart(): boolean {
    return registryIsApart(this.access);
  }

  /** Gives the identities their access. @internal */
  public grant(): void {
    const { identity, registryIdentity } = this;
    if (!identity || !registryIdentity) return;
    // The toolbox backs the registry's images up, too.
    for (const [, store] of namedStores(this.stores)) store.grantReadWrite(identity);
    if (this.registryIsApart) this.stores.registry.grantReadWrite(registryIdentity);
  }

  /** The secret of Rails' connection. @internal */
  public connectionEntries(): SecretEntry[] {
    return [railsConnection(this.stores.artifacts, this.access.key)];
  }

  /** Whether the one further file that the chart takes with the registry's storage is Google's key. @internal */
  public get registryNeedsKeyFile(): boolean {
    return this.stores.registry.kind === ObjectStoreKind.GCS && this.access.registryKey !== undefined;
  }

  /** The secret of the registry, with the authorities of its database. @internal */
  public registryEntries(version: GitlabVersion, authorities: string | undefined): SecretEntry[] {
    const entries = registryStorage(this.stores.registry, this.access.registryKey, version);
    return authorities === undefined || this.registryNeedsKeyFile
      ? entries
      : [...entries, SecretEntry.certificate(REGISTRY_CA_FILE, authorities)];
  }

  /** The secret of the backup tool; none where it finds the pod's own credentials. @internal */
  public backupEntries(): SecretEntry[] {
    const found = backupConfiguration(this.stores.backups, this.access.key);
    return found ? [found] : [];
  }

  /** The chart's values. @internal */
  public values(names: StorageSecretNames, withAuthorities: boolean): HelmValues {
    const { stores, key } = this.access;
    const { kind } = stores.artifacts;
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
              // With nothing here Google's own credentials are found; a secret's name alone would be looked for.
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
              // s3cmd finds no identity of a service account; the other tool does (chart, doc "IAM roles for AWS").
              extraArgs: kind === ObjectStoreKind.S3 && !key ? "--s3tool awscli" : undefined,
            },
          },
        },
      },
    };
  }

  /** Reports stores that GitLab cannot use together. @internal */
  public check(checks: SynthChecks, namespace: string, version: GitlabVersion): void {
    checkObjectStorage(checks, this.access, namespace, version);
  }
}

/** The service account of a subchart's pods, which the release makes, and the labels that Azure looks for. */
function pods(identity: IWorkloadIdentity | undefined): HelmValues {
  if (!identity) return {};
  return {
    serviceAccount: { enabled: true, create: false, name: identity.serviceAccountName },
    podLabels: Object.keys(identity.podLabels).length > 0 ? { ...identity.podLabels } : undefined,
  };
}
