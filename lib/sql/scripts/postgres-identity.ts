// Authentication with a cloud identity, after the roles.

import { DESIRED, LOCK, REPORT } from "./postgres-statements";

/** Prints the statements in the variable `statements`, a JSON list, and runs them except in a dry run. */
const RUN_STATEMENTS = String.raw`
SELECT s FROM jsonb_array_elements_text(:'statements') s;
\if :dry_run
\else
SELECT s FROM jsonb_array_elements_text(:'statements') s \gexec
\endif
`;

/** Described logins with an identity that are no members of the role of the service yet. */
const NEWCOMERS = String.raw`
SELECT coalesce(jsonb_agg(w.name), '[]') AS newcomers, count(*) > 0 AS any_newcomers
  FROM jsonb_to_recordset(${DESIRED} -> 'roles') AS w(name text, existing boolean, "cloudIdentity" boolean)
 WHERE w."cloudIdentity" AND NOT w.existing AND ${DESIRED} ->> 'identityRole' IS NOT NULL AND NOT EXISTS (
   SELECT FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles u ON u.oid = a.member
    WHERE g.rolname = ${DESIRED} ->> 'identityRole' AND u.rolname = w.name) \gset
`;

/**
 * Membership in the role of the service whose members authenticate with a cloud identity. On RDS a member of rds_iam, also by way of
 * another role, cannot log in with a password, and from PostgreSQL 16 on the creator of a role stays a member of it. So the grant is
 * tried, and taken back if the administrator cannot log in any more.
 */
export const POSTGRES_IDENTITY = String.raw`
SELECT pg_advisory_lock(${LOCK}) IS NULL AS locked \gset
${NEWCOMERS}
\if :any_newcomers
\set reason ''
\set ON_ERROR_STOP off
-- A membership of the administrator's own that would lock it out goes first, where it can.
SELECT coalesce(jsonb_agg(DISTINCT format('REVOKE %I FROM CURRENT_USER', n)), '[]') AS statements
  FROM jsonb_array_elements_text(:'newcomers') n
  JOIN pg_roles o ON o.rolname = n JOIN pg_auth_members m ON m.roleid = o.oid JOIN pg_roles u ON u.oid = m.member
 WHERE u.rolname = current_user
   AND (current_setting('server_version_num')::int < 160000 OR pg_get_userbyid(m.grantor) = current_user) \gset
${RUN_STATEMENTS}
SELECT jsonb_agg(format('GRANT %I TO %I', ${DESIRED} ->> 'identityRole', n)) AS statements
  FROM jsonb_array_elements_text(:'newcomers') n \gset
${RUN_STATEMENTS}
\set admin_can_log_in ${"`"}psql -XAtqw -c "SELECT true" </dev/null 2>/dev/null || echo false${"`"}
\if :admin_can_log_in
\else
SELECT format('REVOKE %I FROM %I', ${DESIRED} ->> 'identityRole', n) FROM jsonb_array_elements_text(:'newcomers') n \gexec
\set reason '; it would lock the administrator out; the grant was taken back. Create the login and its database once with another role that has CREATEROLE'
\endif
\set ON_ERROR_STOP on
\set tried :newcomers
${NEWCOMERS}
SELECT coalesce(jsonb_agg(format('ALTER ROLE %I PASSWORD NULL', n)), '[]') AS statements
  FROM jsonb_array_elements_text(:'tried') n WHERE :'dry_run'::boolean OR NOT :'newcomers'::jsonb ? n \gset
${RUN_STATEMENTS}
\if :dry_run
\else
SELECT :'any_newcomers' AS left, (SELECT string_agg(concat(format('GRANT %I TO %I', ${DESIRED} ->> 'identityRole', n), :'reason'), E'\n')
                                   FROM jsonb_array_elements_text(:'newcomers') n) AS line \gset
${REPORT}
\endif
\endif
`;
