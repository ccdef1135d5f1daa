import type { Construct } from "constructs";
import { checkUtcTime, isResolved } from "../../database/private";
import { restoredFrom } from "./rds-restore";
import { RdsServer } from "./rds-server";
import type { RdsServerProps } from "./rds-server-props";

/** Properties of a `RdsServerFromPointInTime`: one source, and either a time or the latest. */
export interface RdsServerFromPointInTimeProps extends RdsServerProps {
  /** The name of a server that still exists. @default - another source */
  readonly sourceIdentifier?: string;
  /** The resource id (`db-...`) of a server that was deleted and whose backups were kept. @default - another source */
  readonly sourceResourceId?: string;
  /** The ARN of automated backups, such as those copied from another region. @default - another source */
  readonly sourceAutomatedBackupsArn?: string;
  /** The time to go back to, in UTC, as `2026-11-22T03:04:05Z`. @default - none: set `useLatestRestorableTime` */
  readonly restoreTime?: string;
  /** Whether to go back to the last moment that backups hold. @default false */
  readonly useLatestRestorableTime?: boolean;
}

/**
 * A new server with the data that another had at some time. It keeps the other's encryption key and administrator, so
 * `adminLogin` has to name that administrator. Source and time are read when the server is created and never again.
 * Keep this class for the life of the server. RDS does not take backups, windows and insights in this kind of restore: the
 * next apply sets them.
 *
 * @example
 * const server = new RdsServerFromPointInTime(this, "postgres-restored", {
 *   sourceIdentifier: "coder-postgres",
 *   restoreTime: "2026-11-22T03:04:05Z",
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 * });
 */
export class RdsServerFromPointInTime extends RdsServer {
  public constructor(scope: Construct, id: string, props: RdsServerFromPointInTimeProps) {
    super(scope, id, props);
    this.checkSource(props);
    this.resource.putRestoreToPointInTime({
      sourceDbInstanceIdentifier: props.sourceIdentifier,
      sourceDbiResourceId: props.sourceResourceId,
      sourceDbInstanceAutomatedBackupsArn: props.sourceAutomatedBackupsArn,
      restoreTime: props.restoreTime,
      // Left out rather than false beside a time: RDS takes one of the two.
      useLatestRestorableTime: props.useLatestRestorableTime || undefined,
    });
    restoredFrom(this.resource, this.adminLogin, "restore_to_point_in_time");
  }

  private checkSource(props: RdsServerFromPointInTimeProps): void {
    const checks = this._checks;
    const { sourceIdentifier, sourceResourceId, sourceAutomatedBackupsArn, restoreTime } = props;
    const sources = [sourceIdentifier, sourceResourceId, sourceAutomatedBackupsArn].filter(
      (source) => source !== undefined,
    );
    if (sources.length !== 1) {
      checks.fail(
        "sourceIdentifier",
        sourceIdentifier,
        "give exactly one of sourceIdentifier, sourceResourceId and sourceAutomatedBackupsArn",
      );
    }
    if ((restoreTime !== undefined) === (props.useLatestRestorableTime ?? false)) {
      checks.fail("restoreTime", restoreTime, "give either restoreTime or useLatestRestorableTime: true");
    }
    checkUtcTime(checks, "restoreTime", restoreTime);
    checks.matches(
      "sourceResourceId",
      sourceResourceId,
      /^db-[A-Z0-9]+$/,
      "allowed is an id such as db-ABC123",
    );
    checks.matches(
      "sourceAutomatedBackupsArn",
      sourceAutomatedBackupsArn,
      /^arn:[a-z-]+:rds:[a-z0-9-]+:\d{12}:auto-backup:.+$/,
      "allowed is an ARN such as arn:aws:rds:eu-west-1:123456789012:auto-backup:ab-...",
    );
    if (isResolved(sourceIdentifier) && isResolved(this.identifier) && sourceIdentifier === this.identifier) {
      checks.fail(
        "sourceIdentifier",
        sourceIdentifier,
        "the new server needs a name of its own; set identifier",
      );
    }
  }
}
