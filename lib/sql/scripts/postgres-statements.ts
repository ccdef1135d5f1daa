// How the PostgreSQL program runs its statements. Each section prepares one query, `plan`, that compares the catalog with the desired
// state and returns the missing statements. It runs them, asks the plan again, and reports every statement that is still missing.

/** Key of the advisory lock that all runs share; advisory locks of PostgreSQL are per database. */
export const LOCK = "7305810842301";

/** The desired state, in a session parameter: so the server's log has it once and not in each query. */
export const DESIRED = "current_setting('devplatforms.desired')::jsonb";

/** The part of the desired state for the current database. */
export const HERE = "current_setting('devplatforms.here')::jsonb";

/** True from PostgreSQL 16 on, where a membership has options and a grantor that counts. */
export const V16 = "(current_setting('server_version_num')::int >= 160000)";

/** Settings in the row `c`, with names in lower case: PostgreSQL stores some in mixed case, such as TimeZone. */
export const SETTINGS_AS_GIVEN =
  "SELECT lower(split_part(e, '=', 1)) || substr(e, strpos(e, '=')) FROM unnest(c.setconfig) e";

/** Condition that a role is predefined by PostgreSQL or the service; `state` is `DESIRED` or `HERE`. */
export const isPredefined = (role: string, state: string): string =>
  `(starts_with(${role}, 'pg_') OR EXISTS (SELECT FROM jsonb_array_elements_text(${state} -> 'predefined') x WHERE starts_with(${role}, x)))`;

/** Name of a grantee in a statement. */
export const grantee = (name: string): string =>
  `CASE WHEN ${name} = 'public' THEN 'PUBLIC' ELSE quote_ident(${name}) END`;

/**
 * The end of a plan: from rows `statements(step, key, run_as, needs, statement)` to the variables of a pass. A statement with `run_as` is
 * run by that role: of several roles with the grant option that the administrator is a member of, PostgreSQL chooses the
 * grantor by position, and a grant of the wrong grantor is neither found nor revoked later. `needs` are owners that the
 * administrator must be a member of. `run_as` can be `pg_database_owner`, which owns the schema `public` from PostgreSQL 15 on: as a
 * member of the database's owner the administrator may set that role; tried on PostgreSQL, on no real cloud [inf].
 *
 * @see https://www.postgresql.org/docs/current/predefined-roles.html
 */
export const PLAN_RESULT = String.raw`
SELECT coalesce(jsonb_agg(CASE WHEN run_as IS NULL OR run_as = current_user THEN statement
                               ELSE format('SET LOCAL ROLE %I; %s; RESET ROLE', run_as, statement) END ORDER BY step, key, statement), '[]') AS statements,
       (SELECT coalesce(jsonb_agg(DISTINCT o), '[]') FROM statements s, unnest(s.needs || s.run_as) o WHERE o IS NOT NULL) AS owners,
       count(*) > 0 AS more FROM statements`;

/** Fails with the texts in the variable `problems`, unless it is empty. */
export const STOP_ON_PROBLEMS = String.raw`
SELECT set_config('devplatforms.problems', :'problems', false) = '' AS fine \gset
\if :fine
\else
DO $$ BEGIN RAISE EXCEPTION '%', current_setting('devplatforms.problems'); END $$;
\endif
`;

/**
 * File `borrow.sql`: makes the administrator a member of the roles in the variable `owners`, within the open transaction. Other
 * sessions do not see the membership, and an interrupted run leaves none; on RDS it must not remain (see the roles). From
 * PostgreSQL 16 on its options do not follow the administrator's INHERIT; before, the administrator has to inherit meanwhile.
 */
export const BORROW = String.raw`
WITH me AS (SELECT * FROM pg_roles WHERE rolname = current_user),
owners AS (
  SELECT r.* FROM pg_roles r, me WHERE NOT me.rolsuper AND r.oid <> me.oid AND r.rolname <> 'pg_database_owner'
     -- A database's owner is the only member of pg_database_owner, which has no others.
     AND (r.rolname IN (SELECT jsonb_array_elements_text(:'owners'))
          OR :'owners'::jsonb ? 'pg_database_owner' AND r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database()))
), steps(first, last) AS (
  SELECT format('GRANT %I TO CURRENT_USER%s', rolname, CASE WHEN ${V16} THEN ' WITH INHERIT TRUE, SET TRUE' ELSE '' END),
         format('REVOKE %I FROM CURRENT_USER', rolname) FROM owners
   WHERE CASE WHEN ${V16} THEN NOT (pg_has_role(oid, 'USAGE') AND pg_has_role(oid, CASE WHEN ${V16} THEN 'SET' ELSE 'MEMBER' END))
              ELSE NOT pg_has_role(oid, 'MEMBER') END
  UNION ALL
  SELECT 'ALTER ROLE CURRENT_USER INHERIT', 'ALTER ROLE CURRENT_USER NOINHERIT' FROM me
   WHERE NOT ${V16} AND NOT rolinherit AND EXISTS (SELECT FROM owners)
) SELECT coalesce(jsonb_agg(first), '[]') AS borrow, coalesce(jsonb_agg(last), '[]') AS give_back FROM steps \gset
SELECT s FROM jsonb_array_elements_text(:'borrow') s \gexec
`;

/** Takes back what `borrow.sql` has given. */
export const GIVE_BACK = String.raw`SELECT s FROM jsonb_array_elements_text(:'give_back') s \gexec`;

/** File `pass.sql`: prints the statements of the plan and runs them, except in a dry run. One that fails does not stop the others. */
export const PASS = String.raw`
\if :more
SELECT s FROM jsonb_array_elements_text(:'statements') s;
\if :dry_run
\set more false
\else
\set ON_ERROR_STOP off
\i :scratch/borrow.sql
SELECT s FROM jsonb_array_elements_text(:'statements') s \gexec
${GIVE_BACK}
\set ON_ERROR_STOP on
\set previous :statements
EXECUTE plan \gset
SELECT :'statements' NOT IN ('[]', :'previous') AS more \gset
\endif
\endif
`;

