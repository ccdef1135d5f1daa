// The checks before the first change: what no run can make right, or what would stop a run half-way.

import { DESIRED, STOP_ON_PROBLEMS } from "./postgres-statements";

/** Fails with all problems. The variable `password_problems` has those of the passwords. */
export const POSTGRES_CHECKS = String.raw`
WITH roles AS (
  SELECT w.*, r.oid, r.rolsuper, r.rolreplication, r.rolbypassrls, r.rolcreaterole
    FROM jsonb_to_recordset(${DESIRED} -> 'roles') AS w(name text, existing boolean, "createRole" boolean, "cloudIdentity" boolean)
    LEFT JOIN pg_roles r ON r.rolname = w.name
), databases AS (
  SELECT w.*, d.oid, d.encoding AS present_encoding, d.datcollate, d.datctype, d.datdba
    FROM jsonb_to_recordset(${DESIRED} -> 'databases') AS w(
      name text, existing boolean, owner text, encoding text, "lcCollate" text, "lcCtype" text, extensions jsonb)
    LEFT JOIN pg_database d ON d.datname = w.name
), names AS (
  SELECT DISTINCT value #>> '{}' AS name FROM jsonb_path_query(${DESIRED}, 'strict $.**.name') AS n(value)
), extensions AS (
  SELECT DISTINCT w.name, w.version FROM databases d, jsonb_to_recordset(d.extensions) AS w(name text, version text)
), problems(problem) AS (
  -- PostgreSQL would cut a longer name and take another's.
  SELECT format('the name %L has %s bytes; PostgreSQL takes 1 to 63', name, octet_length(name))
    FROM names WHERE octet_length(name) NOT BETWEEN 1 AND 63
  UNION ALL
  SELECT format('the name %L holds a control character', name) FROM names WHERE name ~ '[\x01-\x1f\x7f]'
  UNION ALL
  SELECT format('the role %I does not exist; it is described as existing, so create it first, for instance by the cloud''s API', name)
    FROM roles WHERE existing AND oid IS NULL
  UNION ALL
  SELECT format('the role %I exists and is an administrator; use another name for the login', name)
    FROM roles w WHERE NOT existing AND (rolsuper OR rolreplication OR rolbypassrls OR name IN (current_user, session_user)
     -- A role with CREATEROLE is the described login with drift if it owns its database already, and another administrator otherwise.
     OR rolcreaterole AND NOT "createRole" AND NOT EXISTS (SELECT FROM databases d WHERE d.owner = w.name AND d.datdba = w.oid))
  UNION ALL
  SELECT format('there is no role %I, so no login can authenticate with a cloud identity: it is another server, or that is disabled', i.name)
    FROM (SELECT ${DESIRED} ->> 'identityRole' AS name) i
   WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = i.name) AND EXISTS (SELECT FROM roles w WHERE w."cloudIdentity" AND NOT w.existing)
  UNION ALL
  SELECT format('the database %I does not exist; it is described as existing, so create it first, for instance by the cloud''s API', name)
    FROM databases WHERE existing AND oid IS NULL
  UNION ALL
  SELECT format('the encoding %L of the database %I is none of PostgreSQL', encoding, name)
    FROM databases WHERE encoding IS NOT NULL AND pg_char_to_encoding(encoding) < 0
  UNION ALL
  SELECT format('the database %I has %s %s, wanted is %s; that is fixed when a database is made: dump it and restore it into a new one',
                name, property, present, wanted)
    FROM databases, LATERAL (VALUES
      ('the encoding', pg_encoding_to_char(present_encoding)::text, pg_encoding_to_char(pg_char_to_encoding(encoding))::text),
      ('the collation', datcollate::text, "lcCollate"), ('the character type', datctype::text, "lcCtype")) AS p(property, present, wanted)
   WHERE wanted IS NOT NULL AND present <> wanted
  UNION ALL
  SELECT concat_ws('; ', format('the extension %I is not available on this server', name), ${DESIRED} ->> 'extensionHint')
    FROM extensions WHERE NOT EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = extensions.name)
  UNION ALL
  SELECT format('the extension %I has no version %L on this server', e.name, e.version) FROM extensions e
   WHERE e.version IS NOT NULL AND EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = e.name)
     AND NOT EXISTS (SELECT FROM pg_available_extension_versions a WHERE a.name = e.name AND a.version = e.version)
  UNION ALL
  SELECT format('the administrator %I must have %s to create %s', r.rolname, missing, what)
    FROM pg_roles r, LATERAL (VALUES
      ('CREATEROLE', 'roles', NOT r.rolcreaterole AND EXISTS (SELECT FROM roles WHERE oid IS NULL)),
      ('CREATEDB', 'databases', NOT r.rolcreatedb AND EXISTS (SELECT FROM databases WHERE oid IS NULL))) AS m(missing, what, missed)
   WHERE r.rolname = current_user AND NOT r.rolsuper AND missed
  UNION ALL
  SELECT :'password_problems' WHERE :'password_problems' <> ''
) SELECT coalesce(string_agg(problem, E'\n'), '') AS problems FROM problems \gset
${STOP_ON_PROBLEMS}
`;
