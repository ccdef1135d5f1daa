import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type {
  ConnectionBudget,
  DatabaseEngine,
  DatabaseLocation,
  Endpoint,
  MajorUpgradeProcedure,
  TlsTrust,
} from "../database";
import {
  DatabaseLogin,
  type DatabaseOptions,
  DatabaseProvisioning,
  type IDatabase,
  type IDatabaseServer,
  LoginAuthentication,
  PoolMode,
  type Protection,
  type ReservedNames,
  type SqlRules,
} from "../database";
import { getOrCreateDatabase, LogicalDatabase } from "../database/private";

/** Properties of a `ProxiedServer`. */
export interface ProxiedServerProps {
  /** Database server behind the proxy. */
  readonly server: IDatabaseServer;
  /** Endpoint of the proxy. */
  readonly endpoint: Endpoint;
  /** True if the proxy authenticates with the pod's identity, for clients that send a user name and no password. */
  readonly automaticLogin: boolean;
  /** Resources that must exist before clients connect, besides the server. @default - none */
  readonly dependables?: ITerraformDependable[];
}

/**
 * Database server as clients of a proxy see it; the proxy speaks TLS to the server for them. Created by the proxy constructs.
 *
 * @example
 * const database = proxy.server.database("coder");
 */
export class ProxiedServer extends Construct implements IDatabaseServer {
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  /** No TLS between client and proxy: the proxy speaks TLS to the server. */
  public readonly tls: TlsTrust = { offered: false, enforced: false, hostnameVerifiable: false };
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly acceptsCloudIdentity = false;
  public readonly parameters?: { readonly [name: string]: string };
  public readonly reservedNames?: ReservedNames;
  public readonly sqlRules?: SqlRules;
  public readonly protections?: readonly Protection[];
  public readonly majorUpgrade?: MajorUpgradeProcedure;
  public readonly dependables: ITerraformDependable[];
  private readonly props: ProxiedServerProps;

  public constructor(scope: Construct, id: string, props: ProxiedServerProps) {
    super(scope, id);
    this.props = props;
    const { server } = props;
    this.engine = server.engine;
    this.endpoint = props.endpoint;
    this.location = server.location;
    this.parameters = server.parameters;
    this.reservedNames = server.reservedNames;
    this.sqlRules = server.sqlRules;
    this.protections = server.protections;
    this.majorUpgrade = server.majorUpgrade;
    // The proxy opens one connection to the server for each client connection.
    this.connectionBudget = server.connectionBudget;
    this.dependables = [...server.dependables, ...(props.dependables ?? [])];
  }

  /**
   * A database of the server, through the proxy. `pooling.direct` is the same database on the server, for SQL objects and backups.
   *
   * @param name the database's name.
   * @param options as for `database()` of the server; must not be set when the server has created the database before.
   */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    return getOrCreateDatabase(this, name, options, (id) => {
      const direct = this.props.server.database(name, options);
      return new LogicalDatabase(this, id, {
        server: this,
        databaseName: name,
        owner: this.loginOf(direct),
        provisioning: DatabaseProvisioning.CLOUD_API,
        dependables: [...direct.dependables, ...this.dependables],
        // One server connection per client connection, so clients keep all features of a session.
        pooling: { mode: PoolMode.SESSION, preparedStatements: true, direct },
      });
    });
  }

  private loginOf(direct: IDatabase): DatabaseLogin {
    const { owner } = direct;
    if (owner.authentication !== LoginAuthentication.CLOUD_IDENTITY) return owner;
    if (!this.props.automaticLogin) {
      throw new Error(
        `[${this.node.path}] K8S-PROXY-OWNER: the owner of "${direct.databaseName}" must have a password (got ${owner.authentication}): this proxy does not authenticate for its clients`,
      );
    }
    return DatabaseLogin.throughProxy(owner.username);
  }
}
