// Rights of AWS's managed policy AWSBackupServiceRolePolicyForRestores (v35, read 2026-11) for RDS instances, limited to copies of restore testing
// and to the backups of the servers: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForRestores.html.
// Copies are deleted by AWS Backup's service-linked role (AWSServiceRolePolicyForBackupRestoreTesting v3), if they have the tag awsbackup-restore-test. The limits were evaluated as policies, and
// not tried against AWS.

import type { PolicyStatement } from "../private/policy-document";
import type { IRdsServer } from "../rds/rds-server";

/** Prefix of the names of copies. @see https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html @internal */
export const COPY_PREFIX = "awsbackup-restore-test-";

/** Rights to restore servers into copies. @internal */
export function restoreTestingStatements(
  servers: readonly IRdsServer[],
  partition: string,
): PolicyStatement[] {
  const rds = `arn:${partition}:rds:*:*`;
  const keys = [...new Set(servers.map(({ encryptionKey }) => encryptionKey.arn))];
  return [
    allow(
      "Read",
      [
        "rds:DescribeDBInstances",
        "rds:DescribeDBSnapshots",
        "rds:ListTagsForResource",
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcs",
      ],
      "*",
    ),
    allow(
      "RestoreCopies",
      ["rds:RestoreDBInstanceFromDBSnapshot", "rds:CreateDBInstance", "rds:AddTagsToResource"],
      [
        `${rds}:db:${COPY_PREFIX}*`,
        `${rds}:snapshot:awsbackup:*`,
        `${rds}:subgrp:*`,
        `${rds}:pg:*`,
        `${rds}:og:*`,
      ],
    ),
    allow("DeleteCopies", "rds:DeleteDBInstance", `${rds}:db:${COPY_PREFIX}*`),
    allow("DescribeKeys", "kms:DescribeKey", keys),
    {
      ...allow("KeysOfCopies", "kms:CreateGrant", keys),
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

function allow(
  Sid: string,
  Action: string | readonly string[],
  Resource: string | readonly string[],
): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource };
}
