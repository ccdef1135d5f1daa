// Objects in a database: schemas, extensions, privileges, default privileges, and queries of the description.

import {
  DESIRED,
  GIVE_BACK,
  grantee,
  HERE,
  isPredefined,
  LOCK,
  PLAN_RESULT,
  privilegeStatements,
} from "./postgres-statements";

/**
 * Entries that are compared. On a schema of a database with restricted access: those of all but the owners, superusers and the service;
 * without the restriction those of PUBLIC, unless the schema is `public`. On anything: those of grantees that a grant names.
 */
const MANAGED = `coalesce(r.rolname, 'public') NOT IN (o.owner, o.acl_owner, current_user, (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()))
      AND NOT coalesce(r.rolsuper, false) AND NOT (r.rolname IS NOT NULL AND ${isPredefined("r.rolname", HERE)})
      AND (EXISTS (SELECT FROM grants g WHERE g."on" = o."on" AND g.schema = o.schema AND g.grantee = coalesce(r.rolname, 'public'))
           OR o."on" = 'schema' AND CASE WHEN r.rolname IS NOT NULL THEN (${HERE} ->> 'revokePublic')::boolean
                WHEN o.schema <> 'public' THEN true
                ELSE (${HERE} ->> 'revokePublic')::boolean AND a.privilege_type = 'CREATE' AND o.ours END)`;
const { entries, arms } = privilegeStatements(40, MANAGED);

/** Objects whose privileges are compared: described schemas and "public", and what is in a schema that a grant names. */
const OBJECTS = String.raw`
ours AS (
  -- Roles that the administrator may act for: the owners and roles of the description that have to do with the database, and those that
  -- it is a member of. Objects of others, such as an extension's, are not ours to grant.
  SELECT r.oid, r.rolname::text AS name FROM pg_roles r WHERE r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
      OR r.rolname IN (SELECT jsonb_array_elements_text(${HERE} -> 'roles')) OR pg_has_role(r.oid, 'MEMBER')
  UNION SELECT oid, rolname FROM pg_roles WHERE rolname = 'pg_database_owner'
), grants AS (
  SELECT * FROM jsonb_to_recordset(${HERE} -> 'grants') AS g("on" text, schema text, grantee text, privileges jsonb, grantable boolean)
), found AS (
  SELECT 'schema' AS "on", nspname::text AS schema, 'SCHEMA ' || quote_ident(nspname) AS object, nspowner AS owner,
         coalesce(nspacl, acldefault('n', nspowner)) AS acl, nspowner AS acl_owner FROM pg_namespace
   WHERE nspname = 'public' OR nspname IN (SELECT name FROM schemas) OR nspname IN (SELECT schema FROM grants)
  UNION ALL
  -- A schema that this run is about to make holds no rights yet.
  SELECT 'schema', name, 'SCHEMA ' || quote_ident(name), (SELECT oid FROM pg_roles WHERE rolname = s.owner), NULL::aclitem[], NULL
    FROM schemas s WHERE oid IS NULL
  UNION ALL
  SELECT CASE WHEN c.relkind = 'S' THEN 'sequences' ELSE 'tables' END, n.nspname,
         format(CASE WHEN c.relkind = 'S' THEN 'SEQUENCE %I.%I' ELSE 'TABLE %I.%I' END, n.nspname, c.relname), c.relowner,
         coalesce(c.relacl, acldefault(CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char", c.relowner)), c.relowner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname IN (SELECT schema FROM grants WHERE "on" IN ('tables', 'sequences'))
  UNION ALL
  SELECT 'functions', n.nspname, 'ROUTINE ' || p.oid::regprocedure, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN (SELECT schema FROM grants WHERE "on" = 'functions')
), objects AS (
  SELECT f."on", f.schema, f.object, f.acl, pg_get_userbyid(f.acl_owner)::text AS acl_owner,
         coalesce((SELECT s.owner FROM schemas s WHERE f."on" = 'schema' AND s.name = f.schema), pg_get_userbyid(f.owner)::text) AS owner,
         f.owner IN (SELECT oid FROM ours) OR EXISTS (SELECT FROM schemas s WHERE f."on" = 'schema' AND s.name = f.schema)
           OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS ours
    FROM found f WHERE f."on" = 'schema' OR f.owner IN (SELECT oid FROM ours)
)`;

