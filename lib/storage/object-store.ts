import type { ITerraformDependable } from "cdktf";
import type { IConstruct } from "constructs";
import type { Cloud, IGrant, IWorkloadIdentity } from "../database";

/** The protocol that a store of objects speaks. */
export enum ObjectStoreKind {
  /** Amazon S3, or what speaks its protocol. */
  S3 = "s3",
  /** Google Cloud Storage. */
  GCS = "gcs",
  /** Azure Blob Storage. */
  AZURE_BLOB = "azure-blob",
}

/** One place for objects, whoever runs it: an S3 or GCS bucket, or a container of an Azure storage account. */
export interface IObjectStore extends IConstruct {
  /** The protocol. */
  readonly kind: ObjectStoreKind;
  /** The cloud that runs it. */
  readonly cloud: Cloud;
  /** The name of the bucket, or of the container on Azure; may be a token. */
  readonly bucketName: string;
  /** The region, in the cloud's own words; may be a token. */
  readonly region: string;
  /** The host at which clients find it, such as `s3.eu-central-1.amazonaws.com`; may be a token. */
  readonly endpoint: string;
  /** The storage account (Azure only). @default - none */
  readonly accountName?: string;
  /** The project (Google only). @default - none */
  readonly projectId?: string;
  /** What has to exist before anybody uses it. */
  readonly dependables: ITerraformDependable[];

  /**
   * Lets an identity read, write, delete and list the objects of this store, and nothing else. Asking twice changes nothing. A
   * store that the library does not make grants nothing: it says so in the review, and access is the user's to give.
   *
   * @param identity the identity; one of another cloud is an error at synth.
   */
  grantReadWrite(identity: IWorkloadIdentity): IGrant;
}
