// Databases: the second section of the PostgreSQL script, and the last section, CONNECT privileges.

import { LOCK, RUN_STATEMENTS, SETTINGS_AS_GIVEN, STOP_ON_PROBLEMS } from "./postgres-roles";

/**
 * Makes the administrator a member of the roles in the variable `owners`, a JSON list, within the open transaction.
 *
 * An administrator that is not a superuser must be a member of an owner to act for it. The membership begins and ends in one
 * transaction: other sessions do not see it, and an interrupted run leaves none. On RDS it must not remain: see the roles.
 */
export const BORROW = String.raw`
SELECT coalesce(jsonb_agg(r.rolname), '[]') AS borrowed FROM pg_roles r
 WHERE r.rolname IN (SELECT jsonb_array_elements_text(:'owners'))
   AND NOT (pg_has_role(r.oid, 'USAGE') AND pg_has_role(r.oid,
            CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)) \gset
SELECT format('GRANT %I TO CURRENT_USER', b) FROM jsonb_array_elements_text(:'borrowed') b \gexec
`;

/** Revokes the memberships of BORROW. */
export const GIVE_BACK = String.raw`
SELECT format('REVOKE %I FROM CURRENT_USER', b) FROM jsonb_array_elements_text(:'borrowed') b \gexec
`;

/** Runs the variable `statements` as a member of `owners`; without statements no membership is granted. */
export const RUN_AS_OWNERS = String.raw`
SELECT CASE WHEN :'statements'::jsonb = '[]' OR :'dry_run'::boolean THEN '[]' ELSE :'owners'::jsonb END AS owners \gset
${BORROW}
${RUN_STATEMENTS}
${GIVE_BACK}
`;

/**
 * Expression for a statement that the owner must run. PostgreSQL uses as grantor any role with the grant option that the
 * administrator is a member of; a role would then revoke from itself, which has no effect.
 *
 * @param owner column with the owner's name.
 * @param when condition under which the owner must run the statement.
 * @param statement expression for the statement.
 */
export function asOwner(owner: string, when: string, statement: string): string {
  return `CASE WHEN ${when} THEN format('SET LOCAL ROLE %I; %s; RESET ROLE', ${owner}, ${statement}) ELSE ${statement} END`;
}

