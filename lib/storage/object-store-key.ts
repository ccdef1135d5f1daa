import type { SecretValue } from "../database";
import { ObjectStoreKind } from "./object-store";

/**
 * Access key of an object store, for applications without workload identities. The library creates none, since each cloud's
 * resource for a key writes it to the state: create it outside Terraform and pass it as a `SecretValue` from a secret store or an
 * ephemeral variable.
 *
 * @example
 * const key = ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLE", secret);
 */
export class ObjectStoreKey {
  /**
   * Access key of an IAM user or of an S3-compatible store.
   *
   * @param accessKeyId the access key id, which is not secret; may be a token.
   * @param secretAccessKey the secret access key.
   */
  public static s3(accessKeyId: string, secretAccessKey: SecretValue): ObjectStoreKey {
    return new ObjectStoreKey(ObjectStoreKind.S3, secretAccessKey, accessKeyId);
  }

  /**
   * Key file of a Google service account.
   *
   * @param serviceAccountJson JSON text of the key file.
   */
  public static gcs(serviceAccountJson: SecretValue): ObjectStoreKey {
    return new ObjectStoreKey(ObjectStoreKind.GCS, serviceAccountJson, undefined);
  }

  /**
   * Account key of an Azure storage account. It gives access to the whole account.
   *
   * @param accountName name of the storage account, which is not secret; may be a token.
   * @param accountKey the account key.
   */
  public static azureBlob(accountName: string, accountKey: SecretValue): ObjectStoreKey {
    return new ObjectStoreKey(ObjectStoreKind.AZURE_BLOB, accountKey, accountName);
  }

  /** API for which the key is. */
  public readonly kind: ObjectStoreKind;
  /** Secret part of the key. */
  public readonly secret: SecretValue;
  /** Part that is not secret: the access key id (S3) or the name of the storage account (Azure). */
  public readonly name?: string;

  private constructor(kind: ObjectStoreKind, secret: SecretValue, name: string | undefined) {
    this.kind = kind;
    this.secret = secret;
    this.name = name;
  }
}
