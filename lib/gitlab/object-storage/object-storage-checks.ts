// What GitLab and its backup tool cannot do with stores, keys and identities that are right each by itself.

import type { IWorkloadIdentity } from "../../database";
import { Cloud } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import type { ObjectStoreKey } from "../../storage";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import type { GitlabVersion } from "../planning/gitlab-version";
import type { GitlabStores } from "./object-storage-props";

/** Rails and the registry know Azure's workload identity since then (docs of the chart, "Azure Workload Identity"; Rails [inf]). */
const AZURE_IDENTITY_SINCE = { major: 17, minor: 9 };

/** The stores, and who gets in how. @internal */
export interface StorageAccess {
  readonly stores: GitlabStores;
  readonly identity?: IWorkloadIdentity;
  readonly registryIdentity?: IWorkloadIdentity;
  readonly key?: ObjectStoreKey;
  readonly registryKey?: ObjectStoreKey;
}

/** The stores that are there, with their names. @internal */
export function namedStores(stores: GitlabStores): [string, IObjectStore][] {
  return Object.entries(stores).filter((pair): pair is [string, IObjectStore] => pair[1] !== undefined);
}

/** Whether the registry's pods have another identity than Rails'. @internal */
export function registryIsApart({ identity, registryIdentity }: StorageAccess): boolean {
  return registryIdentity !== undefined && registryIdentity !== identity;
}

/** Reports stores that GitLab cannot use together, and who cannot get in. @internal */
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
        `GitLab has one connection for all stores, and ${first[0]} is ${first[1].kind} on ${first[1].cloud}`,
      );
    }
    checkSamePlace(checks, name, store, first);
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
  checkKeys(checks, access, first[1]);
  checkIdentities(checks, access, namespace, version, first[1]);
}

function checkSamePlace(
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
    if (own === undefined || theirs === undefined || !isResolved(own) || !isResolved(theirs)) continue;
    if (own !== theirs) {
      checks.fail(
        `objectStorage.stores.${name}.${fact}`,
        own,
        `GitLab has one connection for all stores, and ${first[0]} is in ${theirs}`,
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
      checks.fail(`objectStorage.${name}`, key.kind, `the stores are ${store.kind}, which takes no such key`);
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
      `the stores are in the account ${store.accountName}`,
    );
  }
  if (rails) {
    checks.optOut(
      "objectStorage: GitLab reaches its stores by a key that somebody has to rotate, not by an identity",
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
      `the pods are in ${namespace}, so the identity would not be theirs`,
    );
    if (identity.cloud !== store.cloud) {
      checks.fail(`objectStorage.${name}`, identity.cloud, `the stores are on ${store.cloud}; use a key`);
    }
  }
  if (apart && rails?.serviceAccountName === registryIdentity?.serviceAccountName) {
    checks.fail(
      "objectStorage.registryIdentity",
      rails?.serviceAccountName,
      "the identity of Rails has the same service account; give the registry another, or leave it out",
    );
  }
  const { major, minor } = AZURE_IDENTITY_SINCE;
  if (rails && store.cloud === Cloud.AZURE && version.known && !version.atLeast(major, minor)) {
    checks.fail(
      "objectStorage.identity",
      version.version,
      `GitLab knows Azure's workload identity from ${major}.${minor} on; use a key`,
    );
  }
}
