/** Velero on each cloud, and on a self-managed store. */
import { type TerraformStack, TerraformVariable } from "cdktf";
import { IrsaIdentity } from "../../../lib/aws";
import { AksWorkloadIdentity } from "../../../lib/azure";
import { Cloud, type IWorkloadIdentity, type Protection, SecretValue } from "../../../lib/database";
import { GkeWorkloadIdentity } from "../../../lib/google";
import { Velero, type VeleroProps } from "../../../lib/recovery";
import { type IObjectStore, ObjectStore, ObjectStoreKey, ObjectStoreKind } from "../../../lib/storage";
import { STORES } from "../storage/implementations";

export const CLOUDS = [Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE] as const;

const ACCOUNT = { namespace: Velero.NAMESPACE, serviceAccountName: Velero.SERVICE_ACCOUNT };
const ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE";

export function veleroIdentity(stack: TerraformStack, cloud: Cloud): IWorkloadIdentity {
  switch (cloud) {
    case Cloud.AWS:
      return new IrsaIdentity(stack, "velero-identity", {
        ...ACCOUNT,
        oidcProviderArn: `arn:aws:iam::123456789012:oidc-provider/${ISSUER}`,
        oidcIssuerUrl: `https://${ISSUER}`,
      });
    case Cloud.GOOGLE:
      return new GkeWorkloadIdentity(stack, "velero-identity", {
        ...ACCOUNT,
        project: "platform",
        cloudSql: false,
      });
    default:
      return new AksWorkloadIdentity(stack, "velero-identity", {
        ...ACCOUNT,
        oidcIssuerUrl: "https://westeurope.oic.prod-aks.azure.com/0000/",
        resourceGroupName: "platform",
        location: "westeurope",
      });
  }
}

export function storeOn(stack: TerraformStack, cloud: Cloud, id = "backups"): IObjectStore {
  const implementation = STORES.find((each) => each.cloud === cloud);
  if (!implementation) throw new Error(`no store on ${cloud}`);
  return implementation.build(stack, id);
}

export const secretIn = (stack: TerraformStack, id: string): SecretValue =>
  SecretValue.fromVariable(new TerraformVariable(stack, id, { type: "string" }), 1);

export const REPOSITORY_KEY = { name: "velero-repository", location: "secret store of the cloud" };
export const DAILY = { cron: "0 1 * * *", namespaces: ["gitpod"] };

export function veleroOn(
  stack: TerraformStack,
  cloud: Cloud,
  props: Partial<VeleroProps> = {},
  id = "velero",
): Velero {
  return new Velero(stack, id, {
    store: props.store ?? storeOn(stack, cloud),
    identity: props.identity ?? veleroIdentity(stack, cloud),
    repositoryPassword: props.repositoryPassword ?? secretIn(stack, "repository_password"),
    repositoryKey: REPOSITORY_KEY,
    schedules: { daily: DAILY },
    ...props,
  });
}

/** Velero on an S3-compatible store, with a key. */
export function veleroOnPremises(stack: TerraformStack, props: Partial<VeleroProps> = {}): Velero {
  return new Velero(stack, "velero", {
    store: ObjectStore.fromObjectStoreAttributes(stack, "store", {
      kind: ObjectStoreKind.S3,
      bucketName: "backups",
      region: "main",
      endpoint: "objects.example.com:9000",
    }),
    key: ObjectStoreKey.s3("AKIAEXAMPLE", secretIn(stack, "key")),
    repositoryPassword: secretIn(stack, "repository_password"),
    repositoryKey: REPOSITORY_KEY,
    schedules: { daily: DAILY },
    ...props,
  });
}

/** A store of Google Cloud or Azure that refuses to delete for some days, as a user names an existing one. */
export function lockedBucket(
  stack: TerraformStack,
  kind: ObjectStoreKind,
  lockDays: number,
  protections?: readonly Protection[],
): IObjectStore {
  const google = kind === ObjectStoreKind.GCS;
  return ObjectStore.fromObjectStoreAttributes(stack, "locked", {
    kind,
    cloud: google ? Cloud.GOOGLE : Cloud.AZURE,
    bucketName: "backups",
    region: google ? "EU" : "westeurope",
    endpoint: google ? "storage.googleapis.com" : "platform.blob.core.windows.net",
    ...(google ? { projectId: "platform" } : { accountName: "platform" }),
    lockDays,
    protections,
  });
}
