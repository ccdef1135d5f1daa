// With auth_query the pooler keeps no component's password: it asks the server for the stored verifier of whoever logs in.
// PostgreSQL shows those to superusers only, so a superuser makes a function that looks up one user at a time. Managed servers
// have no superuser, and their administrators may not read pg_authid (gitlab.md 5.2, pgbouncer#787): there the list of users
// is the only way.

import type { DatabaseLogin } from "../../database";
import { quoteIdentifier } from "./quoting";

const SCHEMA = "pgbouncer";
const FUNCTION = "user_lookup";

/**
 * Lets the pooler ask the server for the verifiers of users, for self-managed servers.
 *
 * @example
 * new AuthQuery(DatabaseLogin.withPassword("pgbouncer_auth", password));
 */
export class AuthQuery {
  /** The login that may call the function and nothing else. */
  public readonly login: DatabaseLogin;

  /** @param login the login with which the pooler asks; it has a password. */
  public constructor(login: DatabaseLogin) {
    this.login = login;
  }

  /** The query, as PgBouncer's setting. Names in it are complete, so that no search path matters (CVE-2025-12819). */
  public get query(): string {
    return `SELECT usename, passwd FROM ${SCHEMA}.${FUNCTION}($1)`;
  }

  /**
   * SQL that makes the function, for a superuser, once in each database behind the pooler. Run again it changes nothing.
   *
   * An expired password is not given out (CVE-2025-2291), and superusers and replication users are never looked up.
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
