// Versioning and replication of S3 as protections.

import { type Protection, RecoveryScenario } from "../../database";

const VERSIONING = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/RestoringPreviousVersions.html";
const REPLICATION = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html";

/** S3 Versioning of a bucket: removing a delete marker brings an object back. @internal */
export function versioningProtection(bucketName: string, region: string, noncurrentDays: number): Protection {
  const list = (what: string) =>
    `aws s3api list-object-versions --region "${region}" --bucket "${bucketName}" --prefix "$PREFIX" --query "${what}[?IsLatest && LastModified>='$DELETED_AFTER'].[Key,VersionId]" --output text`;
  return {
    mechanism: "S3 Versioning",
    location: `${region}, the bucket ${bucketName}`,
    region,
    retentionDays: noncurrentDays,
    lossMinutes: 0,
    procedures: [
      {
        scenarios: [RecoveryScenario.DELETED_OBJECTS],
        steps: [
          {
            title: `Remove the delete markers in ${bucketName}`,
            inputs: [
              { name: "PREFIX", description: "Prefix of the deleted objects", example: "workspaces/" },
              {
                name: "DELETED_AFTER",
                description: "Time before the deletion, in UTC",
                example: "2026-11-27T08:00:00Z",
              },
            ],
            commands: [
              `${list("DeleteMarkers")} > delete-markers.tsv`,
              'grep -v "^None" delete-markers.tsv | wc -l',
              `grep -v "^None" delete-markers.tsv | while IFS=$'\\t' read -r key version; do\n  aws s3api delete-object --region "${region}" --bucket "${bucketName}" --key "$key" --version-id "$version"\ndone`,
            ],
            permissions: ["s3:ListBucketVersions", "s3:DeleteObjectVersion"],
            notes: [
              'Look at the number of the second command before the third. Overwritten objects have no delete marker: copy their earlier version over the current one with `aws s3api copy-object --copy-source "bucket/key?versionId=..."`.',
            ],
            verify: [
              `aws s3 ls "s3://${bucketName}/$PREFIX" --region "${region}" --recursive --summarize | tail -2`,
            ],
            undo: [
              `grep -v "^None" delete-markers.tsv | while IFS=$'\\t' read -r key version; do\n  aws s3api delete-object --region "${region}" --bucket "${bucketName}" --key "$key"\ndone`,
            ],
            source: VERSIONING,
          },
        ],
      },
    ],
    limits: ["Deleted versions do not come back, and noncurrent versions expire."],
    source: VERSIONING,
  };
}

/** Cross-Region Replication of a bucket. @internal */
export function replicationProtection(replication: {
  readonly source: string;
  readonly destination: string;
  readonly region: string;
  readonly keyArn?: string;
  readonly timeControl: boolean;
}): Protection {
  const { source, destination, region, keyArn } = replication;
  return {
    mechanism: "S3 Cross-Region Replication",
    location: `${region}, the bucket ${destination}`,
    region,
    // Without Replication Time Control S3 promises no time.
    lossMinutes: replication.timeControl ? 15 : undefined,
    keys:
      keyArn === undefined
        ? undefined
        : [
            {
              name: `KMS key ${keyArn}`,
              location: `AWS KMS, ${region}`,
              check: `aws kms describe-key --region "${region}" --key-id "${keyArn}" --query 'KeyMetadata.[KeyState,Enabled]' --output text`,
            },
          ],
    procedures: [
      {
        scenarios: [RecoveryScenario.LOST_REGION],
        steps: [
          {
            title: `Use the replica ${destination} instead of ${source}`,
            programChange: `// The replica becomes the store of the application in the stack of the other region.\nS3Bucket.fromBucketAttributes(this, "objects", { bucketName: "${destination}" });`,
            permissions: [
              "s3:ListBucket",
              "s3:GetObject",
              "s3:PutObject",
              "kms:Decrypt",
              "kms:GenerateDataKey",
            ],
            verify: [
              `aws s3 ls "s3://${destination}" --region "${region}" --recursive --summarize | tail -2`,
            ],
            source: REPLICATION,
          },
        ],
      },
    ],
    limits: [
      "Objects that existed before the replication are not in the copy, unless S3 Batch Replication was run once.",
    ],
    source: REPLICATION,
  };
}
