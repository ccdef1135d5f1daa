// What a release has to know of object storage, decided in one place: texts of secrets, values of the chart and who gets access.

import type { ITerraformDependable } from "cdktf";
import { Cloud } from "../database/cloud";
import { isKnown } from "../database/known";
import type { SynthChecks } from "../database/synth-checks";
import type { IWorkloadIdentity } from "../database/workload-identity";
import type { HelmValues } from "../kubernetes/helm-values";
import { SecretEntry } from "../kubernetes/secret-entry";
import { type IObjectStore, ObjectStoreKind } from "../storage/object-store";
import type { ObjectStoreKey } from "../storage/object-store-key";
import type { GitlabVersion } from "./gitlab-version";
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

/** Rails and the registry know Azure's workload identity since then (docs of the chart, "Azure Workload Identity"; Rails [inf]). */
const AZURE_IDENTITY_SINCE = { major: 17, minor: 9 };

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
    return new GitlabObjectStorage(
      props.stores,
      props.identity,
      props.registryIdentity ?? props.identity,
      undefined,
      undefined,
    );
  }

  /**
   * Pods log in by a key: for what speaks S3's protocol without being Amazon's, and for clusters without identities. The
   * review shows it.
   *
   * @param props stores and keys.
   */
  public static withKey(props: GitlabStorageByKey): GitlabObjectStorage {
    return new GitlabObjectStorage(
      props.stores,
      undefined,
      undefined,
      props.key,
      props.registryKey ?? props.key,
    );
  }

  /** The stores. */
  public readonly stores: GitlabStores;
  /** The identity of Rails' pods; not set with a key. */
  public readonly identity?: IWorkloadIdentity;
  /** The registry's identity; not set with a key. */
  public readonly registryIdentity?: IWorkloadIdentity;
  /** What has to exist before pods use the stores. */
  public readonly dependables: ITerraformDependable[];
  private readonly key?: ObjectStoreKey;
  private readonly registryKey?: ObjectStoreKey;

  private constructor(
    stores: GitlabStores,
    identity: IWorkloadIdentity | undefined,
    registryIdentity: IWorkloadIdentity | undefined,
    key: ObjectStoreKey | undefined,
    registryKey: ObjectStoreKey | undefined,
  ) {
    this.stores = stores;
    this.identity = identity;
    this.registryIdentity = registryIdentity;
    this.key = key;
    this.registryKey = registryKey;
    this.dependables = [
      ...new Set([
        ...this.named().flatMap(([, store]) => store.dependables),
        ...(identity?.dependables ?? []),
        ...(registryIdentity?.dependables ?? []),
      ]),
    ];
  }

  /** Whether the registry's pods have another identity than Rails'. @internal */
  public get registryIsApart(): boolean {
    return this.registryIdentity !== undefined && this.registryIdentity !== this.identity;
  }

  /** Gives the identities their access. @internal */
  public grant(): void {
    const { identity, registryIdentity } = this;
    if (!identity || !registryIdentity) return;
    // The toolbox backs the registry's images up, too.
    for (const [, store] of this.named()) store.grantReadWrite(identity);
    if (this.registryIsApart) this.stores.registry.grantReadWrite(registryIdentity);
  }

  /** The secret of Rails' connection. @internal */
  public connectionEntries(): SecretEntry[] {
    return [railsConnection(this.stores.artifacts, this.key)];
  }

  /** Whether the one further file that the chart takes with the registry's storage is Google's key. @internal */
  public get registryNeedsKeyFile(): boolean {
    return this.stores.registry.kind === ObjectStoreKind.GCS && this.registryKey !== undefined;
  }

  /** The secret of the registry, with the authorities of its database. @internal */
  public registryEntries(version: GitlabVersion, authorities: string | undefined): SecretEntry[] {
    const entries = registryStorage(this.stores.registry, this.registryKey, version);
    return authorities === undefined || this.registryNeedsKeyFile
      ? entries
      : [...entries, SecretEntry.certificate(REGISTRY_CA_FILE, authorities)];
  }

  /** The secret of the backup tool; none where it finds the pod's own credentials. @internal */
  public backupEntries(): SecretEntry[] {
    const found = backupConfiguration(this.stores.backups, this.key);
    return found ? [found] : [];
  }

  /** The chart's values. @internal */
  public values(names: StorageSecretNames, withAuthorities: boolean): HelmValues {
    const { stores, key } = this;
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
    const all = this.named();
    const [first] = all as [[string, IObjectStore], ...[string, IObjectStore][]];
    const seen = new Map<string, string>();
    for (const [name, store] of all) {
      if (store.kind !== first[1].kind || store.cloud !== first[1].cloud) {
        checks.fail(
          `objectStorage.stores.${name}`,
          `${store.kind} on ${store.cloud}`,
          `GitLab has one connection for all stores, and ${first[0]} is ${first[1].kind} on ${first[1].cloud}`,
        );
      }
      this.checkSamePlace(checks, name, store, first);
      const place = `${store.accountName ?? ""}/${store.bucketName}`;
      const other = seen.get(place);
      if (other !== undefined) {
        checks.fail(
          `objectStorage.stores.${name}`,
          store.bucketName,
          `it is the store of ${other} as well; a restore works only when each has its own`,
        );
      }
      seen.set(place, name);
    }
    this.checkKeys(checks, first[1]);
    this.checkIdentities(checks, namespace, version, first[1]);
  }

  private checkSamePlace(
    checks: SynthChecks,
    name: string,
    store: IObjectStore,
    first: [string, IObjectStore],
  ): void {
    // The registry has a connection of its own, but the backup tool reads its images with Rails'.
    const facts = ["region", "accountName", "projectId"] as const;
    for (const fact of facts) {
      // Google's and Azure's clients are told no region.
      if (fact === "region" && store.kind !== ObjectStoreKind.S3) continue;
      const [own, theirs] = [store[fact], first[1][fact]];
      if (own === undefined || theirs === undefined || !isKnown(own) || !isKnown(theirs)) continue;
      if (own !== theirs) {
        checks.fail(
          `objectStorage.stores.${name}.${fact}`,
          own,
          `GitLab has one connection for all stores, and ${first[0]} is in ${theirs}`,
        );
      }
    }
  }

  private checkKeys(checks: SynthChecks, store: IObjectStore): void {
    for (const [name, key] of [
      ["key", this.key],
      ["registryKey", this.registryKey],
    ] as const) {
      if (key && key.kind !== store.kind) {
        checks.fail(
          `objectStorage.${name}`,
          key.kind,
          `the stores are ${store.kind}, which takes no such key`,
        );
      }
    }
    for (const [name, key] of [
      ["key", this.key],
      ["registryKey", this.registryKey],
    ] as const) {
      if (key?.kind !== ObjectStoreKind.AZURE_BLOB) continue;
      checks.check(
        `objectStorage.${name}`,
        key.name,
        () => key.name === store.accountName || !isKnown(store.accountName),
        `the stores are in the account ${store.accountName}`,
      );
    }
    if (this.key) {
      checks.optOut(
        "objectStorage: GitLab reaches its stores by a key that somebody has to rotate, not by an identity",
      );
    }
  }

  private checkIdentities(
    checks: SynthChecks,
    namespace: string,
    version: GitlabVersion,
    store: IObjectStore,
  ): void {
    for (const [name, identity] of [
      ["identity", this.identity],
      ["registryIdentity", this.registryIdentity],
    ] as const) {
      if (!identity || (name === "registryIdentity" && !this.registryIsApart)) continue;
      checks.check(
        `objectStorage.${name}.namespace`,
        identity.namespace,
        () => identity.namespace === namespace || !isKnown(namespace),
        `the pods are in ${namespace}, so the identity would not be theirs`,
      );
      if (identity.cloud !== store.cloud) {
        checks.fail(`objectStorage.${name}`, identity.cloud, `the stores are on ${store.cloud}; use a key`);
      }
    }
    if (
      this.registryIsApart &&
      this.identity?.serviceAccountName === this.registryIdentity?.serviceAccountName
    ) {
      checks.fail(
        "objectStorage.registryIdentity",
        this.identity?.serviceAccountName,
        "the identity of Rails has the same service account; give the registry another, or leave it out",
      );
    }
    const { major, minor } = AZURE_IDENTITY_SINCE;
    if (this.identity && store.cloud === Cloud.AZURE && version.known && !version.atLeast(major, minor)) {
      checks.fail(
        "objectStorage.identity",
        version.version,
        `GitLab knows Azure's workload identity from ${major}.${minor} on; use a key`,
      );
    }
  }

  private named(): [string, IObjectStore][] {
    return Object.entries(this.stores).filter(
      (pair): pair is [string, IObjectStore] => pair[1] !== undefined,
    );
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
