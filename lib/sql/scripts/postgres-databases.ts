// Databases: creation, owners, limits, settings and the privileges on them. Runs before anything in a database, so that a new one is
// never open to roles without a grant, and so that the administrator can connect to one that is closed to PUBLIC.

import {
  DESIRED,
  isPredefined,
  PLAN_RESULT,
  privilegeStatements,
  REPORT,
  SETTINGS_AS_GIVEN,
} from "./postgres-statements";

/** Unless access is restricted, only grantees that a grant names are compared; the owner, superusers and the service never are. */
const MANAGED = `coalesce(r.rolname, 'public') NOT IN (o.owner, o.acl_owner, current_user) AND NOT coalesce(r.rolsuper, false)
      AND NOT (r.rolname IS NOT NULL AND ${isPredefined("r.rolname", DESIRED)})
      AND (o."revokePublic" OR EXISTS (SELECT FROM jsonb_to_recordset(o.grants) AS g("on" text, grantee text)
                                        WHERE g."on" = 'database' AND g.grantee = coalesce(r.rolname, 'public')))`;
const { entries, arms } = privilegeStatements(40, MANAGED);

/** Missing databases; a restricted one refuses all connections until its privileges are set. CREATE DATABASE runs in no transaction. */
const CREATE = String.raw`
SELECT coalesce(jsonb_agg(concat_ws(' ', format('CREATE DATABASE %I TEMPLATE template0', w.name), CASE WHEN w."revokePublic" THEN 'ALLOW_CONNECTIONS false' END,
         'ENCODING ' || quote_literal(w.encoding), 'LC_COLLATE ' || quote_literal(w."lcCollate"), 'LC_CTYPE ' || quote_literal(w."lcCtype"))
         ORDER BY w.name), '[]') AS statements, count(*) > 0 AS more
  FROM jsonb_to_recordset(${DESIRED} -> 'databases') AS w(name text, encoding text, "lcCollate" text, "lcCtype" text, "revokePublic" boolean)
 WHERE NOT EXISTS (SELECT FROM pg_database d WHERE d.datname = w.name)`;

/**
 * Plan of the databases. PostgreSQL lets the owner run `ALTER DATABASE ... ALLOW_CONNECTIONS`, which the administrator is until step 10;
 * that RDS, Cloud SQL and Azure restrict it no further was tried on no real cloud [inf].
 *
 * @see https://www.postgresql.org/docs/current/sql-alterdatabase.html
 */
