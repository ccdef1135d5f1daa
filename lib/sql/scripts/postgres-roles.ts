// Roles: the first section of the PostgreSQL script, in psql. It reads the desired state from the variable `desired` and writes
// names into statements by format(%I, %L) only.
//
// Every section compares the catalog with the desired state in one query, prints the missing statements and runs them. A second
// run therefore prints and runs none.

/** Key of the advisory lock that all runs share; advisory locks of PostgreSQL are per database. */
export const LOCK = "7305810842301";

/** Prints the statements in the variable `statements`, a JSON list, and runs them except in a dry run. */
export const RUN_STATEMENTS = String.raw`
SELECT s FROM jsonb_array_elements_text(:'statements') s \g
\if :dry_run
\else
SELECT s FROM jsonb_array_elements_text(:'statements') s \gexec
\endif
`;

/** Fails with the texts in the variable `problems`, unless it is empty. */
export const STOP_ON_PROBLEMS = String.raw`
SELECT set_config('devplatforms.problems', :'problems', false) = '' AS fine \gset
\if :fine
\else
DO $$ BEGIN RAISE EXCEPTION '%', current_setting('devplatforms.problems'); END $$;
\endif
`;

/** Settings in the row `c`, with names in lower case: PostgreSQL stores some in mixed case, such as TimeZone. */
export const SETTINGS_AS_GIVEN =
  "SELECT lower(split_part(e, '=', 1)) || substr(e, strpos(e, '=')) FROM unnest(c.setconfig) e";

