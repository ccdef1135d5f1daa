// IAM and bucket policies: of identities and users that read and write a bucket, of the bucket itself, and of the role with which
// S3 replicates it.

import type { IConstruct } from "constructs";
import type { IGrant, IWorkloadIdentity } from "../../database";
import { namingPath, shortHash } from "../../database/private";
import type { IdentityGrants } from "../../storage/private";
import type { IAwsWorkloadIdentity } from "../identity/workload-role";
import { type PolicyStatement, policyDocument } from "../private/policy-document";
import type { IEncryptionKey } from "../secrets/encryption-key";

/** The attributes of a bucket that policies refer to. @internal */
export interface PolicyBucket {
  readonly arn: string;
  /** Host name of S3 in the bucket's region. */
  readonly endpoint: string;
  readonly encryptionKey?: IEncryptionKey;
  /** Days of its Object Lock. */
  readonly lockDays?: number;
}

/**
 * Allows reading, writing, deleting and listing the objects of one bucket. Noncurrent versions are left out on purpose: a stolen
 * identity cannot delete the versions that versioning keeps.
 *
 * @internal
 */
export function readWritePolicy(bucket: PolicyBucket): string {
  const statements: PolicyStatement[] = [
    {
      Sid: "Bucket",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      Resource: bucket.arn,
    },
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: `${bucket.arn}/*`,
    },
  ];
  if (bucket.encryptionKey !== undefined) {
    // A multipart upload also decrypts: S3 user guide, "Multipart upload API and permissions".
    statements.push({
      Sid: "Key",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: bucket.encryptionKey.arn,
      // Through S3 only: the key decrypts nothing else for the identity.
      Condition: { StringEquals: { "kms:ViaService": bucket.endpoint } },
    });
  }
  return policyDocument(...statements);
}

/**
 * Adds the policy to the role of an identity, once.
 *
 * @param bucket the bucket, with the path of its construct.
 * @param grants the bucket's grants.
 * @param identity the identity.
 *
 * @internal
 */
export function grantBucketReadWrite(
  bucket: PolicyBucket & IConstruct,
  grants: IdentityGrants,
  identity: IWorkloadIdentity,
): IGrant {
  const role = identity as IAwsWorkloadIdentity;
  return grants.grant(identity, role.addPolicy, "IrsaIdentity or PodIdentity", () => ({
    dependables: [role.addPolicy(`Bucket-${shortHash(namingPath(bucket))}`, readWritePolicy(bucket))],
  }));
}

/**
 * Adds the permission to set tags of objects to the role of an identity, once.
 *
 * @param bucket the bucket, with the path of its construct.
 * @param grants the bucket's grants of tags.
 * @param identity the identity.
 *
 * @internal
 */
export function grantBucketTags(
  bucket: PolicyBucket & IConstruct,
  grants: IdentityGrants,
  identity: IWorkloadIdentity,
): IGrant {
  const role = identity as IAwsWorkloadIdentity;
  return grants.grant(identity, role.addPolicy, "IrsaIdentity or PodIdentity", () => ({
    dependables: [
      role.addPolicy(
        `BucketTags-${shortHash(namingPath(bucket))}`,
        policyDocument({
          Sid: "Tags",
          Effect: "Allow",
          Action: "s3:PutObjectTagging",
          Resource: `${bucket.arn}/*`,
        }),
      ),
    ],
  }));
}

/**
 * The bucket policy: denies requests without TLS to every principal, whatever its policies allow.
 *
 * @internal
 */
export function tlsOnlyPolicy(arn: string): string {
  return policyDocument({
    Sid: "RefusePlainHttp",
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
}

/**
 * The permissions of the replication role. Source: S3 user guide, "Setting up permissions for live replication", read 2026-11; of
 * "Replicating encrypted objects" only the first part was read then, and its permissions on keys are remembered [rec].
 *
 * @internal
 */
export function replicationStatements(source: PolicyBucket, destination: PolicyBucket): PolicyStatement[] {
  const statements: PolicyStatement[] = [
    {
      Sid: "Source",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: source.arn,
    },
    {
      Sid: "SourceObjects",
      Effect: "Allow",
      Action: [
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        // The retention of a locked version goes with it: S3 user guide, "Object Lock considerations".
        ...(source.lockDays === undefined ? [] : ["s3:GetObjectRetention", "s3:GetObjectLegalHold"]),
      ],
      Resource: `${source.arn}/*`,
    },
    {
      Sid: "Copies",
      Effect: "Allow",
      Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
      Resource: `${destination.arn}/*`,
    },
  ];
  if (source.encryptionKey !== undefined) {
    statements.push(keyStatement("SourceKey", ["kms:Decrypt"], source, source.encryptionKey));
  }
  if (destination.encryptionKey !== undefined) {
    // The guide's example is said to have kms:Encrypt alone; published modules have it with and without kms:GenerateDataKey, with
    // which S3 encrypts in every other case. Whether replication needs it, as with a bucket key, is not confirmed [rec]. It allows
    // no more than Encrypt does: it decrypts no existing object.
    const actions = ["kms:Encrypt", "kms:GenerateDataKey"];
    statements.push(keyStatement("CopiesKey", actions, destination, destination.encryptionKey));
  }
  return statements;
}

// Through S3 in the key's region, and for the bucket's objects only: the encryption context names the bucket if the bucket has a
// bucket key, and the object if it has none.
function keyStatement(
  Sid: string,
  Action: string[],
  bucket: PolicyBucket,
  key: IEncryptionKey,
): PolicyStatement {
  return {
    Sid,
    Effect: "Allow",
    Action,
    Resource: key.arn,
    Condition: {
      StringEquals: { "kms:ViaService": bucket.endpoint },
      StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket.arn, `${bucket.arn}/*`] },
    },
  };
}
