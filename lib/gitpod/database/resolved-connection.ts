// Decides the connection of Gitpod from the requested connection and the server. Gitpod has two database modes (`database.external`,
// `database.cloudSQL`), verifies a certificate in full or not at all, and supports no client certificate. Not every server supports
// every connection, and each refusal names a possible one.

import { isIP } from "node:net";
import { Op, type Precondition } from "cdktf";
import { Cloud, type IDatabase, type IDatabaseServer } from "../../database";
import { isResolved, type SynthChecks, terraformCall } from "../../database/private";
import type { GitpodVersion } from "../version/gitpod-version";
import { AZURE_ROOTS } from "./data/azure-roots";
import {
  type GitpodBundledProxyOptions,
  type GitpodConnection,
  GitpodDatabaseMode,
  type GitpodDirectOptions,
} from "./gitpod-connection";
/**
 * Linux limits one environment variable to 128 KiB, including the name, the sign and a zero byte at the end
 * (MAX_ARG_STRLEN; execve(2)); Gitpod passes the certificate authorities in `DB_CA_CERT`.
 */
export const MAX_CA_BYTES = 131_072 - "DB_CA_CERT=".length - 1;

const PROXY_SERVICE = "use a database proxy with GitpodConnection.proxyService(proxy)";
const SMALLER_BUNDLE = "give those of the server's region, or its root alone";

/** Connection of Gitpod to its database. @internal */
export interface ResolvedGitpodConnection {
  readonly mode: GitpodDatabaseMode;
  /** Server that Gitpod connects to: the proxy's if there is one. */
  readonly server: IDatabaseServer;
  /** Database on the server behind a proxy, where it is created. */
  readonly direct: IDatabase;
  /** Certificate authorities for Gitpod; undefined means no TLS between Gitpod and `server`. */
  readonly caCertificatesPem?: string;
  readonly bundled?: GitpodBundledProxyOptions;
  /** True if the server itself, and not only a proxy, sees TLS. */
  readonly serverSeesTls: boolean;
}

/** Decides the connection and reports an impossible one. @internal */
export function resolveConnection(
  checks: SynthChecks,
  database: IDatabase,
  connection: GitpodConnection | undefined,
  version: GitpodVersion,
): ResolvedGitpodConnection {
  const direct = database.pooling?.direct ?? database;
  const behindProxy = direct !== database;
  const { server } = database;
  if (connection?._bundled) {
    if (behindProxy) {
      checks.fail(
        "connection",
        "bundledProxy",
        "must not be the bundled proxy for a database behind another proxy, because Gitpod has one database mode; give the database of the server itself, or leave connection out",
        "connection.twoProxies",
      );
    }
    checkBundled(checks, direct.server, connection._bundled, version);
    return {
      mode: GitpodDatabaseMode.CLOUD_SQL,
      server: direct.server,
      direct,
      bundled: connection._bundled,
      serverSeesTls: false,
    };
  }
  if (connection?._proxy) {
    const proxied = connection._proxy.server;
    if (behindProxy && server !== proxied) {
      checks.fail(
        "connection",
        proxied.node.path,
        `must be the proxy of the database, ${server.node.path}; give one of the two`,
        "connection.twoProxies",
      );
    } else if (!behindProxy && proxied.connectionBudget !== direct.server.connectionBudget) {
      // A proxy shares the connection budget of its server.
      checks.fail(
        "connection",
        proxied.node.path,
        `must be a proxy of the server of the database, ${direct.server.node.path}`,
        "connection.otherServer",
      );
    }
    return { mode: GitpodDatabaseMode.EXTERNAL, server: proxied, direct, serverSeesTls: false };
  }
  if (behindProxy && connection === undefined && server.tls.offered === false) {
    return { mode: GitpodDatabaseMode.EXTERNAL, server, direct, serverSeesTls: false };
  }
  const caCertificatesPem = trustStore(checks, server, connection?._direct ?? {});
  return {
    mode: GitpodDatabaseMode.EXTERNAL,
    server,
    direct,
    caCertificatesPem,
    serverSeesTls: caCertificatesPem !== undefined,
  };
}

/** Preconditions for a host that is only known to Terraform. @internal */
export function hostPreconditions({ server, caCertificatesPem }: ResolvedGitpodConnection): Precondition[] {
  const { host } = server.endpoint;
  if (caCertificatesPem === undefined || isResolved(host)) return [];
  return [
    {
      condition: Op.not(terraformCall("can", terraformCall("regex", "^[0-9.]+$|:", host))),
      errorMessage:
        "The server's host is an address, and Gitpod checks that the certificate names it: give the DNS name that the certificate has.",
    },
  ];
}

