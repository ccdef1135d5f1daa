// Settings of the connections from Rails to its databases. An entry's setting wins over the global one, setting by setting, as the
// chart's `global.psql` and the Linux package's `gitlab_rails['db_*']` do it.

import { Token } from "cdktf";
import { type Endpoint, PoolMode } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import { STATEMENT_TIMEOUT_MS } from "./data/server-rules";
import type { TopologyEntry } from "./topology-entry";

/** Read replica of a database. */
export interface GitlabReadReplica {
  /** Address of the replica. */
  readonly endpoint: Endpoint;
  /** Server parameters; if given, `hot_standby_feedback` is checked. @default - unknown */
  readonly parameters?: { readonly [name: string]: string };
}

/**
 * Database load balancing: read replicas for read-only queries of Rails. Set `hosts` or `replicas`, or `discover`.
 *
 * @see https://docs.gitlab.com/administration/postgresql/database_load_balancing/
 */
export interface GitlabLoadBalancing {
  /** DNS names or addresses of the replicas; may be tokens. @default - found by `discover` */
  readonly hosts?: string[];
  /** Replicas as constructs or descriptions; their hosts are added to `hosts`. @default - none */
  readonly replicas?: GitlabReadReplica[];
  /** Service discovery of the replicas by DNS. @default - `hosts` are used */
  readonly discover?: GitlabReplicaDiscovery;
  /** Maximum replication lag, in bytes of WAL (`max_replication_difference`). @default - GitLab's: 8 MiB */
  readonly maxReplicationDifferenceBytes?: number;
  /** Maximum replication lag, in seconds (`max_replication_lag_time`). @default - GitLab's: 60 */
  readonly maxReplicationLagSeconds?: number;
  /** Interval between checks of a replica, in seconds (`replica_check_interval`). @default - GitLab's: 60 */
  readonly replicaCheckIntervalSeconds?: number;
}

/**
 * Service discovery of read replicas by DNS.
 *
 * @see https://docs.gitlab.com/administration/postgresql/database_load_balancing/#service-discovery
 */
export interface GitlabReplicaDiscovery {
  /** DNS record to look up, such as `secondary.postgresql.service.consul`. */
  readonly record: string;
  /** Name server. @default - GitLab's: localhost */
  readonly nameserver?: string;
  /** Type of the record: `A` or `SRV`. @default - GitLab's: A */
  readonly recordType?: string;
  /** Port of the name server, 1 to 65535. @default - GitLab's: 8600 */
  readonly port?: number;
  /** Interval between look-ups, in seconds. @default - GitLab's: 60 */
  readonly intervalSeconds?: number;
  /** Time until connections to replicas that are gone are closed, in seconds. @default - GitLab's: 120 */
  readonly disconnectTimeoutSeconds?: number;
  /** Looks up over TCP instead of UDP. @default - GitLab's: false */
  readonly useTcp?: boolean;
  /** Maximum number of replicas that one process uses at a time. @default - all */
  readonly maxReplicaPools?: number;
}

/**
 * Settings of a connection from Rails to a database. A setting that is left out keeps GitLab's default.
 *
 * @see https://docs.gitlab.com/administration/postgresql/external/
 */
export interface GitlabDatabaseSettings {
  /** Statement timeout, 15000 to 60000 ms. @default - that of the server or the database */
  readonly statementTimeoutMs?: number;
  /** Timeout for establishing a connection, at least 2 seconds. @default - the driver's */
  readonly connectTimeoutSeconds?: number;
  /** Enables TCP keepalives. @default - the driver's: true */
  readonly keepalives?: boolean;
  /** Idle time before the first keepalive, in seconds. @default - the operating system's */
  readonly keepalivesIdleSeconds?: number;
  /** Interval between keepalives, in seconds. @default - the operating system's */
  readonly keepalivesIntervalSeconds?: number;
  /** Number of lost keepalives after which the connection is dead. @default - the operating system's */
  readonly keepalivesCount?: number;
  /** Time that sent data may stay unacknowledged, in milliseconds (`tcp_user_timeout`). @default - the operating system's */
  readonly tcpUserTimeoutMs?: number;
  /** Enables prepared statements in Rails; not possible behind a pooler in transaction mode. @default false */
  readonly preparedStatements?: boolean;
  /** Application name that PostgreSQL shows for the connections; an empty text disables it. @default - name of the process */
  readonly applicationName?: string;
  /** Database load balancing. @default - all queries go to the primary */
  readonly loadBalancing?: GitlabLoadBalancing;
}

/** Settings of single Rails databases; each wins over the setting of the whole topology. */
export interface GitlabEntrySettings {
  /** Settings of main. @default - those of the topology */
  readonly main?: GitlabDatabaseSettings;
  /** Settings of ci. @default - those of the topology */
  readonly ci?: GitlabDatabaseSettings;
  /** Settings of sec. @default - those of the topology */
  readonly sec?: GitlabDatabaseSettings;
  /** Settings of embedding. @default - those of the topology */
  readonly embedding?: GitlabDatabaseSettings;
}

