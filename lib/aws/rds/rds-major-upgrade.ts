// Major version upgrades of RDS. Pages read 2026-11: USER_UpgradeDBInstance.PostgreSQL.MajorVersion, USER_UpgradeDBInstance.MySQL, the AWS
// Database Blog on major upgrades and replicas. The commands were not run against AWS.

import {
  type DatabaseEngine,
  EngineFamily,
  type MajorUpgradeProcedure,
  ReplicaUpgrade,
  type RestoreStep,
} from "../../database";
import { upgradePaths } from "../../database/private";
import { RDS_SUPPORT } from "./data/engine-support";
import {
  available,
  keepUnderAnotherName,
  type ProtectedInstance,
  restoreFromSnapshot,
} from "./rds-protection";

const GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

/** @internal */
export function rdsMajorUpgrade(instance: ProtectedInstance, engine: DatabaseEngine): MajorUpgradeProcedure {
  const { identifier, region } = instance;
  const postgres = engine.family === EngineFamily.POSTGRES;
  return {
    mechanism: "RDS major version upgrade",
    paths: upgradePaths(engine, RDS_SUPPORT),
    replicas: postgres ? ReplicaUpgrade.WITH_SOURCE : ReplicaUpgrade.BEFORE_SOURCE,
    // The page speaks of replicas in the region only.
    replicasOfOtherRegions: postgres ? ReplicaUpgrade.REMOVED : ReplicaUpgrade.BEFORE_SOURCE,
    // In the maintenance window the old parameter group would still be in use when Terraform deletes it.
    switches: ["allowMajorVersionUpgrade: true,", "applyImmediately: true,"],
    checks: [
      {
        title: `Find the versions that RDS upgrades ${identifier} to`,
        commands: [
          `aws rds describe-db-engine-versions --region "${region}" --engine "${engine.family}" --engine-version "$(aws rds describe-db-instances --region "${region}" --db-instance-identifier "${identifier}" --query 'DBInstances[0].EngineVersion' --output text)" --query 'DBEngineVersions[].ValidUpgradeTarget[?IsMajorVersionUpgrade].EngineVersion[]' --output text`,
        ],
        permissions: ["rds:DescribeDBEngineVersions", "rds:DescribeDBInstances"],
        notes: [
          "The new major version must be among them. If a full version is the only one of it, set that version together with `autoMinorVersionUpgrade: false`, and go back to the major version after the upgrade.",
        ],
        source: `${GUIDE}/USER_UpgradeDBInstance.Upgrading.html`,
      },
      {
        title: `Look for changes that wait for ${identifier}`,
        commands: [
          `aws rds describe-db-instances --region "${region}" --db-instance-identifier "${identifier}" --query 'DBInstances[0].[DBInstanceStatus,PendingModifiedValues]' --output json`,
          `aws rds describe-pending-maintenance-actions --region "${region}" --filters "Name=db-instance-id,Values=${identifier}" --query 'PendingMaintenanceActions[].PendingMaintenanceActionDetails[].[Action,Description]' --output text`,
        ],
        permissions: ["rds:DescribePendingMaintenanceActions"],
        notes: [
          "`applyImmediately` also applies the changes that wait. The status must be `available`.",
          ...(postgres
            ? [
                "RDS drops no logical replication slots: subscribers must be stopped and their slots dropped before.",
              ]
            : []),
        ],
        source: `${GUIDE}/USER_ModifyInstance.ApplyImmediately.html`,
      },
    ],
    backup: snapshot(instance),
    verify: [
      `aws rds describe-db-instances --region "${region}" --db-instance-identifier "${identifier}" --query 'DBInstances[0].[DBInstanceStatus,EngineVersion,DBParameterGroups[0].[DBParameterGroupName,ParameterApplyStatus]]' --output json`,
      `aws rds describe-events --region "${region}" --source-type db-instance --source-identifier "${identifier}" --duration 180 --query 'Events[].[Date,Message]' --output text`,
    ],
    wayBack: [
      keepUnderAnotherName(instance),
      {
        title: `Restore ${identifier} from the snapshot`,
        programChange: restoreFromSnapshot(instance),
        permissions: ["rds:RestoreDBInstanceFromDBSnapshot", "rds:ModifyDBInstance", "kms:CreateGrant"],
        notes: ["`engine` is the old version again, and the lines for the upgrade are removed."],
        verify: [available(identifier, region)],
        source: `${GUIDE}/USER_RestoreFromSnapshot.html`,
      },
    ],
    permissions: ["rds:ModifyDBInstance", "rds:CreateDBParameterGroup", "rds:DeleteDBParameterGroup"],
    limits: [
      "The server is down during the upgrade, with its standby: Multi-AZ does not shorten it.",
      "RDS checks the server first; if a check fails, the upgrade ends without an outage, and the log `pg_upgrade_precheck.log` or `PrePatchCompatibility.log` says why.",
    ],
    source: postgres
      ? `${GUIDE}/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html`
      : `${GUIDE}/USER_UpgradeDBInstance.MySQL.html`,
  };
}

function snapshot({ identifier, region }: ProtectedInstance): RestoreStep {
  return {
    title: `Take a snapshot of ${identifier}`,
    inputs: [
      {
        name: "SNAPSHOT",
        description: "Name of the snapshot, new in this account and region",
        example: "before-upgrade-20261127",
      },
    ],
    commands: [
      `aws rds create-db-snapshot --region "${region}" --db-instance-identifier "${identifier}" --db-snapshot-identifier "$SNAPSHOT"`,
      `aws rds wait db-snapshot-completed --region "${region}" --db-snapshot-identifier "$SNAPSHOT"`,
    ],
    permissions: ["rds:CreateDBSnapshot", "rds:DescribeDBSnapshots"],
    verify: [
      `aws rds describe-db-snapshots --region "${region}" --db-snapshot-identifier "$SNAPSHOT" --query 'DBSnapshots[0].[Status,EngineVersion,SnapshotCreateTime]' --output text`,
    ],
    source: `${GUIDE}/USER_CreateSnapshot.html`,
  };
}
