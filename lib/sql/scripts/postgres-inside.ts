// Objects in a database: schemas, extensions, grants, default privileges, and queries of the description.

import { asOwner, BORROW, GIVE_BACK, RUN_AS_OWNERS } from "./postgres-databases";
import { LOCK, STOP_ON_PROBLEMS } from "./postgres-roles";

/** Schemas, extensions, grants, default privileges; revocations come last. */
export const POSTGRES_INSIDE = String.raw`
SET search_path = pg_catalog;
BEGIN;
SELECT pg_advisory_xact_lock(${LOCK}) IS NULL AS locked \gset
SELECT d.value AS here FROM jsonb_array_elements(:'desired'::jsonb -> 'databases') d
 WHERE d.value ->> 'name' = current_database() \gset
SELECT coalesce(string_agg(problem, E'\n'), '') AS problems FROM (
  SELECT concat_ws('; ', format('the extension %I is not available on this server', w.name), :'desired'::jsonb ->> 'extensionHint') AS problem
    FROM jsonb_to_recordset(:'here'::jsonb -> 'extensions') AS w(name text)
   WHERE NOT EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = w.name)
  UNION ALL
  -- The objects of an extension that anybody may create belong to the first superuser, so the administrator cannot move them.
  SELECT format('the extension %I is in the schema %I, wanted is %I; only a superuser can move it', w.name, n.nspname, w.schema)
    FROM jsonb_to_recordset(:'here'::jsonb -> 'extensions') AS w(name text, schema text)
    JOIN pg_extension e ON e.extname = w.name JOIN pg_namespace n ON n.oid = e.extnamespace
   WHERE n.nspname <> w.schema AND NOT (e.extrelocatable AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))
) AS p \gset
${STOP_ON_PROBLEMS}

WITH schemas AS (
  SELECT w.name, w.owner, n.oid, pg_get_userbyid(n.nspowner) AS current_owner
    FROM jsonb_to_recordset(:'here'::jsonb -> 'schemas') AS w(name text, owner text)
    LEFT JOIN pg_namespace n ON n.nspname = w.name
), extensions AS (
  SELECT w.*, e.oid, e.extversion, e.extrelocatable, n.nspname
    FROM jsonb_to_recordset(:'here'::jsonb -> 'extensions') AS w(name text, schema text, version text)
    LEFT JOIN pg_extension e ON e.extname = w.name LEFT JOIN pg_namespace n ON n.oid = e.extnamespace
), defaults AS (
  SELECT w.*, n.oid AS namespace, r.oid AS owner_oid,
         CASE WHEN w.grantee = 'public' THEN 0::oid ELSE (SELECT oid FROM pg_roles WHERE rolname = w.grantee) END AS grantee_oid,
         CASE WHEN w.grantee = 'public' THEN 'PUBLIC' ELSE quote_ident(w.grantee) END AS "to",
         CASE w."on" WHEN 'tables' THEN 'r' WHEN 'sequences' THEN 'S' WHEN 'functions' THEN 'f' END AS type
    FROM jsonb_to_recordset(:'here'::jsonb -> 'defaultPrivileges') AS w(
      "on" text, owner text, schema text, grantee text, privileges jsonb)
    LEFT JOIN pg_namespace n ON n.nspname = w.schema LEFT JOIN pg_roles r ON r.rolname = w.owner
), objects AS (
  SELECT 'schema' AS "on", nspname AS schema, 'SCHEMA ' || quote_ident(nspname) AS object, nspowner AS owner,
         coalesce(nspacl, acldefault('n', nspowner)) AS acl FROM pg_namespace
  UNION ALL
  -- A schema that this run is about to make holds no rights yet.
  SELECT 'schema', name, 'SCHEMA ' || quote_ident(name), (SELECT oid FROM pg_roles WHERE rolname = s.owner), NULL::aclitem[]
    FROM schemas s WHERE oid IS NULL
  UNION ALL
  SELECT CASE WHEN c.relkind = 'S' THEN 'sequences' ELSE 'tables' END, n.nspname,
         format(CASE WHEN c.relkind = 'S' THEN 'SEQUENCE %I.%I' ELSE 'TABLE %I.%I' END, n.nspname, c.relname), c.relowner,
         coalesce(c.relacl, acldefault(CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT 'functions', n.nspname, 'ROUTINE ' || p.oid::regprocedure, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
), owners AS (
  SELECT pg_get_userbyid(datdba) AS name FROM pg_database WHERE datname = current_database()
  UNION SELECT owner FROM schemas UNION SELECT current_owner FROM schemas WHERE oid IS NOT NULL UNION SELECT owner FROM defaults
  -- Described roles may own what is granted, such as tables that a second login has made.
  UNION SELECT w.name FROM jsonb_to_recordset(:'desired'::jsonb -> 'roles') AS w(name text, existing boolean)
         JOIN pg_roles r ON r.rolname = w.name JOIN objects o ON o.owner = r.oid
         JOIN jsonb_to_recordset(:'here'::jsonb -> 'grants') AS g("on" text, schema text) ON g."on" = o."on" AND g.schema = o.schema
        WHERE NOT w.existing AND o."on" <> 'schema'
), grants AS (
  SELECT g.*, CASE WHEN g.grantee = 'public' THEN 0::oid ELSE (SELECT oid FROM pg_roles WHERE rolname = g.grantee) END AS grantee_oid,
         CASE WHEN g.grantee = 'public' THEN 'PUBLIC' ELSE quote_ident(g.grantee) END AS "to"
    FROM jsonb_to_recordset(:'here'::jsonb -> 'grants') AS g("on" text, schema text, grantee text, privileges jsonb, grantable boolean)
), pairs AS (
  -- Objects of others, such as an extension's, are not ours to grant.
  SELECT g.*, o.object, o.acl, coalesce((SELECT s.owner FROM schemas s WHERE o."on" = 'schema' AND s.name = o.schema),
                                        pg_get_userbyid(o.owner)) AS owner FROM grants g JOIN objects o ON o."on" = g."on" AND o.schema = g.schema
   WHERE o.owner IS DISTINCT FROM g.grantee_oid
     AND (o."on" = 'schema' OR pg_get_userbyid(o.owner) IN (SELECT name FROM owners))
), statements(step, key, statement) AS (
  SELECT 10, name, concat_ws(' ', format('CREATE SCHEMA %I', name), 'AUTHORIZATION ' || quote_ident(owner)) FROM schemas WHERE oid IS NULL
  UNION ALL
  SELECT 15, name, format('ALTER SCHEMA %I OWNER TO %I', name, owner) FROM schemas WHERE oid IS NOT NULL AND current_owner <> owner
  UNION ALL
  SELECT 20, name, concat_ws(' ', format('CREATE EXTENSION %I', name), 'SCHEMA ' || quote_ident(schema), 'VERSION ' || quote_literal(version))
    FROM extensions WHERE oid IS NULL
  UNION ALL
  SELECT 25, name, format('ALTER EXTENSION %I UPDATE TO %L', name, version)
    FROM extensions WHERE oid IS NOT NULL AND version IS NOT NULL AND extversion <> version
  UNION ALL
  SELECT 26, name, format('ALTER EXTENSION %I SET SCHEMA %I', name, schema)
    FROM extensions WHERE oid IS NOT NULL AND schema IS NOT NULL AND nspname <> schema
  UNION ALL
  -- Before PostgreSQL 15 the owner of a database may write to "public" only because everybody may.
  SELECT 30, owner, format('GRANT ALL ON SCHEMA public TO %I', owner)
    FROM (SELECT :'here'::jsonb ->> 'owner' AS owner) o
   WHERE owner IS NOT NULL AND current_setting('server_version_num')::int < 150000 AND (:'here'::jsonb ->> 'revokePublic')::boolean
     AND EXISTS (SELECT FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
                  WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE')
  UNION ALL
  SELECT 40, object, format('GRANT %s ON %s TO %s%s', string_agg(v, ', ' ORDER BY v), object, "to",
           CASE WHEN grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pairs p, jsonb_array_elements_text(p.privileges) v
   WHERE NOT EXISTS (SELECT FROM aclexplode(p.acl) a
                      WHERE a.grantee = p.grantee_oid AND a.privilege_type = v AND (a.is_grantable OR NOT p.grantable))
   GROUP BY object, "to", grantable
  UNION ALL
  SELECT 50, schema, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT %s ON %s TO %s', owner, schema,
           string_agg(v, ', ' ORDER BY v), upper("on"), "to")
    FROM defaults d, jsonb_array_elements_text(d.privileges) v
   WHERE NOT EXISTS (SELECT FROM pg_default_acl c, aclexplode(c.defaclacl) a
                      WHERE c.defaclrole = d.owner_oid AND c.defaclnamespace = d.namespace AND c.defaclobjtype = d.type
                        AND a.grantee = d.grantee_oid AND a.privilege_type = v)
   GROUP BY owner, schema, "on", "to"
  UNION ALL
  SELECT 60, object, ${asOwner("owner", "bool_or(a.is_grantable)", `format('REVOKE %s ON %s FROM %s', string_agg(DISTINCT a.privilege_type, ', '), object, "to")`)}
    FROM pairs p, aclexplode(p.acl) a
   WHERE a.grantee = p.grantee_oid AND NOT EXISTS (
     SELECT FROM grants g WHERE g."on" = p."on" AND g.schema = p.schema AND g.grantee = p.grantee AND g.privileges ? a.privilege_type)
   GROUP BY object, owner, "to"
  UNION ALL
  SELECT 61, object, ${asOwner("owner", "true", `format('REVOKE GRANT OPTION FOR %s ON %s FROM %s', string_agg(DISTINCT a.privilege_type, ', '), object, "to")`)}
    FROM pairs p, aclexplode(p.acl) a
   WHERE a.grantee = p.grantee_oid AND a.is_grantable AND p.privileges ? a.privilege_type AND NOT EXISTS (
     SELECT FROM grants g WHERE g."on" = p."on" AND g.schema = p.schema AND g.grantee = p.grantee AND g.grantable
        AND g.privileges ? a.privilege_type)
   GROUP BY object, owner, "to"
  UNION ALL
  SELECT 65, d.schema, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I REVOKE %s ON %s FROM %s', d.owner, d.schema,
           string_agg(DISTINCT a.privilege_type, ', '), upper(d."on"), d."to")
    FROM defaults d JOIN pg_default_acl c ON c.defaclrole = d.owner_oid AND c.defaclnamespace = d.namespace AND c.defaclobjtype = d.type,
         aclexplode(c.defaclacl) a
   WHERE a.grantee = d.grantee_oid AND NOT EXISTS (
     SELECT FROM defaults e WHERE e."on" = d."on" AND e.owner = d.owner AND e.schema = d.schema AND e.grantee = d.grantee
        AND e.privileges ? a.privilege_type)
   GROUP BY d.owner, d.schema, d."on", d."to"
  UNION ALL
  SELECT 66, d.schema, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I REVOKE GRANT OPTION FOR %s ON %s FROM %s', d.owner, d.schema,
           string_agg(DISTINCT a.privilege_type, ', '), upper(d."on"), d."to")
    FROM defaults d JOIN pg_default_acl c ON c.defaclrole = d.owner_oid AND c.defaclnamespace = d.namespace AND c.defaclobjtype = d.type,
         aclexplode(c.defaclacl) a
   WHERE a.grantee = d.grantee_oid AND a.is_grantable AND d.privileges ? a.privilege_type
   GROUP BY d.owner, d.schema, d."on", d."to"
  UNION ALL
  SELECT 70, 'public', 'REVOKE CREATE ON SCHEMA public FROM PUBLIC'
    FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
   WHERE (:'here'::jsonb ->> 'revokePublic')::boolean AND n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE'
) SELECT coalesce(jsonb_agg(statement ORDER BY step, key, statement), '[]') AS statements,
         (SELECT coalesce(jsonb_agg(name), '[]') FROM owners WHERE name IS NOT NULL) AS owners FROM statements \gset
${RUN_AS_OWNERS}
COMMIT;
`;

