/** The rights of AWS Backup, evaluated: its role takes snapshots of the plan's servers and reads its buckets, and deletes neither. */
import { AwsBackupPlan, AwsBackupVault, AwsRestoreTesting, S3Bucket } from "../../../lib/aws";
import { python } from "../../../tools/machine/python-environment";
import { describeWith } from "../../support/describe-with";
import { lintDocuments } from "../../support/scanners/parliament";
import { permitted } from "../../support/scanners/policy-evaluation";
import { synthesize } from "../../support/synth";
import { provider, server } from "../../unit/aws/fixture";

const RDS = "arn:aws:rds:eu-central-1:123456789012";
const SERVER = `${RDS}:db:production`;
const OTHER = `${RDS}:db:other`;
const OWN_SNAPSHOT = `${RDS}:snapshot:awsbackup:job-1`;
const FOREIGN_SNAPSHOTS = [`${RDS}:snapshot:production-final`, `${RDS}:snapshot:rds:production-2026-11-27`];
const VAULT = "arn:aws:backup:eu-central-1:123456789012:backup-vault:vault";
const KEY = "arn:aws:kms:eu-central-1:123456789012:key/one";
const BUCKET = "arn:aws:s3:::objects";

const stack = synthesize((scope) => {
  provider(scope);
  const plan = new AwsBackupPlan(scope, "backups", {
    vault: new AwsBackupVault(scope, "vault"),
    servers: [server(scope)],
    buckets: [new S3Bucket(scope, "objects")],
    rules: { daily: { schedule: "cron(0 1 * * ? *)", retentionDays: 35 } },
  });
  new AwsRestoreTesting(scope, "restores", { plan, schedule: "cron(0 4 ? * * *)" });
});

/** With made-up ARNs in the place of those that AWS gives. */
function known(policy: string): string {
  const text = policy
    .replace(/\$\{data\.aws_partition\.[\w-]+\.partition\}/g, "aws")
    .replace(/\$\{aws_db_instance\.[\w-]+\.arn\}/g, SERVER)
    .replace(/\$\{aws_kms_key\.[\w-]+\.arn\}/g, KEY)
    .replace(/\$\{aws_backup_vault\.[\w-]+\.arn\}/g, VAULT)
    .replace(/\$\{aws_s3_bucket\.[\w-]+\.arn\}/g, BUCKET);
  expect(text).not.toContain("${");
  return text;
}

function roleOf(name: string, construct = "backups"): string[] {
  const policies: { readonly [id: string]: { readonly policy: string } } =
    stack.json.resource.aws_iam_role_policy;
  const found = Object.entries(policies).filter(([id]) => id.startsWith(`${construct}_${name}Policy_`));
  expect(found).toHaveLength(1);
  return found.map(([, { policy }]) => known(policy));
}

const on = (resource: string, actions: readonly string[], conditions?: { readonly [key: string]: string }) =>
  actions.map((action) => ({ action, resource, conditions }));

/** For all resources, as in AWS's managed policy: they read, or are limited by the vaults that take copies. */
const ACCEPTED = [
  "RESOURCE_STAR ['backup:CopyFromBackupVault']",
  "RESOURCE_STAR ['rds:DescribeDBInstances']",
  "RESOURCE_STAR ['ec2:DescribeVpcAttribute', 'rds:DescribeDBInstances']",
];

const CHANGES_OF_SERVERS = [
  "rds:DeleteDBInstance",
  "rds:ModifyDBInstance",
  "rds:StopDBInstance",
  "rds:RebootDBInstance",
  "rds:DeleteDBInstanceAutomatedBackup",
  "rds:RestoreDBInstanceFromDBSnapshot",
  "rds:RestoreDBInstanceToPointInTime",
];

