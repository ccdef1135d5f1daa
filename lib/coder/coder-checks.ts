// What Coder v1 and v2 have in common in their demands on a database.

import { Op, type Precondition } from "cdktf";
import type { IDatabase, IWorkloadIdentity } from "../database";
import { Cloud, EngineFamily, LoginAuthentication, PoolMode, SslMode, type TlsTrust } from "../database";
import type { SynthChecks } from "../database/private";
import { isResolved } from "../database/private";

/** The properties that both releases have. */
export interface CoderDatabaseProps {
  readonly database: IDatabase;
  readonly clusterRegion?: string;
  readonly acceptOtherRegion?: boolean;
  readonly acceptPublicDatabase?: boolean;
}

/** Reports a database that Coder cannot use, or had better not. */
export function checkCoderDatabase(checks: SynthChecks, props: CoderDatabaseProps, oldest: number): void {
  const { server, owner } = props.database;
  const { engine, location, endpoint } = server;
  if (engine.family !== EngineFamily.POSTGRES || Number(engine.majorVersion) < oldest) {
    checks.fail("database.server.engine", engine.label, `Coder needs PostgreSQL ${oldest} or later`);
  }
  if (props.database.pooling?.mode === PoolMode.TRANSACTION) {
    checks.fail(
      "database",
      props.database.pooling.mode,
      "Coder listens for notifications, which a pooler in transaction mode loses; use session mode or the server itself",
    );
  }
  if (!endpoint.isPrivate) {
    if (props.acceptPublicDatabase) checks.optOut("acceptPublicDatabase: the database has a public address");
    else {
      checks.fail(
        "database.server",
        endpoint.host,
        "the server has a public address; take it into the cluster's network, or set acceptPublicDatabase",
      );
    }
  }
  if (!props.acceptOtherRegion && location.region !== undefined && isResolved(location.region)) {
    checks.check(
      "clusterRegion",
      props.clusterRegion,
      () => props.clusterRegion === location.region,
      `the database is in ${location.region}, and Coder wants it within 10 ms; move one of them, or set acceptOtherRegion`,
    );
  }
  if (props.acceptOtherRegion) {
    checks.optOut("acceptOtherRegion: the database may be in another region than the cluster");
  }
  if (owner.authentication === LoginAuthentication.PASSWORD && !owner.password) {
    checks.fail("database.owner", owner.username, "a login by password needs one");
  }
}

/** What Terraform compares when a region is known only there. */
export function regionConditions(props: CoderDatabaseProps): Precondition[] {
  const { clusterRegion, acceptOtherRegion, database } = props;
  const { region } = database.server.location;
  if (clusterRegion === undefined || region === undefined || acceptOtherRegion) return [];
  if (isResolved(clusterRegion) && isResolved(region)) return [];
  return [
    {
      condition: Op.eq(clusterRegion, region),
      errorMessage:
        "The database is in another region than the cluster, so every page of Coder waits for it. Move one of them, or set acceptOtherRegion.",
    },
  ];
}

/** Reports a TLS mode that the server or the driver makes worthless or impossible. */
export function checkTls(checks: SynthChecks, tls: TlsTrust, sslMode: SslMode | undefined): void {
  if (sslMode !== undefined && sslMode !== SslMode.DISABLE && tls.offered === false) {
    checks.fail("sslMode", sslMode, "the server speaks no TLS; leave it out");
  }
  switch (sslMode) {
    case SslMode.DISABLE:
      if (tls.offered === false) break;
      if (tls.enforced) {
        checks.fail("sslMode", sslMode, "the server refuses connections without TLS");
      } else checks.optOut("sslMode: the connection to the database is not encrypted");
      if (tls.clientCertificate) {
        checks.fail("sslMode", sslMode, "the server wants a client certificate, which goes with TLS only");
      }
      break;
    case SslMode.REQUIRE:
      if (tls.caCertificatesPem !== undefined) {
        checks.fail(
          "sslMode",
          sslMode,
          "the server has certificate authorities, and under require the driver ignores them or checks half; use verify-ca or verify-full",
        );
      } else checks.optOut("sslMode: the database server's certificate is not checked");
      break;
    case SslMode.VERIFY_FULL:
      if (!tls.hostnameVerifiable) {
        checks.fail(
          "sslMode",
          sslMode,
          "the server's certificate does not name the host, so every connection would fail; use verify-ca",
        );
      }
      break;
    default:
  }
}

/** Reports an address that is no URL for browsers and workspaces. */
export function checkAccessUrl(checks: SynthChecks, property: string, url: string): void {
  checks.check(
    property,
    url,
    () => isWebUrl(url),
    "allowed is a URL such as https://coder.example.com, without user, query and fragment",
  );
  checks.check(
    property,
    url,
    () => !/^https?:\/\/[^/]*(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])/i.test(url),
    "workspaces have to reach Coder at this URL, and localhost is themselves",
  );
  if (isResolved(url) && /^http:\/\//i.test(url)) {
    checks.optOut(`${property}: users and workspaces reach Coder without TLS`);
  }
}

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text) || /\s/.test(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (
    /^https?:$/.test(protocol) &&
    /^https?:\/\//i.test(text) &&
    `${username}${password}${search}${hash}` === ""
  );
}

/** Reports a log-in by the cloud's identity that cannot succeed. Both releases know RDS IAM, and nothing of the other clouds. */
export function checkIdentityLogin(
  checks: SynthChecks,
  database: IDatabase,
  identity: IWorkloadIdentity | undefined,
  namespace: string,
): void {
  const { server, owner } = database;
  if (identity) {
    checks.check(
      "identity.namespace",
      identity.namespace,
      () => identity.namespace === namespace || !isResolved(namespace),
      `the pods are in ${namespace}, so the identity would not be theirs`,
    );
  }
  if (owner.authentication !== LoginAuthentication.CLOUD_IDENTITY) return;
  if (server.location.cloud !== Cloud.AWS) {
    checks.fail(
      "database.owner",
      owner.username,
      "Coder logs in by identity on AWS only; give the owner a password",
    );
  }
  if (!server.acceptsCloudIdentity) {
    checks.fail(
      "database.owner",
      owner.username,
      "the server takes no cloud identity; turn IAM authentication on there, or give the owner a password",
    );
  }
  if (identity?.cloud !== Cloud.AWS) {
    checks.fail(
      "identity",
      identity?.cloud,
      "an owner without a password needs an AWS identity for Coder's service account",
    );
  }
}
