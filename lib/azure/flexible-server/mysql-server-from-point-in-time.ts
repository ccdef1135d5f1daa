import type { Construct } from "constructs";
import type { ServerOrigin } from "./flexible-server";
import { MysqlFlexibleServer, type MysqlFlexibleServerProps } from "./mysql-flexible-server";
import { checkRestoredName, checkRestoreSource } from "./restore-source";

/** Properties of a `MysqlServerFromPointInTime`. */
export interface MysqlServerFromPointInTimeProps extends MysqlFlexibleServerProps {
  /** The resource id of the server whose data it gets; may be a token. */
  readonly sourceServerId: string;
  /** The time to go back to, in UTC, as `2026-11-22T03:04:05Z`; may be a token. */
  readonly restoreTime: string;
}

/**
 * A new server with the data that another had at some time of its retention, in the same region. Administrator and passwords
 * are those of the other: `adminLogin` gives them, and `database()` without an owner sets new ones. Source and time are read
 * when the server is made and never again. Keep this class for the life of the server.
 *
 * Where Azure refuses a standby while it restores, take `Availability.ZONAL`; a standby can't be added later.
 *
 * @example
 * const server = new MysqlServerFromPointInTime(this, "restored", {
 *   sourceServerId: oldServerId,
 *   restoreTime: "2026-11-22T03:04:05Z",
 *   adminLogin: AzureAdminLogin.given(DatabaseLogin.withPassword("dbadmin", password)),
 *   engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 128, maxSizeGiB: 512 },
 *   network,
 *   vault,
 * });
 */
export class MysqlServerFromPointInTime extends MysqlFlexibleServer {
  public constructor(scope: Construct, id: string, props: MysqlServerFromPointInTimeProps) {
    super(scope, id, props);
    checkRestoreSource(this._checks, props);
    checkRestoredName(this._checks, props.serverName, props);
  }

  /** @internal */
  protected override _origin(props: MysqlServerFromPointInTimeProps): ServerOrigin {
    return {
      createMode: "PointInTimeRestore",
      sourceServerId: props.sourceServerId,
      restoreTime: props.restoreTime,
    };
  }
}
