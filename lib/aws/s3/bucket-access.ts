// Who may do what with a bucket: the policies of those who read and write, and the one that the bucket itself has.

import { type PolicyStatement, policyDocument } from "../private/policy-document";

/** What a policy has to know of a bucket. @internal */
export interface BucketFacts {
  readonly arn: string;
  /** The host of S3 in the bucket's region. */
  readonly endpoint: string;
  readonly encryptionKeyArn?: string;
}

/**
 * Reading, writing, deleting and listing the objects of one bucket. Old versions are left out on purpose: who gets hold of the
 * identity cannot delete what versioning keeps.
 *
 * @internal
 */
export function readWritePolicy(bucket: BucketFacts): string {
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
  if (bucket.encryptionKeyArn !== undefined) {
    // An upload in parts also decrypts: S3 user guide, "Multipart upload API and permissions".
    statements.push({
      Sid: "Key",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: bucket.encryptionKeyArn,
      // By way of S3 only: with the key alone nobody decrypts anything else.
      Condition: { StringEquals: { "kms:ViaService": bucket.endpoint } },
    });
  }
  return policyDocument(...statements);
}

/**
 * What a bucket refuses, whoever asks and whatever their policies allow.
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