/** Databases: owners, connection limits, settings, and settings of roles in one database. */
export const POSTGRES_DATABASES = String.raw`
SET search_path = pg_catalog;
-- CREATE DATABASE runs in no transaction, so here the lock belongs to the session.
SELECT pg_advisory_lock(${LOCK}) IS NULL AS locked \gset
SELECT coalesce(string_agg(problem, E'\n'), '') AS problems FROM (
  SELECT format('the database %I does not exist; whoever owns it, such as the cloud''s API, has to make it first', w.name) AS problem
    FROM jsonb_to_recordset(:'desired'::jsonb -> 'databases') AS w(name text, existing boolean)
   WHERE w.existing AND NOT EXISTS (SELECT FROM pg_database d WHERE d.datname = w.name)
  UNION ALL
  SELECT format('the database %I has %s %s, wanted is %s; that is fixed when a database is made: dump it and restore it into a new one',
                w.name, property, present, wanted)
    FROM jsonb_to_recordset(:'desired'::jsonb -> 'databases') AS w(name text, existing boolean, encoding text, "lcCollate" text, "lcCtype" text)
    JOIN pg_database d ON d.datname = w.name,
    LATERAL (VALUES ('the encoding', pg_encoding_to_char(d.encoding)::text, pg_encoding_to_char(pg_char_to_encoding(w.encoding))::text),
                    ('the collation', d.datcollate::text, w."lcCollate"), ('the character type', d.datctype::text, w."lcCtype")) AS p(property, present, wanted)
   WHERE wanted IS NOT NULL AND present <> wanted
) AS p \gset
${STOP_ON_PROBLEMS}
-- From template0: nobody can be connected to it, which would make this fail, and it allows every encoding and locale.
SELECT coalesce(jsonb_agg(concat_ws(' ', format('CREATE DATABASE %I TEMPLATE template0', w.name),
         'ENCODING ' || quote_literal(w.encoding), 'LC_COLLATE ' || quote_literal(w."lcCollate"), 'LC_CTYPE ' || quote_literal(w."lcCtype"))
         ORDER BY w.name), '[]') AS statements
  FROM jsonb_to_recordset(:'desired'::jsonb -> 'databases') AS w(name text, encoding text, "lcCollate" text, "lcCtype" text)
 WHERE NOT EXISTS (SELECT FROM pg_database d WHERE d.datname = w.name) \gset
${RUN_STATEMENTS}
BEGIN;
WITH wanted AS (
  SELECT w.*, d.oid, d.datconnlimit, pg_get_userbyid(d.datdba) AS current_owner
    FROM jsonb_to_recordset(:'desired'::jsonb -> 'databases') AS w(
      name text, existing boolean, owner text, "connectionLimit" int, settings jsonb)
    LEFT JOIN pg_database d ON d.datname = w.name
), settings AS (
  SELECT NULL::text AS role, 0::oid AS role_oid, w.name AS database, w.oid AS database_oid, s.* FROM wanted w,
         jsonb_to_recordset(w.settings) AS s(name text, values jsonb, list boolean)
  UNION ALL
  SELECT w.name, r.oid, s.database, d.oid, s.name, s.values, s.list
    FROM jsonb_to_recordset(:'desired'::jsonb -> 'roles') AS w(name text, settings jsonb)
    JOIN pg_roles r ON r.rolname = w.name,
         jsonb_to_recordset(w.settings) AS s(name text, database text, values jsonb, list boolean)
    LEFT JOIN pg_database d ON d.datname = s.database
   WHERE s.database IS NOT NULL
), rendered AS (
  SELECT s.*, (SELECT string_agg(quote_ident(part), '.') FROM unnest(string_to_array(s.name, '.')) part) AS identifier,
         (SELECT string_agg(quote_literal(v), ', ') FROM jsonb_array_elements_text(s.values) v) AS literal,
         s.name || '=' || (SELECT string_agg(CASE WHEN s.list THEN quote_ident(v) ELSE v END, ', ')
                             FROM jsonb_array_elements_text(s.values) v) AS stored FROM settings s
), statements(step, key, statement) AS (
  SELECT 10, name, format('ALTER DATABASE %I OWNER TO %I', name, owner)
    FROM wanted WHERE NOT existing AND owner IS NOT NULL AND current_owner IS DISTINCT FROM owner
  UNION ALL
  SELECT 20, name, format('ALTER DATABASE %I CONNECTION LIMIT %s', name, "connectionLimit")
    FROM wanted WHERE NOT existing AND coalesce(datconnlimit, -1) <> "connectionLimit"
  UNION ALL
  SELECT 30, database, CASE WHEN role IS NULL THEN format('ALTER DATABASE %I SET %s TO %s', database, identifier, literal)
                            ELSE format('ALTER ROLE %I IN DATABASE %I SET %s TO %s', role, database, identifier, literal) END
    FROM rendered s WHERE NOT EXISTS (
      SELECT FROM pg_db_role_setting c
       WHERE c.setrole = s.role_oid AND c.setdatabase = s.database_oid AND s.stored = ANY (${SETTINGS_AS_GIVEN}))
) SELECT coalesce(jsonb_agg(statement ORDER BY step, key, statement), '[]') AS statements,
         -- Handing over takes membership in the old owner too.
         (SELECT coalesce(jsonb_agg(DISTINCT o), '[]') FROM wanted, unnest(ARRAY[owner, current_owner::text]) o WHERE o IS NOT NULL) AS owners
    FROM statements \gset
${RUN_AS_OWNERS}
COMMIT;
`;

