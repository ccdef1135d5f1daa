// How GitLab's pods check their database servers.
//
// The chart knows mutual TLS only (`global.psql.ssl`, fixed to verify-ca) and writes no sslmode without it. libpq then reads its
// environment: PGSSLMODE and PGSSLROOTCERT give one-way TLS with the server's own authorities. The environment is one for all
// databases of a pod, so their servers have to agree. Rendered with chart 8.3.0: docs/gitlab-chart.md.

import type { IDatabaseServer } from "../../database";
import { type ClientCertificate, SslMode, strictestSslMode, type TlsTrust } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved, terraformCall } from "../../database/private";

/** The file's name, which the chart's certificates container takes over: `.crt` goes in, `.pem` comes out. */
export const CA_KEY = "gitlab-database-ca.crt";
/** Where the authorities of the databases are in every pod (chart, doc/charts/globals.md, "Custom Certificate Authorities"). */
export const CA_FILE = "/etc/ssl/certs/gitlab-database-ca.pem";
/** The authorities of the image, and ours. */
const ALL_CAS_FILE = "/etc/ssl/certs/ca-certificates.crt";
const CLIENT_FOLDER = "/etc/gitlab/postgres/ssl";

/** The keys of a secret for mutual TLS. */
export const SSL_KEYS = {
  serverCA: "server-ca.pem",
  clientCertificate: "client-certificate.pem",
  clientKey: "client-key.pem",
} as const;

/** The environment of libpq. */
export interface LibpqEnvironment {
  readonly [name: string]: string;
}

/** What the pods of one component need for the servers that they connect to. */
export function libpqEnvironment(checks: SynthChecks, servers: readonly IDatabaseServer[]): LibpqEnvironment {
  if (clientCertificates(servers).length > 0) {
    // What database.yml says wins over this; the exporter and psql of the toolbox have nothing else.
    return {
      PGSSLMODE: SslMode.VERIFY_CA,
      PGSSLROOTCERT: `${CLIENT_FOLDER}/${SSL_KEYS.serverCA}`,
      PGSSLCERT: `${CLIENT_FOLDER}/${SSL_KEYS.clientCertificate}`,
      PGSSLKEY: `${CLIENT_FOLDER}/${SSL_KEYS.clientKey}`,
    };
  }
  const mode = commonMode(checks, servers);
  if (mode === SslMode.DISABLE) return { PGSSLMODE: mode };
  return { PGSSLMODE: mode, PGSSLROOTCERT: rootFile(servers) };
}

/** The mode for one server, for components that are told it. */
export function sslModeOf(server: IDatabaseServer): SslMode {
  return strictestSslMode(server.tls);
}

/** Where the authorities of servers are found in a pod. */
export function rootFile(servers: readonly IDatabaseServer[]): string {
  const own = servers.every(({ tls }) => tls.offered === false || tls.caCertificatesPem !== undefined);
  // Ours alone where that is enough: a public authority has no say about a private database.
  return own ? CA_FILE : ALL_CAS_FILE;
}

/** The strictest mode in which all servers can be reached. */
function commonMode(checks: SynthChecks, servers: readonly IDatabaseServer[]): SslMode {
  const modes = servers.map(({ tls }) => strictestSslMode(tls));
  const plain = servers.filter((_, index) => modes[index] === SslMode.DISABLE);
  if (plain.length > 0 && plain.length < servers.length) {
    checks.fail(
      "topology",
      plain.map((server) => server.node.path).join(", "),
      "the server speaks no TLS and others that the same pods connect to do; libpq has one setting for all, so give it TLS, as with the pooler's clientTls",
    );
  }
  if (plain.length === servers.length) return SslMode.DISABLE;
  const weak = servers.filter((_, index) => modes[index] === SslMode.VERIFY_CA);
  if (weak.length === 0) return SslMode.VERIFY_FULL;
  for (const { tls, node } of weak) {
    if (tls.caCertificatesPem === undefined) {
      checks.warn(
        `${node.path}: its certificate names no host and is signed by a public authority, so any certificate of one would do; give the server its own authorities`,
      );
    }
  }
  if (weak.length < servers.length) {
    const names = weak.map((server) => server.node.path).join(", ");
    checks.optOut(`TLS: no host name is checked, since the certificate of ${names} names none`);
  }
  return SslMode.VERIFY_CA;
}

/** The different client certificates that servers want. */
export function clientCertificates(servers: readonly IDatabaseServer[]): ClientCertificate[] {
  const found: ClientCertificate[] = [];
  for (const { tls } of servers) {
    const wanted = tls.clientCertificate;
    if (wanted && !found.some((each) => same(each, wanted))) found.push(wanted);
  }
  return found;
}

/** Reports servers that cannot be reached with the chart's one map of files. */
export function checkMutualTls(
  checks: SynthChecks,
  property: string,
  servers: readonly IDatabaseServer[],
): void {
  const certificates = clientCertificates(servers);
  if (certificates.length === 0) return;
  if (certificates.length > 1) {
    checks.fail(
      property,
      `${certificates.length} client certificates`,
      "the chart takes one for all databases of Rails; let the servers accept the same one",
    );
  }
  for (const server of servers) {
    if (server.tls.offered === false) {
      checks.fail(
        property,
        server.node.path,
        "another server of Rails wants a client certificate, and the chart then uses TLS for all; this one speaks none",
      );
    } else if (server.tls.caCertificatesPem === undefined) {
      checks.fail(
        property,
        server.node.path,
        "with a client certificate the chart needs the server's authorities as a file, all four keys or none; set tls.caCertificatesPem",
      );
    }
  }
  if (servers.some(({ tls }) => tls.hostnameVerifiable)) {
    checks.optOut(
      "TLS: with a client certificate the chart checks the authority only, not the host name (verify-ca)",
    );
  }
}

/** All authorities of servers, each once; nothing when public ones sign all of them. */
export function certificateAuthorities(trusts: readonly TlsTrust[]): string | undefined {
  const pems = [
    ...new Set(
      trusts.flatMap(({ offered, caCertificatesPem }) =>
        offered === false || caCertificatesPem === undefined ? [] : [caCertificatesPem],
      ),
    ),
  ];
  if (pems.length === 0) return undefined;
  if (pems.every(isResolved)) return [...new Set(pems.map((pem) => pem.trim()))].join("\n");
  // Terraform may find two of them to be one.
  return terraformCall("join", "\n", distinct(pems));
}

function distinct(pems: string[]): string {
  return terraformCall(
    "distinct",
    pems.map((pem) => terraformCall("trimspace", pem)),
  );
}

function same(a: ClientCertificate, b: ClientCertificate): boolean {
  return a === b || a.certificatePem === b.certificatePem;
}
