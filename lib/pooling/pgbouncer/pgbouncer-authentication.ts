import type { DatabaseLogin } from "../../database";
import { quoteIdentifier } from "./pgbouncer-config";

const SCHEMA = "pgbouncer";
const FUNCTION = "user_lookup";

/**
 * TLS between clients and the pooler (`client_tls_sslmode`). Required: connections without TLS are an explicit choice.
 *
 * @see https://www.pgbouncer.org/config.html#tls-settings
 *
 * @example
 * ClientTls.fromSecret("pgbouncer-tls", clusterCaPem);
 */
export class ClientTls {
  /**
   * TLS with the certificate of an existing Secret, such as one of cert-manager. Connections without TLS are refused.
   *
   * @param secretName Secret of the type `kubernetes.io/tls`, with `tls.crt` and `tls.key`; the certificate must have the DNS name
   * `<pooler>.<namespace>.svc`. PgBouncer reloads a renewed certificate without a restart.
   * @param caCertificatesPem CA certificates in PEM format; may be a token. @default - the system's CA certificates
   */
  public static fromSecret(secretName: string, caCertificatesPem?: string): ClientTls {
    return new ClientTls(secretName, caCertificatesPem);
  }

  /** No TLS between clients and the pooler: passwords are protected by SCRAM, data is sent in clear. */
  public static none(): ClientTls {
    return new ClientTls(undefined, undefined);
  }

  /** Name of the Secret with the certificate; not set without TLS. */
  public readonly secretName?: string;
  /** CA certificates of the pooler's certificate. */
  public readonly caCertificatesPem?: string;

  private constructor(secretName: string | undefined, caCertificatesPem: string | undefined) {
    this.secretName = secretName;
    this.caCertificatesPem = caCertificatesPem;
  }
}

/**
 * `auth_query` of PgBouncer, for self-managed servers: the pooler stores no password of a component and reads the SCRAM verifier of
 * the user from the server.
 *
 * PostgreSQL shows verifiers to superusers only, so a superuser creates a function that looks up one user at a time. Managed servers
 * have no superuser, and their administrators cannot read pg_authid (pgbouncer#787): there the pooler needs a user list.
 *
 * @see https://www.pgbouncer.org/config.html#auth_query
 *
 * @example
 * new AuthQuery(DatabaseLogin.withPassword("pgbouncer_auth", password));
 */
export class AuthQuery {
  /** Login that runs the query (`auth_user`); its only privilege is the function. */
  public readonly login: DatabaseLogin;

  /** @param login the login that runs the query; must have a password. */
  public constructor(login: DatabaseLogin) {
    this.login = login;
  }

  /** Value of `auth_query`. Names are schema-qualified, so that the search path does not matter (CVE-2025-12819). */
  public get query(): string {
    return `SELECT usename, passwd FROM ${SCHEMA}.${FUNCTION}($1)`;
  }

  /**
   * SQL that creates the function. A superuser runs it once in each database behind the pooler; it is idempotent.
   *
   * The function returns no expired password (CVE-2025-2291), no superuser and no replication user.
   */
  public get setupSql(): string {
    const user = quoteIdentifier(this.login.username);
    return `CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
REVOKE ALL ON SCHEMA ${SCHEMA} FROM PUBLIC;
GRANT USAGE ON SCHEMA ${SCHEMA} TO ${user};
CREATE OR REPLACE FUNCTION ${SCHEMA}.${FUNCTION}(wanted text)
RETURNS TABLE (usename name, passwd text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS
$function$
  SELECT rolname, CASE WHEN rolvaliduntil < pg_catalog.now() THEN NULL ELSE rolpassword END
  FROM pg_catalog.pg_authid
  WHERE rolname = wanted AND rolcanlogin AND NOT rolsuper AND NOT rolreplication;
$function$;
REVOKE ALL ON FUNCTION ${SCHEMA}.${FUNCTION}(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ${SCHEMA}.${FUNCTION}(text) TO ${user};
`;
  }
}
