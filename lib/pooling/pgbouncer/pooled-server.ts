// Applications take any database of the contract; behind a pooler, the server of that database is the pooler. The connections that an
// application declares are then consumers of the entry's connection budget, and a pooler that is too small is reported at synth.

import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type {
  ConnectionCapacity,
  DatabaseEngine,
  DatabaseLocation,
  DatabaseLogin,
  Endpoint,
  TlsTrust,
} from "../../database";
import {
  ConnectionBudget,
  type DatabaseOptions,
  type DatabasePooling,
  DatabaseProvisioning,
  type IDatabase,
  type IDatabaseServer,
  type Protection,
  type ReservedNames,
  type SqlRules,
} from "../../database";
import type { ResolvedEntry } from "./pool-entry";

/** Properties of a `PooledServer`. */
export interface PooledServerProps {
  readonly entry: ResolvedEntry;
  readonly endpoint: Endpoint;
  readonly tls: TlsTrust;
  readonly capacity: ConnectionCapacity;
  readonly preparedStatements: boolean;
  readonly dependables: ITerraformDependable[];
}

/**
 * One entry of a pooler as a database server. Created by `PgBouncer`; applications use `pooler.database()`.
 *
 * @example
 * const server = pooler.database("main").server;
 */
export class PooledServer extends Construct implements IDatabaseServer {
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly acceptsCloudIdentity = false;
  public readonly parameters?: { readonly [name: string]: string };
  public readonly reservedNames?: ReservedNames;
  public readonly sqlRules?: SqlRules;
  public readonly protections?: readonly Protection[];
  public readonly dependables: ITerraformDependable[];
  private readonly pooled: IDatabase;

  public constructor(scope: Construct, id: string, props: PooledServerProps) {
    super(scope, id);
    const { entry } = props;
    this.engine = entry.database.server.engine;
    this.location = entry.database.server.location;
    this.parameters = entry.database.server.parameters;
    this.reservedNames = entry.database.server.reservedNames;
    this.sqlRules = entry.database.server.sqlRules;
    this.protections = entry.database.server.protections;
    this.endpoint = props.endpoint;
    this.tls = props.tls;
    this.dependables = props.dependables;
    this.connectionBudget = new ConnectionBudget(this, "PGBOUNCER", props.capacity);
    this.pooled = new PooledDatabase(this, "Database", props);
  }

  /**
   * The database of the entry.
   *
   * @param name the entry's name.
   * @param options must not be set: the entry has the owner.
   * @throws Error for another name.
   */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    if (name !== this.pooled.databaseName || options) {
      throw new Error(
        `[${this.node.path}] PGBOUNCER-DATABASE: database must be "${this.pooled.databaseName}", without options (got "${name}"); create other databases on their server`,
      );
    }
    return this.pooled;
  }
}

/** The database of an entry. Its names are checked with the entry, so that a mistake is reported once. */
class PooledDatabase extends Construct implements IDatabase {
  public readonly server: IDatabaseServer;
  public readonly databaseName: string;
  public readonly owner: DatabaseLogin;
  public readonly provisioning = DatabaseProvisioning.CLOUD_API;
  public readonly dependables: ITerraformDependable[];
  public readonly pooling: DatabasePooling;

  public constructor(server: PooledServer, id: string, props: PooledServerProps) {
    super(server, id);
    const { entry } = props;
    this.server = server;
    this.databaseName = entry.name;
    this.owner = entry.login;
    this.dependables = props.dependables;
    this.pooling = {
      mode: entry.mode,
      preparedStatements: props.preparedStatements,
      direct: entry.database,
    };
  }
}
