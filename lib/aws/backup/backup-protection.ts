// Recovery points of AWS Backup as protections: how far back, the loss to expect, and the commands of a restore. Those of servers are DB
// snapshots, from which RDS restores directly. Not run against AWS.

import { type Protection, type RecoveryKey, RecoveryScenario, type RestoreStep } from "../../database";
import { rdsKey } from "../rds/rds-protection";
import type { IRdsServer } from "../rds/rds-server";
import type { IS3Bucket } from "../s3/s3-bucket";
import type { ReadRule } from "./backup-rule";
import type { IAwsBackupVault } from "./backup-vault";

const GUIDE = "https://docs.aws.amazon.com/aws-backup/latest/devguide";
const RESTORE_RDS = `${GUIDE}/restoring-rds.html`;
const RESTORE_S3 = `${GUIDE}/restoring-s3.html`;

/** Recovery points of a rule in one vault. @internal */
interface Points {
  readonly rule: ReadRule;
  readonly vault: IAwsBackupVault;
  readonly retentionDays: number;
  readonly copy: boolean;
  readonly otherRegion: boolean;
  readonly otherAccount: boolean;
}

/** Recovery points of a rule in the vault of the plan, as a mechanism of protection. @internal */
export function ruleMechanism(name: string): string {
  return `AWS Backup rule ${name}`;
}

function pointsOf(rules: readonly ReadRule[], vault: IAwsBackupVault): Points[] {
  return rules.flatMap((rule) => [
    {
      rule,
      vault,
      retentionDays: rule.rule.retentionDays,
      copy: false,
      otherRegion: false,
      otherAccount: false,
    },
    ...(rule.rule.copies ?? []).map((copy) => ({
      rule,
      vault: copy.vault,
      retentionDays: copy.retentionDays ?? rule.rule.retentionDays,
      copy: true,
      otherRegion: copy.otherRegion ?? true,
      otherAccount: copy.otherAccount ?? false,
    })),
  ]);
}

/** Protections of a server. @internal */
export function serverBackups(
  rules: readonly ReadRule[],
  vault: IAwsBackupVault,
  server: IRdsServer,
): Protection[] {
  return pointsOf(rules, vault).map((points) => {
    const steps = [
      ...(points.otherAccount ? [copyBack(points)] : []),
      find(points, server.instanceRef.arn),
      restoreServer(points, server),
    ];
    return {
      ...common(points, points.rule.rule.continuous && !points.copy ? 5 : undefined),
      keys: [points.copy ? vaultKey(points.vault) : rdsKey(server.encryptionKey.arn, points.vault.region)],
      procedures: [
        {
          scenarios: points.otherRegion
            ? [RecoveryScenario.LOST_REGION]
            : [RecoveryScenario.LOST_DATABASE, RecoveryScenario.BAD_MIGRATION],
          steps,
        },
      ],
      source: RESTORE_RDS,
    };
  });
}

/** Protections of a bucket. @internal */
export function bucketBackups(
  rules: readonly ReadRule[],
  vault: IAwsBackupVault,
  bucket: IS3Bucket,
  restoreRoleArn: string,
): Protection[] {
  return pointsOf(rules, vault).map((points) => ({
    ...common(points, points.rule.rule.continuous && !points.copy ? 15 : undefined),
    keys: [vaultKey(points.vault)],
    procedures: [
      {
        scenarios: [points.otherRegion ? RecoveryScenario.LOST_REGION : RecoveryScenario.DELETED_OBJECTS],
        steps: [
          ...(points.otherAccount ? [copyBack(points)] : []),
          find(points, bucket.arn),
          restoreBucket(points, bucket, restoreRoleArn),
        ],
      },
    ],
    source: RESTORE_S3,
  }));
}

function common(points: Points, continuousLossMinutes: number | undefined) {
  const { rule, vault, retentionDays, copy } = points;
  // A backup begins in the start window, so that two of them may be further apart than the schedule says.
  const snapshots = rule.cron && rule.cron.longestGapMinutes + rule.startWindowMinutes;
  return {
    mechanism: `${ruleMechanism(rule.name)}${copy ? ", copies" : ""}`,
    location: `${vault.region}, backup vault ${vault.vaultName}${points.otherAccount ? ` of account ${vault.accountId}` : ""}`,
    region: vault.region,
    retentionDays,
    lossMinutes: continuousLossMinutes ?? snapshots,
    limits: [
      ...(copy ? ["The time of the copy adds to the loss."] : []),
      ...(points.otherAccount
        ? ["A restore begins in the other account, with a copy back to this one."]
        : []),
    ],
  };
}

function vaultKey({ encryptionKey, vaultName, region }: IAwsBackupVault): RecoveryKey {
  if (encryptionKey) return rdsKey(encryptionKey.arn, region);
  return { name: `KMS key of the backup vault ${vaultName}`, location: `AWS KMS, ${region}` };
}