/** CONNECT privileges: grants before revocations, so that no role with a grant loses access in between. */
export const POSTGRES_ACCESS = String.raw`
SET search_path = pg_catalog;
BEGIN;
SELECT pg_advisory_xact_lock(${LOCK}) IS NULL AS locked \gset
WITH wanted AS (
  SELECT w.name, w.grants, w."revokePublic", d.datdba, d.oid, coalesce(d.datacl, acldefault('d', d.datdba)) AS acl
    FROM jsonb_to_recordset(:'desired'::jsonb -> 'databases') AS w(name text, grants jsonb, "revokePublic" boolean)
    JOIN pg_database d ON d.datname = w.name
), pairs AS (
  SELECT w.name, w.datdba, w.acl, g.grantee, g.grantable, g.privileges FROM wanted w,
         jsonb_to_recordset(w.grants) AS g("on" text, grantee text, privileges jsonb, grantable boolean)
   WHERE g."on" = 'database'
  UNION ALL
  -- Whoever sets up the database has to come in again after PUBLIC is shut out.
  SELECT w.name, w.datdba, w.acl, current_user::text, false, '["CONNECT"]'::jsonb FROM wanted w, pg_roles r
   WHERE w."revokePublic" AND r.rolname = current_user AND NOT r.rolsuper AND r.oid <> w.datdba
), held AS (
  SELECT p.name, pg_get_userbyid(p.datdba) AS owner, p.grantee, a.privilege_type, a.is_grantable FROM pairs p, aclexplode(p.acl) a
   WHERE a.grantee = coalesce((SELECT oid FROM pg_roles WHERE rolname = p.grantee), CASE WHEN p.grantee = 'public' THEN 0::oid END)
), statements(step, key, statement) AS (
  SELECT 10, p.name, format('GRANT %s ON DATABASE %I TO %s%s', string_agg(v, ', ' ORDER BY v), p.name,
           CASE WHEN p.grantee = 'public' THEN 'PUBLIC' ELSE quote_ident(p.grantee) END,
           CASE WHEN p.grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pairs p, jsonb_array_elements_text(p.privileges) v
   WHERE pg_get_userbyid(p.datdba) <> p.grantee AND NOT EXISTS (
     SELECT FROM held h WHERE h.name = p.name AND h.grantee = p.grantee AND h.privilege_type = v AND (h.is_grantable OR NOT p.grantable))
   GROUP BY p.name, p.grantee, p.grantable
  UNION ALL
  SELECT 20, h.name, ${asOwner(
    "h.owner",
    "bool_or(h.is_grantable)",
    `format('REVOKE %s ON DATABASE %I FROM %s', string_agg(DISTINCT h.privilege_type, ', '), h.name,
           CASE WHEN h.grantee = 'public' THEN 'PUBLIC' ELSE quote_ident(h.grantee) END)`,
  )}
    FROM held h WHERE h.grantee <> current_user
     AND h.grantee <> h.owner
     AND NOT EXISTS (SELECT FROM pairs p WHERE p.name = h.name AND p.grantee = h.grantee AND p.privileges ? h.privilege_type)
   GROUP BY h.name, h.owner, h.grantee
  UNION ALL
  SELECT 25, h.name, ${asOwner("h.owner", "true", "format('REVOKE GRANT OPTION FOR %s ON DATABASE %I FROM %I', string_agg(DISTINCT h.privilege_type, ', '), h.name, h.grantee)")}
    FROM held h WHERE h.is_grantable AND h.grantee <> current_user
     AND h.grantee <> h.owner
     AND EXISTS (SELECT FROM pairs p WHERE p.name = h.name AND p.grantee = h.grantee AND p.privileges ? h.privilege_type)
     AND NOT EXISTS (SELECT FROM pairs p WHERE p.name = h.name AND p.grantee = h.grantee AND p.privileges ? h.privilege_type AND p.grantable)
   GROUP BY h.name, h.owner, h.grantee
  UNION ALL
  SELECT 30, w.name, format('REVOKE ALL ON DATABASE %I FROM PUBLIC', w.name)
    FROM wanted w WHERE w."revokePublic" AND EXISTS (SELECT FROM aclexplode(w.acl) a WHERE a.grantee = 0)
) SELECT coalesce(jsonb_agg(statement ORDER BY step, key, statement), '[]') AS statements,
         (SELECT coalesce(jsonb_agg(DISTINCT pg_get_userbyid(datdba)), '[]') FROM wanted) AS owners
    FROM statements \gset
${RUN_AS_OWNERS}
COMMIT;
`;
