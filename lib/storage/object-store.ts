import type { ITerraformDependable } from "cdktf";
import type { IConstruct } from "constructs";
import type { Cloud, IGrant, IWorkloadIdentity, Protection } from "../database";

/** API of an object store. */
export enum ObjectStoreKind {
  /** Amazon S3, or an S3-compatible store. */
  S3 = "s3",
  /** Google Cloud Storage. */
  GCS = "gcs",
  /** Azure Blob Storage. */
  AZURE_BLOB = "azure-blob",
}

/** An object store on any cloud or self-managed: an S3 or Cloud Storage bucket, or an Azure blob container. */
export interface IObjectStore extends IConstruct {
  /** API of the store. */
  readonly kind: ObjectStoreKind;
  /** Cloud of the store. */
  readonly cloud: Cloud;
  /** Name of the bucket, or of the blob container on Azure; may be a token. */
  readonly bucketName: string;
  /** Region, in the cloud's spelling; may be a token. */
  readonly region: string;
  /** Host of the API, such as `s3.eu-central-1.amazonaws.com`; may be a token. */
  readonly endpoint: string;
  /** Storage account (Azure only). @default - none */
  readonly accountName?: string;
  /** Project id (Google Cloud only). @default - none */
  readonly projectId?: string;
  /** Mechanisms that protect the objects. Not set if they are not known, as for an existing store; an empty list says that there are none. */
  readonly protections?: readonly Protection[];
  /**
   * Days after a write during which the store refuses to delete what was written: Object Lock of S3 for each version of an object, a
   * retention policy of Cloud Storage, an immutability policy of Azure. May be a token. @default - no lock, or not known
   */
  readonly lockDays?: number;
  /** Resources that must exist before the store is used. */
  readonly dependables: ITerraformDependable[];

  /**
   * Grants an identity permission to read, write, delete and list the objects of this store; granting it again changes nothing. An
   * existing store (`ObjectStore.fromObjectStoreAttributes`) grants nothing and warns instead.
   *
   * @param identity the identity; an identity of another cloud is an error at synth.
   */
  grantReadWrite(identity: IWorkloadIdentity): IGrant;

  /**
   * Grants an identity permission to sign URLs of objects without a key, with which clients that have no credentials read or write
   * one object for some minutes; beside `grantReadWrite`. GitLab and its registry sign, and Velero does. On Google Cloud and Azure
   * reading and writing do not include it; on AWS every identity signs with its own credentials, and nothing is granted.
   *
   * @param identity the identity; an identity of another cloud is an error at synth.
   */
  grantSignUrls(identity: IWorkloadIdentity): IGrant;

  /**
   * Grants an identity permission to set tags of the objects that it writes; beside `grantReadWrite`. Velero's plugin for S3 sets them
   * with every object. Not set where writing includes it.
   *
   * @param identity the identity; an identity of another cloud is an error at synth.
   */
  grantTagObjects?(identity: IWorkloadIdentity): IGrant;
}