function copyBack({ vault }: Points): RestoreStep {
  return {
    title: `Copy the recovery point of ${vault.vaultName} back to this account`,
    notes: [
      `In the account ${vault.accountId}: start a copy job of the recovery point to the vault of this account (\`aws backup start-copy-job\`), and restore the copy.`,
    ],
    permissions: ["backup:StartCopyJob", "backup:CopyIntoBackupVault", "iam:PassRole"],
    source: `${GUIDE}/create-cross-account-backup.html`,
  };
}

function find({ vault }: Points, resourceArn: string): RestoreStep {
  return {
    title: `Choose a recovery point in ${vault.vaultName}`,
    commands: [
      `aws backup list-recovery-points-by-backup-vault --region "${vault.region}" --backup-vault-name "${vault.vaultName}" --by-resource-arn "${resourceArn}" --query "sort_by(RecoveryPoints,&CreationDate)[].[CreationDate,Status,RecoveryPointArn]" --output table`,
    ],
    permissions: ["backup:ListRecoveryPointsByBackupVault"],
    notes: ["Its status is COMPLETED, and its time is before the damage."],
    source: `${GUIDE}/API_ListRecoveryPointsByBackupVault.html`,
  };
}

function restoreServer({ vault, otherRegion, rule, copy }: Points, server: IRdsServer): RestoreStep {
  const id = server.node.id;
  const continuous = rule.rule.continuous === true && !copy;
  return {
    title: `Restore ${server.identifier} from the recovery point`,
    programChange: [
      otherRegion
        ? `// In the stack of the other region, ${vault.region}.`
        : `// ${server.node.path}: RdsServer becomes a restored server, with the same id and the same other properties.`,
      ...(continuous
        ? [
            `new RdsServerFromPointInTime(this, "${id}", {`,
            "  ...serverProps,",
            '  sourceResourceId: "db-...", // of `aws rds describe-db-instance-automated-backups`',
            '  restoreTime: "2026-11-27T08:00:00Z", // the time before the damage, in UTC',
          ]
        : [
            `new RdsServerFromSnapshot(this, "${id}", {`,
            "  ...serverProps,",
            '  snapshotIdentifier: "arn:aws:rds:...:snapshot:awsbackup:...", // the ARN of the recovery point',
          ]),
      "});",
    ].join("\n"),
    permissions: [
      "rds:DescribeDBSnapshots",
      "rds:RestoreDBInstanceFromDBSnapshot",
      "rds:ModifyDBInstance",
      "rds:AddTagsToResource",
      "kms:DescribeKey",
      "kms:CreateGrant",
    ],
    notes: [
      "A damaged server that is still there is renamed and forgotten by Terraform first, as for its automated backups: `aws rds modify-db-instance --new-db-instance-identifier` and `terraform state rm`.",
    ],
    source: RESTORE_RDS,
  };
}

function restoreBucket({ vault, otherRegion }: Points, bucket: IS3Bucket, roleArn: string): RestoreStep {
  const target = otherRegion ? "$TARGET_BUCKET" : bucket.bucketName;
  return {
    title: otherRegion
      ? `Restore the objects of ${bucket.bucketName} into a bucket of ${vault.region}`
      : `Restore the objects of ${bucket.bucketName}`,
    inputs: [
      {
        name: "RECOVERY_POINT",
        description: "ARN of the recovery point of the step before",
        example: "arn:aws:backup:eu-central-1:123456789012:recovery-point:objects-20261127",
      },
      ...(otherRegion
        ? [
            {
              name: "TARGET_BUCKET",
              description: "New bucket with versioning, in the region of the vault",
              example: "platform-objects-restored",
            },
          ]
        : []),
    ],
    commands: [
      `aws backup start-restore-job --region "${vault.region}" --recovery-point-arn "$RECOVERY_POINT" --iam-role-arn "${roleArn}" --resource-type S3 --metadata "DestinationBucketName=${target},NewBucket=false" --query RestoreJobId --output text`,
    ],
    permissions: ["backup:StartRestoreJob", "backup:DescribeRestoreJob", "iam:PassRole"],
    notes: [
      "Restored objects become the current versions; objects that are in the bucket and not in the backup stay. The console can restore up to five prefixes only.",
      ...(otherRegion ? ["Give the role write access to the new bucket first."] : []),
    ],
    verify: [
      `aws backup list-restore-jobs --region "${vault.region}" --by-resource-type S3 --query "RestoreJobs[].[CreationDate,Status,StatusMessage]" --output table`,
      `aws s3 ls "s3://${target}" --region "${vault.region}" --recursive --summarize | tail -2`,
    ],
    source: RESTORE_S3,
  };
}
