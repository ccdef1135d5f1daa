// Authentication with a cloud identity, after the roles.

import { DESIRED, LOCK } from "./postgres-statements";

/** Prints the statements in the variable `statements`, a JSON list, and runs them except in a dry run. */
const RUN_STATEMENTS = String.raw`
SELECT s FROM jsonb_array_elements_text(:'statements') s;
\if :dry_run
\else
SELECT s FROM jsonb_array_elements_text(:'statements') s \gexec
\endif
`;

/** Membership in the role of the service whose members authenticate with a cloud identity. */
export const POSTGRES_IDENTITY = String.raw`
-- Log-in by the cloud's identity comes last. On RDS whoever is a member of rds_iam, also by way of another role, cannot log
-- in with a password; from PostgreSQL 16 on the creator of a role stays a member of it. So this is tried, and taken back.
SELECT pg_advisory_lock(${LOCK}) IS NULL AS locked \gset
SELECT coalesce(jsonb_agg(w.name), '[]') AS newcomers, count(*) > 0 AS any_newcomers
  FROM jsonb_to_recordset(${DESIRED} -> 'roles') AS w(name text, existing boolean, "cloudIdentity" boolean)
 WHERE w."cloudIdentity" AND NOT w.existing AND ${DESIRED} ->> 'identityRole' IS NOT NULL AND NOT EXISTS (
   SELECT FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles u ON u.oid = a.member
    WHERE g.rolname = ${DESIRED} ->> 'identityRole' AND u.rolname = w.name) \gset
\if :any_newcomers
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
DO $$ BEGIN RAISE EXCEPTION 'log-in by identity would lock the administrator out; the grant was taken back. '
  'Let another role with CREATEROLE make the login and its database once'; END $$;
\endif
SELECT jsonb_agg(format('ALTER ROLE %I PASSWORD NULL', n)) AS statements FROM jsonb_array_elements_text(:'newcomers') n \gset
${RUN_STATEMENTS}
\endif
`;
