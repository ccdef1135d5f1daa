/** Servers and logins for tests of SQL. */
import type { TerraformStack } from "cdktf";
import {
  Cloud,
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  EngineFamily,
  type IDatabaseServer,
  MysqlVersion,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { type ComponentObjects, DatabaseObjects, type SqlProgram } from "../../../lib/sql";
import { reservedNamesOf, sqlRulesOf } from "../cloud-facts";
import { programOf } from "./sql-program";

/** A secret whose value a test gives to the program itself. */
export const secret = (name = "x", version = 1): SecretValue =>
  SecretValue.fromEphemeral(`\${ephemeral.test.${name}.value}`, { version });

export const login = (name: string): DatabaseLogin => DatabaseLogin.withPassword(name, secret());

export interface ServerOptions {
  readonly host?: string;
  readonly port?: number;
  readonly admin?: string;
  readonly cloud?: Cloud;
  readonly acceptsCloudIdentity?: boolean;
  readonly id?: string;
}

export function postgresServer(stack: TerraformStack, options: ServerOptions = {}): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(stack, options.id ?? "postgres", {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: options.host ?? "localhost",
    port: options.port,
    location: { cloud: options.cloud ?? Cloud.SELF_MANAGED },
    adminLogin: login(options.admin ?? "dbadmin"),
    acceptsCloudIdentity: options.acceptsCloudIdentity,
    reservedNames: options.cloud && reservedNamesOf(options.cloud),
    sqlRules: options.cloud && sqlRulesOf(options.cloud, EngineFamily.POSTGRES),
  });
}

export function mysqlServer(stack: TerraformStack, options: ServerOptions = {}): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(stack, options.id ?? "mysql", {
    engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
    host: options.host ?? "localhost",
    port: options.port,
    location: { cloud: options.cloud ?? Cloud.SELF_MANAGED },
    adminLogin: login(options.admin ?? "dbadmin"),
    acceptsCloudIdentity: options.acceptsCloudIdentity,
    reservedNames: options.cloud && reservedNamesOf(options.cloud),
    sqlRules: options.cloud && sqlRulesOf(options.cloud, EngineFamily.MYSQL),
  });
}

/** The program for components on a PostgreSQL server. */
export function postgresProgram(
  server: ServerOptions,
  components: (server: IDatabaseServer) => ComponentObjects[],
  more: { restrictAccess?: boolean; dryRun?: boolean } = {},
): SqlProgram {
  return programOf((stack, backend) => {
    const made = postgresServer(stack, server);
    new DatabaseObjects(stack, "objects", { server: made, components: components(made), backend, ...more });
  });
}

/** The program for components on a MySQL server. */
export function mysqlProgram(
  server: ServerOptions,
  components: (server: IDatabaseServer) => ComponentObjects[],
): SqlProgram {
  return programOf((stack, backend) => {
    const made = mysqlServer(stack, server);
    new DatabaseObjects(stack, "objects", { server: made, components: components(made), backend });
  });
}
