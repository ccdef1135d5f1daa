import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Cloud, Protection } from "../database";
import type { IObjectStore, ObjectStoreKind } from "./object-store";
import { ImportedObjectStore } from "./private/imported-object-store";

/** Attributes of an existing object store. */
export interface ObjectStoreAttributes {
  /** API of the store. */
  readonly kind: ObjectStoreKind;
  /** Name of the bucket, or of the blob container on Azure; may be a token. */
  readonly bucketName: string;
  /** Region, in the cloud's spelling; for a self-managed store the region that clients sign requests with. May be a token. */
  readonly region: string;
  /** Host of the API, such as `s3.eu-central-1.amazonaws.com`, without scheme and path, with a port if it is not 443; may be a token. */
  readonly endpoint: string;
  /** Cloud of the store. @default Cloud.SELF_MANAGED */
  readonly cloud?: Cloud;
  /** Storage account; required for the API of Azure Blob Storage, refused for others. May be a token. @default - none */
  readonly accountName?: string;
  /** Project id; required for the API of Cloud Storage, refused for others. May be a token. @default - none */
  readonly projectId?: string;
  /** Mechanisms that protect the objects. @default - not known */
  readonly protections?: readonly Protection[];
  /** Days after a write during which the store refuses to delete what was written, 1 to 36500; may be a token. @default - no lock, or not known */
  readonly lockDays?: number;
  /** Resources that must exist before the store is used. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** References to object stores that this program does not create. */
export class ObjectStore {
  /**
   * An existing bucket or blob container; creates no resources and grants no access. Access, encryption, versioning and
   * public-access settings of the store are managed elsewhere. The rooms of the clouds have references that know the endpoint and
   * grant access: `S3Bucket.fromBucketAttributes`, `GcsBucket.fromBucketAttributes`, `BlobContainer.fromContainerAttributes`.
   *
   * @param scope the scope.
   * @param id the construct id.
   * @param attrs the attributes of the store.
   *
   * @example
   * const store = ObjectStore.fromObjectStoreAttributes(this, "store", {
   *   kind: ObjectStoreKind.S3,
   *   bucketName: "platform-gitpod",
   *   region: "eu-central-1",
   *   endpoint: "objects.internal.example.com",
   * });
   */
  public static fromObjectStoreAttributes(
    scope: Construct,
    id: string,
    attrs: ObjectStoreAttributes,
  ): IObjectStore {
    return new ImportedObjectStore(scope, id, attrs);
  }

  private constructor() {}
}
