// Major version upgrades of Cloud SQL. Pages read 2026-11: upgrade-major-db-version-inplace of PostgreSQL and MySQL, and the gcloud reference.
// The commands were not run against Google Cloud.

import {
  type DatabaseEngine,
  EngineFamily,
  type MajorUpgradeProcedure,
  ReplicaUpgrade,
  type RestoreStep,
} from "../../database";
import { upgradePaths } from "../../database/private";
import { cloudSqlPage, fromBackup, type ProtectedInstance } from "./cloud-sql-protection";
import { CLOUD_SQL_SUPPORT } from "./data/engine-support";

/** Description of the backup, by which the way back finds it. */
const MARK = "before major upgrade";

/** @internal */
export function cloudSqlMajorUpgrade(
  instance: ProtectedInstance,
  engine: DatabaseEngine,
): MajorUpgradeProcedure {
  const { instanceName, project } = instance;
  const postgres = engine.family === EngineFamily.POSTGRES;
  const source = cloudSqlPage(engine.family, "upgrade-major-db-version-inplace");
  return {
    mechanism: "Cloud SQL in-place major version upgrade",
    paths: upgradePaths(engine, CLOUD_SQL_SUPPORT),
    // MySQL: from its manual on replication between versions; the page of Cloud SQL does not order them.
    replicas: postgres ? ReplicaUpgrade.REMOVED : ReplicaUpgrade.BEFORE_SOURCE,
    checks: [
      {
        title: `Find the versions that Cloud SQL upgrades ${instanceName} to`,
        commands: [
          `gcloud sql instances describe "${instanceName}" --project="${project}" --format="yaml(state,databaseVersion,upgradableDatabaseVersions[].name)"`,
        ],
        permissions: ["cloudsql.instances.get"],
        notes: ["The new version must be in the list, and the state must be `RUNNABLE`."],
        source,
      },
      ...(postgres
        ? [
            {
              title: `Let Cloud SQL check ${instanceName} before the upgrade`,
              inputs: [
                {
                  name: "TARGET_VERSION",
                  description: "Name of the new version, from the list of the step before",
                  example: "POSTGRES_17",
                },
              ],
              commands: [
                `gcloud sql instances pre-check-major-version-upgrade "${instanceName}" --project="${project}" --target-database-version="$TARGET_VERSION"`,
              ],
              permissions: ["cloudsql.instances.get", "cloudsql.instances.update"],
              notes: [
                "An older `gcloud` has no such command; then Cloud SQL checks in the upgrade only, which ends on the old version if a check fails.",
              ],
              source,
            },
          ]
        : []),
    ],
    backup: backup(instance),
    verify: [
      `gcloud sql instances describe "${instanceName}" --project="${project}" --format="value(state,databaseVersion,databaseInstalledVersion)"`,
      `gcloud sql operations list --instance="${instanceName}" --project="${project}" --limit=5`,
    ],
    wayBack: fromBackup({ ...instance, inProgram: instance }, false, MARK),
    permissions: ["cloudsql.instances.update", "cloudsql.instances.get"],
    limits: [
      "The server is down during the upgrade, with its standby: high availability does not shorten it.",
      "Cloud SQL also takes a backup before and after the upgrade. Point-in-time recovery does not reach across it.",
    ],
    source,
  };
}

function backup({ instanceName, project }: ProtectedInstance): RestoreStep {
  return {
    title: `Take a backup of ${instanceName}`,
    commands: [
      `gcloud sql backups create --instance="${instanceName}" --project="${project}" --description="${MARK} $(date -u +%Y-%m-%d)"`,
    ],
    permissions: ["cloudsql.backupRuns.create"],
    verify: [
      `gcloud sql backups list --instance="${instanceName}" --project="${project}" --filter="description~'^${MARK}'" --sort-by="~endTime" --limit=1`,
    ],
    notes: ["The status must be `SUCCESSFUL`."],
    source: "https://cloud.google.com/sdk/gcloud/reference/sql/backups/create",
  };
}
