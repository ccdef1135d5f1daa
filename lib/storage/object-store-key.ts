import type { SecretValue } from "../database";
import { ObjectStoreKind } from "./object-store";

/**
 * A key to a store, for applications that know no identities. The library makes none, since every cloud's resource for a key
 * writes it into the state: make one beside Terraform and hand it over as a `SecretValue`, out of a secret store or an
 * ephemeral variable.
 *
 * @example
 * const key = ObjectStoreKey.s3("AKIAIOSFODNN7EXAMPLE", secret);
 */
export class ObjectStoreKey {
  /**
   * An access key of an IAM user, or of what speaks S3's protocol.
   *
   * @param accessKeyId the access key's id, which is no secret; may be a token.
   * @param secretAccessKey the secret.
   */
  public static s3(accessKeyId: string, secretAccessKey: SecretValue): ObjectStoreKey {
    return new ObjectStoreKey(ObjectStoreKind.S3, secretAccessKey, accessKeyId);
  }

  /**
   * A key file of a Google service account.
   *
   * @param serviceAccountJson the file's JSON text.
   */
  public static gcs(serviceAccountJson: SecretValue): ObjectStoreKey {
    return new ObjectStoreKey(ObjectStoreKind.GCS, serviceAccountJson, undefined);
  }

  /**
   * A key of an Azure storage account. It opens the whole account.
   *
   * @param accountName the account's name, which is no secret; may be a token.
   * @param accountKey the key.
   */
  public static azureBlob(accountName: string, accountKey: SecretValue): ObjectStoreKey {
    return new ObjectStoreKey(ObjectStoreKind.AZURE_BLOB, accountKey, accountName);
  }

  /** The protocol that the key is for. */
  public readonly kind: ObjectStoreKind;
  /** The secret half. */
  public readonly secret: SecretValue;
  /** The half that is no secret: the access key's id (S3) or the account's name (Azure). */
  public readonly name?: string;

  private constructor(kind: ObjectStoreKind, secret: SecretValue, name: string | undefined) {
    this.kind = kind;
    this.secret = secret;
    this.name = name;
  }
}
