import type { IWorkloadIdentity } from "../../database";
import type { IObjectStore, ObjectStoreKey } from "../../storage";

/** The stores that GitLab needs, each its own: a restore does not work where two of them share one. */
export interface GitlabStores {
  /** Job artifacts. */
  readonly artifacts: IObjectStore;
  /** Git LFS objects. */
  readonly lfs: IObjectStore;
  /** Attachments, avatars and exports. */
  readonly uploads: IObjectStore;
  /** Packages. */
  readonly packages: IObjectStore;
  /** Diffs of merge requests. */
  readonly externalDiffs: IObjectStore;
  /** Terraform states that projects keep in GitLab. */
  readonly terraformState: IObjectStore;
  /** Files that CI keeps for projects. */
  readonly ciSecureFiles: IObjectStore;
  /** Images that the dependency proxy caches. */
  readonly dependencyProxy: IObjectStore;
  /** Images of the container registry. */
  readonly registry: IObjectStore;
  /** Backups. */
  readonly backups: IObjectStore;
  /** What a restore puts aside before it overwrites it. */
  readonly tmp: IObjectStore;
  /** Sites of GitLab Pages; turns Pages on. @default - no Pages */
  readonly pages?: IObjectStore;
}

/** Object storage that pods reach by an identity. */
export interface GitlabStorageByIdentity {
  /** The stores, all on one cloud. */
  readonly stores: GitlabStores;
  /** The identity of webservice, Sidekiq, the toolbox and migrations. It gets read and write access to all stores. */
  readonly identity: IWorkloadIdentity;
  /** The registry's identity, which gets access to its store alone. @default - `identity` */
  readonly registryIdentity?: IWorkloadIdentity;
}

/** Object storage that pods reach by a key. */
export interface GitlabStorageByKey {
  /** The stores, all on one cloud. */
  readonly stores: GitlabStores;
  /** The key, which opens all stores. */
  readonly key: ObjectStoreKey;
  /** The registry's key. @default - `key` */
  readonly registryKey?: ObjectStoreKey;
}
