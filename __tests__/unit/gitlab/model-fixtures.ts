/** Servers, databases and topologies for tests of GitLab's model. */
import type { Construct } from "constructs";
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
import { DatabaseTopology, type DatabaseTopologyProps, GitlabVersion } from "../../../lib/gitlab";

export const V18 = GitlabVersion.of("18.5");

export const login = (name: string): DatabaseLogin =>
  DatabaseLogin.withPassword(
    name,
    SecretValue.fromEphemeral(`\${ephemeral.test.${name}.value}`, { version: 1 }),
  );

/** A PostgreSQL 17 that takes 500 connections. */
export function serverIn(
  scope: Construct,
  id = "postgres",
  props: Partial<DatabaseServerAttributes> = {},
): IDatabaseServer {
  return DatabaseServer.fromServerAttributes(scope, id, {
    engine: DatabaseEngine.postgres(PostgresVersion.V17),
    host: `${id}.internal`,
    maxConnections: 500,
    ...props,
  });
}

export const database = (server: IDatabaseServer, name: string, owner = name): IDatabase =>
  server.database(name, { owner: login(owner) });

export const mainOn = (server: IDatabaseServer): IDatabase =>
  database(server, "gitlabhq_production", "gitlab");
export const ciOn = (server: IDatabaseServer): IDatabase =>
  database(server, "gitlabhq_production_ci", "gitlab");

export function topologyIn(
  scope: Construct,
  props: Partial<DatabaseTopologyProps> & Pick<DatabaseTopologyProps, "main">,
): DatabaseTopology {
  return new DatabaseTopology(scope, "topology", { version: V18, ...props });
}
