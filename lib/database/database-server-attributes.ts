import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { MajorUpgradeProcedure } from "./changes/major-upgrade";
import type { IDatabaseServer, ReservedNames } from "./database-server";
import type { DatabaseService } from "./database-service";
import type { DatabaseEngine } from "./engine";
import type { DatabaseLocation } from "./location";
import type { DatabaseLogin } from "./login";
import type { MachineClass } from "./machine-size";
import { ImportedServer } from "./private/imported-server";
import type { Protection } from "./protection";
import type { SqlRules } from "./sql-rules";
import type { TlsTrust } from "./tls-trust";

/** Attributes of an existing database server. */
export interface DatabaseServerAttributes {
  /**
   * Engine and version of the server.
   *
   * @see https://www.postgresql.org/support/versioning/
   * @see https://dev.mysql.com/doc/refman/8.4/en/mysql-releases.html
   */
  readonly engine: DatabaseEngine;
  /**
   * DNS name or IP address of the server, without scheme, port and brackets; may be a token.
   *
   * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-HOST
   * @see https://dev.mysql.com/doc/refman/8.4/en/connection-options.html
   */
  readonly host: string;
  /**
   * Port of the server, 1 to 65535; may be a token. @default - the engine's default port: 5432 or 3306
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PORT
   * @see https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_port
   */
  readonly port?: number;
  /** True if the address is reachable from the private network only. @default true */
  readonly isPrivate?: boolean;
  /**
   * TLS settings that clients need to verify the server. @default - TLS with a certificate of a public CA for `host`
   *
   * @see https://www.postgresql.org/docs/current/libpq-ssl.html
   * @see https://dev.mysql.com/doc/refman/8.4/en/using-encrypted-connections.html
   */
  readonly tls?: TlsTrust;
  /** Cloud and region of the server. @default - self-managed, region not known */
  readonly location?: DatabaseLocation;
  /**
   * `max_connections` of the server, 1 to 262143; may be a token. @default - the engine's default: 100 for PostgreSQL, 151 for MySQL
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS
   * @see https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_connections
   */
  readonly maxConnections?: number;
  /**
   * Connections of these that the service reserves; may be a token. @default 3
   *
   * @see https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SUPERUSER-RESERVED-CONNECTIONS
   */
  readonly reservedConnections?: number;
  /** Names of users and databases that the service reserves. @default - none beyond those of the engine */
  readonly reservedNames?: ReservedNames;
  /** Predefined roles and limits of the service for SQL. @default - those of PostgreSQL and MySQL for a self-managed server, otherwise not known */
  readonly sqlRules?: SqlRules;
  /**
   * Server parameters that applications check, such as `explicit_defaults_for_timestamp` for Gitpod. @default - not known
   *
   * @see https://www.postgresql.org/docs/current/runtime-config.html
   * @see https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html
   */
  readonly parameters?: { readonly [name: string]: string };
  /** Managed service that runs the server; applications refuse some, such as Aurora. @default - not known */
  readonly service?: DatabaseService;
  /** Machine class of the server. @default - not known */
  readonly machine?: MachineClass;
  /** Retention of backups in days, 0 (no backups) to 3650; may be a token. @default - not known */
  readonly backupRetentionDays?: number;
  /** Backup mechanisms of the server. @default - not known */
  readonly protections?: readonly Protection[];
  /** Major version upgrade by the service. @default - not known */
  readonly majorUpgrade?: MajorUpgradeProcedure;
  /** Administrator login, with which databases are created in SQL. @default - none: databases and their owners exist */
  readonly adminLogin?: DatabaseLogin;
  /** True if logins may authenticate with an identity of the cloud (IAM or Entra ID). @default false */
  readonly acceptsCloudIdentity?: boolean;
  /**
   * Major version that is used past the end of its standard support, such as `13`: at the price of the cloud's extended support,
   * or without support if the cloud sells none. @default - none
   */
  readonly acceptExtendedSupport?: string;
  /** Resources that must exist before clients connect. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Options of `DatabaseServer.fromServer`. */
export interface OtherStackServerOptions {
  /**
   * Administrator login as this stack reads it, such as by `StoredSecret.login` of a cloud: with it the stack creates its databases and
   * their owners in SQL, and sets their passwords. @default - none: databases and their owners exist
   */
  readonly adminLogin?: DatabaseLogin;
  /** Resources of this stack that must exist before clients connect. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** References to database servers that this program, or this stack, does not create. */
export class DatabaseServer {
  /**
   * An existing server, self-managed or on any cloud; creates no resources. Each cloud has a method of the same name
   * (`RdsServer.fromServerAttributes`) that fills in the cloud's defaults and limits. The engine version is judged by the support
   * dates of the community, or of the cloud's usual service if the program imports that cloud's entry.
   *
   * `database()` of the result needs `options.owner` unless the owner authenticates with a cloud identity, because there is no
   * secret store for a generated password.
   *
   * @param scope the scope.
   * @param id the construct id.
   * @param attrs the attributes of the server.
   *
   * @example
   * const server = DatabaseServer.fromServerAttributes(this, "postgres", {
   *   engine: DatabaseEngine.postgres(PostgresVersion.V16),
   *   host: "postgres.internal.example.com",
   *   maxConnections: 500,
   * });
   */
  public static fromServerAttributes(
    scope: Construct,
    id: string,
    attrs: DatabaseServerAttributes,
  ): IDatabaseServer {
    return new ImportedServer(scope, id, attrs);
  }

  /**
   * A server of another stack of the same program; creates no resources. CDKTF hands its address and certificates over as outputs of the
   * other stack. Passwords and resources to wait for cannot be handed over: the logins of this stack are read from the cloud's secret
   * store, and the other stack is applied first. The connections of the applications in all stacks count in one budget.
   *
   * @param scope the scope, in the stack that uses the server.
   * @param id the construct id.
   * @param server the server in the other stack.
   * @param options the administrator. @default - none
   *
   * @see https://developer.hashicorp.com/terraform/cdktf/concepts/stacks#cross-stack-references
   *
   * @example
   * const described = DatabaseServer.fromServer(this, "server", server);
   */
  public static fromServer(
    scope: Construct,
    id: string,
    server: IDatabaseServer,
    options: OtherStackServerOptions = {},
  ): IDatabaseServer {
    const { engine, endpoint, tls, location, parameters, service, machine } = server;
    const attributes = {
      ...{ engine, tls, location, parameters, service, machine },
      ...endpoint,
      reservedNames: server.reservedNames,
      sqlRules: server.sqlRules,
      backupRetentionDays: server.backupRetentionDays,
      acceptsCloudIdentity: server.acceptsCloudIdentity,
      protections: server.protections,
      majorUpgrade: server.majorUpgrade,
      ...options,
    };
    return new ImportedServer(scope, id, attributes, server);
  }

  private constructor() {}
}
