// PostgreSQL machines of the package. They create users, databases, extensions and access rules. The package creates one user that
// owns all databases of Rails; a database with a separate owner, and every component under Patroni (where the package omits the
// registry), is declared as a component database. Source: omnibus-gitlab 440b1f83:
// gitlab/resources/database_objects.rb, postgresql/libraries/component_database_registry.rb, patroni/templates/patroni.yaml.erb.

import { Cloud, type DatabaseLogin, type IDatabaseServer, type SecretValue } from "../../database";
import type { RubyCode } from "../../pooling/private";
import type { IDatabaseTopology } from "../topology/database-topology";
import { GitlabDatabaseKind, type TopologyEntry } from "../topology/topology-entry";
import type { GitlabRb } from "./gitlab-rb";
import type { LinuxPackageNode } from "./linux-package-node";
import { md5Of } from "./package-connection";
import type { LinuxPackageConsul, LinuxPackagePooling } from "./package-pooling";

/**
 * PostgreSQL cluster on machines of the package, with one leader.
 *
 * @see https://docs.gitlab.com/administration/postgresql/replication_and_failover/
 */
export interface LinuxPackageCluster {
  /** Name of the cluster: scope of Patroni and name of the service in Consul. */
  readonly name: string;
  /** Server of the topology's databases; its endpoint is the leader. */
  readonly server: IDatabaseServer;
  /** Replication password of the members; required with Patroni. @default - none */
  readonly replicationPassword?: SecretValue;
  /** Login of Patroni's REST API. @default - no authentication, recorded as an opt-out */
  readonly apiLogin?: DatabaseLogin;
  /** Networks in CIDR notation from which clients log in with a password (`md5_auth_cidr_addresses`). @default - none */
  readonly passwordAddresses?: string[];
  /** Networks in CIDR notation from which clients need no password (`trust_auth_cidr_addresses`); recorded as an opt-out. @default - none */
  readonly trustAddresses?: string[];
  /** Restricts each database to its users (`restrict_database_access`). @default true since version 19.3 of the package; older ones do not support it */
  readonly restrictDatabaseAccess?: boolean;
}

/** Extensions that the package creates in each database of Rails; the same for those declared as components. */
export const RAILS_EXTENSIONS = ["amcheck", "btree_gist", "pg_trgm"];
const REPLICATION_USER = "gitlab_replicator";

/** First versions with `component_databases` and `restrict_database_access`; found in the tags 19.2.0 and 19.3.0. */
export const COMPONENTS_SINCE: readonly [number, number] = [19, 2];
export const RESTRICTS_SINCE: readonly [number, number] = [19, 3];
/** Default `max_connections` of the package. */
export const PACKAGE_MAX_CONNECTIONS = 400;

/** Options of a PostgreSQL machine. @internal */
export interface PostgresOptions {
  readonly topology: IDatabaseTopology;
  readonly cluster: LinuxPackageCluster;
  readonly node: LinuxPackageNode;
  /** All machines of the cluster. */
  readonly members: LinuxPackageNode[];
  readonly pooler?: LinuxPackagePooling;
  readonly consul?: LinuxPackageConsul;
}

/** Writes the settings of every PostgreSQL machine. @internal */
export function writePostgres(rb: GitlabRb, options: PostgresOptions): void {
  const { topology, cluster, pooler } = options;
  const { first, withFirst, components } = divided(topology, cluster);
  rb.section("gitlab_rails", { enable: first !== undefined, auto_migrate: false });
  const { capacity } = cluster.server.connectionBudget;
  rb.section("postgresql", {
    listen_address: "0.0.0.0",
    port: cluster.server.endpoint.port,
    // The package's default differs from that of PostgreSQL, so other limits are left to it.
    max_connections: capacity?.basis === "maxConnections" ? capacity.maximum : undefined,
    hostssl: cluster.server.tls.offered !== false && cluster.server.tls.enforced,
    md5_auth_cidr_addresses: cluster.passwordAddresses,
    trust_auth_cidr_addresses: cluster.trustAddresses,
    restrict_database_access: topology.version.atLeast(...RESTRICTS_SINCE)
      ? (cluster.restrictDatabaseAccess ?? true)
      : undefined,
    "registry/auto_create": false,
  });
  if (pooler?.authQuery) {
    rb.section("postgresql", {
      pgbouncer_user: pooler.consoleLogin.username,
      pgbouncer_user_password: md5(rb, "pgbouncer", pooler.consoleLogin),
    });
  }
  if (first) {
    rb.comment("The databases of Rails with one owner. The first stands where the package expects main.");
    rb.section("postgresql", {
      sql_user: first.direct.owner.username,
      sql_user_password: md5(rb, first.name, first.direct.owner),
    });
    rb.section("gitlab_rails", {
      db_database: first.direct.databaseName,
      db_username: first.direct.owner.username,
      databases: Object.fromEntries([
        ["main", { enable: true }],
        ...withFirst.map((entry) => [entry.name, { enable: true, db_database: entry.direct.databaseName }]),
      ]),
    });
  }
  if (components.length === 0 || !topology.version.atLeast(...COMPONENTS_SINCE)) return;
  rb.comment("Databases with an owner of their own.");
  rb.section("postgresql", {
    component_databases: Object.fromEntries(components.map((entry) => [entry.name, component(rb, entry)])),
  });
}

