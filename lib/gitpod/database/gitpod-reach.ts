// How Gitpod reaches its database, decided by what was asked and by what the server is. Gitpod knows two ways (`database.external`,
// `database.cloudSQL`), checks a certificate in full or not at all, and no client certificate; so not every server can be
// reached in every way, and each refusal here says which way there is.

import { isIP } from "node:net";
import type { Precondition } from "cdktf";
import { Op } from "cdktf";
import type { IDatabase, IDatabaseServer } from "../../database";
import { Cloud } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved, terraformCall } from "../../database/private";
import type { GitpodVersion } from "../gitpod-version";
import { AZURE_ROOTS } from "./data/azure-roots";
import {
  type GitpodBundledProxyOptions,
  type GitpodConnection,
  GitpodDatabaseMode,
  type GitpodDirectOptions,
} from "./gitpod-connection";

/**
 * Linux gives a program at most 128 KiB in one variable, with the name, the sign and a zero byte at the end
 * (MAX_ARG_STRLEN; execve(2)); Gitpod puts the authorities into `DB_CA_CERT`.
 */
export const MAX_CA_BYTES = 131_072 - "DB_CA_CERT=".length - 1;

const OWN_PROXY = "put a CloudSqlAuthProxy in front and give it with GitpodConnection.ownProxy(proxy)";

/** How Gitpod reaches its database. @internal */
export interface GitpodReach {
  readonly mode: GitpodDatabaseMode;
  /** The server as Gitpod sees it. */
  readonly server: IDatabaseServer;
  /** The same database past a proxy, where it is made. */
  readonly direct: IDatabase;
  /** The authorities that Gitpod is given; none means no TLS between Gitpod and what it connects to. */
  readonly caCertificatesPem?: string;
  readonly bundled?: GitpodBundledProxyOptions;
  /** Whether the server itself sees TLS. */
  readonly serverSeesTls: boolean;
}

/** Decides, and reports what is impossible. @internal */
export function reach(
  checks: SynthChecks,
  database: IDatabase,
  connection: GitpodConnection | undefined,
  version: GitpodVersion,
): GitpodReach {
  const direct = database.pooling?.direct ?? database;
  const proxied = direct !== database;
  const { server } = database;
  if (connection?._bundled) {
    if (proxied) {
      checks.fail(
        "connection",
        "bundledProxy",
        "the database is behind a proxy of yours already, and Gitpod has one database mode; give the server's own database, or leave connection out",
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
    const seen = connection._proxy.server;
    if (proxied && server !== seen) {
      checks.fail(
        "connection",
        seen.node.path,
        `the database is behind another proxy, ${server.node.path}; give one of the two`,
      );
    } else if (!proxied && seen.connectionBudget !== direct.server.connectionBudget) {
      // A proxy counts the connections with its server's.
      checks.fail(
        "connection",
        seen.node.path,
        `the proxy leads to another server than ${direct.server.node.path}, which has the database`,
      );
    }
    return { mode: GitpodDatabaseMode.EXTERNAL, server: seen, direct, serverSeesTls: false };
  }
  if (proxied && connection === undefined && server.tls.offered === false) {
    return { mode: GitpodDatabaseMode.EXTERNAL, server, direct, serverSeesTls: false };
  }
  const caCertificatesPem = directTrust(checks, server, connection?._direct ?? {});
  return {
    mode: GitpodDatabaseMode.EXTERNAL,
    server,
    direct,
    caCertificatesPem,
    serverSeesTls: caCertificatesPem !== undefined,
  };
}

/** The conditions under which Terraform refuses an address that only it knows. @internal */
export function hostPreconditions({ server, caCertificatesPem }: GitpodReach): Precondition[] {
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

/** The conditions under which Terraform refuses authorities that only it knows. @internal */
export function caPreconditions(pem: string): Precondition[] {
  if (isResolved(pem)) return [];
  return [
    {
      // A PEM text has a byte for each character.
      condition: Op.lte(terraformCall("length", pem), MAX_CA_BYTES),
      errorMessage: `The certificate authorities have more than 128 KiB, which Gitpod cannot hand to its pods: ${SMALLER_BUNDLE}.`,
    },
  ];
}

const SMALLER_BUNDLE = "give those of the server's region, or its root alone";

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
      "the proxy that Gitpod brings along is for Cloud SQL; leave connection out",
    );
    return;
  }
  if (server.endpoint.isPrivate && !bundledProxyReachesPrivate) {
    checks.fail(
      "connection",
      "bundledProxy",
      `the server has a private address only, and Gitpod ${version.name} brings Google's proxy ${bundledProxy} along, which reaches public ones only; ${OWN_PROXY}`,
    );
  }
  checks.matches(
    "connection.connectionName",
    bundled.connectionName,
    /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]:[a-z]+-[a-z]+[0-9]+:[a-z][a-z0-9-]*$/,
    "allowed is project:region:instance",
  );
  checks.optOut(
    "connection.bundledProxy: a service account's key, which never expires, is kept in the cluster; a proxy of your own needs none",
  );
}

/** The authorities for a direct connection, or none for one without TLS. */
function directTrust(
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
        "the server refuses connections without TLS; leave it out",
      );
    }
    checks.optOut("connection: Gitpod speaks to its database without TLS");
    return undefined;
  }
  if (tls.clientCertificate) {
    checks.fail(
      "database.server.tls",
      "with a client certificate",
      `Gitpod presents none; let the server do without, or ${OWN_PROXY}`,
    );
  }
  const pem = options.caCertificatesPem ?? tls.caCertificatesPem ?? publicRoots(server);
  if (pem === undefined) {
    checks.fail(
      "connection.caCertificatesPem",
      undefined,
      "a public authority signs the server's certificate, and Gitpod does not know the system's list: without one of its own it does not speak TLS; " +
        "give GitpodConnection.direct({ caCertificatesPem })",
    );
    return undefined;
  }
  const byAddress = isResolved(endpoint.host) && isIP(endpoint.host) !== 0;
  if (byAddress || !tls.hostnameVerifiable) {
    const others = server.location.cloud === Cloud.GOOGLE ? OWN_PROXY : "give acceptPlainText";
    checks.fail(
      "database.server.endpoint.host",
      endpoint.host,
      `Gitpod checks that the server's certificate names the host (VERIFY_IDENTITY), which ${byAddress ? "an address" : "this server's certificate"} does not pass; ` +
        `connect by a DNS name that the certificate has, or ${others}`,
    );
  }
  if (isResolved(pem)) {
    const bytes = Buffer.byteLength(pem.trim()) + 1;
    checks.check(
      "connection.caCertificatesPem",
      `${bytes} bytes`,
      () => bytes <= MAX_CA_BYTES,
      `Gitpod hands it to its pods in one variable, which takes 128 KiB less its name, so ${MAX_CA_BYTES} bytes; ${SMALLER_BUNDLE}`,
    );
  }
  return pem;
}

function publicRoots(server: IDatabaseServer): string | undefined {
  return server.location.cloud === Cloud.AZURE ? AZURE_ROOTS.join("\n") : undefined;
}
