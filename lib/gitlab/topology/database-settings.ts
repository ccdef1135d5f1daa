// What Rails may be told about a database beside where it is. An entry's own setting wins over the global one, setting by
// setting: as the chart's `global.psql` and the package's `gitlab_rails['db_*']` do it.

import { Token } from "cdktf";
import type { Endpoint } from "../../database";

/** A read replica. */
export interface GitlabReadReplica {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** Its parameters; with them its `hot_standby_feedback` is checked. @default - not known */
  readonly parameters?: { readonly [name: string]: string };
}

/** Read replicas that Rails reads from. Give `hosts` or `replicas`, or `discover`. */
export interface GitlabLoadBalancing {
  /** The replicas' DNS names or addresses; may be tokens. @default - found by `discover` */
  readonly hosts?: string[];
  /** The replicas as constructs or descriptions; what renders settings finds their hosts in `hosts`. @default - none */
  readonly replicas?: GitlabReadReplica[];
  /** How Rails finds the replicas by DNS. @default - `hosts` are used */
  readonly discover?: GitlabReplicaDiscovery;
  /** The most bytes of WAL that a replica may be behind. @default - GitLab's: 8 MiB */
  readonly maxReplicationDifferenceBytes?: number;
  /** The most seconds that a replica may be behind. @default - GitLab's: 60 */
  readonly maxReplicationLagSeconds?: number;
  /** How often a replica is looked at, in seconds. @default - GitLab's: 60 */
  readonly replicaCheckIntervalSeconds?: number;
}

/** Service discovery of replicas by DNS. */
export interface GitlabReplicaDiscovery {
  /** The record to look up, such as `secondary.postgresql.service.consul`. */
  readonly record: string;
  /** The name server. @default - GitLab's: localhost */
  readonly nameserver?: string;
  /** The record's type: `A` or `SRV`. @default - GitLab's: A */
  readonly recordType?: string;
  /** The name server's port, 1 to 65535. @default - GitLab's: 8600 */
  readonly port?: number;
  /** How often to look, in seconds. @default - GitLab's: 60 */
  readonly intervalSeconds?: number;
  /** After how many seconds connections to replicas that are gone are closed. @default - GitLab's: 120 */
  readonly disconnectTimeoutSeconds?: number;
  /** Whether to ask over TCP. @default - GitLab's: false */
  readonly useTcp?: boolean;
  /** The most replicas to use at a time in one process. @default - all */
  readonly maxReplicaPools?: number;
}

/** Settings of a connection from Rails to a database. What is left out keeps GitLab's own default. */
export interface GitlabDatabaseSettings {
  /** How long a statement may run, 15000 to 60000 ms. @default - the server's or the database's own */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection, 2 or more seconds. @default - the driver's */
  readonly connectTimeoutSeconds?: number;
  /** Whether TCP keepalives are sent. @default - the driver's: yes */
  readonly keepalives?: boolean;
  /** After how many idle seconds the first keepalive is sent. @default - the system's */
  readonly keepalivesIdleSeconds?: number;
  /** The seconds between keepalives. @default - the system's */
  readonly keepalivesIntervalSeconds?: number;
  /** After how many lost keepalives the connection is dead. @default - the system's */
  readonly keepalivesCount?: number;
  /** How long sent data may stay without an answer, in milliseconds. @default - the system's */
  readonly tcpUserTimeoutMs?: number;
  /** Whether Rails uses prepared statements; never behind a pooler in transaction mode. @default false */
  readonly preparedStatements?: boolean;
  /** The name by which PostgreSQL shows the connections; an empty text switches it off. @default - the process's name */
  readonly applicationName?: string;
  /** The read replicas. @default - everything goes to the primary */
  readonly loadBalancing?: GitlabLoadBalancing;
}

/** An entry's settings over the global ones. @internal */
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
