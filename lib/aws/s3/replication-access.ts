// What S3 may do while it copies one bucket to another one. Source: S3 user guide, "Setting up permissions for live
// replication", read 2026-11; of "Replicating encrypted objects" only the first part was read then, and its rights on keys are
// remembered [rec].

import type { PolicyStatement } from "../private/policy-document";
import type { BucketFacts } from "./bucket-access";

/** @internal */
export function replicationStatements(source: BucketFacts, destination: BucketFacts): PolicyStatement[] {
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
      Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      Resource: `${source.arn}/*`,
    },
    {
      Sid: "Copies",
      Effect: "Allow",
      Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
      Resource: `${destination.arn}/*`,
    },
  ];
  if (source.encryptionKeyArn !== undefined) {
    statements.push(keyStatement("SourceKey", ["kms:Decrypt"], source, source.encryptionKeyArn));
  }
  if (destination.encryptionKeyArn !== undefined) {
    // The guide's example is said to have kms:Encrypt alone; modules in use have it with and without kms:GenerateDataKey, with
    // which S3 encrypts in every other case. Whether replication needs it, as with a bucket key, is not confirmed [rec]. It gives
    // no more than Encrypt does: nobody reads with it what is there.
    const actions = ["kms:Encrypt", "kms:GenerateDataKey"];
    statements.push(keyStatement("CopiesKey", actions, destination, destination.encryptionKeyArn));
  }
  return statements;
}

// By way of S3 in the key's region, and for the bucket's objects only: S3 names the bucket where it has a bucket key, and the
// object where it has none.
function keyStatement(Sid: string, Action: string[], bucket: BucketFacts, key: string): PolicyStatement {
  return {
    Sid,
    Effect: "Allow",
    Action,
    Resource: key,
    Condition: {
      StringEquals: { "kms:ViaService": bucket.endpoint },
      StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket.arn, `${bucket.arn}/*`] },
    },
  };
}
