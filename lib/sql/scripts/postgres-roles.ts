// Roles: the first section of the PostgreSQL program. Names get into statements by format(%I, %L) only.

import { DESIRED, isPredefined, PLAN_RESULT, SETTINGS_AS_GIVEN, V16 } from "./postgres-statements";

/** A revocation names its grantor from PostgreSQL 16 on: another one's would stay. */
const GRANTED_BY = `CASE WHEN ${V16} THEN format(' GRANTED BY %I', p.grantor) ELSE '' END`;

/** Plan of the roles' options, memberships and settings. */
export const POSTGRES_ROLES = String.raw`
PREPARE plan AS
WITH wanted AS (
  SELECT w.*, r.* FROM jsonb_to_recordset(${DESIRED} -> 'roles') AS w(
    name text, existing boolean, login boolean, inherit boolean, "createDatabase" boolean, "createRole" boolean,
    "connectionLimit" int, "validUntil" timestamptz, "memberOf" jsonb, settings jsonb, "cloudIdentity" boolean)
  LEFT JOIN pg_roles r ON r.rolname = w.name
), memberships AS (
  SELECT w.name AS member, g.value AS "group", w.inherit FROM wanted w, jsonb_array_elements_text(w."memberOf") g
), present AS (
  -- Before PostgreSQL 16 the member's own INHERIT decides, and every membership allows SET ROLE.
  SELECT g.rolname AS "group", u.rolname AS member, u.rolsuper, m.admin_option, m.grantor AS grantor_oid, pg_get_userbyid(m.grantor) AS grantor,
         (to_jsonb(m) ->> 'inherit_option')::boolean AS inherits, coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) AS sets
    FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
), settings AS (
  SELECT w.name AS role, w.oid, s.name, s.values ->> 0 AS value,
         (SELECT string_agg(quote_ident(part), '.') FROM unnest(string_to_array(s.name, '.')) part) AS identifier,
         (SELECT string_agg(quote_literal(v), ', ') FROM jsonb_array_elements_text(s.values) v) AS literal,
         s.name || '=' || (SELECT string_agg(CASE WHEN s.list THEN quote_ident(v) ELSE v END, ', ')
                             FROM jsonb_array_elements_text(s.values) v) AS stored
    FROM wanted w, jsonb_to_recordset(w.settings) AS s(name text, database text, values jsonb, list boolean)
   WHERE s.database IS NULL
), statements(step, key, run_as, needs, statement) AS (
  SELECT 10, name, NULL::text, NULL::text[], concat_ws(' ', format('CREATE ROLE %I', name), CASE WHEN login THEN 'LOGIN' ELSE 'NOLOGIN' END,
           CASE WHEN NOT inherit THEN 'NOINHERIT' END, CASE WHEN "createDatabase" THEN 'CREATEDB' END,
           CASE WHEN "createRole" THEN 'CREATEROLE' END,
           CASE WHEN "connectionLimit" <> -1 THEN format('CONNECTION LIMIT %s', "connectionLimit") END,
           CASE WHEN "validUntil" IS NOT NULL THEN format('VALID UNTIL %L', "validUntil") END)
    FROM wanted WHERE oid IS NULL
  UNION ALL
  -- Only what differs is named: a managed server's administrator may not even mention some options.
  SELECT 20, name, NULL, NULL, format('ALTER ROLE %I', name) || changes
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
  -- From PostgreSQL 16 on a membership may give neither rights nor SET ROLE.
  SELECT 30, member, NULL, NULL, format('GRANT %I TO %I', "group", member) ||
           CASE WHEN ${V16} THEN format(' WITH INHERIT %s, SET TRUE', upper(inherit::text)) ELSE '' END
    FROM memberships m WHERE NOT EXISTS (
      SELECT FROM present p WHERE p.member = m.member AND p."group" = m."group" AND p.sets AND coalesce(p.inherits, m.inherit) = m.inherit)
  UNION ALL
  SELECT 31, member, NULL, NULL, format('REVOKE INHERIT OPTION FOR %I FROM %I', "group", member) || ${GRANTED_BY}
    FROM present p JOIN memberships m USING (member, "group") WHERE p.inherits AND NOT m.inherit AND p.grantor <> current_user
  UNION ALL
  SELECT 35, member, NULL, NULL, format('REVOKE ADMIN OPTION FOR %I FROM %I', "group", member) || ${GRANTED_BY} || ' CASCADE'
    FROM present p JOIN memberships m USING (member, "group") WHERE p.admin_option
  UNION ALL
  -- A described role is a member of what is described, as far as it goes for described and for predefined groups; and described roles
  -- have no other members. Not so superusers, the service's own roles, and the ADMIN option alone, which PostgreSQL 16 gives to
  -- the maker of a role.
  SELECT 40, member, NULL, NULL, format('REVOKE %I FROM %I', "group", member) || ${GRANTED_BY} || ' CASCADE'
    FROM present p
   WHERE "group" <> coalesce(${DESIRED} ->> 'identityRole', '') AND member <> current_user
     AND NOT EXISTS (SELECT FROM memberships m WHERE m.member = p.member AND m."group" = p."group")
     AND (member IN (SELECT name FROM wanted WHERE NOT existing)
            AND ("group" IN (SELECT name FROM wanted) OR ${isPredefined('"group"', DESIRED)})
          OR "group" IN (SELECT name FROM wanted WHERE NOT existing)
            AND NOT rolsuper AND NOT ${isPredefined("member", DESIRED)} AND NOT (grantor_oid = 10 AND NOT inherits AND NOT sets))
  UNION ALL
  SELECT 45, member, NULL, NULL, format('REVOKE %I FROM %I', "group", member) || ${GRANTED_BY}
    FROM present p JOIN wanted w ON w.name = p.member
   WHERE NOT w.existing AND NOT w."cloudIdentity" AND "group" = ${DESIRED} ->> 'identityRole'
  UNION ALL
  -- Only a member of a role may name it in SET role; it is there from the pass on that follows its creation.
  SELECT 50, role, NULL, CASE WHEN name = 'role' THEN ARRAY[value] END, format('ALTER ROLE %I SET %s TO %s', role, identifier, literal)
    FROM settings s WHERE (name <> 'role' OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname = value)) AND NOT EXISTS (
      SELECT FROM pg_db_role_setting c WHERE c.setrole = s.oid AND c.setdatabase = 0 AND s.stored = ANY (${SETTINGS_AS_GIVEN}))
)${PLAN_RESULT};
`;
