// The interface and the properties that both kinds of flexible server have, with the same names as on the other clouds.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import type {
  Availability,
  BackupPolicy,
  ConnectGrantOptions,
  ConnectionCapacity,
  DatabaseEngine,
  DatabaseLocation,
  DeletionPolicy,
  Endpoint,
  EngineFamily,
  IConnectGrant,
  IDatabaseServer,
  IWorkloadIdentity,
  MachineClass,
  MachineSize,
  MaintenanceWindow,
  StorageProps,
  TlsTrust,
} from "../../database";
import type { ServerEncryptionKey } from "../key-vault/encryption-key";
import type { ISecretVault } from "../key-vault/secret-vault";
import type { IFlexibleServerNetwork } from "../network/flexible-server-network";
import type { AzureAdminLogin, EntraAdministrator } from "./logins";

/**
 * An Azure Database flexible server or read replica, of either engine, whether this program creates it or not. Alerts,
 * diagnostic settings, backups and read replicas take it.
 */
export interface IFlexibleServer extends IConstruct {
  /** Resource ID; may be a token. */
  readonly serverId: string;
  /** Server name; may be a token. */
  readonly serverName: string;
  /** Name of the resource group; may be a token. */
  readonly resourceGroupName: string;
  /** Cloud and region. */
  readonly location: DatabaseLocation;
  /** Engine and version. */
  readonly engine: DatabaseEngine;
  /** Host name and port. */
  readonly endpoint: Endpoint;
  /** TLS settings of clients. */
  readonly tls: TlsTrust;
  /** SKU; not set where it is not known. */
  readonly machine?: MachineClass;
  /** Maximum number of connections; not set where it is not known. */
  readonly connectionCapacity?: ConnectionCapacity;
  /** True if the server is a read replica. */
  readonly isReplica: boolean;
  /** Properties that the server was created with, from which a read replica takes its defaults; not set for a server that exists already. */
  readonly serverProps?: FlexibleServerOptions;
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before anything is attached to the server. */
  readonly dependables: ITerraformDependable[];
}

/** A flexible server with databases, whether this program creates it or not. */
export interface IFlexibleDatabaseServer extends IDatabaseServer, IFlexibleServer {
  /** SKU; not set where it is not known. */
  readonly machine?: MachineClass;
  /** Resources that must exist before a client connects. */
  readonly dependables: ITerraformDependable[];

  /**
   * The database login of a managed identity, with Microsoft Entra authentication. Azure has no API to create it: the Microsoft
   * Entra administrator creates the principal in SQL, of which a warning reminds.
   *
   * @param identity an `AksWorkloadIdentity`.
   * @param options the login's name. @default - the identity's name
   */
  grantConnect(identity: IWorkloadIdentity, options?: ConnectGrantOptions): IConnectGrant;
}

/**
 * Availability zone of the standby of a server with high availability.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-high-availability
 */
export enum StandbyPlacement {
  /** Zone-redundant high availability: the standby is in another availability zone. */
  OTHER_ZONE = "ZoneRedundant",
  /** Same-zone high availability: the standby is in the zone of the server. For regions without availability zones. */
  SAME_ZONE = "SameZone",
}

