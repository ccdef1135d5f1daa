// Servers that are created with the data of a backup or of another instance. Creating a user that came with the data sets its
// password, as it does for the built-in user `postgres`; this was not tried against Cloud SQL [inf].

import type { Construct } from "constructs";
import { checkUtcTime, requireProps, type SynthChecks } from "../../database/private";
import type { CloudSqlServerProps } from "./cloud-sql-server";
import { CloudSqlServerBase } from "./cloud-sql-server-base";

/** Properties that restored servers share. */
export interface CloudSqlRestoreProps extends CloudSqlServerProps {
  /**
   * Name of the instance from which the data comes, without its project.
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/restoring
   */
  readonly sourceInstance: string;
}

/** Properties of a `CloudSqlServerFromBackup`. */
export interface CloudSqlServerFromBackupProps extends CloudSqlRestoreProps {
  /**
   * ID of the backup run, a whole number (`gcloud sql backups list`). Used only when the server is created.
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/restoring
   */
  readonly backupRunId: number;
  /**
   * Project of the source instance. @default - the server's project
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/restoring
   */
  readonly sourceProject?: string;
}

/**
 * A new server, restored from a backup. The databases come with the backup, so `database(name)` creates none; users come with it
 * too, and the users of the program get new passwords. Keep this class for the lifetime of the server. Without `adminLogin` the
 * Cloud SQL Admin API creates users.
 *
 * The engine must be that of the backup. With `storage.maxSizeGiB` the disk is at least as large as the source's is now; without it,
 * or if the source is deleted, set `storage.sizeGiB` to at least the source's size.
 *
 * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/restoring
 *
 * @example
 * const server = new CloudSqlServerFromBackup(this, "postgres-restored", {
 *   backupRunId: 1763780400000,
 *   sourceInstance: "coder-postgres-1a2b3c4d",
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 *   region: "europe-west1",
 * });
 */
export class CloudSqlServerFromBackup extends CloudSqlServerBase {
  public constructor(scope: Construct, id: string, props: CloudSqlServerFromBackupProps) {
    requireProps(`${scope.node.path}/${id}`, "CLOUDSQL", props, {
      backupRunId: true,
      sourceInstance: true,
      engine: true,
      size: true,
      storage: true,
      network: true,
      region: true,
    });
    super(scope, id, props, {
      argument: "restore_backup_context",
      instanceName: props.sourceInstance,
      project: props.sourceProject ?? props.project,
      config: {
        restoreBackupContext: {
          backupRunId: props.backupRunId,
          instanceId: props.sourceInstance,
          project: props.sourceProject ?? props.project,
        },
      },
    });
    this._checks.wholeNumber("backupRunId", props.backupRunId, 1, Number.MAX_SAFE_INTEGER);
    checkSource(this._checks, props);
  }
}

/** Properties of a `CloudSqlServerFromPointInTime`. */
export interface CloudSqlServerFromPointInTimeProps extends CloudSqlRestoreProps {
  /**
   * Time of the data, in UTC, as `2026-11-22T03:04:05Z`. Used only when the server is created.
   * @default - the present data
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
   */
  readonly restoreTime?: string;
}

/**
 * A new server, cloned from an instance in the same project and region, with its present data or, by point-in-time recovery, that
 * of an earlier time. The databases come with the clone, so `database(name)` creates none; users come with it too, and the users
 * of the program get new passwords. Keep this class for the lifetime of the server. Without `adminLogin` the Cloud SQL Admin API
 * creates users.
 *
 * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
 *
 * @example
 * const server = new CloudSqlServerFromPointInTime(this, "postgres-restored", {
 *   sourceInstance: "coder-postgres-1a2b3c4d",
 *   restoreTime: "2026-11-22T03:04:05Z",
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 *   region: "europe-west1",
 * });
 */
export class CloudSqlServerFromPointInTime extends CloudSqlServerBase {
  public constructor(scope: Construct, id: string, props: CloudSqlServerFromPointInTimeProps) {
    requireProps(`${scope.node.path}/${id}`, "CLOUDSQL", props, {
      sourceInstance: true,
      engine: true,
      size: true,
      storage: true,
      network: true,
      region: true,
    });
    super(scope, id, props, {
      argument: "clone",
      instanceName: props.sourceInstance,
      project: props.project,
      config: {
        clone: {
          sourceInstanceName: props.sourceInstance,
          pointInTime: props.restoreTime,
          preferredZone: props.zone,
          allocatedIpRange: props.network.ipConfiguration.allocatedIpRange,
        },
      },
    });
    checkSource(this._checks, props);
    checkUtcTime(this._checks, "restoreTime", props.restoreTime);
    this._checks.check(
      "sourceInstance",
      props.sourceInstance,
      () => props.sourceInstance !== props.instanceName,
      "must differ from instanceName; change instanceName or leave it out",
    );
  }
}

function checkSource(checks: SynthChecks, { sourceInstance }: CloudSqlRestoreProps): void {
  checks.matches(
    "sourceInstance",
    sourceInstance,
    /^[a-z][a-z0-9-]{0,97}$/,
    "must be the name of an instance, without its project",
  );
}
