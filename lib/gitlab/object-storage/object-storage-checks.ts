// Combinations of stores, keys and identities that GitLab or its backup tool cannot use.

import type { IWorkloadIdentity } from "../../database";
import { Cloud } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import type { ObjectStoreKey } from "../../storage";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import type { GitlabVersion } from "../planning/gitlab-version";
import type { GitlabStores } from "./gitlab-object-storage";

/** First version in which Rails and the registry support Azure's workload identity (docs of the chart, "Azure Workload Identity"; Rails [inf]). */
const AZURE_IDENTITY_SINCE = { major: 17, minor: 9 };

/** Stores with the identities or keys that access them. @internal */
export interface StorageAccess {
  readonly stores: GitlabStores;
  readonly identity?: IWorkloadIdentity;
  readonly registryIdentity?: IWorkloadIdentity;
  readonly key?: ObjectStoreKey;
  readonly registryKey?: ObjectStoreKey;
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
export function checkObjectStorage(
  checks: SynthChecks,
  access: StorageAccess,
  namespace: string,
  version: GitlabVersion,
): void {
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
  checkIdentities(checks, access, namespace, version, first[1]);
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
  namespace: string,
  version: GitlabVersion,
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
