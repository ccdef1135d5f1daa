// Combinations of stores, keys and identities that GitLab or its backup tool cannot use.

import type { IWorkloadIdentity } from "../../database";
import { Cloud } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { hasFix } from "../../kubernetes/private";
import type { ObjectStoreKey } from "../../storage";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import type { GitlabVersion } from "../planning/gitlab-version";
import { AZURE_BACKUPS_FIXED, AZURE_IDENTITY_SINCE, GOOGLE_BACKUPS_FIXED } from "./data/identity-support";
import type { GitlabStores } from "./gitlab-object-storage";

/** Stores with the identities or keys that access them. @internal */
export interface StorageAccess {
  readonly stores: GitlabStores;
  readonly identity?: IWorkloadIdentity;
  readonly registryIdentity?: IWorkloadIdentity;
  readonly key?: ObjectStoreKey;
  readonly registryKey?: ObjectStoreKey;
}

/** Facts about the release that uses the stores. @internal */
export interface StorageUse {
  /** Namespace of the pods. */
  readonly namespace: string;
  readonly version: GitlabVersion;
  readonly chartVersion: string;
  /** True if backups are scheduled. */
  readonly backups: boolean;
}

/** Stores that are set, with their names. @internal */
export function namedStores(stores: GitlabStores): [string, IObjectStore][] {
  return Object.entries(stores).filter((pair): pair is [string, IObjectStore] => pair[1] !== undefined);
}

/** True if the registry's pods have another identity than those of Rails. @internal */
export function registryIsApart({ identity, registryIdentity }: StorageAccess): boolean {
  return registryIdentity !== undefined && registryIdentity !== identity;
}

/** Reports stores that GitLab cannot use together, and identities and keys without access. @internal */
export function checkObjectStorage(checks: SynthChecks, access: StorageAccess, use: StorageUse): void {
  const all = namedStores(access.stores);
  const [first] = all as [[string, IObjectStore], ...[string, IObjectStore][]];
  const seen = new Map<string, string>();
  for (const [name, store] of all) {
    if (store.kind !== first[1].kind || store.cloud !== first[1].cloud) {
      checks.fail(
        `objectStorage.stores.${name}`,
        `${store.kind} on ${store.cloud}`,
        `must be ${first[1].kind} on ${first[1].cloud} like ${first[0]}, since GitLab has one connection for all stores`,
        "objectStorage.stores.kind",
      );
    }
    checkSamePlace(checks, name, store, first);
    // S3 and Azure lock versions, under which objects are overwritten; cloud.google.com/storage/docs/bucket-lock, read 2026-11.
    if (store.kind === ObjectStoreKind.GCS && store.lockDays !== undefined) {
      checks.fail(
        `objectStorage.stores.${name}.lockDays`,
        store.lockDays,
        "must not be set on Cloud Storage, whose retention policy refuses to overwrite and delete objects, which GitLab does; use a bucket without a policy, with Object Versioning and soft delete",
        "objectStorage.stores.lockDays",
      );
    }
    const place = `${store.accountName ?? ""}/${store.bucketName}`;
    const other = seen.get(place);
    if (other !== undefined) {
      checks.fail(
        `objectStorage.stores.${name}`,
        store.bucketName,
        `must not be the store of ${other} too; a restore needs a separate store for each`,
        "objectStorage.stores.shared",
      );
    }
    seen.set(place, name);
  }
  checkKeys(checks, access, first[1]);
  checkIdentities(checks, access, use, first[1]);
  checkBackupIdentity(checks, access, use);
}

function checkSamePlace(
  checks: SynthChecks,
  name: string,
  store: IObjectStore,
  first: [string, IObjectStore],
): void {
  // The registry has a separate connection, but the backup tool reads its images with that of Rails.
  const facts = ["region", "accountName", "projectId"] as const;
  for (const fact of facts) {
    // Google's and Azure's clients have no setting for a region.
    if (fact === "region" && store.kind !== ObjectStoreKind.S3) continue;
    const [own, theirs] = [store[fact], first[1][fact]];
    if (own === undefined || theirs === undefined || !isResolved(own) || !isResolved(theirs)) continue;
    if (own !== theirs) {
      checks.fail(
        `objectStorage.stores.${name}.${fact}`,
        own,
        `must be ${theirs} like ${first[0]}, since GitLab has one connection for all stores`,
        `objectStorage.stores.${fact}`,
      );
    }
  }
}

