// What the installer takes without a word and Gitpod finds out when the first workspace stops and has to be kept.

import type { Construct } from "constructs";
import { Cloud } from "../../database";
import { isResolved, SynthChecks } from "../../database/private";
import { checkLabelName } from "../../kubernetes/private";
import { ObjectStoreKind } from "../../storage";
import { GitpodVersion } from "../version/gitpod-version";
import type { GitpodObjectStorageProps } from "./gitpod-object-storage";

/** The service accounts whose pods use the store, at HEAD of 2026-07 (`AddStorageMounts` and `StorageConfig`). */
const ACCOUNTS = ["content-service", "ws-daemon", "ws-manager-mk2"];

/** Reports what is wrong with the properties of a `GitpodObjectStorage`. */
export function checkGitpodObjectStorage(scope: Construct, props: GitpodObjectStorageProps): void {
  const checks = new SynthChecks(scope);
  const { store, key } = props;
  const { profile, name } = props.version ?? GitpodVersion.V2022_11;
  checkLabelName(checks, "namespace", props.namespace);
  checks.check(
    "store.region",
    store.region,
    () => /\S/.test(store.region),
    "Gitpod wants the store's region as metadata.region; give the store one",
  );
  if (key && key.kind !== store.kind) {
    checks.fail("key", key.kind, `the store speaks ${store.kind}; give a key of that kind`);
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
          "Gitpod reaches Google Cloud Storage by a service account's key file only",
        );
      if (!store.projectId) {
        checks.fail(
          "store.projectId",
          store.projectId,
          "Gitpod makes its buckets in a project; give the store one",
        );
      }
      checks.warn(
        "Gitpod makes a bucket for each user itself, so the key's service account has to be allowed to make buckets in the store's project " +
          "(ApplicationBuckets grants that and little more), and rules of a bucket of yours do not hold for them. Give Gitpod a project of its own.",
      );
      break;
    case ObjectStoreKind.AZURE_BLOB:
      if (!profile.azureStorage) {
        checks.fail(
          "store",
          store.kind,
          `Gitpod ${name} has no storage on Azure any more; take S3 or Google, or 2022.11`,
        );
      }
      if (!key) checks.fail("key", undefined, "Gitpod reaches Azure Blob Storage by the account's key only");
      if (isResolved(store.accountName) && store.accountName !== undefined) {
        checks.check(
          "key.name",
          key?.name,
          () => key?.kind !== ObjectStoreKind.AZURE_BLOB || key?.name === store.accountName,
          `the store is in the account ${store.accountName}`,
        );
      }
      checks.warn(
        "On Azure Gitpod 2022.11 puts MinIO's gateway before Blob Storage, which MinIO gave up in 2022; the image gets no fixes any more. " +
          "Through it Gitpod makes a container for each user itself, so rules of a container of yours do not hold for them. Give Gitpod an account of its own.",
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
    "without a bucket Gitpod makes one for each user, which needs rights over the whole account and ends at the account's quota; HEAD cannot at all. Name one",
  );
  checks.check(
    "store.endpoint",
    store.endpoint,
    () => /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/.test(store.endpoint),
    "allowed is a host, with a port where it is needed and without a scheme, such as s3.eu-central-1.amazonaws.com",
  );
  if (!keyless && !key) {
    checks.fail(
      "key",
      undefined,
      "Gitpod 2022.11 reaches S3 by a key only; make one beside Terraform and give it here",
    );
  }
  if (keyless && !key && !props.identities?.length) {
    checks.fail("key", undefined, "give a key, or identities for Gitpod's service accounts");
  }
  if (props.allowInsecureConnection) {
    checks.optOut("allowInsecureConnection: workspaces' content and the key cross the network without TLS");
  }
}

function checkIdentities(checks: SynthChecks, props: GitpodObjectStorageProps, keyless: boolean): void {
  const identities = props.identities ?? [];
  if (!keyless || props.store.kind !== ObjectStoreKind.S3) {
    checks.fail("identities", identities.length, "only HEAD knows identities, and only on S3; give a key");
    return;
  }
  if (props.key)
    checks.fail(
      "identities",
      identities.length,
      "there is a key already, and Gitpod takes that; leave one of them out",
    );
  const names = identities.map((identity) => identity.serviceAccountName);
  for (const account of isResolved(names) ? ACCOUNTS.filter((each) => !names.includes(each)) : []) {
    checks.fail(
      "identities",
      names,
      `${account} uses the store as well; give an identity for that service account`,
    );
  }
  for (const identity of identities) {
    checks.check(
      "identities.serviceAccountName",
      identity.serviceAccountName,
      () => ACCOUNTS.includes(identity.serviceAccountName),
      `allowed are ${ACCOUNTS.join(", ")}; no other part of Gitpod uses the store`,
    );
    checks.check(
      "identities.namespace",
      identity.namespace,
      () => identity.namespace === props.namespace || !isResolved(props.namespace),
      `Gitpod is in ${props.namespace}, so the identity would not be its pods'`,
    );
    if (identity.cloud !== Cloud.AWS)
      checks.fail("identities.cloud", identity.cloud, "S3 knows identities of AWS only");
  }
}
