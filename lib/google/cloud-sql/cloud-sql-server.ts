import type { Construct } from "constructs";
import type {
  Availability,
  BackupPolicy,
  DatabaseEngine,
  DatabaseLocation,
  DatabaseLogin,
  IConnectGrant,
  IDatabaseServer,
  IWorkloadIdentity,
  MachineSize,
  StorageProps,
} from "../../database";
import { requireProps } from "../../database/private";
import type { ICloudSqlNetwork } from "../network/cloud-sql-network";
import type { CloudSqlInstanceOptions, ICloudSqlInstance } from "./cloud-sql-instance";
import type { CloudSqlAdminLogin } from "./cloud-sql-logins";
import { CloudSqlServerBase } from "./cloud-sql-server-base";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import type { CloudSqlIamKind } from "./cloud-sql-user";
import { type CloudSqlServerAttributes, ImportedCloudSqlServer } from "./imported-cloud-sql-server";

/** A Cloud SQL server (primary instance), created here or existing. */
export interface ICloudSqlServer extends IDatabaseServer, ICloudSqlInstance {
  readonly engine: DatabaseEngine;
  readonly location: DatabaseLocation;
  readonly machine?: CloudSqlMachine;
  /** Connection name for the Auth Proxy and language connectors: `project:region:instance`. */
  readonly connectionName: string;
  /** Present disk size in GiB, if the program creates the server: an expression. @internal */
  readonly _diskSize?: number;
  /** Settings that a read replica takes over. @internal */
  readonly _replicaDefaults: Partial<CloudSqlServerProps>;

  /**
   * Creates the database user of a workload identity, for `database(name, { owner: grant.login })`. The user has no privileges
   * until they are granted in SQL, so the server needs an administrator. The same identity gets the same user.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  grantConnect(identity: IWorkloadIdentity): IConnectGrant;

  /**
   * Creates a user with IAM database authentication. The same address gets the same user.
   *
   * @param email e-mail address of the IAM principal; may be a token.
   * @param kind kind of IAM principal. @default CloudSqlIamKind.SERVICE_ACCOUNT
   * @param idSuffix end of the construct id; required if the address is not known at synth. @default - the address
   * @throws Error when the address is not known at synth and `idSuffix` is not set.
   */
  addIamUser(email: string, kind?: CloudSqlIamKind, idSuffix?: string): DatabaseLogin;
}

/** Properties of a `CloudSqlServer`. */
export interface CloudSqlServerProps extends CloudSqlInstanceOptions {
  /**
   * Database engine and version. Cloud SQL upgrades the major version in place; it cannot be downgraded.
   *
   * @see https://cloud.google.com/sql/docs/postgres/upgrade-major-db-version-inplace
   */
  readonly engine: DatabaseEngine;
  /**
   * Machine type.
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings#machine-type-2ndgen
   */
  readonly size: MachineSize;
  /**
   * SSD storage capacity, and the limit of automatic storage increase. IOPS and throughput grow with the capacity.
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings#storage-capacity-2ndgen
   */
  readonly storage: StorageProps;
  /**
   * Private connectivity: `DatabaseNetwork` or `PrivateServiceConnect`.
   *
   * @see https://cloud.google.com/sql/docs/postgres/private-ip
   */
  readonly network: ICloudSqlNetwork;
  /**
   * Region, such as `europe-west1`; may be a token. Changing it replaces the server.
   *
   * @see https://cloud.google.com/sql/docs/postgres/locations
   */
  readonly region: string;
  /**
   * Availability type: ZONE_REDUNDANT is high availability (regional), with a standby instance in another zone.
   * @default Availability.ZONE_REDUNDANT
   *
   * @see https://cloud.google.com/sql/docs/postgres/high-availability
   */
  readonly availability?: Availability;
  /**
   * Automated backups; `retentionDays` is 2 to 365, the number of daily backups to retain. @default - 14 backups, from 03:00 UTC
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups
   */
  readonly backup?: BackupPolicy;
  /**
   * Days of transaction logs for point-in-time recovery, less than `backup.retentionDays`: 1 to 7, in Enterprise Plus 1 to 35.
   * @default - as many as allowed
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
   */
  readonly transactionLogRetentionDays?: number;
  /**
   * Backup location: a region, or `us`, `eu` or `asia`.
   * @default - the multi-region nearest to the server
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups#backup-locations
   */
  readonly backupLocation?: string;
  /**
   * The major version, such as `13`, for which you accept paid extended support. @default - none
   *
   * @see https://cloud.google.com/sql/docs/postgres/extended-support
   */
  readonly acceptExtendedSupport?: string;
  /**
   * The administrator that creates databases in SQL, so that their owners have no rights beyond their database.
   * @default CloudSqlAdminLogin.generated()
   *
   * @see https://cloud.google.com/sql/docs/postgres/users
   */
  readonly adminLogin?: CloudSqlAdminLogin;
  /** Password version; increment to rotate all generated passwords and client certificates of the server. @default 1 */
  readonly passwordVersion?: number;
}

/**
 * A Cloud SQL server for PostgreSQL or MySQL: private, highly available (regional), encrypted, with automated backups,
 * point-in-time recovery and deletion protection. Needs the google and the random provider, and Terraform or OpenTofu 1.11.
 *
 * Generated passwords are in no state. See `GeneratedPassword` for what to do after a run that stopped half-way.
 *
 * @see https://cloud.google.com/sql/docs/postgres/create-instance
 *
 * @example
 * const server = new CloudSqlServer(this, "postgres", {
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 *   region: "europe-west1",
 * });
 */
export class CloudSqlServer extends CloudSqlServerBase {
  /**
   * An existing server. Creates no instance; read replicas, alerts, databases and grants can be added to it.
   *
   * @param scope the parent construct.
   * @param id the construct's id.
   * @param attributes the server.
   *
   * @example
   * const server = CloudSqlServer.fromServerAttributes(this, "postgres", {
   *   instanceName: "coder-postgres-1a2b3c4d",
   *   project: "platform",
   *   region: "europe-west1",
   *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
   *   host: "10.20.0.3",
   *   caCertificatesPem: "-----BEGIN CERTIFICATE-----...",
   * });
   * new CloudSqlReadReplica(this, "replica", { source: server, network, size: MachineSize.general(4), storage: { sizeGiB: 100 } });
   */
  public static fromServerAttributes(
    scope: Construct,
    id: string,
    attributes: CloudSqlServerAttributes,
  ): ICloudSqlServer {
    return new ImportedCloudSqlServer(scope, id, attributes);
  }

  public constructor(scope: Construct, id: string, props: CloudSqlServerProps) {
    requireProps(`${scope.node.path}/${id}`, "CLOUDSQL", props, {
      engine: true,
      size: true,
      storage: true,
      network: true,
      region: true,
    });
    super(scope, id, props);
  }
}
