// Servers that are restored: from a DB snapshot, or to a point in time.

import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import type { TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";
import type { DatabaseLogin } from "../../database";
import { checkUtcTime, isResolved, requireProps } from "../../database/private";
import { RdsServer } from "./rds-server";
import type { RdsServerProps } from "./rds-server-props";

/** Properties of a `RdsServerFromSnapshot`. */
export interface RdsServerFromSnapshotProps extends RdsServerProps {
  /**
   * Identifier of the DB snapshot, or its ARN if it is shared. Used when the server is created and ignored later, so that the
   * snapshot may be deleted.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html
   */
  readonly snapshotIdentifier: string;
}

/**
 * A server restored from a DB snapshot. It keeps the data, encryption key and master user of the snapshot, so `adminLogin` has to
 * name that user; its password becomes that of `adminLogin`. The storage is never smaller than the snapshot's. Keep this class for
 * the life of the server.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html
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
    requireProps(`${scope.node.path}/${id}`, "RDS", props, {
      snapshotIdentifier: true,
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
    super(scope, id, props);
    this._checks.matches(
      "snapshotIdentifier",
      props.snapshotIdentifier,
      /^(rds:)?[A-Za-z][A-Za-z0-9-]{0,254}$|^arn:[a-z-]+:rds:[a-z0-9-]+:\d{12}:snapshot:.+$/,
      "must be the identifier or the ARN of a DB snapshot",
    );
    this.resource.snapshotIdentifier = props.snapshotIdentifier;
    restoredFrom(this.resource, this.adminLogin, "snapshot_identifier");
  }
}

/** Properties of a `RdsServerFromPointInTime`: one source, and either a time or the latest restorable time. */
export interface RdsServerFromPointInTimeProps extends RdsServerProps {
  /**
   * DB instance identifier of a source that exists. @default - another source
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
   */
  readonly sourceIdentifier?: string;
  /**
   * Resource ID (`db-...`) of a source that was deleted and whose automated backups were retained. @default - another source
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.Retaining.html
   */
  readonly sourceResourceId?: string;
  /**
   * ARN of automated backups, such as those replicated from another region. @default - another source
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/AutomatedBackups.PiTR.html
   */
  readonly sourceAutomatedBackupsArn?: string;
  /**
   * Point in time to restore to, in UTC, such as `2026-11-22T03:04:05Z`. @default - none: set `useLatestRestorableTime`
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
   */
  readonly restoreTime?: string;
  /**
   * Restores to the latest restorable time. @default false
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
   */
  readonly useLatestRestorableTime?: boolean;
}

/**
 * A server restored to a point in time from automated backups. It keeps the encryption key and master user of the source, so
 * `adminLogin` has to name that user. Source and time are used when the server is created and ignored later. Keep this class for
 * the life of the server. RDS does not apply backup retention, windows and Performance Insights in this kind of restore: the next
 * apply sets them.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
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
    requireProps(`${scope.node.path}/${id}`, "RDS", props, {
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
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
        "must be the only one set of sourceIdentifier, sourceResourceId and sourceAutomatedBackupsArn; give exactly one of them",
      );
    }
    if ((restoreTime !== undefined) === (props.useLatestRestorableTime ?? false)) {
      checks.fail(
        "restoreTime",
        restoreTime,
        "must be set unless useLatestRestorableTime is true; give either of them",
      );
    }
    checkUtcTime(checks, "restoreTime", restoreTime);
    checks.matches(
      "sourceResourceId",
      sourceResourceId,
      /^db-[A-Z0-9]+$/,
      "must be a resource ID such as db-ABC123",
    );
    checks.matches(
      "sourceAutomatedBackupsArn",
      sourceAutomatedBackupsArn,
      /^arn:[a-z-]+:rds:[a-z0-9-]+:\d{12}:auto-backup:.+$/,
      "must be an ARN such as arn:aws:rds:eu-west-1:123456789012:auto-backup:ab-...",
    );
    if (isResolved(sourceIdentifier) && isResolved(this.identifier) && sourceIdentifier === this.identifier) {
      checks.fail(
        "sourceIdentifier",
        sourceIdentifier,
        "must not be the identifier of the restored server; set identifier to another one",
      );
    }
  }
}

/**
 * Turns an instance into a restored one.
 *
 * @param resource the instance, with its source set.
 * @param administrator the login with which the library administers it.
 * @param source the argument that names the source, which applies at creation only.
 */
function restoredFrom(resource: DbInstance, administrator: DatabaseLogin, source: string): void {
  const lifecycle = resource.lifecycle as TerraformResourceLifecycle;
  // All of these come with the data. Setting them would force replacement.
  resource.resetUsername();
  resource.resetKmsKeyId();
  resource.lifecycle = {
    ...lifecycle,
    ignoreChanges: [...(lifecycle.ignoreChanges as string[]), source],
    postcondition: [
      ...(isResolved(administrator.username)
        ? [
            {
              condition: `\${self.username == ${JSON.stringify(administrator.username)}}`,
              errorMessage: `adminLogin must name the master user of the restored server, which is not ${administrator.username}.`,
            },
          ]
        : []),
      {
        condition: "${self.storage_encrypted}",
        errorMessage:
          "The source must be encrypted: restore from a copy of the snapshot that is encrypted with a KMS key.",
      },
    ],
  };
  resource.putTimeouts({ create: "180m", update: "120m", delete: "90m" });
}