/** Preconditions for certificate authorities that are only known to Terraform. @internal */
export function caPreconditions(pem: string): Precondition[] {
  if (isResolved(pem)) return [];
  return [
    {
      // A PEM text has one byte per character.
      condition: Op.lte(terraformCall("length", pem), MAX_CA_BYTES),
      errorMessage: `The certificate authorities have more than 128 KiB, which Gitpod cannot hand to its pods: ${SMALLER_BUNDLE}.`,
    },
  ];
}

function checkBundled(
  checks: SynthChecks,
  server: IDatabaseServer,
  bundled: GitpodBundledProxyOptions,
  version: GitpodVersion,
): void {
  const { bundledProxy, bundledProxyReachesPrivate } = version.profile;
  if (server.location.cloud !== Cloud.GOOGLE) {
    checks.fail(
      "connection",
      `bundledProxy on ${server.location.cloud}`,
      "must not be the bundled proxy, which only supports Cloud SQL; leave connection out",
      "connection.bundledProxyCloud",
    );
    return;
  }
  if (server.endpoint.isPrivate && !bundledProxyReachesPrivate) {
    checks.fail(
      "connection",
      "bundledProxy",
      `must not be the bundled proxy for a server with a private IP address, because the version ${bundledProxy} in Gitpod ${version.name} only supports public ones; ${PROXY_SERVICE}`,
      "connection.bundledProxyPrivate",
    );
  }
  checks.matches(
    "connection.connectionName",
    bundled.connectionName,
    /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]:[a-z]+-[a-z]+[0-9]+:[a-z][a-z0-9-]*$/,
    "must be project:region:instance",
  );
  checks.optOut(
    "connection.bundledProxy: the cluster stores a service account key, which never expires; a proxy service needs none",
  );
}

/** Certificate authorities of a direct connection; undefined without TLS. */
function trustStore(
  checks: SynthChecks,
  server: IDatabaseServer,
  options: GitpodDirectOptions,
): string | undefined {
  const { tls, endpoint } = server;
  if (options.acceptPlainText || tls.offered === false) {
    if (tls.enforced) {
      checks.fail(
        "connection.acceptPlainText",
        options.acceptPlainText,
        "must not be true, because the server enforces TLS",
      );
    }
    checks.optOut("connection: the database connection is not encrypted");
    return undefined;
  }
  if (tls.clientCertificate) {
    checks.fail(
      "database.server.tls.clientCertificate",
      "a certificate",
      `must not be set, because Gitpod supports no client certificates; disable them on the server, or ${PROXY_SERVICE}`,
    );
  }
  const pem = options.caCertificatesPem ?? tls.caCertificatesPem ?? publicRoots(server);
  if (pem === undefined) {
    checks.fail(
      "connection.caCertificatesPem",
      undefined,
      `must be set, because Gitpod ignores the system's certificate authorities and does not use TLS without explicit ones; use GitpodConnection.direct({ caCertificatesPem })`,
    );
    return undefined;
  }
  const byAddress = isResolved(endpoint.host) && isIP(endpoint.host) !== 0;
  if (byAddress || !tls.hostnameVerifiable) {
    const others = server.location.cloud === Cloud.GOOGLE ? PROXY_SERVICE : "set acceptPlainText";
    checks.fail(
      "database.server.endpoint.host",
      endpoint.host,
      `must be a host name in the server's certificate, because Gitpod verifies it (VERIFY_IDENTITY)${byAddress ? ", and not an IP address" : ""}; connect by a DNS name of the certificate, or ${others}`,
    );
  }
  if (isResolved(pem)) {
    const bytes = Buffer.byteLength(pem.trim()) + 1;
    checks.check(
      "connection.caCertificatesPem",
      `${bytes} bytes`,
      () => bytes <= MAX_CA_BYTES,
      `must be at most ${MAX_CA_BYTES} bytes, because Gitpod passes it in one environment variable of at most 128 KiB including its name; ${SMALLER_BUNDLE}`,
    );
  }
  return pem;
}

function publicRoots(server: IDatabaseServer): string | undefined {
  return server.location.cloud === Cloud.AZURE ? AZURE_ROOTS.join("\n") : undefined;
}