/** Plan of a database's inside; revocations come last. */
export const POSTGRES_INSIDE = String.raw`
SET search_path = pg_catalog;
SELECT set_config('devplatforms.here', :'here', false) IS NULL AS set,
       format('in the database %I: ', current_database()) AS place \gset
PREPARE plan AS
WITH schemas AS (
  SELECT w.name, w.owner, n.oid, pg_get_userbyid(n.nspowner)::text AS current_owner
    FROM jsonb_to_recordset(${HERE} -> 'schemas') AS w(name text, owner text)
    LEFT JOIN pg_namespace n ON n.nspname = w.name
), extensions AS (
  SELECT w.*, e.oid, e.extversion, n.nspname,
         -- Without a schema it would go to that of this session's search_path, pg_catalog; an extension may name one itself.
         (SELECT CASE WHEN bool_and(v.schema IS NULL) THEN 'public' END FROM pg_available_extension_versions v WHERE v.name = w.name) AS usual
    FROM jsonb_to_recordset(${HERE} -> 'extensions') AS w(name text, schema text, version text)
    LEFT JOIN pg_extension e ON e.extname = w.name LEFT JOIN pg_namespace n ON n.oid = e.extnamespace
), database AS (
  SELECT pg_get_userbyid(datdba)::text AS owner FROM pg_database WHERE datname = current_database()
), defaults AS (
  SELECT w.owner, w.schema, w."on", w.grantee, v.value AS privilege
    FROM jsonb_to_recordset(${HERE} -> 'defaultPrivileges') AS w("on" text, owner text, schema text, grantee text, privileges jsonb),
         jsonb_array_elements_text(w.privileges) v
), ${OBJECTS}, wanted_grants AS (
  SELECT o.object, g.grantee, v.value AS privilege, bool_or(g.grantable) AS grantable
    FROM grants g JOIN objects o ON o."on" = g."on" AND o.schema = g.schema, jsonb_array_elements_text(g.privileges) v
   WHERE o.owner <> g.grantee
     -- Before PostgreSQL 15 the schema "public" belongs to the first superuser; what PUBLIC has on it is enough.
     AND (o.ours OR g.grantable OR NOT EXISTS (SELECT FROM aclexplode(o.acl) a WHERE a.grantee = 0 AND a.privilege_type = v.value))
   GROUP BY o.object, g.grantee, v.value
  UNION ALL
  -- Before PostgreSQL 15 the owner of a database may write to "public" only because everybody may.
  SELECT o.object, d.owner, v, false FROM objects o, database d, unnest(ARRAY['CREATE', 'USAGE']) v
   WHERE current_setting('server_version_num')::int < 150000 AND (${HERE} ->> 'revokePublic')::boolean
     AND o.object = 'SCHEMA public' AND o.ours AND o.owner <> d.owner
     AND NOT EXISTS (SELECT FROM grants g WHERE g."on" = 'schema' AND g.schema = 'public' AND g.grantee = d.owner)
), ${entries},
types(letter, "on", builtin) AS (VALUES ('r', 'tables', 'r'), ('S', 'sequences', 's'), ('f', 'functions', 'f'), ('T', 'types', 'T'), ('n', 'schemas', 'n')),
default_entries AS (
  SELECT o.rolname::text AS owner, n.nspname::text AS schema, t."on", coalesce(r.rolname::text, 'public') AS grantee, a.privilege_type AS privilege, a.is_grantable
    FROM pg_default_acl c JOIN pg_roles o ON o.oid = c.defaclrole JOIN types t ON t.letter = c.defaclobjtype::text
    LEFT JOIN pg_namespace n ON n.oid = c.defaclnamespace CROSS JOIN LATERAL aclexplode(c.defaclacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
   WHERE (a.grantee = 0 OR r.rolname IS NOT NULL) AND a.grantee <> c.defaclrole AND o.rolname IN (SELECT jsonb_array_elements_text(${HERE} -> 'roles'))
     AND NOT coalesce(r.rolsuper, false) AND NOT (r.rolname IS NOT NULL AND ${isPredefined("r.rolname", HERE)})
     -- Entries of a role for all schemas repeat the built-in ones, such as EXECUTE for PUBLIC.
     AND NOT (c.defaclnamespace = 0 AND EXISTS (
       SELECT FROM aclexplode(acldefault(t.builtin::"char", c.defaclrole)) b WHERE b.grantee = a.grantee AND b.privilege_type = a.privilege_type))
), statements(step, key, run_as, needs, statement) AS (
  SELECT 10, s.name, NULL::text, ARRAY[d.owner, s.owner], concat_ws(' ', format('CREATE SCHEMA %I', s.name), 'AUTHORIZATION ' || quote_ident(s.owner))
    FROM schemas s, database d WHERE s.oid IS NULL
  UNION ALL
  SELECT 15, s.name, NULL, ARRAY[d.owner, s.owner, s.current_owner], format('ALTER SCHEMA %I OWNER TO %I', s.name, s.owner)
    FROM schemas s, database d WHERE s.oid IS NOT NULL AND s.current_owner <> s.owner
  UNION ALL
  SELECT 20, e.name, NULL, ARRAY[d.owner, (SELECT s.owner FROM schemas s WHERE s.name = e.schema)],
         concat_ws(' ', format('CREATE EXTENSION %I', e.name), 'SCHEMA ' || quote_ident(coalesce(e.schema, e.usual)), 'VERSION ' || quote_literal(e.version))
    FROM extensions e, database d WHERE e.oid IS NULL
  UNION ALL
  SELECT 25, name, NULL, ARRAY[d.owner], format('ALTER EXTENSION %I UPDATE TO %L', name, version)
    FROM extensions, database d WHERE oid IS NOT NULL AND version IS NOT NULL AND extversion <> version
  UNION ALL
  -- The objects of an extension that anybody may create belong to the first superuser, so only a superuser can move them.
  SELECT 26, name, NULL, ARRAY[d.owner], format('ALTER EXTENSION %I SET SCHEMA %I', name, schema)
    FROM extensions, database d WHERE oid IS NOT NULL AND schema IS NOT NULL AND nspname <> schema
  UNION ALL
${arms}
  UNION ALL
  SELECT 50, coalesce(owner, ''), owner, NULL, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT %s ON %s TO %s', owner, schema,
           string_agg(DISTINCT privilege, ', '), upper("on"), ${grantee("grantee")})
    FROM defaults d WHERE NOT EXISTS (SELECT FROM default_entries e WHERE e.owner = d.owner AND e.schema = d.schema AND e."on" = d."on"
                                          AND e.grantee = d.grantee AND e.privilege = d.privilege)
   GROUP BY owner, schema, "on", grantee
  UNION ALL
  SELECT 65, owner, owner, NULL, concat(format('ALTER DEFAULT PRIVILEGES FOR ROLE %I', owner), ' IN SCHEMA ' || quote_ident(schema),
           format(' REVOKE %s%s ON %s FROM %s', CASE WHEN wished THEN 'GRANT OPTION FOR ' END, string_agg(DISTINCT privilege, ', '), upper("on"), ${grantee("grantee")}))
    FROM (SELECT e.*, EXISTS (SELECT FROM defaults d WHERE e.owner = d.owner AND e.schema = d.schema AND e."on" = d."on"
                                  AND e.grantee = d.grantee AND e.privilege = d.privilege) AS wished FROM default_entries e) e
   WHERE is_grantable OR NOT wished
   GROUP BY owner, schema, "on", grantee, wished
)${PLAN_RESULT};
`;

