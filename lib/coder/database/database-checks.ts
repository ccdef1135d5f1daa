// Requirements of Coder v1 and v2 for a database, checked at synth.

import { Op, type Precondition } from "cdktf";
import type { IDatabase, IWorkloadIdentity } from "../../database";
import { Cloud, EngineFamily, LoginAuthentication, PoolMode, SslMode, type TlsTrust } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved, type Rule } from "../../database/private";
import { OLDEST_POSTGRES } from "../data/chart-versions";

/** Properties that both releases share. */
export interface CoderDatabaseProps {
  readonly database: IDatabase;
  readonly clusterRegion?: string;
  readonly acceptOtherRegion?: boolean;
  readonly acceptPublicDatabase?: boolean;
}

/** Reports a database that Coder cannot use, or that is unsafe or slow. */
export function checkCoderDatabase(checks: SynthChecks, props: CoderDatabaseProps): void {
  const { server, owner } = props.database;
  const { engine, location, endpoint } = server;
  if (engine.family !== EngineFamily.POSTGRES || Number(engine.majorVersion) < OLDEST_POSTGRES) {
    checks.fail("database.server.engine", engine.label, `must be PostgreSQL ${OLDEST_POSTGRES} or later`);
  }
  if (props.database.pooling?.mode === PoolMode.TRANSACTION) {
    checks.fail(
      "database.pooling.mode",
      props.database.pooling.mode,
      "must not be transaction mode, which loses the notifications that Coder listens for; use session mode or the server itself",
    );
  }
  if (!endpoint.isPrivate) {
    if (props.acceptPublicDatabase) {
      checks.optOut("acceptPublicDatabase: the database server has a public endpoint");
    } else {
      checks.fail(
        "database.server.endpoint",
        endpoint.host,
        "must be private; move the server into the network of the cluster, or set acceptPublicDatabase",
      );
    }
  }
  if (!props.acceptOtherRegion && location.region !== undefined && isResolved(location.region)) {
    checks.check(
      "clusterRegion",
      props.clusterRegion,
      () => props.clusterRegion === location.region,
      `must be the region of the database, ${location.region}, since Coder requires a latency of at most 10 ms; move one of them, or set acceptOtherRegion`,
    );
  }
  if (props.acceptOtherRegion) {
    checks.optOut("acceptOtherRegion: the database may be in another region than the cluster");
  }
  if (owner.authentication === LoginAuthentication.PASSWORD && !owner.password) {
    checks.fail("database.owner.password", undefined, `must be set for the login ${owner.username}`);
  }
}

/** Preconditions that compare the regions if one is only known to Terraform. */
export function regionConditions(props: CoderDatabaseProps): Precondition[] {
  const { clusterRegion, acceptOtherRegion, database } = props;
  const { region } = database.server.location;
  if (clusterRegion === undefined || region === undefined || acceptOtherRegion) return [];
  if (isResolved(clusterRegion) && isResolved(region)) return [];
  return [
    {
      condition: Op.eq(clusterRegion, region),
      errorMessage:
        "The database is in another region than the cluster, which adds latency to every page of Coder. Move one of them, or set acceptOtherRegion.",
    },
  ];
}

/** Reports an `sslMode` that the server rejects or under which the driver does not verify the server. */
export function checkTls(checks: SynthChecks, tls: TlsTrust, sslMode: SslMode | undefined): void {
  const refuse = (rule: Rule, code: string) => checks.fail("sslMode", sslMode, rule, `sslMode.${code}`);
  if (sslMode !== undefined && sslMode !== SslMode.DISABLE && tls.offered === false) {
    refuse("must not be set, because the server does not offer TLS", "notOffered");
  }
  switch (sslMode) {
    case SslMode.DISABLE:
      if (tls.offered === false) break;
      if (tls.enforced) refuse("must not be disable, because the server enforces TLS", "enforced");
      else checks.optOut("sslMode: the database connection is not encrypted");
      if (tls.clientCertificate) {
        refuse("must not be disable, because the server requires a client certificate", "clientCertificate");
      }
      break;
    case SslMode.REQUIRE:
      if (tls.caCertificatesPem !== undefined) {
        refuse(
          "must not be require for a server with certificate authorities, which the driver then ignores or only half verifies; use verify-ca or verify-full",
          "require",
        );
      } else checks.optOut("sslMode: the certificate of the database server is not verified");
      break;
    case SslMode.VERIFY_FULL:
      if (!tls.hostnameVerifiable) {
        refuse(
          "must not be verify-full for a certificate that does not include the host name, since every connection would fail; use verify-ca",
          "hostname",
        );
      }
      break;
    default:
  }
}

/**
 * Reports a login by cloud identity that cannot succeed. Both versions of Coder support RDS IAM authentication and no identity
 * of another cloud.
 */
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
      `must be the namespace of Coder's pods, ${namespace}`,
    );
  }
  if (owner.authentication !== LoginAuthentication.CLOUD_IDENTITY) return;
  if (server.location.cloud !== Cloud.AWS) {
    checks.fail(
      "database.owner",
      owner.username,
      "must have a password on clouds other than AWS, because Coder only supports RDS IAM authentication",
      "database.owner.cloud",
    );
  }
  if (!server.acceptsCloudIdentity) {
    checks.fail(
      "database.owner",
      owner.username,
      "must have a password, because IAM database authentication is disabled on the server; enable it there",
      "database.owner.iam",
    );
  }
  if (identity?.cloud !== Cloud.AWS) {
    checks.fail(
      "identity",
      identity?.cloud,
      "must be an AWS identity of Coder's service account, because the database owner has no password",
    );
  }
}