/** Properties that both kinds of flexible server have. */
export interface FlexibleServerOptions {
  /**
   * Engine and version. Azure chooses the minor version. An older major version replaces the server.
   *
   * @see https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-supported-versions
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-supported-versions
   */
  readonly engine: DatabaseEngine;
  /**
   * Compute size, from which the SKU follows.
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute
   */
  readonly size: MachineSize;
  /**
   * Storage. `maxSizeGiB` enables storage autogrow, and Terraform then ignores changes of the size.
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-storage
   */
  readonly storage: StorageProps;
  /**
   * Network of the server; the connectivity method cannot be changed later.
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-networking
   */
  readonly network: IFlexibleServerNetwork;
  /**
   * Key vault of the generated passwords. @default - none: each login must be given
   *
   * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
   */
  readonly vault?: ISecretVault;
  /**
   * Name of the resource group; a change replaces the server. @default - the network's
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName?: string;
  /**
   * Azure region; a change replaces the server. @default - the network's
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location?: string;
  /**
   * Server name, 3 to 63 lower-case letters, digits and hyphens, globally unique; a change replaces the server.
   * @default - derived from the construct path, with a suffix that is kept in the state and never changes
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftdbforpostgresql
   */
  readonly serverName?: string;
  /**
   * Name of a server that was restored from this one and takes its place, imported under this construct; as `serverName`. Names of secrets
   * still follow from `serverName`, so that the passwords, which came with the data, stay. Keep it as long as the server exists.
   * @default - the server is not a restored one
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-restore-server-cli
   */
  readonly restoredServerName?: string;
  /**
   * High availability: ZONE_REDUNDANT creates a standby, ZONAL none. Burstable SKUs have no high availability. Azure restores to a
   * server without a standby, so a restored server is ZONAL until it is set in a later run. @default Availability.ZONE_REDUNDANT
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-high-availability
   */
  readonly availability?: Availability;
  /**
   * High availability mode: zone of the standby. A MySQL server that was created without OTHER_ZONE can have SAME_ZONE only; Azure adds
   * it to a running server if the server parameters `gtid_mode` and `enforce_gtid_consistency` are ON.
   * @default StandbyPlacement.OTHER_ZONE
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-high-availability-faq
   */
  readonly standby?: StandbyPlacement;
  /**
   * Availability zone of the server at creation: `1`, `2` or `3`. Later changes are ignored, since a failover changes it.
   * @default - Azure chooses
   *
   * @see https://learn.microsoft.com/azure/reliability/reliability-postgresql-flexible-server
   */
  readonly zone?: string;
  /**
   * Availability zone of the standby at creation. Later changes are ignored. @default - Azure chooses
   *
   * @see https://learn.microsoft.com/azure/reliability/reliability-postgresql-flexible-server
   */
  readonly standbyZone?: string;
  /**
   * Automated backups: retention of 7 to 35 days for PostgreSQL, 1 to 35 for MySQL. Azure chooses the backup window.
   * @default - retention of 14 days
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
   */
  readonly backup?: BackupPolicy;
  /**
   * Enables geo-redundant backups in the paired region, from which a geo-restore is possible. A change replaces the server.
   * A server restored from geo-redundant backups has none by default, since the region that would hold the copies is lost.
   * @default true
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
   */
  readonly geoRedundantBackup?: boolean;
  /**
   * Maintenance window of one hour, weekly.
   * @default - Sunday, 04:30 UTC
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-maintenance
   */
  readonly maintenanceWindow?: MaintenanceWindow;
  /**
   * Deletion of the server. RETAIN: `prevent_destroy` against a replacement, and a management lock against deletion outside Terraform.
   * Azure has no deletion protection on the server itself: removing or renaming the construct is not refused, and removes the lock too.
   * SNAPSHOT: Azure creates no final snapshot; a deleted server can be restored from its backups for five days, and longer only
   * from a `LongTermBackup`. @default DeletionPolicy.RETAIN
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
   * @see https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-restore-deleted-server
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Enables the management lock (`CanNotDelete`) of RETAIN. Terraform needs `Microsoft.Authorization/locks/write` (Owner or User
   * Access Administrator). While the lock exists, Azure also refuses to delete what is attached to the server, such as an Entra
   * administrator or a diagnostic setting: set this to false in a separate apply first. @default true
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
   */
  readonly deletionLock?: boolean;
  /** Major version whose paid extended support you accept, such as `8.0`. @default - none */
  readonly acceptExtendedSupport?: string;
  /**
   * Server parameters, by Azure's names, beside those that the library sets. Parameters that have a prop, and values that disable
   * TLS, are refused. A static parameter restarts a PostgreSQL server during the apply, unless the provider's
   * `features.postgresql_flexible_server.restart_server_on_configuration_value_change` is false; on MySQL it takes effect at the
   * next restart, which Terraform does not trigger. @default - none
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-server-parameters
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * Server parameter `max_connections`, 25 to 5000 for PostgreSQL, where it is static. @default - Azure's default for the SKU
   *
   * @see https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits
   */
  readonly maxConnections?: number;
  /**
   * Slow query log: minimum duration of logged statements, in milliseconds; -1 disables it. @default 1000
   *
   * @see https://learn.microsoft.com/azure/postgresql/monitor/concepts-logging
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-slow-query-logs
   */
  readonly slowQueryMs?: number;
  /**
   * Administrator login, which creates databases and their owners; never for applications. @default AzureAdminLogin.generated()
   *
   * @see https://learn.microsoft.com/azure/postgresql/security/security-manage-database-users
   */
  readonly adminLogin?: AzureAdminLogin;
  /** Password version; increment to rotate the generated passwords of administrator and owners. @default 1 */
  readonly passwordVersion?: number;
  /**
   * Lets two users of each owner with a generated password alternate (alternating users rotation), from this password version on. An
   * increment of `passwordVersion` then gives a new password to the user that is not in use, and applications change over to it; the other
   * one stays valid until the next increment, so that no connection is refused while pods are replaced. The second user is the owner's
   * name with `_clone`. Set it once: to the present `passwordVersion` of a running server, to 1 for a new one; then leave it.
   * Increment `passwordVersion` by one, and apply to the end before the next increment. @default - one user, whose old password ends with the rotation
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html#rotating-secrets-two-users
   */
  readonly alternatingUsersSince?: number;
  /**
   * Microsoft Entra administrator, beside the administrator login; enables Microsoft Entra authentication.
   * @default - none: password authentication only
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-azure-ad-authentication
   */
  readonly entraAdministrator?: EntraAdministrator;
  /**
   * Customer-managed key of data encryption; decided at creation. PostgreSQL takes a key identifier without version and then follows
   * the rotation of the key. @default - a service-managed key
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/security-data-encryption
   */
  readonly encryptionKey?: ServerEncryptionKey;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the network's, else the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** The random provider, which generates name suffixes and passwords. @default - the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist before the server. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** The source of a restored server or read replica. @internal */
export interface ServerOrigin {
  /** `create_mode` of the server. */
  readonly createMode: string;
  readonly sourceServerId: string;
  /** Point in time in UTC, where the create mode takes one. */
  readonly restoreTime?: string;
}

/** The properties of a server, with what the engine and the kind of server add. @internal */
export interface FlexibleServerSpec {
  readonly family: EngineFamily;
  readonly options: FlexibleServerOptions;
  readonly extensions?: string[];
  readonly passwordAuthentication: boolean;
  readonly minRetentionDays: number;
  readonly origin?: ServerOrigin;
  /** True for a read replica, which has no backups and standby, and takes its parameters from the source. */
  readonly replica?: boolean;
  /** Recovery parameters of the source of a read replica, which the replica must have too. */
  readonly recoveryParameters?: { readonly [name: string]: string };
}