describeWith(
  "rights of AWS Backup",
  () => python("aws"),
  (aws) => {
    test("the plan's role takes snapshots of its server and reads its bucket", () => {
      const requests = [
        ...on(SERVER, ["rds:CreateDBSnapshot", "rds:AddTagsToResource"]),
        ...on(OWN_SNAPSHOT, ["rds:CreateDBSnapshot", "rds:CopyDBSnapshot", "rds:DeleteDBSnapshot"]),
        ...on(`${BUCKET}/one`, ["s3:GetObject", "s3:GetObjectVersion"]),
        ...on(BUCKET, ["s3:ListBucketVersions", "s3:PutBucketNotification"]),
        // The evaluation knows no Bool: that the grant has to be for a service of AWS is read in the unit test only.
        ...on(KEY, ["kms:CreateGrant"]),
        ...on(VAULT, ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"]),
      ];
      expect(permitted(aws, roleOf("Role"), requests)).toEqual(requests.map(() => true));
    });

    test("the plan's role can delete or change neither the source, nor other snapshots, nor what is in a vault", () => {
      const requests = [
        ...on(SERVER, CHANGES_OF_SERVERS),
        ...on(OTHER, [...CHANGES_OF_SERVERS, "rds:CreateDBSnapshot"]),
        ...FOREIGN_SNAPSHOTS.flatMap((each) =>
          on(each, ["rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute"]),
        ),
        ...on(`${BUCKET}/one`, ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"]),
        ...on(BUCKET, ["s3:DeleteBucket", "s3:PutBucketVersioning", "s3:PutBucketPolicy"]),
        ...on("arn:aws:s3:::other/one", ["s3:GetObject"]),
        ...on(KEY, ["kms:ScheduleKeyDeletion", "kms:DisableKey"]),
        ...on(VAULT, ["backup:DeleteBackupVault", "backup:DeleteBackupVaultLockConfiguration"]),
        ...on("*", ["iam:PassRole", "sts:AssumeRole", "secretsmanager:GetSecretValue"]),
      ];
      const answers = permitted(aws, roleOf("Role"), requests);
      expect(requests.filter((_request, i) => answers[i])).toEqual([]);
    });

    test.each(["Role", "RestoreRole"])("parliament knows every action of the policy of %s", (name) => {
      const found = lintDocuments(aws, roleOf(name)).flat();
      const kept = found.map(({ issue, detail }) => `${issue} ${detail}`);
      expect(kept.filter((each) => !ACCEPTED.includes(each))).toEqual([]);
    });

    test("the restore role writes objects of the plan's buckets, and deletes nothing", () => {
      const allowed = on(`${BUCKET}/one`, ["s3:PutObject", "s3:GetObjectVersion"]);
      expect(permitted(aws, roleOf("RestoreRole"), allowed)).toEqual(allowed.map(() => true));
      const refused = [
        ...on(`${BUCKET}/one`, ["s3:DeleteObject", "s3:DeleteObjectVersion"]),
        ...on(BUCKET, ["s3:DeleteBucket", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"]),
        ...on("arn:aws:s3:::other/one", ["s3:PutObject"]),
        ...on(SERVER, CHANGES_OF_SERVERS),
      ];
      const answers = permitted(aws, roleOf("RestoreRole"), refused);
      expect(refused.filter((_request, i) => answers[i])).toEqual([]);
    });

    test("the role of restore testing restores backups into copies, and can delete or change nothing else", () => {
      const copy = `${RDS}:db:awsbackup-restore-test-0a1b`;
      const allowed = [
        ...on(copy, ["rds:RestoreDBInstanceFromDBSnapshot", "rds:AddTagsToResource", "rds:DeleteDBInstance"]),
        ...on(OWN_SNAPSHOT, ["rds:RestoreDBInstanceFromDBSnapshot"]),
        ...on(`${RDS}:subgrp:databases`, ["rds:RestoreDBInstanceFromDBSnapshot"]),
        ...on(KEY, ["kms:CreateGrant", "kms:DescribeKey"]),
      ];
      expect(permitted(aws, roleOf("Role", "restores"), allowed)).toEqual(allowed.map(() => true));
      const refused = [
        ...on(SERVER, [...CHANGES_OF_SERVERS, "rds:AddTagsToResource", "rds:CreateDBInstance"]),
        ...on(copy, ["rds:ModifyDBInstance", "rds:RestoreDBInstanceToPointInTime"]),
        ...on(OWN_SNAPSHOT, ["rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute", "rds:CopyDBSnapshot"]),
        ...FOREIGN_SNAPSHOTS.flatMap((each) =>
          on(each, ["rds:RestoreDBInstanceFromDBSnapshot", "rds:DeleteDBSnapshot"]),
        ),
        ...on(KEY, ["kms:ScheduleKeyDeletion", "kms:Decrypt"]),
        ...on(VAULT, ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint"]),
        ...on("*", ["iam:PassRole", "ec2:AuthorizeSecurityGroupIngress", "secretsmanager:GetSecretValue"]),
      ];
      const answers = permitted(aws, roleOf("Role", "restores"), refused);
      expect(refused.filter((_request, i) => answers[i])).toEqual([]);
      const found = lintDocuments(aws, roleOf("Role", "restores")).flat();
      expect(
        found.map(({ issue, detail }) => `${issue} ${detail}`).filter((each) => !ACCEPTED.includes(each)),
      ).toEqual([]);
    });

    test("the vault denies the deletion of recovery points to an administrator", () => {
      // The evaluation takes policies of identities: the vault's stands beside the administrator's, for the principal `*` that it names.
      const { Statement } = JSON.parse(stack.resource("aws_backup_vault_policy").policy);
      expect(Statement).toEqual([expect.objectContaining({ Principal: { AWS: "*" } })]);
      const [{ Principal: _, ...statement }] = Statement;
      const policy = (each: object) => JSON.stringify({ Version: "2012-10-17", Statement: [each] });
      const administrator = policy({ Effect: "Allow", Action: "*", Resource: "*" });
      const points = "arn:aws:rds:eu-central-1:123456789012:snapshot:awsbackup:job-1";
      const requests = on(points, ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]);
      expect(permitted(aws, [administrator], requests)).toEqual([true, true]);
      expect(permitted(aws, [administrator, policy(statement)], requests)).toEqual([false, false]);
    });
  },
);
