// Programs around a major version upgrade of PostgreSQL: POSIX sh and psql. The conditions are those of pg_upgrade's check.c (PostgreSQL 18),
// as far as they apply to sources from 13 on; the services run pg_upgrade and refuse the same. Whatever depends on the name of an object is
// read from the catalogs.

import { POSTGRES_CONNECTION } from "./postgres-connection";

/** Columns of a type, by whatever way the type is used: in arrays, domains, composite types, ranges. */
const columnsOf = (types: string): string => `
  WITH RECURSIVE used AS (
    SELECT t.oid FROM pg_type t WHERE ${types}
    UNION
    SELECT found.oid FROM used JOIN LATERAL (
      SELECT t.oid FROM pg_type t WHERE t.typtype = 'd' AND t.typbasetype = used.oid
      UNION ALL SELECT t.oid FROM pg_type t WHERE t.typelem = used.oid AND t.typtype = 'b'
      UNION ALL SELECT t.oid FROM pg_type t JOIN pg_class c ON c.reltype = t.oid JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relkind = 'c' AND a.atttypid = used.oid AND NOT a.attisdropped
      UNION ALL SELECT r.rngtypid FROM pg_range r WHERE r.rngsubtype = used.oid
    ) found ON true)
  SELECT format('%I.%I.%I (%s)', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) AS object
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.atttypid IN (SELECT oid FROM used) AND NOT a.attisdropped AND c.relkind IN ('r', 'm', 'i', 'p')
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(temp|toast_temp)_'`;

/** Objects of a database that stop an upgrade: the reason, the versions that it concerns, and the query. */
const BLOCKERS: readonly { readonly reason: string; readonly when: string; readonly objects: string }[] = [
  {
    reason: "columns with types that hold OIDs (reg...), which an upgrade does not keep",
    when: "true",
    objects: columnsOf(
      "t.typnamespace = 'pg_catalog'::regnamespace AND t.typname IN ('regcollation', 'regconfig', 'regdictionary', 'regnamespace', 'regoper', 'regoperator', 'regproc', 'regprocedure')",
    ),
  },
  {
    reason: "columns of the type of a system table, whose columns change",
    when: "true",
    objects: columnsOf(
      "t.typtype = 'c' AND (t.typnamespace IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace) OR t.typnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'information_schema'))",
    ),
  },
  {
    reason: "columns of type aclitem, whose format changes in PostgreSQL 16",
    when: ":from < 16 AND :to >= 16",
    objects: columnsOf("t.oid = 'pg_catalog.aclitem'::regtype"),
  },
  {
    reason: "postfix operators, which PostgreSQL 14 has no more",
    when: ":from < 14 AND :to >= 14",
    objects:
      "SELECT format('operator %I.%s', n.nspname, o.oprname) AS object FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprright = 0 AND o.oid >= 16384",
  },
  {
    reason: "conversions between encodings, whose functions change in PostgreSQL 14",
    when: ":from < 14 AND :to >= 14",
    objects:
      "SELECT format('conversion %I.%I', n.nspname, c.conname) AS object FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.oid >= 16384",
  },
  {
    reason: "aggregates over array functions, which PostgreSQL 14 declares otherwise (anycompatiblearray)",
    when: ":from < 14 AND :to >= 14",
    objects: `
  SELECT format('aggregate %s', p.oid::regprocedure) AS object
    FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
    JOIN pg_proc f ON f.oid IN (a.aggtransfn, a.aggfinalfn)
   WHERE p.oid >= 16384 AND f.oid < 16384 AND f.proargtypes[0] = 'anyarray'::regtype
     AND f.proname IN ('array_append', 'array_cat', 'array_prepend', 'array_remove', 'array_replace', 'array_position', 'array_positions', 'width_bucket')`,
  },
  {
    reason: "columns that are NOT NULL in a parent table and not in its child, which PostgreSQL 18 refuses",
    when: ":from < 18 AND :to >= 18",
    objects: `
  SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS object
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_attribute p ON p.attrelid = i.inhparent AND p.attname = a.attname
   WHERE p.attnum > 0 AND p.attnotnull AND NOT a.attnotnull AND NOT a.attisdropped`,
  },
];

/** Objects that may make an upgrade fail, though pg_upgrade does not look for them. */
const NOTES: readonly { readonly reason: string; readonly objects: string }[] = [
  {
    reason:
      "view over system tables or statistics: if the new version has other columns, the upgrade fails; drop it before",
    objects: `
  SELECT DISTINCT format('%I.%I', n.nspname, v.relname) AS object
    FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    JOIN pg_class v ON v.oid = r.ev_class JOIN pg_namespace n ON n.oid = v.relnamespace JOIN pg_class s ON s.oid = d.refobjid
   WHERE v.relkind IN ('v', 'm') AND v.oid >= 16384 AND s.relkind IN ('r', 'v') AND s.oid < 16384
     AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = v.oid AND e.deptype = 'e')`,
  },
  {
    reason: "extension: the new version must offer it",
    objects:
      "SELECT format('%I %s', e.extname, e.extversion) AS object FROM pg_extension e WHERE e.extname <> 'plpgsql'",
  },
];

const quoted = (text: string): string => `'${text.replace(/'/g, "''")}'`;

const INSIDE = [
  ...BLOCKERS.map(
    ({ reason, when, objects }) =>
      `SELECT 'must' || E'\\t' || current_database() || ': ' || x.object || ': ' || ${quoted(reason)} FROM (${objects}) x WHERE ${when};`,
  ),
  ...NOTES.map(
    ({ reason, objects }) =>
      `SELECT 'note' || E'\\t' || current_database() || ': ' || x.object || ': ' || ${quoted(reason)} FROM (${objects}) x;`,
  ),
].join("\n");