/** Settings of an entry, completed with the global ones. @internal */
export function withFallback(
  global: GitlabDatabaseSettings | undefined,
  own: GitlabDatabaseSettings | undefined,
): GitlabDatabaseSettings {
  const given = Object.entries(own ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const merged: GitlabDatabaseSettings = { ...global, ...Object.fromEntries(given) };
  const { loadBalancing } = merged;
  const found = loadBalancing?.replicas?.map(({ endpoint }) => endpoint.host) ?? [];
  // Each host once, in the order given; a list that is a token is left alone.
  return loadBalancing === undefined || found.length === 0 || Token.isUnresolved(loadBalancing.hosts)
    ? merged
    : {
        ...merged,
        loadBalancing: { ...loadBalancing, hosts: [...new Set([...(loadBalancing.hosts ?? []), ...found])] },
      };
}

/**
 * The map `load_balancing` of Rails' config/database.yml, which chart and package pass on unchanged. Settings that are not set are
 * undefined in it; the caller leaves them out. @internal
 */
export function loadBalancingKeys({ hosts, discover, ...limits }: GitlabLoadBalancing) {
  return {
    hosts,
    discover: discover && {
      record: discover.record,
      nameserver: discover.nameserver,
      record_type: discover.recordType,
      port: discover.port,
      interval: discover.intervalSeconds,
      disconnect_timeout: discover.disconnectTimeoutSeconds,
      use_tcp: discover.useTcp,
      max_replica_pools: discover.maxReplicaPools,
    },
    max_replication_difference: limits.maxReplicationDifferenceBytes,
    max_replication_lag_time: limits.maxReplicationLagSeconds,
    replica_check_interval: limits.replicaCheckIntervalSeconds,
  };
}

const MAX = 2_147_483_647;

/** Reports settings that GitLab or the driver refuses. @internal */
export function checkSettings(checks: SynthChecks, property: string, settings: GitlabDatabaseSettings): void {
  const { min, max } = STATEMENT_TIMEOUT_MS;
  const at = (name: string) => `${property}.${name}`;
  checks.wholeNumber(at("statementTimeoutMs"), settings.statementTimeoutMs, min, max, "ms");
  checks.wholeNumber(at("connectTimeoutSeconds"), settings.connectTimeoutSeconds, 2, MAX, "seconds");
  checks.wholeNumber(at("keepalivesIdleSeconds"), settings.keepalivesIdleSeconds, 0, MAX, "seconds");
  checks.wholeNumber(at("keepalivesIntervalSeconds"), settings.keepalivesIntervalSeconds, 0, MAX, "seconds");
  checks.wholeNumber(at("keepalivesCount"), settings.keepalivesCount, 0, MAX);
  checks.wholeNumber(at("tcpUserTimeoutMs"), settings.tcpUserTimeoutMs, 0, MAX, "ms");
  checks.matches(
    at("applicationName"),
    settings.applicationName,
    // PostgreSQL cuts a name at 63 bytes and replaces what is not printable ASCII.
    /^[\x20-\x7e]{0,63}$/,
    "must be at most 63 printable ASCII characters",
  );
  if (settings.loadBalancing) checkLoadBalancing(checks, at("loadBalancing"), settings.loadBalancing);
}

/** Reports prepared statements that a pooler in front of an entry does not support. @internal */
export function checkPreparedStatements(checks: SynthChecks, entry: TopologyEntry): void {
  const { pooling } = entry.database;
  if (!entry.settings.preparedStatements || !pooling) return;
  if (pooling.mode === PoolMode.TRANSACTION || !pooling.preparedStatements) {
    checks.fail(
      `${entry.name}.preparedStatements`,
      true,
      "must be false behind a pooler in transaction mode, as GitLab requires",
      "preparedStatements",
    );
  }
}

function checkLoadBalancing(checks: SynthChecks, property: string, balancing: GitlabLoadBalancing): void {
  const { hosts, replicas, discover } = balancing;
  const at = (name: string) => `${property}.${name}`;
  const listed = (hosts?.length ?? 0) + (replicas?.length ?? 0) > 0;
  if (listed === (discover !== undefined)) {
    checks.fail(
      property,
      listed ? "hosts and discover" : undefined,
      "must have either hosts or replicas, or discover",
    );
  }
  if (Token.isUnresolved(hosts) && replicas !== undefined) {
    checks.fail(
      at("hosts"),
      hosts,
      "must be known at synth to be joined with replicas; set only one of them",
    );
  }
  for (const host of isResolved(hosts) ? (hosts ?? []) : []) {
    checks.matches(
      at("hosts"),
      host,
      /^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$/,
      "must be DNS names or addresses, without scheme",
    );
  }
  checks.wholeNumber(
    at("maxReplicationDifferenceBytes"),
    balancing.maxReplicationDifferenceBytes,
    0,
    2 ** 53,
  );
  checks.wholeNumber(at("maxReplicationLagSeconds"), balancing.maxReplicationLagSeconds, 0, MAX, "seconds");
  checks.wholeNumber(
    at("replicaCheckIntervalSeconds"),
    balancing.replicaCheckIntervalSeconds,
    1,
    MAX,
    "seconds",
  );
  if (!discover) return;
  checks.matches(
    at("discover.record"),
    discover.record,
    /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9.])?$/,
    "must be a DNS name, such as secondary.postgresql.service.consul",
  );
  checks.matches(at("discover.recordType"), discover.recordType, /^(A|SRV)$/, "must be A or SRV");
  checks.wholeNumber(at("discover.port"), discover.port, 1, 65_535);
  checks.wholeNumber(at("discover.intervalSeconds"), discover.intervalSeconds, 1, MAX, "seconds");
  checks.wholeNumber(
    at("discover.disconnectTimeoutSeconds"),
    discover.disconnectTimeoutSeconds,
    0,
    MAX,
    "seconds",
  );
  checks.wholeNumber(at("discover.maxReplicaPools"), discover.maxReplicaPools, 1, 1000);
}
