// Automated backups of RDS as a protection: how far back, the loss to expect, and the commands of a restore.
//
// RPO: "RDS uploads transaction logs for DB instances to Amazon S3 every five minutes" (USER_PIT). AWS advises to rename a server that a
// restore replaces, and keeps its snapshots; that its automated backups go with it is not stated there [inf] (USER_RenameInstance, read
// 2026-11). Not run against AWS.

import { type Protection, type RecoveryKey, RecoveryScenario, type RestoreStep } from "../../database";

const PITR = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html";
const RETAINED =
  "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.Retaining.html";
const RENAME = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RenameInstance.html";

/** Minutes between two uploads of transaction logs. */
const LOG_MINUTES = 5;

/** Suffix of a damaged server that is kept beside the restored one. */
const OLD = "-old";

/** A DB instance, for its runbook. @internal */
export interface ProtectedInstance {
  /** DB instance identifier; may be a token. */
  readonly identifier: string;
  /** Region; may be a token. */
  readonly region: string;
  /** ARN of the KMS key of the storage; may be a token. */
  readonly keyArn: string;
  /** Retention of the automated backups, in days; may be a token. */
  readonly retentionDays: number;
  /** Terraform address of the instance; not set if the program does not create it. */
  readonly address?: string;
  /** Path of the construct. */
  readonly path: string;
}

/** The automated backups of an instance. @internal */
export function rdsProtections(instance: ProtectedInstance): Protection[] {
  const { region, retentionDays } = instance;
  return [
    {
      mechanism: "RDS automated backups",
      location: `${region}, storage of RDS`,
      region,
      retentionDays,
      lossMinutes: LOG_MINUTES,
      keys: [rdsKey(instance.keyArn, region)],
      procedures: [
        { scenarios: [RecoveryScenario.LOST_DATABASE], steps: lostDatabase(instance) },
        { scenarios: [RecoveryScenario.BAD_MIGRATION], steps: badMigration(instance) },
      ],
      limits: [
        "The first hours after a restore are slow, since RDS loads the volume from S3 in the background.",
        "Backups of a deleted server are kept for the retention period if `delete_automated_backups` is false, as the library sets it unless the deletion policy is DELETE.",
      ],
      source: PITR,
    },
  ];
}

/** KMS key that a restore needs, in a region. @internal */
export function rdsKey(keyArn: string, region: string): RecoveryKey {
  return {
    name: `KMS key ${keyArn}`,
    location: `AWS KMS, ${region}`,
    check: `aws kms describe-key --region "${region}" --key-id "${keyArn}" --query 'KeyMetadata.[KeyState,Enabled]' --output text`,
  };
}

const RESTORE_PERMISSIONS = [
  "rds:DescribeDBInstances",
  "rds:DescribeDBInstanceAutomatedBackups",
  "rds:RestoreDBInstanceToPointInTime",
  "rds:ModifyDBInstance",
  "rds:AddTagsToResource",
  "kms:DescribeKey",
  "kms:CreateGrant",
];

function lostDatabase(instance: ProtectedInstance): RestoreStep[] {
  const { identifier, region } = instance;
  return [
    {
      title: `Find the backups of ${identifier}`,
      commands: [
        `aws rds describe-db-instance-automated-backups --region "${region}" --query "DBInstanceAutomatedBackups[?DBInstanceIdentifier=='${identifier}'].[DbiResourceId,Status,RestoreWindow.EarliestTime,RestoreWindow.LatestTime]" --output table`,
      ],
      permissions: ["rds:DescribeDBInstanceAutomatedBackups"],
      notes: [
        "The resource ID (`db-...`) of the line with the latest time is the source. The latest time is the state that comes back.",
      ],
      source: RETAINED,
    },
    {
      title: `Restore ${identifier} under its name`,
      programChange: restoreCode(instance, [
        'sourceResourceId: "db-...", // the resource ID of the step before',
        "useLatestRestorableTime: true,",
      ]),
      permissions: RESTORE_PERMISSIONS,
      notes: [
        "The construct keeps its id, so passwords, keys, security groups and parameter group stay, and the address of the server is the old one. Terraform notices that the server is gone and creates it from the backups.",
      ],
      verify: [available(identifier, region)],
      source: PITR,
    },
  ];
}