/**
 * Query of the description, unless its guard query returns true; the variable `query` has its name. Guard and query run in one
 * transaction as the database's owner, so that created objects belong to the owner.
 */
export const POSTGRES_QUERY = String.raw`
\if :dry_run
SELECT format('the query %I, unless its guard holds', :'query');
\quit
\endif
SELECT q.value ->> 'sql' AS wanted, q.value ->> 'unless' AS guard, coalesce(q.value ->> 'runAs', d.value ->> 'owner', current_user::text) AS run_as
  FROM jsonb_array_elements(:'desired'::jsonb -> 'databases') d, jsonb_array_elements(d.value -> 'queries') q
 WHERE d.value ->> 'name' = current_database() AND q.value ->> 'name' = :'query' \gset
BEGIN;
SELECT pg_advisory_xact_lock(${LOCK}) IS NULL AS locked \gset
SELECT set_config('devplatforms.guard', :'guard', true) IS NULL AS set \gset
SELECT jsonb_build_array(:'run_as'::text) AS owners \gset
${BORROW}
SELECT format('SET LOCAL ROLE %I', :'run_as') \gexec
-- As a subquery nothing but a question can be asked.
DO $$ DECLARE done boolean; BEGIN
  EXECUTE format('SELECT (%s)', current_setting('devplatforms.guard')) INTO done;
  PERFORM set_config('devplatforms.done', coalesce(done, false)::text, true);
END $$;
SELECT current_setting('devplatforms.done') AS done \gset
\if :done
\else
SELECT :'wanted' \g
SELECT :'wanted' \gexec
\endif
RESET ROLE;
${GIVE_BACK}
COMMIT;
`;
