/** A server of one's own and poolers in front of it, as small as tests like them. */
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type DatabaseServerAttributes,
  type IDatabase,
  type IDatabaseServer,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { ClientTls, PgBouncer, type PgBouncerProps, type PoolEntry } from "../../../lib/pooling";

export const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

export function server(
  stack: TerraformStack,
  id = "server",
  props: Partial<DatabaseServerAttributes> = {},
): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(stack, id, {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: `${id}.example.com`,
    maxConnections: 203,
    ...props,
  });
}

/** A login whose password is an ephemeral variable. */
export function login(stack: TerraformStack, username: string, version = 1): DatabaseLogin {
  const id = `password-${username}`;
  const variable =
    (stack.node.tryFindChild(id) as TerraformVariable | undefined) ??
    new TerraformVariable(stack, id, { type: "string" });
  return DatabaseLogin.withPassword(username, SecretValue.fromVariable(variable, version));
}

export function database(stack: TerraformStack, name: string, on = server(stack), version = 1): IDatabase {
  return on.database(name, { owner: login(stack, `${name}_owner`, version) });
}

/** A pooler with one entry, `main`, unless told otherwise. */
export function pooler(
  stack: TerraformStack,
  props: Partial<PgBouncerProps> = {},
  entry: Partial<PoolEntry> = {},
  on?: IDatabaseServer,
): PgBouncer {
  return new PgBouncer(stack, "pooler", {
    namespace: "gitlab",
    clientTls: ClientTls.fromSecret("pooler-tls", CA),
    entries: props.entries ?? [{ database: database(stack, "main", on ?? server(stack)), ...entry }],
    ...props,
  });
}
