// PostgreSQL machines of the package. They make the objects of level 2: users, databases, extensions, access. The package makes
// one user for all databases of Rails and owns them by it; what has an owner of its own, and every component under Patroni
// (where the package forgets the registry), is declared as a component database. Read in omnibus-gitlab 440b1f83:
// gitlab/resources/database_objects.rb, postgresql/libraries/component_database_registry.rb, patroni/templates/patroni.yaml.erb.

import type { DatabaseLogin, SecretValue } from "../../database";
import type { RubyCode } from "../../pooling";
import type { DatabaseTopology } from "../topology/database-topology";
import { GitlabDatabaseKind, type TopologyEntry } from "../topology/topology-entry";
import type { GitlabRb } from "./gitlab-rb";
import type {
  LinuxPackageCluster,
  LinuxPackageConsul,
  LinuxPackageNode,
  LinuxPackagePooling,
} from "./linux-package-props";
import { md5Of } from "./package-reach";

/** What the package puts into each database of Rails; the same for those that are declared as components. */
export const RAILS_EXTENSIONS = ["amcheck", "btree_gist", "pg_trgm"];
const REPLICATION_USER = "gitlab_replicator";

/** The first packages that know `component_databases` and `restrict_database_access`; found in the tags 19.2.0 and 19.3.0. */
export const COMPONENTS_SINCE: readonly [number, number] = [19, 2];
export const RESTRICTS_SINCE: readonly [number, number] = [19, 3];
/** The package's own `max_connections`. */
export const PACKAGE_MAX_CONNECTIONS = 400;

/** What a PostgreSQL machine is made of. @internal */
export interface PostgresOptions {
  readonly topology: DatabaseTopology;
  readonly cluster: LinuxPackageCluster;
  readonly node: LinuxPackageNode;
  /** All machines of the cluster. */
  readonly members: LinuxPackageNode[];
  readonly pooler?: LinuxPackagePooling;
  readonly consul?: LinuxPackageConsul;
}

/** Writes what every PostgreSQL machine has. @internal */
export function writePostgres(rb: GitlabRb, options: PostgresOptions): void {
  const { topology, cluster, pooler } = options;
  const { first, withFirst, components } = divided(topology, cluster);
  rb.section("gitlab_rails", { enable: first !== undefined, auto_migrate: false });
  const { capacity } = cluster.server.connectionBudget;
  rb.section("postgresql", {
    listen_address: "0.0.0.0",
    port: cluster.server.endpoint.port,
    // The default of PostgreSQL itself is not what the package starts from.
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

/** Writes Patroni's part. @internal */
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
    "consul/token": consul?.accessControl ? rb.foreignSecret("consul.token") : undefined,
    "postgresql/max_wal_senders": copies,
    "postgresql/max_replication_slots": copies,
  });
  // The package's own service is `postgresql` for every cluster, so two in one Consul would be taken for one.
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
 * The physical databases of a cluster: the one that stands for main, those of Rails with the same owner, and those that are
 * declared as components. @internal
 */
export function divided(topology: DatabaseTopology, cluster: LinuxPackageCluster) {
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
