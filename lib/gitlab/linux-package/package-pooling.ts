// PgBouncer and Consul machines. `LinuxPackagePooler` writes databases, users, watches and TLS to the servers: an entry and a user
// for each component, a watch for each logical database on the service of its cluster. This file writes the rest of the machine.

import type { Construct } from "constructs";
import {
  type DatabaseLogin,
  type IDatabaseServer,
  type SecretValue,
  SslMode,
  strictestSslMode,
} from "../../database";
import { escapeTemplate } from "../../database/private";
import {
  ConsulLeaderSource,
  consulPatroniPolicy,
  consulWatchPolicy,
  LeaderWatch,
  LinuxPackagePooler,
  patroniServiceName,
} from "../../pooling";
import { GitlabDatabaseKind, type TopologyEntry } from "../topology/topology-entry";
import type { GitlabRb } from "./gitlab-rb";
import type { LinuxPackageConfigProps } from "./linux-package-config";
import { type LinuxPackageNode, LinuxPackageRole, type LinuxPackageTlsFiles } from "./linux-package-node";
import { md5Of } from "./package-connection";
import { isSelfManaged, type LinuxPackageCluster, PACKAGE_MAX_CONNECTIONS } from "./package-postgres";

/**
 * PgBouncer on machines of the package, behind one address.
 *
 * @see https://docs.gitlab.com/administration/postgresql/pgbouncer/
 */
export interface LinuxPackagePooling {
  /** Address of the load balancer in front of the PgBouncer machines, or `127.0.0.1`; may be a token. */
  readonly host: string;
  /** Port, 1 to 65535; may be a token. @default 6432 */
  readonly port?: number;
  /** Login of PgBouncer's console, with which watches switch it to a new leader: user `pgbouncer`, with a password. */
  readonly consoleLogin: DatabaseLogin;
  /** TLS certificate of PgBouncer. @default - client connections are not encrypted, recorded as an opt-out */
  readonly tls?: LinuxPackageTlsFiles;
  /**
   * Pool size of an entry on each machine, by the entry's name, 1 to 10000.
   * @default - an equal share of nine tenths of the server's connections
   */
  readonly poolSizes?: { readonly [entry: string]: number };
  /**
   * Creates a user for PgBouncer on database machines with a function that returns the hash of every password (`auth_query`). Not
   * needed, since the user of each component is listed in PgBouncer; recorded as an opt-out. @default false
   */
  readonly authQuery?: boolean;
}

/**
 * Consul on all machines that run it.
 *
 * @see https://docs.gitlab.com/administration/consul/
 */
export interface LinuxPackageConsul {
  /** Datacenter. @default - the package's: gitlab_consul */
  readonly datacenter?: string;
  /** Gossip encryption key (`consul keygen`). @default - gossip is not encrypted, recorded as an opt-out */
  readonly encryptionKey?: SecretValue;
  /**
   * Enables access control lists with the default policy `deny`. The token of each machine is in `consul.token` of the secrets'
   * folder, with the policy of `consulPolicy()`. @default false, recorded as an opt-out
   */
  readonly accessControl?: boolean;
  /** TLS certificates for Consul's traffic. @default - none */
  readonly tls?: LinuxPackageTlsFiles;
}

/** Writes the settings of a PgBouncer machine. @internal */
export function writePgBouncer(
  rb: GitlabRb,
  pooler: LinuxPackagePooling,
  entries: TopologyEntry[],
  nodes: LinuxPackagePooler,
): void {
  rb.section("gitlab_rails", { auto_migrate: false });
  const own = ["enable", "databases", "max_prepared_statements", "server_tls_sslmode", "server_tls_ca_file"];
  rb.text(
    nodes.gitlabRb,
    own.map((key) => `pgbouncer.${key}`),
  );
  if (nodes.consulPolicy) {
    for (const key of ["databases_ini", "databases_json", "databases_ini_user"])
      rb.settings.add(`pgbouncer.${key}`);
    for (const key of ["enable", "watchers", "configuration"]) rb.settings.add(`consul.${key}`);
  }
  for (const { direct } of entries) {
    const hash = md5Of(direct.owner);
    if (hash) rb.secretFile(fileOf(nodes, `${direct.owner.username}.md5`), hash);
  }
  const authorities = nodes.serverCaCertificatesPem;
  if (authorities !== undefined) rb.file(fileOf(nodes, "server-ca.crt"), authorities);
  const client = entries.find(({ direct }) => direct.server.tls.clientCertificate)?.direct.server.tls
    .clientCertificate;
  if (client) {
    rb.file(fileOf(nodes, "server-client.crt"), client.certificatePem);
    // PgBouncer runs as PostgreSQL's user.
    rb.secretFile(fileOf(nodes, "server-client.key"), client.privateKeyPem, "gitlab-psql");
  }
  const { consoleLogin, tls } = pooler;
  const hash = md5Of(consoleLogin);
  rb.comment("The console's user, by whom watches tell PgBouncer to follow a leader.");
  rb.section("pgbouncer", {
    listen_port: pooler.port ?? 6432,
    users: hash && { [consoleLogin.username]: { password: rb.secret("pgbouncer.md5", hash) } },
    ...(tls && {
      client_tls_sslmode: "require",
      client_tls_cert_file: tls.certificateFile,
      client_tls_key_file: tls.keyFile,
    }),
    // A watch replaces the endpoint, the only name that the certificate must have, by the leader's address. The later setting wins.
    ...(nodes.consulPolicy && namesHosts(entries) && { server_tls_sslmode: SslMode.VERIFY_CA }),
  });
  rb.file(nodes.handlerPath, escapeTemplate(nodes.handlerScript), "0755");
}

