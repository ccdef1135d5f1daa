// Restores create a new server beside the source. The source is read once, at creation.

import type { Construct } from "constructs";
import { requireProps } from "../../database/private";
import type { ServerOrigin } from "./flexible-server";
import { MysqlFlexibleServer, type MysqlFlexibleServerProps } from "./mysql-flexible-server";
import { PostgresFlexibleServer, type PostgresFlexibleServerProps } from "./postgres-flexible-server";

/** Properties of a `PostgresServerFromPointInTime`. */
export interface PostgresServerFromPointInTimeProps extends PostgresFlexibleServerProps {
  /**
   * Resource ID of the source server; may be a token.
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
   */
  readonly sourceServerId: string;
  /**
   * Point in time to restore to, in UTC, such as `2026-11-22T03:04:05Z`; may be a token.
   *
   * @see https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-restore-custom-restore-point
   */
  readonly restoreTime: string;
}

/**
 * A PostgreSQL flexible server restored to a point in time within the backup retention of its source, in the same region. It has
 * the administrator and the passwords of the source: set `adminLogin` to them. `database()` without an owner sets new passwords.
 * Source and time are read at creation only; keep this class as long as the server exists.
 *
 * Azure restores to a server without a standby: leave `availability` out in the run that restores, and set it to ZONE_REDUNDANT
 * afterwards.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
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
    requireProps(`${scope.node.path}/${id}`, "AZURE-POSTGRES", props, {
      sourceServerId: true,
      restoreTime: true,
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
    super(scope, id, props);
  }

  /** @internal */
  protected override _origin(props: PostgresServerFromPointInTimeProps): ServerOrigin {
    const { sourceServerId, restoreTime } = props;
    return { createMode: "PointInTimeRestore", sourceServerId, restoreTime };
  }
}

/** Properties of a `PostgresServerFromGeoBackup`. */
export interface PostgresServerFromGeoBackupProps extends PostgresFlexibleServerProps {
  /**
   * Resource ID of the source server; may be a token.
   *
   * @see https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-restore-paired-region
   */
  readonly sourceServerId: string;
  /**
   * Point in time to restore to, in UTC, such as `2026-11-22T03:04:05Z`; may be a token.
   *
   * @see https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-restore-paired-region
   */
  readonly restoreTime: string;
}

/**
 * A PostgreSQL flexible server restored from the geo-redundant backups of its source, for the loss of the source's region.
 * `location` must be the paired region. It has the administrator and the passwords of the source: set `adminLogin` to them. The
 * source is read at creation only; keep this class as long as the server exists.
 *
 * The server has no geo-redundant backups by default, since the region that would hold them is lost. They are decided at creation: once
 * both regions work, a restore to a point in time gives a server that has them.
 *
 * Azure restores to a server without a standby: leave `availability` out in the run that restores, and set it to ZONE_REDUNDANT
 * afterwards.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
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
    requireProps(`${scope.node.path}/${id}`, "AZURE-POSTGRES", props, {
      sourceServerId: true,
      restoreTime: true,
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
    super(scope, id, props);
  }

  /** @internal */
  protected override _origin(props: PostgresServerFromGeoBackupProps): ServerOrigin {
    const { sourceServerId, restoreTime } = props;
    return { createMode: "GeoRestore", sourceServerId, restoreTime };
  }
}

/** Properties of a `MysqlServerFromPointInTime`. */
export interface MysqlServerFromPointInTimeProps extends MysqlFlexibleServerProps {
  /**
   * Resource ID of the source server; may be a token.
   *
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-backup-restore
   */
  readonly sourceServerId: string;
  /**
   * Point in time to restore to, in UTC, such as `2026-11-22T03:04:05Z`; may be a token.
   *
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-backup-restore
   */
  readonly restoreTime: string;
}

/**
 * A MySQL flexible server restored to a point in time within the backup retention of its source, in the same region. It has the
 * administrator and the passwords of the source: set `adminLogin` to them. `database()` without an owner sets new passwords.
 * Source and time are read at creation only; keep this class as long as the server exists.
 *
 * Azure restores to a server without a standby: leave `availability` out in the run that restores, and set it to ZONE_REDUNDANT
 * afterwards. A zone-redundant standby is possible if the source was created with one, else `StandbyPlacement.SAME_ZONE`.
 *
 * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-backup-restore
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
    requireProps(`${scope.node.path}/${id}`, "AZURE-MYSQL", props, {
      sourceServerId: true,
      restoreTime: true,
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
    super(scope, id, props);
  }

  /** @internal */
  protected override _origin(props: MysqlServerFromPointInTimeProps): ServerOrigin {
    const { sourceServerId, restoreTime } = props;
    return { createMode: "PointInTimeRestore", sourceServerId, restoreTime };
  }
}

/** Properties of a `MysqlServerFromGeoBackup`. */
export interface MysqlServerFromGeoBackupProps extends MysqlFlexibleServerProps {
  /**
   * Resource ID of the source server; may be a token.
   *
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-backup-restore
   */
  readonly sourceServerId: string;
}

/**
 * A MySQL flexible server restored from the latest geo-redundant backup of its source, for the loss of the source's region.
 * `location` must be the paired region. It has the administrator and the passwords of the source: set `adminLogin` to them. The
 * source is read at creation only; keep this class as long as the server exists.
 *
 * The server has no geo-redundant backups by default, since the region that would hold them is lost. They are decided at creation: once
 * both regions work, a restore to a point in time gives a server that has them.
 *
 * Azure restores to a server without a standby: leave `availability` out in the run that restores, and set it to ZONE_REDUNDANT
 * afterwards. A zone-redundant standby is possible if the source was created with one, else `StandbyPlacement.SAME_ZONE`.
 *
 * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-backup-restore
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
    requireProps(`${scope.node.path}/${id}`, "AZURE-MYSQL", props, {
      sourceServerId: true,
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
    super(scope, id, props);
  }

  /** @internal */
  protected override _origin(props: MysqlServerFromGeoBackupProps): ServerOrigin {
    return { createMode: "GeoRestore", sourceServerId: props.sourceServerId };
  }
}
