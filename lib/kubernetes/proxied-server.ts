import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ConnectionBudget, DatabaseEngine, DatabaseLocation, Endpoint, TlsTrust } from "../database";
import {
  DatabaseLogin,
  type DatabaseOptions,
  DatabaseProvisioning,
  type IDatabase,
  type IDatabaseServer,
  LoginAuthentication,
  PoolMode,
  type ReservedNames,
} from "../database";
import { getOrCreateDatabase, LogicalDatabase } from "../database/private";

/** Properties of a `ProxiedServer`. */
export interface ProxiedServerProps {
  /** The server behind the proxy. */
  readonly server: IDatabaseServer;
  /** Where the proxy listens. */
  readonly endpoint: Endpoint;
  /** Whether the proxy logs in by the pod's identity, for clients who give a name and no password. */
  readonly automaticLogin: boolean;
  /** What has to exist before anybody connects, beside the server. @default - nothing */
  readonly dependables?: ITerraformDependable[];
}

/**
 * A server as clients see it through a proxy that speaks TLS for them. The constructs of the proxy make it.
 *
 * @example
 * const database = proxy.server.database("coder");
 */
export class ProxiedServer extends Construct implements IDatabaseServer {
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  /** None: the proxy speaks TLS to the server. */
  public readonly tls: TlsTrust = { offered: false, enforced: false, hostnameVerifiable: false };
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly acceptsCloudIdentity = false;
  public readonly parameters?: { readonly [name: string]: string };
  public readonly reservedNames?: ReservedNames;
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
    // The proxy opens one connection for each of the clients'.
    this.connectionBudget = server.connectionBudget;
    this.dependables = [...server.dependables, ...(props.dependables ?? [])];
  }

  /**
   * A database of the server, through the proxy. `pooling.direct` is the same one past it, where set-up and backups go.
   *
   * @param name the database's name.
   * @param options as for the server's own `database()`; only if it was not asked for there.
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
        // One connection for one client, so nothing that a client may do changes.
        pooling: { mode: PoolMode.SESSION, preparedStatements: true, direct },
      });
    });
  }

  private loginOf(direct: IDatabase): DatabaseLogin {
    const { owner } = direct;
    if (owner.authentication !== LoginAuthentication.CLOUD_IDENTITY) return owner;
    if (!this.props.automaticLogin) {
      throw new Error(
        `[${this.node.path}] the owner of "${direct.databaseName}" has no password, and this proxy does not log in for its clients`,
      );
    }
    return DatabaseLogin.throughProxy(owner.username);
  }
}
