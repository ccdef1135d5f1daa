// The contract. An application sees a server only through these interfaces, so a fourth cloud or a server of the user's
// own is a new class and no other change.

import type { ITerraformDependable } from "cdktf";
import type { IConstruct } from "constructs";
import type { ConnectionBudget } from "./connection-budget";
import type { DatabaseService } from "./database-service";
import type { Endpoint } from "./endpoint";
import type { DatabaseEngine } from "./engine";
import type { DatabaseLocation } from "./location";
import type { DatabaseLogin, LoginAuthentication } from "./login";
import type { MachineClass } from "./machine-size";
import type { PoolMode } from "./pool-mode";
import type { TlsTrust } from "./tls-trust";

/** What is still to be done before an application can use a database. */
export enum DatabaseProvisioning {
  /** Nothing: it exists, or the cloud's API makes it together with its owner. */
  CLOUD_API = "done",
  /** The database and its owner have to be created in SQL, by the server's administrator. */
  SQL_JOB = "sql",
}

/** What an application asks for beside the name of a database. */
export interface DatabaseOptions {
  /** The owner's login, when the user has one already. @default - a login of its own, made by the server */
  readonly owner?: DatabaseLogin;
  /** The name of the owner's login that the server makes. @default - the database's name */
  readonly ownerName?: string;
  /** How the login that the server makes proves who it is. @default LoginAuthentication.PASSWORD */
  readonly ownerAuthentication?: LoginAuthentication;
}

/** Names that a service reserves, in lower case. */
export interface ReservedNames {
  /** Names of users. */
  readonly users: readonly string[];
  /** Names of databases. */
  readonly databases: readonly string[];
}

/** A logical database on a server, with the login that owns it. */
export interface IDatabase extends IConstruct {
  /** The server. */
  readonly server: IDatabaseServer;
  /** The database's name. */
  readonly databaseName: string;
  /** The login that owns the database; never the administrator. */
  readonly owner: DatabaseLogin;
  /** What is still to be done before the database can be used. */
  readonly provisioning: DatabaseProvisioning;
  /** What has to exist before the database is used or set up. */
  readonly dependables: ITerraformDependable[];
  /** What the pooler in front changes for clients. @default - no pooler: clients reach the server itself */
  readonly pooling?: DatabasePooling;
}

/** What the pooler in front of a database changes for its clients. */
export interface DatabasePooling {
  /** How long a client keeps a connection of the pool. */
  readonly mode: PoolMode;
  /** Whether prepared statements of the protocol work. */
  readonly preparedStatements: boolean;
  /** The same database past the pooler, for migrations, backups and restores. */
  readonly direct: IDatabase;
}

/** A database server, whoever runs it. */
export interface IDatabaseServer extends IConstruct {
  /** The engine and version. */
  readonly engine: DatabaseEngine;
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** What a client needs to trust it. */
  readonly tls: TlsTrust;
  /** Where it runs. */
  readonly location: DatabaseLocation;
  /** Who connects, and how many connections there are. */
  readonly connectionBudget: ConnectionBudget;
  /** The administrator, for setting up databases; never for an application. Not set when the user keeps it. */
  readonly adminLogin?: DatabaseLogin;
  /** Whether a connection may carry the cloud's identity in place of a password. */
  readonly acceptsCloudIdentity: boolean;
  /**
   * What the program sets of the server's parameters, by the server's own names; values may be tokens. An application that
   * needs one looks here. Not set when nobody knows, as of a server that exists already.
   */
  readonly parameters?: { readonly [name: string]: string };
  /** Names of users and databases that the service reserves. Not set if it reserves none beyond those of the engine. */
  readonly reservedNames?: ReservedNames;
  /** What kind of service it is. Not set when it follows from where it runs: RDS, Cloud SQL and Flexible Server. */
  readonly service?: DatabaseService;
  /** The machine it runs on. Not set when nobody knows. */
  readonly machine?: MachineClass;
  /** How many days back it can be restored, 0 for no backups; may be a token. Not set when nobody knows. */
  readonly backupRetentionDays?: number;
  /** What has to exist before anybody connects. */
  readonly dependables: ITerraformDependable[];

  /**
   * A logical database with its own owner login. Asking again for the same name gives the same database.
   *
   * @param name the database's name; known at synth, since the construct's id follows from it.
   * @param options the owner. @default - a login with the database's name
   */
  database(name: string, options?: DatabaseOptions): IDatabase;
}
