import type { Construct } from "constructs";
import type { ServerOrigin } from "./flexible-server";
import { MysqlFlexibleServer, type MysqlFlexibleServerProps } from "./mysql-flexible-server";
import { checkRestoredName, checkRestoreSource } from "./restore-source";

/** Properties of a `MysqlServerFromGeoBackup`. */
export interface MysqlServerFromGeoBackupProps extends MysqlFlexibleServerProps {
  /** The resource id of the server whose data it gets; may be a token. */
  readonly sourceServerId: string;
}

/**
 * A new server with the data of one whose region may be lost, from the copies of its backups in the paired region; `location`
 * has to be that region. The source needs geo-redundant backups. Administrator and passwords are those of the source:
 * `adminLogin` gives them. The source is read when the server is made and never again. Keep this class for the life of the
 * server.
 *
 * Where Azure refuses a standby while it restores, take `Availability.ZONAL`; a standby can't be added later.
 *
 * @example
 * const server = new MysqlServerFromGeoBackup(this, "restored", {
 *   sourceServerId: oldServerId,
 *   location: "northeurope",
 *   adminLogin: AzureAdminLogin.given(DatabaseLogin.withPassword("dbadmin", password)),
 *   engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 128, maxSizeGiB: 512 },
 *   network,
 *   vault,
 * });
 */
export class MysqlServerFromGeoBackup extends MysqlFlexibleServer {
  public constructor(scope: Construct, id: string, props: MysqlServerFromGeoBackupProps) {
    super(scope, id, props);
    checkRestoreSource(this._checks, props);
    checkRestoredName(this._checks, props.serverName, props);
  }

  /** @internal */
  protected override _origin(props: MysqlServerFromGeoBackupProps): ServerOrigin {
    return {
      createMode: "GeoRestore",
      sourceServerId: props.sourceServerId,
    };
  }
}
