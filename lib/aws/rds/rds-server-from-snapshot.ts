import type { Construct } from "constructs";
import { restoredFrom } from "./rds-restore";
import { RdsServer } from "./rds-server";
import type { RdsServerProps } from "./rds-server-props";

/** Properties of a `RdsServerFromSnapshot`. */
export interface RdsServerFromSnapshotProps extends RdsServerProps {
  /**
   * The snapshot's name, or its ARN for a shared one. Read when the server is created and never again, so that the
   * snapshot may be deleted later.
   */
  readonly snapshotIdentifier: string;
}

/**
 * A server made from a snapshot. It keeps the snapshot's data, encryption key and administrator, so `adminLogin` has to
 * name that administrator; the password becomes the one of `adminLogin`. Its disk is never smaller than the snapshot's. Keep
 * this class for the life of the server.
 *
 * @example
 * const server = new RdsServerFromSnapshot(this, "postgres", {
 *   snapshotIdentifier: "coder-before-upgrade",
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 * });
 */
export class RdsServerFromSnapshot extends RdsServer {
  public constructor(scope: Construct, id: string, props: RdsServerFromSnapshotProps) {
    super(scope, id, props);
    this._checks.matches(
      "snapshotIdentifier",
      props.snapshotIdentifier,
      /^(rds:)?[A-Za-z][A-Za-z0-9-]{0,254}$|^arn:[a-z-]+:rds:[a-z0-9-]+:\d{12}:snapshot:.+$/,
      "allowed is a snapshot's name or ARN",
    );
    this.resource.snapshotIdentifier = props.snapshotIdentifier;
    restoredFrom(this.resource, this.adminLogin, "snapshot_identifier");
  }
}
