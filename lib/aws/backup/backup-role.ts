// Roles that AWS Backup assumes, with the rights of AWS's managed policies for RDS and S3, limited to the servers, buckets, keys and vaults
// of the plan: AWSBackupServiceRolePolicyForBackup v30, AWSBackupServiceRolePolicyForS3Backup v5 and AWSBackupServiceRolePolicyForS3Restore
// v2, read 2026-11 (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html). The limits
// were evaluated as policies, and not tried against AWS.

import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { physicalName } from "../../database/private";
import { type PolicyStatement, policyDocument } from "../private/policy-document";
import { shortened } from "../private/short-names";
import type { IRdsServer } from "../rds/rds-server";
import type { IS3Bucket } from "../s3/s3-bucket";
import type { IAwsBackupVault } from "./backup-vault";

/** @internal */
export interface BackupRoleOptions {
  readonly description: string;
  readonly statements: readonly PolicyStatement[];
  readonly permissionsBoundaryArn?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** A role that AWS Backup assumes. @internal */
export interface BackupRole {
  readonly role: IamRole;
  /** The role with its rights: a backup before them would fail. */
  readonly policy: IamRolePolicy;
}

/** @internal */
export function backupRole(scope: Construct, id: string, options: BackupRoleOptions): BackupRole {
  const { tags, provider, dependsOn } = options;
  const role = new IamRole(scope, id, {
    // IAM allows 38 characters in a name prefix.
    namePrefix: `${shortened(physicalName(scope, 37), 37)}-`,
    description: options.description,
    // No condition on aws:SourceAccount: AWS Backup is not documented to send it, and a role cannot be passed to another account.
    assumeRolePolicy: policyDocument({
      Sid: "Backup",
      Effect: "Allow",
      Principal: { Service: "backup.amazonaws.com" },
      Action: "sts:AssumeRole",
    }),
    permissionsBoundary: options.permissionsBoundaryArn,
    tags,
    provider,
    dependsOn,
  });
  const policy = new IamRolePolicy(scope, `${id}Policy`, {
    role: role.name,
    policy: policyDocument(...options.statements),
    provider,
  });
  return { role, policy };
}

/** @internal */
export interface BackupTargets {
  readonly servers: readonly IRdsServer[];
  readonly buckets: readonly IS3Bucket[];
  /** Vaults of copies. */
  readonly copies: readonly IAwsBackupVault[];
  readonly vault: IAwsBackupVault;
  /** True if servers have continuous backups. */
  readonly continuous: boolean;
  readonly partition: string;
}

/** Rights to back up. @internal */
export function backupStatements(targets: BackupTargets): PolicyStatement[] {
  const { servers, buckets, copies, vault, partition } = targets;
  const snapshots = `arn:${partition}:rds:*:*:snapshot:awsbackup:*`;
  const serverArns = unique(servers.map((server) => server.instanceRef.arn));
  const keys = unique([
    ...servers.map((server) => server.encryptionKey.arn),
    ...copies.flatMap((copy) => copy.encryptionKey?.arn ?? []),
  ]);
  return [
    allow(
      "Vaults",
      ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"],
      [vault.arn, ...copies.map(({ arn }) => arn)],
    ),
    allow("Find", ["tag:GetResources", "backup:CopyFromBackupVault"], "*"),
    allow("TagRecoveryPoints", "backup:TagResource", `arn:${partition}:backup:*:*:recovery-point:*`),
    ...(servers.length === 0
      ? []
      : [
          allow(
            "ReadServers",
            ["rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "rds:ListTagsForResource"],
            "*",
          ),
          allow(
            "TakeSnapshots",
            ["rds:CreateDBSnapshot", "rds:AddTagsToResource"],
            [...serverArns, snapshots],
          ),
          allow(
            "Snapshots",
            ["rds:CopyDBSnapshot", "rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute"],
            snapshots,
          ),
          ...(targets.continuous
            ? [
                allow("ContinuousBackups", "rds:ModifyDBInstance", serverArns),
                allow(
                  "EndContinuousBackups",
                  "rds:DeleteDBInstanceAutomatedBackup",
                  `arn:${partition}:rds:*:*:auto-backup:*`,
                ),
              ]
            : []),
          allow("DescribeKeys", "kms:DescribeKey", copies.length > 0 ? "*" : keys),
          {
            // Copies to another account are encrypted with a key whose ARN this program does not know.
            ...allow("KeysOfSnapshots", "kms:CreateGrant", copies.some(isOfOthers) ? "*" : keys),
            Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
          },
        ]),
    ...bucketStatements(buckets, partition),
  ];
}

function bucketStatements(buckets: readonly IS3Bucket[], partition: string): PolicyStatement[] {
  if (buckets.length === 0) return [];
  const arns = unique(buckets.map(({ arn }) => arn));
  const keys = keysOf(buckets);
  return [
    allow(
      "ReadBuckets",
      [
        "s3:GetBucketTagging",
        "s3:GetInventoryConfiguration",
        "s3:ListBucketVersions",
        "s3:ListBucket",
        "s3:ListTagsForResource",
        "s3:GetBucketVersioning",
        "s3:GetBucketLocation",
        "s3:GetBucketAcl",
        "s3:PutInventoryConfiguration",
        "s3:GetBucketNotification",
        "s3:PutBucketNotification",
      ],
      arns,
    ),
    allow(
      "ReadObjects",
      [
        "s3:GetObject",
        "s3:GetObjectAcl",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
      ],
      arns.map((arn) => `${arn}/*`),
    ),
    allow("ListBuckets", ["s3:ListAllMyBuckets", "cloudwatch:GetMetricData", "events:ListRules"], "*"),
    // AWS Backup learns from events which objects have changed.
    allow(
      "WatchBuckets",
      [
        "events:DeleteRule",
        "events:DescribeRule",
        "events:DisableRule",
        "events:EnableRule",
        "events:ListTargetsByRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
      ],
      `arn:${partition}:events:*:*:rule/AwsBackupManagedRule*`,
    ),
    ...(keys.length === 0
      ? []
      : [{ ...allow("ReadEncryptedObjects", ["kms:Decrypt", "kms:DescribeKey"], keys), ...VIA_S3 }]),
  ];
}

/** Rights to restore objects into the buckets that they come from. @internal */
export function bucketRestoreStatements(buckets: readonly IS3Bucket[]): PolicyStatement[] {
  const arns = unique(buckets.map(({ arn }) => arn));
  const keys = keysOf(buckets);
  return [
    allow(
      "Buckets",
      [
        "s3:GetBucketLocation",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketVersioning",
        "s3:ListBucket",
        "s3:ListBucketVersions",
      ],
      arns,
    ),
    allow(
      "Objects",
      [
        "s3:GetObject",
        "s3:GetObjectAcl",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAcl",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:PutObjectTagging",
        "s3:PutObjectVersionAcl",
      ],
      arns.map((arn) => `${arn}/*`),
    ),
    ...(keys.length === 0
      ? []
      : [{ ...allow("Keys", ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"], keys), ...VIA_S3 }]),
  ];
}

const VIA_S3 = { Condition: { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } } };

function keysOf(buckets: readonly IS3Bucket[]): string[] {
  return unique(buckets.flatMap(({ encryptionKey }) => encryptionKey?.arn ?? []));
}

function isOfOthers(vault: IAwsBackupVault): boolean {
  return vault.encryptionKey === undefined;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function allow(
  Sid: string,
  Action: string | readonly string[],
  Resource: string | readonly string[],
): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource };
}
