// TLS between GitLab's pods and the database servers.
//
// The chart supports mutual TLS only (`global.psql.ssl`, fixed to verify-ca) and sets no sslmode without it. libpq then reads its
// environment: PGSSLMODE and PGSSLROOTCERT give one-way TLS with the server's certificate authorities. The environment applies to all
// databases of a pod, so their servers have to agree. Rendered with chart 8.3.0: docs/gitlab-chart.md.

import type { IDatabaseServer } from "../../database";
import { type ClientCertificate, SslMode, strictestSslMode, type TlsTrust } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved, terraformCall } from "../../database/private";

/** Name of the file with certificate authorities; the chart's certificates container turns `.crt` into `.pem`. */
export const CA_KEY = "gitlab-database-ca.crt";
/** Path of that file in every pod (chart, doc/charts/globals.md, "Custom Certificate Authorities"). */
export const CA_FILE = "/etc/ssl/certs/gitlab-database-ca.pem";
/** The public authorities of the image together with those of the databases. */
const ALL_CAS_FILE = "/etc/ssl/certs/ca-certificates.crt";
const CLIENT_FOLDER = "/etc/gitlab/postgres/ssl";

/** Keys of a secret for mutual TLS. */
export const SSL_KEYS = {
  serverCA: "server-ca.pem",
  clientCertificate: "client-certificate.pem",
  clientKey: "client-key.pem",
} as const;

/** Environment variables of libpq. */
export interface LibpqEnvironment {
  readonly [name: string]: string;
}

/** libpq's environment in the pods of one component, for all servers that they connect to. */
export function libpqEnvironment(checks: SynthChecks, servers: readonly IDatabaseServer[]): LibpqEnvironment {
  if (clientCertificates(servers).length > 0) {
    // database.yml wins over this; the exporter and psql of the toolbox read nothing else.
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

/** TLS mode for one server, for components that have a setting for it. */
export function sslModeOf(server: IDatabaseServer): SslMode {
  return strictestSslMode(server.tls);
}

/** Path of the file with the authorities of servers in a pod. */
export function rootFile(servers: readonly IDatabaseServer[]): string {
  const own = servers.every(({ tls }) => tls.offered === false || tls.caCertificatesPem !== undefined);
  // Only the databases' authorities where that is enough: a public authority must not vouch for a private database.
  return own ? CA_FILE : ALL_CAS_FILE;
}

/** Strictest mode in which all servers can be reached. */
function commonMode(checks: SynthChecks, servers: readonly IDatabaseServer[]): SslMode {
  const modes = servers.map(({ tls }) => strictestSslMode(tls));
  const plain = servers.filter((_, index) => modes[index] === SslMode.DISABLE);
  if (plain.length > 0 && plain.length < servers.length) {
    checks.fail(
      "topology",
      plain.map((server) => server.node.path).join(", "),
      "must offer TLS, since other servers of the same pods do and libpq has one setting for all; set its tls, or clientTls of the pooler",
      "topology.tls",
    );
  }
  if (plain.length === servers.length) return SslMode.DISABLE;
  const weak = servers.filter((_, index) => modes[index] === SslMode.VERIFY_CA);
  if (weak.length === 0) return SslMode.VERIFY_FULL;
  for (const { tls, node } of weak) {
    if (tls.caCertificatesPem === undefined) {
      checks.warn(
        `topology.tls: the certificate of ${node.path} names no host and is signed by a public authority, so any certificate of that authority is accepted; set tls.caCertificatesPem`,
        "topology.tls.publicAuthority",
      );
    }
  }
  if (weak.length < servers.length) {
    const names = weak.map((server) => server.node.path).join(", ");
    checks.optOut(`topology.tls: host names are not verified, since the certificate of ${names} names none`);
  }
  return SslMode.VERIFY_CA;
}

/** Distinct client certificates that servers require. */
export function clientCertificates(servers: readonly IDatabaseServer[]): ClientCertificate[] {
  const found: ClientCertificate[] = [];
  for (const { tls } of servers) {
    const wanted = tls.clientCertificate;
    if (wanted && !found.some((each) => same(each, wanted))) found.push(wanted);
  }
  return found;
}

/** Reports servers that cannot be reached with the chart's single map of files. */
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
      "must require the same client certificate on all servers of Rails, since the chart has one for all",
      "topology.clientCertificate",
    );
  }
  for (const server of servers) {
    if (server.tls.offered === false) {
      checks.fail(
        property,
        server.node.path,
        "must offer TLS, since another server of Rails requires a client certificate and the chart then uses TLS for all",
        "topology.clientCertificate.tls",
      );
    } else if (server.tls.caCertificatesPem === undefined) {
      checks.fail(
        property,
        server.node.path,
        "must have tls.caCertificatesPem, since with a client certificate the chart needs the server's authorities as a file",
        "topology.clientCertificate.authorities",
      );
    }
  }
  if (servers.some(({ tls }) => tls.hostnameVerifiable)) {
    checks.optOut(
      "topology.clientCertificate: with a client certificate the chart verifies the authority only, not the host name (verify-ca)",
    );
  }
}

/** Certificate authorities of servers, each once; undefined if public authorities sign all of them. */
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
  // Terraform may find two of them equal.
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
