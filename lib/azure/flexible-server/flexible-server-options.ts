// What both kinds of flexible server take, in the same words as the servers of the other clouds.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type {
  Availability,
  BackupPolicy,
  DatabaseEngine,
  DeletionPolicy,
  MachineSize,
  MaintenanceWindow,
  StorageProps,
} from "../../database";
import type { ISecretVault } from "../key-vault/secret-vault";
import type { IAzureDatabaseNetwork } from "../network/azure-database-network";
import type { AzureAdminLogin } from "./azure-admin-login";
import type { EntraAdministrator } from "./entra-administrator";
import type { ServerEncryptionKey } from "./server-key";

/** Where the standby of a zone-redundant server is. */
export enum StandbyPlacement {
  /** In another zone: the server survives the loss of a zone. */
  OTHER_ZONE = "ZoneRedundant",
  /** In the same zone: the server survives the loss of a machine only. For regions without zones. */
  SAME_ZONE = "SameZone",
}

/** Properties that both kinds of flexible server have. */
export interface FlexibleServerOptions {
  /** The engine and version. Azure chooses the minor version itself. An older version replaces the server. */
  readonly engine: DatabaseEngine;
  /** The machine. */
  readonly size: MachineSize;
  /** The disk. With `maxSizeGiB` Azure grows it, and Terraform does not look at its size any more. */
  readonly storage: StorageProps;
  /** How the server is reached; it can't be changed later. */
  readonly network: IAzureDatabaseNetwork;
  /** The vault that keeps generated passwords. @default - none: then every login has to be given */
  readonly vault?: ISecretVault;
  /** The resource group; changing it replaces the server. @default - the network's */
  readonly resourceGroupName?: string;
  /** The region; changing it replaces the server. @default - the network's */
  readonly location?: string;
  /**
   * The server's name, 3 to 63 lower-case letters, digits and hyphens, unique in all of Azure; changing it replaces the
   * server. @default - the construct's path and a suffix that is kept in the state and never changes
   */
  readonly serverName?: string;
  /** What the server survives. Not on burstable machines. @default Availability.ZONE_REDUNDANT */
  readonly availability?: Availability;
  /** Where the standby of a zone-redundant server is. MySQL decides it at creation. @default StandbyPlacement.OTHER_ZONE */
  readonly standby?: StandbyPlacement;
  /** The zone in which the server starts, `1`, `2` or `3`. Not looked at after that, since a failover changes it. @default - Azure chooses */
  readonly zone?: string;
  /** The zone in which the standby starts. Not looked at after that. @default - Azure chooses */
  readonly standbyZone?: string;
  /** Backups: 7 to 35 days for PostgreSQL, 1 to 35 for MySQL. Azure chooses the time. @default - 14 days */
  readonly backup?: BackupPolicy;
  /**
   * Whether backups are kept in the paired region as well, so that the server can be restored there. Decided at
   * creation: changing it replaces the server. @default true
   */
  readonly geoRedundantBackup?: boolean;
  /** The weekly time in which Azure may change the server. @default - Sunday, from 04:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /**
   * What happens to the data when the server leaves the program. RETAIN: Terraform refuses to destroy or replace the
   * server, and a lock keeps everybody else from deleting it. Azure has no protection on the server itself: taking the
   * whole construct out of the program takes the lock away too. SNAPSHOT: Azure takes no last snapshot; the server can
   * be restored for five days by its backups, and longer by a `LongTermBackup` only. @default DeletionPolicy.RETAIN
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Whether RETAIN makes the lock, for which Terraform needs `Microsoft.Authorization/locks/write` (Owner, or User
   * Access Administrator). While it is there, Azure lets nobody delete what is attached to the server either, such as an
   * Entra administrator or a diagnostic setting: take the lock away in a run of its own first. @default true
   */
  readonly deletionLock?: boolean;
  /** The major version whose paid extended support you accept, such as `8.0`. @default - none */
  readonly acceptExtendedSupport?: string;
  /**
   * Server parameters beside those that the library sets, by Azure's names. Those that have a property of their own, and
   * those that would undo TLS, are refused. Static ones restart a PostgreSQL server during the apply, unless the
   * provider's `features.postgresql_flexible_server.restart_server_on_configuration_value_change` is false; on MySQL
   * they wait until somebody restarts the server. @default - none
   */
  readonly parameters?: { readonly [name: string]: string };
  /** `max_connections`; 25 to 5000 for PostgreSQL, a static parameter there. @default - what Azure derives from the machine */
  readonly maxConnections?: number;
  /** Statements that take longer than this are logged, in milliseconds; -1 logs none. @default 1000 */
  readonly slowQueryMs?: number;
  /** The administrator, who sets up databases; never for an application. @default AzureAdminLogin.generated() */
  readonly adminLogin?: AzureAdminLogin;
  /** The number that stands for the generated passwords of administrator and owners: raise it and they change. @default 1 */
  readonly passwordVersion?: number;
  /** A person or group of Entra ID who administers the server beside the administrator. @default - none: passwords only */
  readonly entraAdministrator?: EntraAdministrator;
  /** The key that encrypts the data; decided at creation. @default - a key of Microsoft's */
  readonly encryptionKey?: ServerEncryptionKey;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the network's, else the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** The provider of names' suffixes and passwords. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
