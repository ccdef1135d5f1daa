import type { Construct } from "constructs";
import type { ServerOrigin } from "./flexible-server";
import { PostgresFlexibleServer, type PostgresFlexibleServerProps } from "./postgres-flexible-server";
import { checkRestoredName, checkRestoreSource } from "./restore-source";

/** Properties of a `PostgresServerFromGeoBackup`. */
export interface PostgresServerFromGeoBackupProps extends PostgresFlexibleServerProps {
  /** The resource id of the server whose data it gets; may be a token. */
  readonly sourceServerId: string;
  /** The time to go back to, in UTC, as `2026-11-22T03:04:05Z`; may be a token. */
  readonly restoreTime: string;
}

/**
 * A new server with the data of one whose region may be lost, from the copies of its backups in the paired region; `location`
 * has to be that region. The source needs geo-redundant backups. Administrator and passwords are those of the source:
 * `adminLogin` gives them. The source is read when the server is made and never again. Keep this class for the life of the
 * server.
 *
 * Where Azure refuses a standby while it restores, take `Availability.ZONAL` first and turn the standby on after.
 *
 * @example
 * const server = new PostgresServerFromGeoBackup(this, "restored", {
 *   sourceServerId: oldServerId,
 *   restoreTime: "2026-11-22T03:04:05Z",
 *   location: "northeurope",
 *   adminLogin: AzureAdminLogin.given(DatabaseLogin.withPassword("dbadmin", password)),
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 128, maxSizeGiB: 512 },
 *   network,
 *   vault,
 * });
 */
export class PostgresServerFromGeoBackup extends PostgresFlexibleServer {
  public constructor(scope: Construct, id: string, props: PostgresServerFromGeoBackupProps) {
    super(scope, id, props);
    checkRestoreSource(this._checks, props);
    checkRestoredName(this._checks, props.serverName, props);
  }

  /** @internal */
  protected override _origin(props: PostgresServerFromGeoBackupProps): ServerOrigin {
    return {
      createMode: "GeoRestore",
      sourceServerId: props.sourceServerId,
      restoreTime: props.restoreTime,
    };
  }
}