export const POSTGRES_DATABASES = String.raw`
-- From template0: no session can be connected to it, which would make this fail, and it allows every encoding and locale.
${CREATE} \gset
\if :more
SELECT s FROM jsonb_array_elements_text(:'statements') s;
\if :dry_run
\else
\set ON_ERROR_STOP off
SELECT s FROM jsonb_array_elements_text(:'statements') s \gexec
\set ON_ERROR_STOP on
${CREATE} \gset
SELECT :'more' AS left, (SELECT string_agg(s, E'\n') FROM jsonb_array_elements_text(:'statements') s) AS line \gset
${REPORT}
\endif
\endif
PREPARE plan AS
WITH wanted AS (
  SELECT w.*, d.oid, d.datconnlimit, d.datistemplate, d.datallowconn, d.datacl, d.datdba, pg_get_userbyid(d.datdba)::text AS current_owner
    FROM jsonb_to_recordset(${DESIRED} -> 'databases') AS w(
      name text, existing boolean, owner text, "connectionLimit" int, settings jsonb, grants jsonb, "revokePublic" boolean)
    LEFT JOIN pg_database d ON d.datname = w.name
   WHERE d.oid IS NOT NULL OR :'dry_run'::boolean
), settings AS (
  SELECT NULL::text AS role, 0::oid AS role_oid, w.name AS database, w.oid AS database_oid, s.* FROM wanted w,
         jsonb_to_recordset(w.settings) AS s(name text, values jsonb, list boolean)
  UNION ALL
  SELECT w.name, r.oid, s.database, d.oid, s.name, s.values, s.list
    FROM jsonb_to_recordset(${DESIRED} -> 'roles') AS w(name text, settings jsonb)
    JOIN pg_roles r ON r.rolname = w.name,
         jsonb_to_recordset(w.settings) AS s(name text, database text, values jsonb, list boolean)
    LEFT JOIN pg_database d ON d.datname = s.database
   WHERE s.database IS NOT NULL
), rendered AS (
  SELECT s.*, (SELECT string_agg(quote_ident(part), '.') FROM unnest(string_to_array(s.name, '.')) part) AS identifier,
         (SELECT string_agg(quote_literal(v), ', ') FROM jsonb_array_elements_text(s.values) v) AS literal,
         s.name || '=' || (SELECT string_agg(CASE WHEN s.list THEN quote_ident(v) ELSE v END, ', ')
                             FROM jsonb_array_elements_text(s.values) v) AS stored FROM settings s
), objects AS (
  SELECT 'DATABASE ' || quote_ident(name) AS object, CASE WHEN existing OR owner IS NULL THEN coalesce(current_owner, current_user) ELSE owner END AS owner,
         coalesce(current_owner, current_user) AS acl_owner, coalesce(datacl, acldefault('d', coalesce(datdba, 10))) AS acl, grants, "revokePublic"
    FROM wanted
), grants AS (
  SELECT o.object, o.owner, g.grantee, v.value AS privilege, g.grantable
    FROM objects o, jsonb_to_recordset(o.grants) AS g("on" text, grantee text, privileges jsonb, grantable boolean), jsonb_array_elements_text(g.privileges) v
   WHERE g."on" = 'database'
), wanted_grants AS (
  SELECT object, grantee, privilege, bool_or(grantable) AS grantable FROM grants WHERE grantee <> owner GROUP BY object, grantee, privilege
  UNION ALL
  -- The administrator has to come in again after PUBLIC is shut out.
  SELECT o.object, current_user, 'CONNECT', false FROM objects o, pg_roles r
   WHERE o."revokePublic" AND r.rolname = current_user AND NOT r.rolsuper AND o.owner <> current_user
  UNION ALL
  -- Access that is no longer restricted is PUBLIC's again, as in a new database.
  SELECT o.object, 'public', v, false FROM objects o, unnest(ARRAY['CONNECT', 'TEMPORARY']) v
   WHERE NOT o."revokePublic" AND NOT EXISTS (SELECT FROM grants g WHERE g.object = o.object AND g.grantee = 'public')
     AND NOT EXISTS (SELECT FROM aclexplode(o.acl) a WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT')
), ${entries},
statements(step, key, run_as, needs, statement) AS (
  -- A database that an interrupted run has made: it is opened in one step with being closed to PUBLIC.
  SELECT 5, name, NULL::text, NULL::text[], concat(CASE WHEN "revokePublic" THEN format('REVOKE ALL ON DATABASE %I FROM PUBLIC; ', name) END,
                                   format('ALTER DATABASE %I ALLOW_CONNECTIONS true', name))
    FROM wanted WHERE NOT existing AND NOT datallowconn AND datacl IS NULL AND current_owner = current_user
  UNION ALL
  SELECT 10, name, NULL, ARRAY[owner, current_owner], format('ALTER DATABASE %I OWNER TO %I', name, owner)
    FROM wanted WHERE NOT existing AND owner IS NOT NULL AND current_owner IS DISTINCT FROM owner
  UNION ALL
  SELECT 20, name, NULL, ARRAY[owner, current_owner], format('ALTER DATABASE %I CONNECTION LIMIT %s', name, "connectionLimit")
    FROM wanted WHERE NOT existing AND coalesce(datconnlimit, -1) <> "connectionLimit"
  UNION ALL
  -- Every role with CREATEDB may copy a template.
  SELECT 25, name, NULL, ARRAY[owner, current_owner], format('ALTER DATABASE %I IS_TEMPLATE false', name)
    FROM wanted WHERE NOT existing AND datistemplate
  UNION ALL
  SELECT 30, database, NULL, (SELECT ARRAY[w.owner, w.current_owner] FROM wanted w WHERE w.name = s.database AND s.role IS NULL),
         CASE WHEN role IS NULL THEN format('ALTER DATABASE %I SET %s TO %s', database, identifier, literal)
              ELSE format('ALTER ROLE %I IN DATABASE %I SET %s TO %s', role, database, identifier, literal) END
    FROM rendered s WHERE NOT EXISTS (
      SELECT FROM pg_db_role_setting c
       WHERE c.setrole = s.role_oid AND c.setdatabase = s.database_oid AND s.stored = ANY (${SETTINGS_AS_GIVEN}))
  UNION ALL
${arms}
)${PLAN_RESULT};
`;

