// Mistakes that the installer accepts silently and that would fail when the first workspace stops and is backed up.

import type { Construct } from "constructs";
import { Cloud } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import { checkLabelName } from "../../kubernetes/private";
import { ObjectStoreKind } from "../../storage";
import { GitpodVersion } from "../version/gitpod-version";
import type { GitpodObjectStorageProps } from "./gitpod-object-storage";

/** Service accounts whose pods use the store, at HEAD of 2026-07 (`AddStorageMounts` and `StorageConfig`). */
const ACCOUNTS = ["content-service", "ws-daemon", "ws-manager-mk2"];

/** Reports invalid properties of a `GitpodObjectStorage`. */
export function checkGitpodObjectStorage(scope: Construct, props: GitpodObjectStorageProps): void {
  const checks = new SynthChecks(scope, "GITPOD-STORAGE");
  const { store, key } = props;
  const { profile, name } = props.version ?? GitpodVersion.V2022_11;
  checkLabelName(checks, "namespace", props.namespace);
  checks.check(
    "store.region",
    store.region,
    () => /\S/.test(store.region),
    "must be set, because Gitpod requires it as metadata.region",
  );
  if (key && key.kind !== store.kind) {
    checks.fail("key", key.kind, `must be a key for ${store.kind}, the kind of the store`);
  }
  switch (store.kind) {
    case ObjectStoreKind.S3:
      checkS3(checks, props, profile.keylessStorage);
      break;
    case ObjectStoreKind.GCS:
      if (!key)
        checks.fail(
          "key",
          undefined,
          "must be set to the key file of a service account, the only authentication that Gitpod supports on Google Cloud Storage",
        );
      if (!store.projectId) {
        checks.fail(
          "store.projectId",
          store.projectId,
          "must be set, because Gitpod creates its buckets in this project",
        );
      }
      checks.warn(
        "store: Gitpod creates a bucket for each user, so the service account of the key must be allowed to create buckets in the project of the store " +
          "(ApplicationBuckets grants little more than that), and the settings of your own bucket do not apply to them. Use a dedicated project.",
        "store.buckets",
      );
      break;
    case ObjectStoreKind.AZURE_BLOB:
      if (!profile.azureStorage) {
        checks.fail(
          "store",
          store.kind,
          `must be S3 or Google Cloud Storage, because Gitpod ${name} no longer supports Azure Blob Storage; 2022.11 does`,
        );
      }
      if (!key)
        checks.fail(
          "key",
          undefined,
          "must be set to an account key, the only authentication that Gitpod supports on Azure Blob Storage",
        );
      if (isResolved(store.accountName) && store.accountName !== undefined) {
        checks.check(
          "key.name",
          key?.name,
          () => key?.kind !== ObjectStoreKind.AZURE_BLOB || key?.name === store.accountName,
          `must be the storage account of the store, ${store.accountName}`,
        );
      }
      checks.warn(
        "store: on Azure, Gitpod 2022.11 uses MinIO's gateway in front of Blob Storage, which MinIO discontinued in 2022; the image gets no more fixes. " +
          "Gitpod creates a container for each user, so the settings of your own container do not apply to them. Use a dedicated storage account.",
        "store.minio",
      );
      break;
    default:
  }
  if (props.identities?.length) checkIdentities(checks, props, profile.keylessStorage);
}

function checkS3(checks: SynthChecks, props: GitpodObjectStorageProps, keyless: boolean): void {
  const { store, key } = props;
  checks.check(
    "store.bucketName",
    store.bucketName,
    () => /\S/.test(store.bucketName),
    "must be set, because Gitpod would create a bucket for each user, with permissions on the whole account and up to its quota; HEAD does not support that",
  );
  checks.check(
    "store.endpoint",
    store.endpoint,
    () => /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/.test(store.endpoint),
    "must be a host with optional port, without scheme, such as s3.eu-central-1.amazonaws.com",
  );
  if (!keyless && !key) {
    checks.fail(
      "key",
      undefined,
      "must be set, because Gitpod 2022.11 only supports access keys on S3; create one outside Terraform",
    );
  }
  if (keyless && !key && !props.identities?.length) {
    checks.fail("key", undefined, "must be set, or identities of Gitpod's service accounts");
  }
  if (props.allowInsecureConnection) {
    checks.optOut("allowInsecureConnection: workspace content and the access key are sent without TLS");
  }
}

function checkIdentities(checks: SynthChecks, props: GitpodObjectStorageProps, keyless: boolean): void {
  const identities = props.identities ?? [];
  if (!keyless || props.store.kind !== ObjectStoreKind.S3) {
    checks.fail("identities", identities.length, "must not be set, except at HEAD on S3; use key");
    return;
  }
  if (props.key)
    checks.fail(
      "identities",
      identities.length,
      "must not be set with key, which Gitpod prefers; leave one of the two out",
      "identities.key",
    );
  const names = identities.map((identity) => identity.serviceAccountName);
  for (const account of isResolved(names) ? ACCOUNTS.filter((each) => !names.includes(each)) : []) {
    checks.fail(
      "identities",
      names,
      `must include an identity of the service account ${account}, which uses the store`,
      "identities.missing",
    );
  }
  for (const identity of identities) {
    checks.check(
      "identities.serviceAccountName",
      identity.serviceAccountName,
      () => ACCOUNTS.includes(identity.serviceAccountName),
      `must be one of ${ACCOUNTS.join(", ")}, the service accounts that use the store`,
    );
    checks.check(
      "identities.namespace",
      identity.namespace,
      () => identity.namespace === props.namespace || !isResolved(props.namespace),
      `must be the namespace of Gitpod's pods, ${props.namespace}`,
    );
    if (identity.cloud !== Cloud.AWS)
      checks.fail(
        "identities.cloud",
        identity.cloud,
        "must be AWS, the only cloud whose identities S3 supports",
      );
  }
}
