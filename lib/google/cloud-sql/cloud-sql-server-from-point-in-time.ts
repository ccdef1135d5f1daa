import type { Construct } from "constructs";
import { checkUtcTime } from "../../database/private";
import { restored } from "./cloud-sql-restore";
import { CloudSqlServer, type CloudSqlServerProps } from "./cloud-sql-server";

/** Properties of a `CloudSqlServerFromPointInTime`. */
export interface CloudSqlServerFromPointInTimeProps extends CloudSqlServerProps {
  /** The name of the instance to copy, which still exists, in the same project and region. */
  readonly sourceInstance: string;
  /** The time to go back to, in UTC, as `2026-11-22T03:04:05Z`. @default - none: the copy has the present data */
  readonly restoreTime?: string;
}

/**
 * A new server with the data that another has now, or had at some time of the last days: a clone. Databases come with
 * it, so `database(name)` makes none; users come with it too, and those of the program get their passwords anew. Source
 * and time are read when the server is created and never again. Keep this class for the life of the server.
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
export class CloudSqlServerFromPointInTime extends CloudSqlServer {
  public constructor(scope: Construct, id: string, props: CloudSqlServerFromPointInTimeProps) {
    super(scope, id, props);
    this._checks.matches(
      "sourceInstance",
      props.sourceInstance,
      /^[a-z][a-z0-9-]{0,97}$/,
      "allowed is the name of an instance, without its project",
    );
    checkUtcTime(this._checks, "restoreTime", props.restoreTime);
    this._checks.check(
      "sourceInstance",
      props.sourceInstance,
      () => props.sourceInstance !== props.instanceName,
      "the new server needs a name of its own; change instanceName or leave it out",
    );
    this.resource.putClone({
      sourceInstanceName: props.sourceInstance,
      pointInTime: props.restoreTime,
      preferredZone: props.zone,
      allocatedIpRange: props.network.ipConfiguration.allocatedIpRange,
    });
    restored(this, "clone");
  }
}