/** Adds the variable `line` to the report of the end, if `left` is true. */
export const REPORT = String.raw`
\if :left
\o |cat >>"$scratch/left"
SELECT :'line';
\o
\endif
`;

/**
 * File `converge.sql`: runs the plan until nothing is missing. A second pass has what follows from the first, such as a privilege
 * that went with a grant option; what is missing then is reported.
 */
export const CONVERGE = String.raw`
BEGIN;
SELECT pg_advisory_xact_lock(${LOCK}) IS NULL AS locked \gset
-- That was for another run; what has waited for another session in vain waits a moment only the next time.
SET LOCAL lock_timeout = '30s';
EXECUTE plan \gset
\i :scratch/pass.sql
SET LOCAL lock_timeout = '2s';
\i :scratch/pass.sql
\i :scratch/pass.sql
\if :dry_run
\else
SELECT :'statements' <> '[]' AS left, :'place' || (SELECT string_agg(s, E'\n' || :'place') FROM jsonb_array_elements_text(:'statements') s) AS line \gset
\i :scratch/report.sql
\endif
COMMIT;
`;

/**
 * Statements that make the privileges on objects equal to the described grants, as arms of a `UNION ALL`. They read the rows
 * `objects(object, owner, acl)`, `wanted_grants(object, grantee, privilege, grantable)` and the condition `managed` on an entry `e` of
 * an object `o`. Each is run by the owner, so that every entry has one grantor; what a grantee has handed on goes by CASCADE.
 */
export function privilegeStatements(step: number, managed: string): { entries: string; arms: string } {
  return {
    entries: String.raw`
entries AS (
  SELECT o.object, o.owner, coalesce(r.rolname, 'public') AS grantee, a.privilege_type AS privilege, a.is_grantable AS grantable,
         pg_get_userbyid(a.grantor) = o.acl_owner AS direct, pg_get_userbyid(a.grantor)::text AS grantor, (${managed}) AS managed
    FROM objects o, aclexplode(o.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
   WHERE a.grantee = 0 OR r.rolname IS NOT NULL
)`,
    arms: String.raw`
  -- CASCADE passes over what a grantor has handed on that has the grant option by way of another role as well: it is revoked as the grantor.
  SELECT ${step - 1}, f.object, f.owner, ARRAY[f.grantor], format('GRANT %1$s ON %2$s TO %3$I WITH GRANT OPTION; SET LOCAL ROLE %3$I; REVOKE %1$s ON %2$s FROM %4$s CASCADE; RESET ROLE',
           f.privilege, f.object, f.grantor, ${grantee("f.grantee")})
    FROM entries f WHERE NOT f.direct AND f.managed
     AND NOT EXISTS (SELECT FROM wanted_grants w WHERE w.object = f.object AND w.grantee = f.grantee AND w.privilege = f.privilege)
     AND EXISTS (SELECT FROM entries k JOIN pg_roles r ON r.rolname = k.grantee JOIN pg_roles h ON h.rolname = f.grantor
                  WHERE k.object = f.object AND k.privilege = f.privilege AND k.grantable AND k.grantee <> f.grantor AND pg_has_role(h.oid, r.oid, 'MEMBER'))
  UNION ALL
  SELECT ${step}, w.object, o.owner, NULL::text[], format('GRANT %s ON %s TO %s%s', string_agg(DISTINCT w.privilege, ', '), w.object,
           ${grantee("w.grantee")}, CASE WHEN w.grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM wanted_grants w JOIN objects o ON o.object = w.object
   WHERE NOT EXISTS (SELECT FROM entries e WHERE e.object = w.object AND e.grantee = w.grantee AND e.privilege = w.privilege
                        AND e.direct AND (e.grantable OR NOT w.grantable))
   GROUP BY w.object, o.owner, w.grantee, w.grantable
  UNION ALL
  SELECT ${step + 1}, e.object, e.owner, NULL, format('REVOKE %s ON %s FROM %s CASCADE', string_agg(DISTINCT e.privilege, ', '), e.object, ${grantee("e.grantee")})
    FROM entries e WHERE e.direct AND e.managed
     AND NOT EXISTS (SELECT FROM wanted_grants w WHERE w.object = e.object AND w.grantee = e.grantee AND w.privilege = e.privilege)
   GROUP BY e.object, e.owner, e.grantee
  UNION ALL
  -- Also from each role that may have granted on a privilege that is not described; the next pass grants again what is described.
  SELECT ${step + 2}, e.object, e.owner, NULL, format('REVOKE GRANT OPTION FOR %s ON %s FROM %s CASCADE', string_agg(DISTINCT e.privilege, ', '), e.object, ${grantee("e.grantee")})
    FROM entries e WHERE e.direct AND e.grantable AND (
         e.managed AND EXISTS (SELECT FROM wanted_grants w WHERE w.object = e.object AND w.grantee = e.grantee AND w.privilege = e.privilege)
                   AND NOT EXISTS (SELECT FROM wanted_grants w WHERE w.object = e.object AND w.grantee = e.grantee AND w.privilege = e.privilege AND w.grantable)
      OR EXISTS (SELECT FROM entries f WHERE f.object = e.object AND f.privilege = e.privilege AND NOT f.direct AND f.managed
                    AND NOT EXISTS (SELECT FROM wanted_grants w WHERE w.object = f.object AND w.grantee = f.grantee AND w.privilege = f.privilege)))
   GROUP BY e.object, e.owner, e.grantee`,
  };
}