function checkKeys(
  checks: SynthChecks,
  { key: rails, registryKey }: StorageAccess,
  store: IObjectStore,
): void {
  for (const [name, key] of [
    ["key", rails],
    ["registryKey", registryKey],
  ] as const) {
    if (key && key.kind !== store.kind) {
      checks.fail(
        `objectStorage.${name}`,
        key.kind,
        `must be a key for ${store.kind}, the kind of the stores`,
      );
    }
  }
  for (const [name, key] of [
    ["key", rails],
    ["registryKey", registryKey],
  ] as const) {
    if (key?.kind !== ObjectStoreKind.AZURE_BLOB) continue;
    checks.check(
      `objectStorage.${name}`,
      key.name,
      () => key.name === store.accountName || !isResolved(store.accountName),
      `must be a key of the account ${store.accountName}, in which the stores are`,
    );
  }
  if (rails) {
    checks.optOut(
      "objectStorage: GitLab accesses its stores with a key, which has to be rotated, and not with a workload identity",
    );
  }
}

function checkIdentities(
  checks: SynthChecks,
  access: StorageAccess,
  { namespace, version }: StorageUse,
  store: IObjectStore,
): void {
  const { identity: rails, registryIdentity } = access;
  const apart = registryIsApart(access);
  for (const [name, identity] of [
    ["identity", rails],
    ["registryIdentity", registryIdentity],
  ] as const) {
    if (!identity || (name === "registryIdentity" && !apart)) continue;
    checks.check(
      `objectStorage.${name}.namespace`,
      identity.namespace,
      () => identity.namespace === namespace || !isResolved(namespace),
      `must be ${namespace}, the namespace of the pods`,
    );
    if (identity.cloud !== store.cloud) {
      checks.fail(
        `objectStorage.${name}`,
        identity.cloud,
        `must be an identity of ${store.cloud}, where the stores are; or use a key`,
      );
    }
  }
  if (apart && rails?.serviceAccountName === registryIdentity?.serviceAccountName) {
    checks.fail(
      "objectStorage.registryIdentity",
      rails?.serviceAccountName,
      "must have another service account than identity; or leave it out",
    );
  }
  const { major, minor } = AZURE_IDENTITY_SINCE;
  if (rails && store.cloud === Cloud.AZURE && version.known && !version.atLeast(major, minor)) {
    checks.fail(
      "objectStorage.identity",
      version.version,
      `must be used with GitLab ${major}.${minor} or later, which supports Azure's workload identity; use a key with older versions`,
    );
  }
}

/** Versions with the fix, and what happens before, by the cloud of the backups. */
const BACKUPS = new Map<Cloud, readonly [readonly string[], string]>([
  [Cloud.AZURE, [AZURE_BACKUPS_FIXED, "the pods of the backup cron job have no identity"]],
  [Cloud.GOOGLE, [GOOGLE_BACKUPS_FIXED, "the backup tool has no credentials and backups end in 401"]],
]);

/** Scheduled backups that would fail are refused; of those started by hand the user is warned. */
function checkBackupIdentity(
  checks: SynthChecks,
  { stores, identity }: StorageAccess,
  { chartVersion, backups }: StorageUse,
): void {
  const [fixed, before] = BACKUPS.get(stores.backups.cloud) ?? [];
  if (!identity || !fixed || hasFix(chartVersion, fixed) !== false) return;
  const versions = fixed.join(", ");
  if (backups) {
    checks.fail(
      "objectStorage.identity",
      chartVersion,
      `must be used for backups with chart ${versions} or later, since before that ${before}; use a newer chart, use a key, or leave backups out`,
      "objectStorage.identity.backups",
    );
  } else if (stores.backups.cloud === Cloud.GOOGLE) {
    checks.warn(
      `objectStorage.identity: backups fail before chart ${versions} (this one is ${chartVersion}), since ${before}; use a newer chart or a key before the first backup`,
      "objectStorage.identity.backups",
    );
  }
}
