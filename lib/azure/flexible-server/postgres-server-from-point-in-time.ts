import type { Construct } from "constructs";
import type { ServerOrigin } from "./flexible-server";
import { PostgresFlexibleServer, type PostgresFlexibleServerProps } from "./postgres-flexible-server";
import { checkRestoredName, checkRestoreSource } from "./restore-source";

/** Properties of a `PostgresServerFromPointInTime`. */
export interface PostgresServerFromPointInTimeProps extends PostgresFlexibleServerProps {
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
 * Where Azure refuses a standby while it restores, take `Availability.ZONAL` first and turn the standby on after.
 *
 * @example
 * const server = new PostgresServerFromPointInTime(this, "restored", {
 *   sourceServerId: oldServerId,
 *   restoreTime: "2026-11-22T03:04:05Z",
 *   adminLogin: AzureAdminLogin.given(DatabaseLogin.withPassword("dbadmin", password)),
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 128, maxSizeGiB: 512 },
 *   network,
 *   vault,
 * });
 */
export class PostgresServerFromPointInTime extends PostgresFlexibleServer {
  public constructor(scope: Construct, id: string, props: PostgresServerFromPointInTimeProps) {
    super(scope, id, props);
    checkRestoreSource(this._checks, props);
    checkRestoredName(this._checks, props.serverName, props);
  }

  /** @internal */
  protected override _origin(props: PostgresServerFromPointInTimeProps): ServerOrigin {
    return {
      createMode: "PointInTimeRestore",
      sourceServerId: props.sourceServerId,
      restoreTime: props.restoreTime,
    };
  }
}
