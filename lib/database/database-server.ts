// The contract: an application sees a server only through these interfaces, so another cloud is a new implementation and
// changes nothing else.

import type { ITerraformDependable } from "cdktf";
import type { IConstruct } from "constructs";
import type { MajorUpgradeProcedure } from "./changes/major-upgrade";
import type { ConnectionBudget } from "./connections/connection-budget";
import type { PoolMode } from "./connections/pool-mode";
import type { DatabaseService } from "./database-service";
import type { Endpoint } from "./endpoint";
import type { DatabaseEngine } from "./engine";
import type { DatabaseLocation } from "./location";
import type { DatabaseLogin, LoginAuthentication } from "./login";
import type { MachineClass } from "./machine-size";
import type { Protection } from "./protection";
import type { SqlRules } from "./sql-rules";
import type { TlsTrust } from "./tls-trust";

/** Remaining provisioning before an application can use a database. */
export enum DatabaseProvisioning {
  /** Nothing: the database exists, or the cloud's API creates it together with its owner. */
  CLOUD_API = "done",
  /** The database and its owner must be created in SQL by the administrator. */
  SQL_JOB = "sql",
}

/** Options of `IDatabaseServer.database`. */
export interface DatabaseOptions {
  /**
   * Login that owns the database. @default - a login that is created with the database
   *
   * @see https://www.postgresql.org/docs/current/sql-createdatabase.html
   */
  readonly owner?: DatabaseLogin;
  /**
   * User name of the owner that is created. @default - the name of the database
   *
   * @see https://www.postgresql.org/docs/current/sql-createdatabase.html
   */
  readonly ownerName?: string;
  /** Authentication method of the owner that is created. @default LoginAuthentication.PASSWORD */
  readonly ownerAuthentication?: LoginAuthentication;
}

/** Names that a service reserves, in lower case. */
export interface ReservedNames {
  /** Names of users. */
  readonly users: readonly string[];
  /** Names of databases. */
  readonly databases: readonly string[];
}

/** Logical database on a server, with the login that owns it. */
export interface IDatabase extends IConstruct {
  /** Server of the database. */
  readonly server: IDatabaseServer;
  /** Name of the database. */
  readonly databaseName: string;
  /** Login that owns the database; never the administrator. */
  readonly owner: DatabaseLogin;
  /** Remaining provisioning before the database can be used. */
  readonly provisioning: DatabaseProvisioning;
  /** Resources that must exist before the database is used or provisioned. */
  readonly dependables: ITerraformDependable[];
  /** Connection pooling between clients and the server. Not set if clients connect to the server directly. */
  readonly pooling?: DatabasePooling;
}

/** Connection pooling of a database: the limits that it imposes on clients. */
export interface DatabasePooling {
  /** Pool mode. */
  readonly mode: PoolMode;
  /** True if protocol-level prepared statements work. */
  readonly preparedStatements: boolean;
  /** The same database without the pooler, for migrations, backups and restores. */
  readonly direct: IDatabase;
}

/** A database server, on any cloud or self-managed: all that an application sees of it. */
export interface IDatabaseServer extends IConstruct {
  /** Engine and version. */
  readonly engine: DatabaseEngine;
  /** Network address. */
  readonly endpoint: Endpoint;
  /** TLS settings that clients need to verify the server. */
  readonly tls: TlsTrust;
  /** Cloud and region. */
  readonly location: DatabaseLocation;
  /** Connections that applications may open, compared with the maximum of the server. */
  readonly connectionBudget: ConnectionBudget;
  /** Administrator login, for provisioning databases; never for an application. Not set if the program does not know it. */
  readonly adminLogin?: DatabaseLogin;
  /** True if logins may authenticate with an identity of the cloud instead of a password. */
  readonly acceptsCloudIdentity: boolean;
  /**
   * Server parameters that the program sets, by the engine's names; values may be tokens. Applications check those that they need.
   * Not set if they are not known, as for an existing server.
   */
  readonly parameters?: { readonly [name: string]: string };
  /** Names of users and databases that the service reserves. Not set if it reserves none beyond those of the engine. */
  readonly reservedNames?: ReservedNames;
  /** Predefined roles and limits of the service for SQL. Not set if they are not known; descriptions are then not checked for them. */
  readonly sqlRules?: SqlRules;
  /** Managed service. Not set for the usual service of the cloud: RDS, Cloud SQL, Flexible Server. */
  readonly service?: DatabaseService;
  /** Machine class. Not set if it is not known. */
  readonly machine?: MachineClass;
  /** Backup retention period in days, 0 for no backups; may be a token. Not set if it is not known. */
  readonly backupRetentionDays?: number;
  /** Backup mechanisms of the server. Not set if they are not known, as for an existing server; an empty list says that there are none. */
  readonly protections?: readonly Protection[];
  /** Major version upgrade by the service. Not set if it is not known, as for an existing server. */
  readonly majorUpgrade?: MajorUpgradeProcedure;
  /** Resources that must exist before clients connect. */
  readonly dependables: ITerraformDependable[];

  /**
   * Returns the logical database of a name, and creates it with an owner login at the first call.
   *
   * @param name the name; known at synth, because the construct id is derived from it.
   * @param options the owner. @default - a login with the database's name
   */
  database(name: string, options?: DatabaseOptions): IDatabase;
}