/** Writes the settings of Consul; on a watching machine `configuration` is set already. @internal */
export function writeConsul(
  rb: GitlabRb,
  name: string,
  consul: LinuxPackageConsul | undefined,
  servers: LinuxPackageNode[],
  isServer: boolean,
): void {
  rb.comment(isServer ? "A server of Consul." : "An agent of Consul.");
  rb.section("consul", {
    enable: true,
    node_name: name,
    ...(isServer && { "configuration/server": true, "configuration/bootstrap_expect": servers.length }),
    "configuration/retry_join": servers.map((node) => node.host),
    "configuration/datacenter": consul?.datacenter,
    encryption_key: consul?.encryptionKey && rb.secret("consul.encryption-key", consul.encryptionKey),
    encryption_verify_incoming: consul?.encryptionKey && true,
    encryption_verify_outgoing: consul?.encryptionKey && true,
    ...(consul?.accessControl && {
      "configuration/acl": {
        enabled: true,
        default_policy: "deny",
        enable_token_persistence: true,
        tokens: { agent: rb.hostSecret("consul.token"), default: rb.hostSecret("consul.token") },
      },
    }),
    ...(consul?.tls && {
      use_tls: true,
      tls_certificate_file: consul.tls.certificateFile,
      tls_key_file: consul.tls.keyFile,
      tls_ca_file: consul.tls.caFile,
    }),
  });
}

/** Consul policy of a machine's token; undefined for a machine without an agent. @internal */
export function consulPolicyOf(node: LinuxPackageNode, clusters: readonly string[]): string | undefined {
  const agent = `node ${JSON.stringify(node.name)} {\n  policy = "write"\n}\n`;
  const read = 'node_prefix "" {\n  policy = "read"\n}\n';
  switch (node.role) {
    case LinuxPackageRole.PATRONI:
      return `${agent}${read}${consulPatroniPolicy(node.cluster ?? "")}`;
    case LinuxPackageRole.PGBOUNCER:
      return clusters.length > 0
        ? `${agent}${consulWatchPolicy(clusters.map((name) => patroniServiceName(name)))}`
        : undefined;
    case LinuxPackageRole.CONSUL:
      return `${agent}${read}service_prefix "" {\n  policy = "read"\n}\n`;
    default:
      return undefined;
  }
}

/** Path of a file that the poolers' text names. */
function fileOf(nodes: LinuxPackagePooler, name: string): string {
  return `${nodes.handlerPath.slice(0, nodes.handlerPath.lastIndexOf("/"))}/${name}`;
}

/** True if the servers' certificates name their hosts; `LinuxPackagePooler` refuses servers that differ in it. */
function namesHosts(entries: TopologyEntry[]): boolean {
  return entries.every(({ direct }) => strictestSslMode(direct.server.tls) === SslMode.VERIFY_FULL);
}

/** PgBouncer's entries and watches, in the form of the package. @internal */
export function packagePooler(
  scope: Construct,
  props: LinuxPackageConfigProps,
  pooled: readonly TopologyEntry[],
  watched: readonly LinuxPackageCluster[],
): LinuxPackagePooler {
  const on = (cluster: LinuxPackageCluster) => pooled.some((e) => e.direct.server === cluster.server);
  // The agent beside PgBouncer answers, so no address of Consul is written anywhere.
  const leaderWatches = watched
    .filter((cluster) => isSelfManaged(cluster) && on(cluster))
    .map(({ name, server }) => {
      const source = ConsulLeaderSource.fromPatroni(name, { url: "http://127.0.0.1:8500" });
      return new LeaderWatch(scope, `Watch-${name}`, { server, source });
    });
  // Main, ci and sec are one application and may have one user.
  const entries = pooled.map(({ name, kind, direct }) => ({
    database: direct,
    component: kind === GitlabDatabaseKind.RAILS ? "rails" : name,
    poolSize: props.pooler?.poolSizes?.[name] ?? poolShare(props, pooled, direct.server),
  }));
  return new LinuxPackagePooler(scope, "Pooler", { entries, leaderWatches });
}

/**
 * The package defaults to 100 connections for each entry on each machine, soon more than the server accepts. A tenth is kept for
 * migrations and administrators, and each pool may exceed its size by five (`reserve_pool_size`).
 */
function poolShare(
  { clusters, nodes }: LinuxPackageConfigProps,
  pooled: readonly TopologyEntry[],
  { node, connectionBudget }: IDatabaseServer,
): number | undefined {
  const own = clusters?.some((cluster) => cluster.server.node === node);
  const { available, capacity } = connectionBudget;
  const given = capacity?.basis === "maxConnections" || !own;
  const total = given ? available : PACKAGE_MAX_CONNECTIONS;
  if (total === undefined) return undefined;
  const machines = nodes.filter((each) => each.role === LinuxPackageRole.PGBOUNCER).length;
  const entries = pooled.filter((entry) => entry.direct.server.node === node).length;
  return Math.max(1, Math.floor((total * 0.9) / (machines * entries)) - 5);
}