/**
 * Lines about privileges in the database that no grant describes, and about objects that the described grants do not reach. An
 * extension's objects are not listed. Privileges on columns are listed in any case, since a grant describes whole tables.
 */
export const POSTGRES_FOUND_INSIDE = String.raw`
WITH grants AS (
  SELECT * FROM jsonb_to_recordset(${HERE} -> 'grants') AS g("on" text, schema text, grantee text)
), objects AS (
  SELECT 'pg_class'::regclass AS class, c.oid, 0 AS part, CASE WHEN c.relkind = 'S' THEN 'sequences' ELSE 'tables' END AS "on", c.relnamespace AS schema, c.relowner AS owner, c.relacl AS acl
    FROM pg_class c WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT 'pg_class'::regclass, c.oid, a.attnum, 'columns', c.relnamespace, c.relowner, a.attacl
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL
  SELECT 'pg_proc'::regclass, oid, 0, 'functions', pronamespace, proowner, proacl FROM pg_proc WHERE proacl IS NOT NULL
  UNION ALL
  -- The described ones and "public" are compared.
  SELECT 'pg_namespace'::regclass, oid, 0, 'schema', oid, nspowner, nspacl FROM pg_namespace
   WHERE nspacl IS NOT NULL AND nspname NOT IN ('public', 'pg_toast') AND nspname NOT IN (SELECT jsonb_path_query(${HERE}, '$.schemas[*].name') #>> '{}')
  UNION ALL
  SELECT 'pg_largeobject_metadata'::regclass, oid, 0, 'large objects', NULL, lomowner, lomacl FROM pg_largeobject_metadata WHERE lomacl IS NOT NULL
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, oid, 0, 'foreign servers', NULL, srvowner, srvacl FROM pg_foreign_server WHERE srvacl IS NOT NULL
), named AS (
  SELECT o.*, n.nspname AS schema_name FROM objects o LEFT JOIN pg_namespace n ON n.oid = o.schema
   WHERE coalesce(n.nspname, '') NOT IN ('pg_catalog', 'information_schema')
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
) SELECT format('found, and not described: in the database %I %s has %s on %s', current_database(),
           coalesce(quote_ident(r.rolname), 'PUBLIC'), string_agg(DISTINCT a.privilege_type, ', '),
           CASE WHEN o."on" = 'schema' THEN format('the schema %I', o.schema_name)
                ELSE concat(count(DISTINCT (o.oid, o.part)), ' ', o."on", ' of the schema ' || quote_ident(o.schema_name)) END)
    FROM named o CROSS JOIN LATERAL aclexplode(o.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
   WHERE a.grantee <> o.owner
     AND (a.grantee = 0 AND o."on" <> 'functions' OR r.rolname IS NOT NULL AND NOT r.rolsuper AND NOT ${isPredefined("r.rolname", HERE)})
     AND NOT EXISTS (SELECT FROM grants g WHERE g."on" = o."on" AND g.schema = o.schema_name AND g.grantee = coalesce(r.rolname, 'public'))
     -- Default privileges that are described have given these.
     AND NOT EXISTS (SELECT FROM jsonb_to_recordset(${HERE} -> 'defaultPrivileges') AS d("on" text, schema text, grantee text)
                      WHERE d."on" = o."on" AND d.schema = o.schema_name AND d.grantee = coalesce(r.rolname, 'public'))
   GROUP BY r.rolname, o."on", o.schema_name;
-- Objects of another owner, who alone can grant on them.
WITH grants AS (
  SELECT * FROM jsonb_to_recordset(${HERE} -> 'grants') AS g("on" text, schema text, grantee text, privileges jsonb)
), objects AS (
  SELECT 'pg_class'::regclass AS class, c.oid, CASE WHEN c.relkind = 'S' THEN 'sequences' ELSE 'tables' END AS "on", c.relnamespace AS schema, c.relowner AS owner,
         coalesce(c.relacl, acldefault(CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char", c.relowner)) AS acl
    FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT 'pg_proc'::regclass, oid, 'functions', pronamespace, proowner, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc
) SELECT format('found, and not described: in the database %I %s %s of the schema %I belong to %I, which has to grant what the description grants on them to %s',
           current_database(), count(DISTINCT o.oid), o."on", n.nspname, w.rolname, string_agg(DISTINCT g.grantee, ', '))
    FROM objects o JOIN pg_namespace n ON n.oid = o.schema JOIN grants g ON g."on" = o."on" AND g.schema = n.nspname
    JOIN pg_roles w ON w.oid = o.owner CROSS JOIN LATERAL jsonb_array_elements_text(g.privileges) v
   WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND NOT pg_has_role(o.owner, 'MEMBER') AND w.rolname <> g.grantee
     AND w.oid <> (SELECT datdba FROM pg_database WHERE datname = current_database())
     AND w.rolname NOT IN (SELECT jsonb_array_elements_text(${HERE} -> 'roles'))
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
     AND NOT EXISTS (SELECT FROM aclexplode(o.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
                      WHERE a.privilege_type = v AND (a.grantee = 0 OR r.rolname = g.grantee))
   GROUP BY o."on", n.nspname, w.rolname;
-- Before PostgreSQL 15 only its owner can close the schema "public", and that is the first superuser.
SELECT format('found, and not described: in the database %I PUBLIC has CREATE on the schema public, which belongs to %I; only that role can revoke it',
              current_database(), pg_get_userbyid(n.nspowner))
  FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
 WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE' AND (${HERE} ->> 'revokePublic')::boolean
   AND NOT pg_has_role(n.nspowner, 'MEMBER');
`;

