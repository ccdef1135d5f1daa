// PgBouncer and Consul machines (levels 3 and 4). Databases, users, watches and TLS to the servers are those of
// `LinuxPackagePooler`: an entry and a user for each component, a watch for each logical database on the service of its
// cluster. Here is what the machine has around it.

import { SslMode, strictestSslMode } from "../../database";
import { escapeTemplate } from "../../database/private";
import type { LinuxPackagePooler } from "../../pooling";
import { consulPatroniPolicy, consulWatchPolicy, patroniServiceName } from "../../pooling";
import type { TopologyEntry } from "../topology/topology-entry";
import type { GitlabRb } from "./gitlab-rb";
import {
  type LinuxPackageConsul,
  type LinuxPackageNode,
  type LinuxPackagePooling,
  LinuxPackageRole,
} from "./linux-package-props";
import { md5Of } from "./package-reach";

/** Writes a PgBouncer machine. @internal */
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
    // A watch puts the leader's own address in place of the endpoint, which is all that the certificate has to name. What
    // stands later wins.
    ...(nodes.consulPolicy && namesHosts(entries) && { server_tls_sslmode: SslMode.VERIFY_CA }),
  });
  rb.file(nodes.handlerPath, escapeTemplate(nodes.handlerScript), "0755");
}

/** Writes Consul's part of a machine; `configuration` is already there on a watching one. @internal */
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
        tokens: { agent: rb.foreignSecret("consul.token"), default: rb.foreignSecret("consul.token") },
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

/** The rights in Consul that a machine's token needs; nothing for a machine without an agent. @internal */
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

/** The place of a file that the poolers' text speaks of. */
function fileOf(nodes: LinuxPackagePooler, name: string): string {
  return `${nodes.handlerPath.slice(0, nodes.handlerPath.lastIndexOf("/"))}/${name}`;
}

/** Whether the servers' certificates name their hosts; servers that differ in it are refused by `LinuxPackagePooler`. */
function namesHosts(entries: TopologyEntry[]): boolean {
  return entries.every(({ direct }) => strictestSslMode(direct.server.tls) === SslMode.VERIFY_FULL);
}