/** Writes the settings of Patroni. @internal */
export function writePatroni(rb: GitlabRb, options: PostgresOptions): void {
  const { cluster, node, members, consul } = options;
  // Two for each member, one for a backup.
  const copies = 2 * members.length + 1;
  rb.comment("Each cluster is a service of its own in Consul, by its scope; Patroni registers it.");
  rb.section("patroni", {
    scope: cluster.name,
    name: node.name,
    connect_address: node.host,
    "consul/register_service": true,
    "consul/token": consul?.accessControl ? rb.hostSecret("consul.token") : undefined,
    "postgresql/max_wal_senders": copies,
    "postgresql/max_replication_slots": copies,
  });
  // The package names the service of every cluster `postgresql`, so two clusters in one Consul would be taken for one.
  rb.section("consul", { services: [] });
  if (cluster.replicationPassword) writeReplication(rb, cluster.name, cluster.replicationPassword);
  const { apiLogin } = cluster;
  if (apiLogin?.password) {
    rb.section("patroni", {
      username: apiLogin.username,
      password: rb.secret(`${cluster.name}-api.password`, apiLogin.password),
    });
  }
}

/**
 * Physical databases of a cluster: the one in the place of main, those of Rails with the same owner, and those that are declared
 * as components. @internal
 */
export function divided(topology: IDatabaseTopology, cluster: LinuxPackageCluster) {
  const entries = topology.entries.filter((e) => e.databaseTasks && e.direct.server === cluster.server);
  const rails = entries.filter((entry) => entry.kind === GitlabDatabaseKind.RAILS);
  const [first] = rails;
  const withFirst = rails.filter((entry) => first && entry !== first && owner(entry) === owner(first));
  const components = entries.filter((entry) => entry !== first && !withFirst.includes(entry));
  return { first, withFirst, components };
}

function writeReplication(rb: GitlabRb, cluster: string, password: SecretValue): void {
  const user = { username: REPLICATION_USER, password } as DatabaseLogin;
  rb.section("patroni", { replication_password: rb.secret(`${cluster}-replication.password`, password) });
  rb.section("postgresql", {
    sql_replication_user: REPLICATION_USER,
    sql_replication_password: md5(rb, `${cluster}-replication`, user),
  });
}

function component(rb: GitlabRb, entry: TopologyEntry) {
  const { owner: login, databaseName } = entry.direct;
  return {
    enable: true,
    database: databaseName,
    user: login.username,
    password: login.password && rb.secret(`${entry.name}.password`, login.password),
    extensions: entry.kind === GitlabDatabaseKind.RAILS ? RAILS_EXTENSIONS : [],
  };
}

function md5(rb: GitlabRb, name: string, login: DatabaseLogin): RubyCode | undefined {
  const hash = md5Of(login);
  return hash && rb.secret(`${name}.md5`, hash);
}

function owner(entry: TopologyEntry): string {
  return entry.direct.owner.username;
}

/** True if a server is self-managed; clusters and watches are for such servers only. @internal */
export function isSelfManaged({ server }: LinuxPackageCluster): boolean {
  return server.location.cloud === Cloud.SELF_MANAGED;
}
