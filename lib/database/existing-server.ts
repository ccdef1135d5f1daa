import { isIPv6 } from "node:net";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Cloud } from "./cloud";
import { ConnectionBudget } from "./connection-budget";
import { reservedConnections } from "./connection-capacity";
import { VANILLA_MAXIMUM } from "./data/connection-limits";
import {
  type DatabaseOptions,
  DatabaseProvisioning,
  type IDatabase,
  type IDatabaseServer,
} from "./database-server";
import type { DatabaseService } from "./database-service";
import type { Endpoint } from "./endpoint";
import type { DatabaseEngine } from "./engine";
import type { DatabaseLocation } from "./location";
import { DatabaseLogin, LoginAuthentication } from "./login";
import type { MachineClass } from "./machine-size";
import { checkEngineSupport } from "./private/engine-support";
import { getOrCreateDatabase, LogicalDatabase } from "./private/logical-database";
import { SynthChecks } from "./private/synth-checks";
import type { TlsTrust } from "./tls-trust";

/** Properties of an `ExistingServer`. */
export interface ExistingServerProps {
  /** The engine and version that the server runs. */
  readonly engine: DatabaseEngine;
  /** The DNS name or address; may be a token. */
  readonly host: string;
  /** The port; may be a token. @default - the engine's: 5432 or 3306 */
  readonly port?: number;
  /** Whether the address can be reached from inside the network only. @default true */
  readonly isPrivate?: boolean;
  /** What a client needs to trust the server. @default - TLS signed by a public authority for the host */
  readonly tls?: TlsTrust;
  /** Where it runs. @default - self-managed, region not known */
  readonly location?: DatabaseLocation;
  /** The server's `max_connections`; may be a token. @default - the engine's own default: 100 for PostgreSQL, 151 for MySQL */
  readonly maxConnections?: number;
  /** The server's parameters, as far as applications ask for them: Gitpod for `explicit_defaults_for_timestamp`. @default - not known */
  readonly parameters?: { readonly [name: string]: string };
  /** What kind of service it is: applications refuse some, such as Aurora. @default - not known */
  readonly service?: DatabaseService;
  /** The machine it runs on. @default - not known */
  readonly machine?: MachineClass;
  /** How many days back it can be restored, 0 for no backups, at most 3650; may be a token. @default - not known */
  readonly backupRetentionDays?: number;
  /** The administrator, who sets up databases. @default - none: databases and owners exist already */
  readonly adminLogin?: DatabaseLogin;
  /** Whether logins may carry the cloud's identity. @default false */
  readonly acceptsCloudIdentity?: boolean;
  /**
   * The major version that you keep past its standard support, such as `13`: at the price of the cloud's extended support,
   * or without support where none is sold. @default - none
   */
  readonly acceptExtendedSupport?: string;
  /** What has to exist before anybody connects. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A server that exists already, whoever runs it. It creates nothing.
 *
 * @example
 * const server = new ExistingServer(this, "postgres", {
 *   engine: DatabaseEngine.postgres(PostgresVersion.V16),
 *   host: "postgres.internal.example.com",
 *   maxConnections: 500,
 * });
 */
export class ExistingServer extends Construct implements IDatabaseServer {
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly adminLogin?: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly parameters?: { readonly [name: string]: string };
  public readonly service?: DatabaseService;
  public readonly machine?: MachineClass;
  public readonly backupRetentionDays?: number;
  public readonly dependables: ITerraformDependable[];
  private readonly checks: SynthChecks;

  public constructor(scope: Construct, id: string, props: ExistingServerProps) {
    super(scope, id);
    this.checks = new SynthChecks(this);
    this.engine = props.engine;
    this.endpoint = {
      host: props.host,
      port: props.port ?? props.engine.defaultPort,
      isPrivate: props.isPrivate ?? true,
    };
    this.tls = props.tls ?? { enforced: true, hostnameVerifiable: true };
    this.location = props.location ?? { cloud: Cloud.SELF_MANAGED };
    this.adminLogin = props.adminLogin;
    this.acceptsCloudIdentity = props.acceptsCloudIdentity ?? false;
    this.parameters = props.parameters;
    this.service = props.service;
    this.machine = props.machine;
    this.backupRetentionDays = props.backupRetentionDays;
    this.dependables = props.dependsOn ?? [];
    const vanilla = VANILLA_MAXIMUM[props.engine.family];
    const maximum = props.maxConnections ?? vanilla;
    this.connectionBudget = new ConnectionBudget(
      this.checks,
      maximum === undefined
        ? undefined
        : {
            maximum,
            reserved: reservedConnections(this.location.cloud),
            basis:
              props.maxConnections === undefined ? `the default of ${props.engine.label}` : "maxConnections",
          },
    );
    this.checks.wholeNumber("port", props.port, 1, 65_535);
    this.checks.wholeNumber("backupRetentionDays", props.backupRetentionDays, 0, 3650, "days");
    this.checks.wholeNumber("maxConnections", props.maxConnections, 1, 262_143);
    this.checks.check(
      "host",
      props.host,
      () => isIPv6(props.host) || /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(props.host),
      "allowed is a DNS name or an address, without scheme, port and brackets",
    );
    checkEngineSupport(this, this.checks, props.engine, this.location.cloud, props.acceptExtendedSupport);
  }

  /**
   * A database on the server. Without an administrator it has to exist, together with its owner.
   *
   * @param name the database's name.
   * @param options `owner` is required for a login with a password, since there is no place to keep a new one.
   * @throws Error when a password login is wanted and none is given.
   */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    return getOrCreateDatabase(this, name, options, (id) => {
      const owner = options?.owner ?? this.identityOwner(name, options);
      const provisioning = this.adminLogin ? DatabaseProvisioning.SQL_JOB : DatabaseProvisioning.CLOUD_API;
      return new LogicalDatabase(this, id, { server: this, databaseName: name, owner, provisioning });
    });
  }

  private identityOwner(name: string, options: DatabaseOptions | undefined): DatabaseLogin {
    if (options?.ownerAuthentication !== LoginAuthentication.CLOUD_IDENTITY) {
      throw new Error(
        `[${this.node.path}] database "${name}" on an existing server needs options.owner: DatabaseLogin.withPassword(name, secret)`,
      );
    }
    return DatabaseLogin.withCloudIdentity(options.ownerName ?? name);
  }
}