/**
 * Query of the description, unless its guard query returns true; the variable `query` has its name. Guard and query run in one
 * transaction as the database's owner, so that created objects belong to the owner. One that fails does not stop the others.
 */
export const POSTGRES_QUERY = String.raw`
\if :dry_run
SELECT format('the query %I, unless its guard holds', :'query');
\else
SELECT q.value ->> 'sql' AS wanted, q.value ->> 'unless' AS guard, coalesce(q.value ->> 'runAs', ${HERE} ->> 'owner', current_user::text) AS run_as
  FROM jsonb_array_elements(${HERE} -> 'queries') q WHERE q.value ->> 'name' = :'query' \gset
BEGIN;
SELECT pg_advisory_xact_lock(${LOCK}) IS NULL AS locked \gset
SELECT set_config('devplatforms.guard', :'guard', true) IS NULL AS set, jsonb_build_array(:'run_as'::text) AS owners \gset
SET LOCAL lock_timeout = '30s';
-- Queries are written for a session as it begins.
SET LOCAL search_path TO DEFAULT;
\set done false
\set ON_ERROR_STOP off
\set ON_ERROR_ROLLBACK off
\i :scratch/borrow.sql
SELECT format('SET LOCAL ROLE %I', :'run_as') \gexec
-- As a subquery nothing but a question can be asked.
DO $$ DECLARE done boolean; BEGIN
  EXECUTE format('SELECT (%s)', current_setting('devplatforms.guard')) INTO done;
  PERFORM set_config('devplatforms.done', coalesce(done, false)::text, true);
END $$;
\set left :ERROR
\set reason :LAST_ERROR_MESSAGE
\if :left
\else
SELECT current_setting('devplatforms.done') AS done \gset
\if :done
\else
SELECT :'wanted';
SELECT :'wanted' \gexec
\set left :ERROR
\set reason :LAST_ERROR_MESSAGE
\endif
\endif
\if :left
ROLLBACK;
\else
RESET ROLE;
${GIVE_BACK}
COMMIT;
\endif
\set ON_ERROR_ROLLBACK on
\set ON_ERROR_STOP on
SELECT concat(:'place', 'the query "', :'query', '": ', :'reason') AS line \gset
\i :scratch/report.sql
\endif
`;