function badMigration(instance: ProtectedInstance): RestoreStep[] {
  const { identifier, region } = instance;
  return [
    keepUnderAnotherName(instance),
    {
      title: `Restore ${identifier} to the time before the damage`,
      programChange: restoreCode(instance, [
        `sourceIdentifier: "${identifier}${OLD}",`,
        'restoreTime: "2026-11-27T08:00:00Z", // the time before the damage, in UTC',
      ]),
      permissions: RESTORE_PERMISSIONS,
      notes: [
        "The restored server has the name and the address of the old one: secrets, passwords and keys stay as they are.",
      ],
      verify: [available(identifier, region)],
      source: PITR,
    },
  ];
}

/** Frees the name of a damaged server, whose data stays. @internal */
export function keepUnderAnotherName(instance: ProtectedInstance): RestoreStep {
  const { identifier, region, address } = instance;
  const old = `${identifier}${OLD}`;
  const forget = address === undefined ? [] : [`terraform state rm '${address}'`];
  return {
    title: `Keep the damaged server ${identifier} under another name`,
    commands: [
      `aws rds describe-db-instances --region "${region}" --db-instance-identifier "${identifier}" --query 'DBInstances[0].LatestRestorableTime' --output text`,
      ...rename(identifier, old, region),
      ...forget,
    ],
    permissions: ["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
    notes: [
      "The first command prints the latest time to which the server can be restored; the time before the damage must not be later. The rename restarts the server, and its new address takes about ten minutes. If RDS finds no backups under the new name, use the resource ID (`sourceResourceId`), which stays.",
    ],
    undo: [
      ...rename(identifier, `${identifier}-restored`, region),
      ...rename(old, identifier, region),
      ...forget,
      ...(address === undefined ? [] : [`terraform import '${address}' "${identifier}"`]),
    ],
    source: RENAME,
  };
}

/** Renames an instance, and waits: RDS answers before the new name holds, and the next command needs it. */
function rename(from: string, to: string, region: string): string[] {
  return [
    `aws rds modify-db-instance --region "${region}" --db-instance-identifier "${from}" --new-db-instance-identifier "${to}" --apply-immediately`,
    `until aws rds describe-db-instances --region "${region}" --db-instance-identifier "${to}" >/dev/null 2>&1; do sleep 15; done`,
    `aws rds wait db-instance-available --region "${region}" --db-instance-identifier "${to}"`,
  ];
}

/** @internal */
export function available(identifier: string, region: string): string {
  return `aws rds describe-db-instances --region "${region}" --db-instance-identifier "${identifier}" --query 'DBInstances[0].[DBInstanceStatus,Endpoint.Address,LatestRestorableTime]' --output text`;
}

/** Program that restores a snapshot of before a major version upgrade. @internal */
export function restoreFromSnapshot(instance: ProtectedInstance): string {
  return restoreCode(
    instance,
    ['snapshotIdentifier: "before-upgrade-20261127", // SNAPSHOT'],
    "RdsServerFromSnapshot",
  );
}

function restoreCode(
  { path }: ProtectedInstance,
  source: readonly string[],
  restored = "RdsServerFromPointInTime",
): string {
  const id = path.split("/").pop() as string;
  return [
    `// ${path}: RdsServer becomes ${restored}, with the same id and the same other properties.`,
    `new ${restored}(this, "${id}", {`,
    "  ...serverProps,",
    ...source.map((line) => `  ${line}`),
    "});",
    `// In a reference stack: restoredServers: [{ server: "${id}", ... }].`,
  ].join("\n");
}
