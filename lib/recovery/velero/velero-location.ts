// Backup storage locations: object stores in the words of Velero's plugins.

import type { IWorkloadIdentity } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { checkObjectName } from "../../kubernetes/private";
import { type IObjectStore, ObjectStoreKind } from "../../storage";

/** Further place of backups (`BackupStorageLocation`). */
export interface VeleroLocation {
  /** Object store of the cloud of the default location; Velero's identity gets access to it. */
  readonly store: IObjectStore;
  /**
   * Prefix of all objects, without slashes at its ends. @default - none
   *
   * @see https://velero.io/docs/v1.18/api-types/backupstoragelocation/
   */
  readonly prefix?: string;
  /**
   * Disables writing: backups of the location can be restored only. @default false
   *
   * @see https://velero.io/docs/v1.18/api-types/backupstoragelocation/
   */
  readonly readOnly?: boolean;
  /** Requires a region other than that of the default location. @default false */
  readonly otherRegion?: boolean;
}

/** Name of the default location, by which KOTS looks for it. @internal */
export const DEFAULT_LOCATION = "default";

interface Plugin {
  /** Name of the provider in locations. */
  readonly provider: string;
  /** Name of the plugin, of its image and of its init container, by which KOTS recognises it. */
  readonly name: string;
}

const PLUGINS: { readonly [kind: string]: Plugin } = {
  [ObjectStoreKind.S3]: { provider: "aws", name: "velero-plugin-for-aws" },
  [ObjectStoreKind.GCS]: { provider: "gcp", name: "velero-plugin-for-gcp" },
  [ObjectStoreKind.AZURE_BLOB]: { provider: "azure", name: "velero-plugin-for-microsoft-azure" },
};

const GOOGLE_ACCOUNT = "iam.gke.io/gcp-service-account";

/** The plugin for an object store. @internal */
export function pluginFor(store: IObjectStore): Plugin {
  return PLUGINS[store.kind] as Plugin;
}

/**
 * A location as an entry of the chart's list.
 *
 * @param name the location's name.
 * @param location the location.
 * @param identity Velero's identity. @default - a key
 * @internal
 */
export function locationValues(
  name: string,
  location: VeleroLocation,
  identity: IWorkloadIdentity | undefined,
): { readonly [key: string]: unknown } {
  const { store, prefix, readOnly } = location;
  return {
    name,
    provider: pluginFor(store).provider,
    bucket: store.bucketName,
    prefix,
    default: name === DEFAULT_LOCATION,
    accessMode: readOnly ? "ReadOnly" : "ReadWrite",
    config: locationConfig(store, identity),
  };
}

function locationConfig(
  store: IObjectStore,
  identity: IWorkloadIdentity | undefined,
): { readonly [key: string]: unknown } {
  switch (store.kind) {
    case ObjectStoreKind.GCS:
      // The plugin signs URLs as this account, and needs it in place of a key file.
      return { serviceAccount: identity?.serviceAccountAnnotations[GOOGLE_ACCOUNT] };
    case ObjectStoreKind.AZURE_BLOB:
      // With useAAD and the URI the plugin asks neither for keys nor for the account's properties, and needs no credentials file
      // (pkg/util/azure of Velero 1.18).
      return {
        useAAD: "true",
        storageAccount: store.accountName,
        storageAccountURI: `https://${store.endpoint}`,
      };
    default:
      return identity
        ? { region: store.region }
        : // S3-compatible stores: path-style addressing, and no checksum that some of them refuse (README of velero-plugin-for-aws).
          {
            region: store.region,
            s3Url: `https://${store.endpoint}`,
            s3ForcePathStyle: "true",
            checksumAlgorithm: "",
          };
  }
}

/** Reports locations that the plugin or the chart cannot use. @internal */
export function checkLocations(
  checks: SynthChecks,
  store: IObjectStore,
  identity: IWorkloadIdentity | undefined,
  locations: { readonly [name: string]: VeleroLocation },
): void {
  if (
    store.kind === ObjectStoreKind.GCS &&
    identity &&
    identity.serviceAccountAnnotations[GOOGLE_ACCOUNT] === undefined
  ) {
    checks.fail(
      "identity",
      identity.serviceAccountName,
      "must have a Google service account, as which the plugin signs URLs; use GkeWorkloadIdentity",
    );
  }
  for (const [name, location] of Object.entries(locations)) {
    const property = `locations.${name}`;
    checkObjectName(checks, property, name);
    if (name === DEFAULT_LOCATION) {
      checks.fail(property, name, "must have another name: store is the location of this name");
    }
    if (location.store.kind !== store.kind || location.store.cloud !== store.cloud) {
      checks.fail(
        `${property}.store`,
        location.store,
        `must be on ${store.cloud} like the default location, since one identity is used for all; a copy on another cloud is a matter of the store`,
        "locations.store",
      );
    }
    checkPrefix(checks, `${property}.prefix`, location.prefix);
    const { region } = location.store;
    if (location.otherRegion && isResolved([region, store.region]) && region === store.region) {
      checks.fail(
        `${property}.store`,
        region,
        `must be in another region than the default location, as otherRegion demands; name a store in another region`,
        "locations.otherRegion",
      );
    }
    if (
      isResolved([store.bucketName, location.store.bucketName, location.prefix]) &&
      location.store.bucketName === store.bucketName &&
      location.prefix === undefined
    ) {
      checks.fail(
        `${property}.prefix`,
        location.prefix,
        "must be set, since the store is that of the default location and two locations cannot share a prefix",
        "locations.prefix",
      );
    }
  }
}

/** Reports a prefix that Velero refuses. @internal */
export function checkPrefix(checks: SynthChecks, property: string, prefix: string | undefined): void {
  checks.matches(
    property,
    prefix,
    /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
    "must be letters, digits, dots, hyphens and underscores, with slashes between parts only",
  );
}
