// rclone's configuration for an object store, as variables. Names and meaning: docs/content/{s3,googlecloudstorage,azureblob}.md and the
// backends of rclone 1.74.4, read 2026-11.

import { Cloud, type SecretValue } from "../../database";
import { SecretEntry } from "../../kubernetes";
import { type IObjectStore, type ObjectStoreKey, ObjectStoreKind } from "../../storage";

/** Most parts of a multipart upload to S3. */
const S3_PARTS = 10_000;
/** Most blocks of a block blob of Azure. */
const AZURE_BLOCKS = 50_000;

/** Access of a job to a store. @internal */
export interface StoreAccess {
  readonly store: IObjectStore;
  /** Folder in the store, without slashes at its ends. */
  readonly path: string;
  /** Key, for pods without an identity. */
  readonly key?: ObjectStoreKey;
  /** Key of the client-side encryption. */
  readonly encryptionKey?: SecretValue;
  /** Expected size of a database, in GiB: a stream's size is not known when its first part is sent. */
  readonly sizeGiB: number;
}

/** Variables of rclone that take the secret part of a key. @internal */
export const STORE_KEY_VARIABLES: { readonly [kind: string]: string } = {
  [ObjectStoreKind.S3]: "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY",
  [ObjectStoreKind.GCS]: "RCLONE_CONFIG_STORE_SERVICE_ACCOUNT_CREDENTIALS",
  [ObjectStoreKind.AZURE_BLOB]: "RCLONE_CONFIG_STORE_KEY",
};

/** Environment variables of the scripts and of rclone; values may be tokens. @internal */
export function storeEnvironment(access: StoreAccess): { [variable: string]: string } {
  const { store, path, key, encryptionKey } = access;
  return {
    STORE_ROOT: `store:${store.bucketName}/${path}`,
    STORE_KEY_VARIABLE: key ? (STORE_KEY_VARIABLES[key.kind] ?? "") : "",
    STORE_ENCRYPTED: encryptionKey ? "true" : "false",
    ...remote(access),
  };
}

/** Secrets of the store: `store-key` and `encryption-key`. @internal */
export function storeSecrets({ key, encryptionKey }: StoreAccess): SecretEntry[] {
  return [
    ...(key ? [SecretEntry.secret("store-key", key.secret)] : []),
    ...(encryptionKey ? [SecretEntry.secret("encryption-key", encryptionKey)] : []),
  ];
}

/** MiB that the parts of one stream take in memory. @internal */
export function streamMemoryMiB(access: StoreAccess): number {
  const { kind } = access.store;
  if (kind === ObjectStoreKind.S3) return partMiB(access.sizeGiB, S3_PARTS) * 4;
  return kind === ObjectStoreKind.AZURE_BLOB ? partMiB(access.sizeGiB, AZURE_BLOCKS) * 4 : 32;
}

function remote({ store, key, sizeGiB }: StoreAccess): { [variable: string]: string } {
  const set = (options: { readonly [name: string]: string }) =>
    Object.fromEntries(
      Object.entries(options).map(([name, value]) => [`RCLONE_CONFIG_STORE_${name}`, value]),
    );
  const environmentCredentials: { readonly [name: string]: string } = key ? {} : { ENV_AUTH: "true" };
  switch (store.kind) {
    case ObjectStoreKind.S3: {
      const isAws = store.cloud === Cloud.AWS;
      return set({
        TYPE: "s3",
        PROVIDER: isAws ? "AWS" : "Other",
        REGION: store.region,
        ...(isAws ? {} : { ENDPOINT: `https://${store.endpoint}` }),
        ...environmentCredentials,
        ...(key?.name !== undefined ? { ACCESS_KEY_ID: key.name } : {}),
        // The bucket exists, and the identity may not create any.
        NO_CHECK_BUCKET: "true",
        CHUNK_SIZE: `${partMiB(sizeGiB, S3_PARTS)}Mi`,
        UPLOAD_CONCURRENCY: "4",
      });
    }
    case ObjectStoreKind.GCS:
      return set({
        TYPE: "google cloud storage",
        ...environmentCredentials,
        // Uniform bucket-level access: object ACLs are refused.
        BUCKET_POLICY_ONLY: "true",
        NO_CHECK_BUCKET: "true",
      });
    default:
      return set({
        TYPE: "azureblob",
        ACCOUNT: store.accountName ?? "",
        ENDPOINT: `https://${store.endpoint}`,
        ...environmentCredentials,
        NO_CHECK_CONTAINER: "true",
        CHUNK_SIZE: `${partMiB(sizeGiB, AZURE_BLOCKS)}Mi`,
        UPLOAD_CONCURRENCY: "4",
      });
  }
}

/** Size of a part with which a dump of twice the expected size still has few enough parts; at least 16 MiB. */
function partMiB(sizeGiB: number, parts: number): number {
  return Math.max(16, Math.ceil((sizeGiB * 2 * 1024) / parts));
}