/** Roles: options, memberships and settings. */
export const POSTGRES_ROLES = String.raw`
SET search_path = pg_catalog;
BEGIN;
SELECT pg_advisory_xact_lock(${LOCK}) IS NULL AS locked \gset

-- What cannot be made right stops the run before anything is changed. PostgreSQL would cut a longer name and take another's.
SELECT coalesce(string_agg(problem, E'\n'), '') AS problems FROM (
  SELECT format('the name %L has %s bytes; PostgreSQL takes 1 to 63', name, octet_length(name)) AS problem
    FROM jsonb_path_query(:'desired'::jsonb, 'strict $.**.name') AS n(value), LATERAL (SELECT value #>> '{}' AS name) t
   WHERE octet_length(name) NOT BETWEEN 1 AND 63
  UNION ALL
  SELECT format('the name %L holds a control character', name)
    FROM jsonb_path_query(:'desired'::jsonb, 'strict $.**.name') AS n(value), LATERAL (SELECT value #>> '{}' AS name) t
   WHERE name ~ '[\x01-\x1f\x7f]'
  UNION ALL
  SELECT format('the role %I does not exist; whoever owns it, such as the cloud''s API, has to make it first', w.name)
    FROM jsonb_to_recordset(:'desired'::jsonb -> 'roles') AS w(name text, existing boolean)
   WHERE w.existing AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = w.name)
  UNION ALL
  SELECT format('the role %I exists and is an administrator; an application gets a login of its own', w.name)
    FROM jsonb_to_recordset(:'desired'::jsonb -> 'roles') AS w(name text, existing boolean, "createRole" boolean)
    JOIN pg_roles r ON r.rolname = w.name
   WHERE NOT w.existing AND (r.rolsuper OR r.rolreplication OR r.rolbypassrls OR r.rolname IN (current_user, session_user)
     -- One that may make roles is a drift when it owns its database already, and somebody's administrator otherwise.
     OR r.rolcreaterole AND NOT w."createRole" AND NOT EXISTS (
       SELECT FROM jsonb_to_recordset(:'desired'::jsonb -> 'databases') AS d(name text, owner text)
         JOIN pg_database p ON p.datname = d.name AND p.datdba = r.oid WHERE d.owner = w.name))
  UNION ALL
  SELECT format('there is no role %I, so nobody logs in by the cloud''s identity: it is another server, or that is off', i.name)
    FROM (SELECT :'desired'::jsonb ->> 'identityRole' AS name) i
   WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = i.name)
     AND EXISTS (SELECT FROM jsonb_to_recordset(:'desired'::jsonb -> 'roles') AS w(existing boolean, "cloudIdentity" boolean)
                  WHERE w."cloudIdentity" AND NOT w.existing)
) AS p \gset
${STOP_ON_PROBLEMS}

WITH wanted AS (
  SELECT w.*, r.* FROM jsonb_to_recordset(:'desired'::jsonb -> 'roles') AS w(
    name text, existing boolean, login boolean, inherit boolean, "createDatabase" boolean, "createRole" boolean,
    "connectionLimit" int, "validUntil" timestamptz, "memberOf" jsonb, settings jsonb)
  LEFT JOIN pg_roles r ON r.rolname = w.name
), memberships AS (
  SELECT w.name AS member, g.value AS "group" FROM wanted w, jsonb_array_elements_text(w."memberOf") g
), settings AS (
  SELECT w.name AS role, w.oid, s.name, d.name AS database, d.oid AS database_oid,
         (SELECT string_agg(quote_ident(part), '.') FROM unnest(string_to_array(s.name, '.')) part) AS identifier,
         (SELECT string_agg(quote_literal(v), ', ') FROM jsonb_array_elements_text(s.values) v) AS literal,
         s.name || '=' || (SELECT string_agg(CASE WHEN s.list THEN quote_ident(v) ELSE v END, ', ')
                             FROM jsonb_array_elements_text(s.values) v) AS stored
    FROM wanted w, jsonb_to_recordset(w.settings) AS s(name text, database text, values jsonb, list boolean)
    LEFT JOIN LATERAL (SELECT s.database AS name, (SELECT oid FROM pg_database WHERE datname = s.database) AS oid) d ON true
), statements(step, key, statement) AS (
  SELECT 10, name, concat_ws(' ', format('CREATE ROLE %I', name), CASE WHEN login THEN 'LOGIN' ELSE 'NOLOGIN' END,
           CASE WHEN NOT inherit THEN 'NOINHERIT' END, CASE WHEN "createDatabase" THEN 'CREATEDB' END,
           CASE WHEN "createRole" THEN 'CREATEROLE' END,
           CASE WHEN "connectionLimit" <> -1 THEN format('CONNECTION LIMIT %s', "connectionLimit") END,
           CASE WHEN "validUntil" IS NOT NULL THEN format('VALID UNTIL %L', "validUntil") END)
    FROM wanted WHERE oid IS NULL
  UNION ALL
  -- Only what differs is named: a managed server's administrator may not even mention some options.
  SELECT 20, name, format('ALTER ROLE %I', name) || changes
    FROM wanted, LATERAL (SELECT concat(
           CASE WHEN rolcanlogin <> login THEN CASE WHEN login THEN ' LOGIN' ELSE ' NOLOGIN' END END,
           CASE WHEN rolinherit <> inherit THEN CASE WHEN inherit THEN ' INHERIT' ELSE ' NOINHERIT' END END,
           CASE WHEN rolcreatedb <> "createDatabase" THEN CASE WHEN "createDatabase" THEN ' CREATEDB' ELSE ' NOCREATEDB' END END,
           CASE WHEN rolcreaterole <> "createRole" THEN CASE WHEN "createRole" THEN ' CREATEROLE' ELSE ' NOCREATEROLE' END END,
           CASE WHEN rolconnlimit <> "connectionLimit" THEN format(' CONNECTION LIMIT %s', "connectionLimit") END,
           CASE WHEN coalesce(rolvaliduntil, 'infinity') <> coalesce("validUntil", 'infinity')
                THEN format(' VALID UNTIL %L', coalesce("validUntil", 'infinity')) END) AS changes) c
   WHERE oid IS NOT NULL AND NOT existing AND changes <> ''
  UNION ALL
  -- From PostgreSQL 16 on a membership may give neither rights nor SET ROLE; such a one does not count.
  SELECT 30, member, format('GRANT %I TO %I', m."group", m.member) FROM memberships m
   WHERE NOT EXISTS (
     SELECT FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles u ON u.oid = a.member
      WHERE g.rolname = m."group" AND u.rolname = m.member
        AND coalesce((to_jsonb(a) ->> 'inherit_option')::boolean OR (to_jsonb(a) ->> 'set_option')::boolean, true))
  UNION ALL
  -- Groups of this description and the powerful ones of the server and the cloud; any other membership is somebody else's.
  SELECT 40, w.name, format('REVOKE %I FROM %I', g.rolname, w.name) ||
           CASE WHEN current_setting('server_version_num')::int >= 160000
                THEN format(' GRANTED BY %I', pg_get_userbyid(a.grantor)) ELSE '' END
    FROM wanted w JOIN pg_auth_members a ON a.member = w.oid JOIN pg_roles g ON g.oid = a.roleid
   WHERE NOT w.existing AND g.rolname <> coalesce(:'desired'::jsonb ->> 'identityRole', '')
     AND (g.rolname ~ '^(pg_|rds_|cloudsql|azure_)' OR g.rolname IN (SELECT name FROM wanted WHERE NOT login))
     AND NOT EXISTS (SELECT FROM memberships m WHERE m.member = w.name AND m."group" = g.rolname)
  UNION ALL
  SELECT 45, w.name, format('REVOKE %I FROM %I', g.rolname, w.name)
    FROM jsonb_to_recordset(:'desired'::jsonb -> 'roles') AS w(name text, existing boolean, "cloudIdentity" boolean)
    JOIN pg_roles u ON u.rolname = w.name JOIN pg_auth_members a ON a.member = u.oid JOIN pg_roles g ON g.oid = a.roleid
   WHERE NOT w.existing AND NOT w."cloudIdentity" AND g.rolname = :'desired'::jsonb ->> 'identityRole'
  UNION ALL
  SELECT 50, role, format('ALTER ROLE %I SET %s TO %s', role, identifier, literal)
    FROM settings s WHERE database IS NULL AND NOT EXISTS (
      SELECT FROM pg_db_role_setting c WHERE c.setrole = s.oid AND c.setdatabase = 0 AND s.stored = ANY (${SETTINGS_AS_GIVEN}))
) SELECT coalesce(jsonb_agg(statement ORDER BY step, key, statement), '[]') AS statements FROM statements \gset
${RUN_STATEMENTS}
COMMIT;

-- Log-in by the cloud's identity comes last. On RDS whoever is a member of rds_iam, also by way of another role, cannot log
-- in with a password; from PostgreSQL 16 on the creator of a role stays a member of it. So this is tried, and taken back.
SELECT pg_advisory_lock(${LOCK}) IS NULL AS locked \gset
SELECT coalesce(jsonb_agg(w.name), '[]') AS newcomers, count(*) > 0 AS any_newcomers
  FROM jsonb_to_recordset(:'desired'::jsonb -> 'roles') AS w(name text, existing boolean, "cloudIdentity" boolean)
 WHERE w."cloudIdentity" AND NOT w.existing AND :'desired'::jsonb ->> 'identityRole' IS NOT NULL AND NOT EXISTS (
   SELECT FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles u ON u.oid = a.member
    WHERE g.rolname = :'desired'::jsonb ->> 'identityRole' AND u.rolname = w.name) \gset
\if :any_newcomers
-- A membership of the administrator's own that would lock it out goes first, where it can.
SELECT coalesce(jsonb_agg(DISTINCT format('REVOKE %I FROM CURRENT_USER', n)), '[]') AS statements
  FROM jsonb_array_elements_text(:'newcomers') n
  JOIN pg_roles o ON o.rolname = n JOIN pg_auth_members m ON m.roleid = o.oid JOIN pg_roles u ON u.oid = m.member
 WHERE u.rolname = current_user
   AND (current_setting('server_version_num')::int < 160000 OR pg_get_userbyid(m.grantor) = current_user) \gset
${RUN_STATEMENTS}
SELECT jsonb_agg(format('GRANT %I TO %I', :'desired'::jsonb ->> 'identityRole', n)) AS statements
  FROM jsonb_array_elements_text(:'newcomers') n \gset
${RUN_STATEMENTS}
\set admin_can_log_in ${"`"}psql -XAtqw -c "SELECT true" </dev/null 2>/dev/null || echo false${"`"}
\if :admin_can_log_in
\else
SELECT format('REVOKE %I FROM %I', :'desired'::jsonb ->> 'identityRole', n) FROM jsonb_array_elements_text(:'newcomers') n \gexec
DO $$ BEGIN RAISE EXCEPTION 'log-in by identity would lock the administrator out; the grant was taken back. '
  'Let another role with CREATEROLE make the login and its database once'; END $$;
\endif
SELECT jsonb_agg(format('ALTER ROLE %I PASSWORD NULL', n)) AS statements FROM jsonb_array_elements_text(:'newcomers') n \gset
${RUN_STATEMENTS}
\endif
`;