/** Logins that cannot connect although they are described as users: the server's catalog has the last word. */
export const POSTGRES_USERS = String.raw`
SELECT count(*) > 0 AS left, coalesce(string_agg(format('the login %I cannot connect to the database %I: its membership in %I gives it nothing, since it is NOINHERIT',
         m.name, d.datname, m."group"), E'\n'), '') AS line
  FROM (SELECT w.name, g.value AS "group" FROM jsonb_to_recordset(${DESIRED} -> 'roles') AS w(name text, "memberOf" jsonb), jsonb_array_elements_text(w."memberOf") g) m
  JOIN jsonb_to_recordset(${DESIRED} -> 'databases') AS w(name text, "revokePublic" boolean) ON w."revokePublic" AND w.name || '_connect' = m."group"
  JOIN pg_database d ON d.datname = w.name JOIN pg_roles r ON r.rolname = m.name
 WHERE NOT has_database_privilege(r.oid, d.oid, 'CONNECT') \gset
\if :dry_run
\else
${REPORT}
\endif
`;

/** Lines about what the server has and the description has not (any more); nothing of it is changed. */
export const POSTGRES_FOUND = String.raw`
WITH roles AS (
  SELECT w.*, r.oid FROM jsonb_to_recordset(${DESIRED} -> 'roles') AS w(name text, existing boolean, login boolean, settings jsonb, "validUntil" timestamptz)
    JOIN pg_roles r ON r.rolname = w.name
), databases AS (
  SELECT w.*, d.oid FROM jsonb_to_recordset(${DESIRED} -> 'databases') AS w(name text, existing boolean, settings jsonb, "revokePublic" boolean) JOIN pg_database d ON d.datname = w.name
), wanted(role, database, setting) AS (
  SELECT r.oid, coalesce(d.oid, 0), s.name FROM roles r, jsonb_to_recordset(r.settings) AS s(name text, database text) LEFT JOIN pg_database d ON d.datname = s.database
  UNION ALL SELECT 0, d.oid, s.name FROM databases d, jsonb_to_recordset(d.settings) AS s(name text)
) SELECT 'found, and not described: ' || line FROM (
  SELECT format('the database %I, which belongs to the login %I', d.datname, r.name) AS line FROM pg_database d JOIN roles r ON r.oid = d.datdba
   WHERE NOT r.existing AND r.login AND d.oid NOT IN (SELECT oid FROM databases)
  UNION ALL
  SELECT format('the database %I is a template, which every role with CREATEDB may copy', w.name)
    FROM databases w JOIN pg_database d ON d.oid = w.oid WHERE w.existing AND d.datistemplate
  UNION ALL
  SELECT format('the role %I, which has objects or privileges in the database %I', r.rolname, d.name)
    FROM (SELECT DISTINCT dbid, refobjid FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND dbid <> 0) s
    JOIN databases d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.refobjid
   WHERE NOT r.rolsuper AND r.rolname <> current_user AND r.oid NOT IN (SELECT oid FROM roles) AND NOT ${isPredefined("r.rolname", DESIRED)}
  UNION ALL
  SELECT format('the role %I, which gave access to the database %I while that was restricted', r.rolname, d.name)
    FROM databases d JOIN pg_roles r ON r.rolname = d.name || '_connect' WHERE NOT d."revokePublic" AND r.oid NOT IN (SELECT oid FROM roles)
  UNION ALL
  SELECT format('the setting %s of %s', split_part(e, '=', 1), concat_ws(' in ', 'the role ' || quote_ident(r.name), 'the database ' || quote_ident(d.name)))
    FROM pg_db_role_setting c CROSS JOIN unnest(c.setconfig) e LEFT JOIN roles r ON r.oid = c.setrole LEFT JOIN databases d ON d.oid = c.setdatabase
   WHERE (c.setrole = 0 OR NOT r.existing) AND (c.setdatabase = 0 OR d.oid IS NOT NULL)
     AND NOT EXISTS (SELECT FROM wanted w WHERE w.role = c.setrole AND w.database = c.setdatabase AND w.setting = lower(split_part(e, '=', 1)))
  UNION ALL
  SELECT format('the login %I, whose password expired at %s and is not tested', name, "validUntil")
    FROM roles WHERE login AND NOT existing AND "validUntil" <= now()
) f ORDER BY line;
`;