const SERVER = String.raw`
SELECT 'must' || E'\t' || format('prepared transaction %L of %I: commit it or roll it back', gid, owner) FROM pg_prepared_xacts;
SELECT 'must' || E'\t' || format('logical replication slot %I: stop its subscriber and drop it', slot_name) FROM pg_replication_slots WHERE slot_type = 'logical' AND NOT temporary;
SELECT 'must' || E'\t' || format('database %I is invalid, a DROP DATABASE was interrupted: drop it', datname) FROM pg_database WHERE datconnlimit = -2;
SELECT 'must' || E'\t' || format('database %I does not allow connections: ALTER DATABASE ... ALLOW_CONNECTIONS true, or drop it', datname)
  FROM pg_database WHERE NOT datallowconn AND datconnlimit <> -2 AND datname <> 'template0' AND NOT datname = ANY (string_to_array(:'skip', ' '));
`;

/**
 * Looks for what stops the upgrade, and changes nothing. Reads the variables of `POSTGRES_CONNECTION`, UPGRADE_FROM and UPGRADE_TO.
 *
 * @internal
 */
export const POSTGRES_UPGRADE_CHECK = String.raw`${POSTGRES_CONNECTION}
has_version "$UPGRADE_FROM"
: >"$scratch/found"
sql --dbname="$UPGRADE_MAINTENANCE_DATABASE" --set=skip="$UPGRADE_SKIP" --file=- >>"$scratch/found" <<'SQL'
${SERVER.trim()}
SQL
look() {
  in_database "$1" --set=from="$UPGRADE_FROM" --set=to="$UPGRADE_TO" --file=- >>"$scratch/found" <<'SQL' || printf 'must\t%s: could not be looked at, for the reason above; name it in the databases of MajorUpgrade, whose owners may connect\n' "$1" >>"$scratch/found"
${INSIDE}
SQL
}
each_database look
sed -n 's/^note	//p' "$scratch/found"
if grep -q '^must	' "$scratch/found"; then
  echo "error: the upgrade to PostgreSQL $UPGRADE_TO would fail. Change this before:" >&2
  sed -n 's/^must	//p' "$scratch/found" >&2
  exit 1
fi
echo "Nothing was found that stops the upgrade from PostgreSQL $UPGRADE_FROM to $UPGRADE_TO."
`;

/**
 * Updates extensions and gathers statistics, which an upgrade does not keep before PostgreSQL 18: first coarse ones, with which the
 * application can work, then those of the server's settings. Looks at the end. Reads the variables of `POSTGRES_CONNECTION` and UPGRADE_TO.
 *
 * @internal
 */
export const POSTGRES_AFTER_UPGRADE = String.raw`${POSTGRES_CONNECTION}
has_version "$UPGRADE_TO"
: >"$scratch/left"
coarse() {
  printf '%s: ' "$1"
  in_database "$1" --file=- <<'SQL' && echo 'coarse statistics' || printf '%s: could not be analyzed, for the reason above\n' "$1" >>"$scratch/left"
SET default_statistics_target = 1;
ANALYZE;
SQL
}
finish() {
  # pg_upgrade gives extensions to the superuser that runs it; whether the administrator may update them is up to the service. One that stays at
  # its version works all the same, and is named below.
  _enters=$(sql --dbname="$UPGRADE_MAINTENANCE_DATABASE" --set=database="$1" --file=- <<'SQL'
SELECT has_database_privilege(:'database', 'CONNECT');
SQL
)
  if [ "$_enters" = t ]; then PGDATABASE=$1 sql --set=ON_ERROR_STOP=0 --file="$scratch/extensions.sql" 2>/dev/null || true; fi
  in_database "$1" --file=- >"$scratch/inside" <<'SQL' || { printf '%s: could not be analyzed, for the reason above\n' "$1" >>"$scratch/left"; return 0; }
ANALYZE;
SELECT 'note' || E'\t' || format('%s: extension %I stays at %s, the server offers %s', current_database(), e.extname, e.extversion, a.default_version)
  FROM pg_extension e JOIN pg_available_extensions a ON a.name = e.extname WHERE a.default_version <> e.extversion;
-- PostgreSQL skips tables that neither the login nor the owner of the database owns, such as those of the service's extensions in "postgres".
SELECT CASE WHEN pg_has_role(c.relowner, 'USAGE') OR pg_has_role(d.datdba, 'USAGE') THEN 'left' ELSE 'note' END
       || E'\t' || format('%s: %I.%I of %I has no statistics', current_database(), n.nspname, c.relname, pg_get_userbyid(c.relowner))
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_database d ON d.datname = current_database()
 WHERE c.relkind IN ('r', 'm') AND c.reltuples < 0 AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(temp|toast)';
SQL
  sed -n 's/^note	//p' "$scratch/inside"
  sed -n 's/^left	//p' "$scratch/inside" >>"$scratch/left"
  echo "$1: statistics are gathered"
}
cat >"$scratch/extensions.sql" <<'SQL'
SELECT format('ALTER EXTENSION %I UPDATE', e.extname) FROM pg_extension e JOIN pg_available_extensions a ON a.name = e.extname
 WHERE a.default_version <> e.extversion \gexec
SQL
each_database coarse
each_database finish
if [ -s "$scratch/left" ]; then
  echo 'error: the upgrade is not finished. This is left:' >&2
  cat "$scratch/left" >&2
  exit 1
fi
echo "The server runs PostgreSQL $UPGRADE_TO, with statistics for all databases."
`;
