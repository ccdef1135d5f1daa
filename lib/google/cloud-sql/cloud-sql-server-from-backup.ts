import type { Construct } from "constructs";
import { restored } from "./cloud-sql-restore";
import { CloudSqlServer, type CloudSqlServerProps } from "./cloud-sql-server";

/** Properties of a `CloudSqlServerFromBackup`. */
export interface CloudSqlServerFromBackupProps extends CloudSqlServerProps {
  /** The backup's id, a whole number (`gcloud sql backups list`). Read when the server is created and never again. */
  readonly backupRunId: number;
  /** The name of the instance that was backed up. */
  readonly backupInstance: string;
  /** The project of that instance. @default - the server's */
  readonly backupProject?: string;
}

/**
 * A new server with the data of a backup. Databases come with it, so `database(name)` makes none; users come with it too,
 * and those of the program get their passwords anew. Keep this class for the life of the server.
 *
 * The engine has to be the backup's, and the disk at least as large as the one that was backed up.
 *
 * @example
 * const server = new CloudSqlServerFromBackup(this, "postgres-restored", {
 *   backupRunId: 1763780400000,
 *   backupInstance: "coder-postgres-1a2b3c4d",
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 *   region: "europe-west1",
 * });
 */
export class CloudSqlServerFromBackup extends CloudSqlServer {
  public constructor(scope: Construct, id: string, props: CloudSqlServerFromBackupProps) {
    super(scope, id, props);
    this._checks.wholeNumber("backupRunId", props.backupRunId, 1, Number.MAX_SAFE_INTEGER);
    this._checks.matches(
      "backupInstance",
      props.backupInstance,
      /^[a-z][a-z0-9-]{0,97}$/,
      "allowed is the name of an instance, without its project",
    );
    this.resource.putRestoreBackupContext({
      backupRunId: props.backupRunId,
      instanceId: props.backupInstance,
      project: props.backupProject ?? props.project,
    });
    restored(this, "restore_backup_context");
  }
}