/** A psql program that goes through the databases: for each a connection, the inside, and the queries. */
export const POSTGRES_ROUND = String.raw`
WITH connections AS (
  SELECT d.value ->> 'name' AS name, d.value AS here,
         -- Roles that have to do with the database, as far as the description makes them.
         (SELECT coalesce(jsonb_agg(DISTINCT r.value ->> 'name'), '[]') FROM jsonb_array_elements(${DESIRED} -> 'roles') r
           WHERE NOT (r.value -> 'existing')::boolean AND (
             r.value ->> 'name' = d.value ->> 'owner' OR (r.value -> 'memberOf') ? ((d.value ->> 'name') || '_connect')
             OR r.value -> 'name' IN (SELECT jsonb_path_query(d.value, '$.schemas[*].owner') UNION SELECT jsonb_path_query(d.value, '$.grants[*].grantee')
                                      UNION SELECT jsonb_path_query(d.value, '$.defaultPrivileges[*].owner')))) AS roles
    FROM jsonb_array_elements(${DESIRED} -> 'databases') d
   WHERE EXISTS (SELECT FROM pg_database WHERE datname = d.value ->> 'name')
), quoted AS (
  -- Quoted for libpq, and then for psql, which takes double quotes away in \connect.
  SELECT name, here, replace(replace(name, '\', '\\'), '''', '\''') AS in_libpq,
         jsonb_build_object('predefined', ${DESIRED} -> 'predefined', 'roles', roles) || here - 'settings' - 'name' AS part FROM connections
), escaped AS (
  SELECT name, here, replace(replace(replace(concat('dbname=''', in_libpq, ''''), '\', '\\'), '''', '\'''), '"', '""""') AS connection,
         replace(replace(part::text, '\', '\\'), '''', '\''') AS part, replace(replace(name, '\', '\\'), '''', '\''') AS label FROM quoted
) SELECT concat('\set number ', row_number() OVER (ORDER BY name), E'\n\\i :scratch/number.sql\n\\set label ''', label,
                E'\'\n\\connect -reuse-previous=off ''', connection, E'\'\n\\set here ''', part,
                E'\'\n\\i :scratch/inside.sql\n',
                (SELECT string_agg(concat('\set query ''', replace(replace(q.value ->> 'name', '\', '\\'), '''', '\'''), E'\'\n\\i :scratch/query.sql\n'), '' ORDER BY q.ordinality)
                   FROM jsonb_array_elements(here -> 'queries') WITH ORDINALITY q),
                CASE WHEN here -> 'queries' <> '[]' THEN E'\\i :scratch/converge.sql\n' END, E'\\i :scratch/found.sql\n')
    FROM escaped ORDER BY name;
`;
