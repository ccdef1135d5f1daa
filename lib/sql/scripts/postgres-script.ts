// The program that brings a PostgreSQL server to the desired state. It needs POSIX sh and psql only, so that it runs in a pod and on
// the machine that runs Terraform. Its text is constant; names and values are data.

import { POSTGRES_CHECKS } from "./postgres-checks";
import { POSTGRES_DATABASES, POSTGRES_FOUND, POSTGRES_USERS } from "./postgres-databases";
import { POSTGRES_IDENTITY } from "./postgres-identity";
import { POSTGRES_FOUND_INSIDE, POSTGRES_INSIDE, POSTGRES_QUERY, POSTGRES_ROUND } from "./postgres-inside";
import { POSTGRES_PASSWORDS } from "./postgres-passwords";
import { POSTGRES_ROLES } from "./postgres-roles";
import { BORROW, CONVERGE, DESIRED, PASS, REPORT } from "./postgres-statements";
import { SHELL_COMMON, SHELL_SECRETS } from "./shell-common";

const backticks = (command: string): string => `\`${command}\``;

/** Writes a file of the run's folder. */
const file = (name: string, text: string): string => `cat >"$scratch/${name}" <<'FILE'\n${text.trim()}\nFILE`;

/** Prints the lines of queries at the end of the run. */
const atTheEnd = (queries: string): string => `\\o |cat >>"$scratch/found"\n${queries.trim()}\n\\o`;

const FILES = [
  file("borrow.sql", BORROW),
  file("pass.sql", PASS),
  file("report.sql", REPORT),
  file("converge.sql", CONVERGE),
  file(
    "inside.sql",
    String.raw`\set ON_ERROR_ROLLBACK on
${POSTGRES_INSIDE}
\i :scratch/converge.sql`,
  ),
  file(
    "number.sql",
    String.raw`\o :scratch/number
\qecho :number
\o`,
  ),
  file("query.sql", POSTGRES_QUERY),
  file("found.sql", atTheEnd(POSTGRES_FOUND_INSIDE)),
  file(
    "check.sh",
    `${SHELL_SECRETS}
while IFS= read -r key && IFS= read -r login && read -r _ && read -r _; do
  (check_password "$login" "$(secret "$key")")
done <"$scratch/logins"`,
  ),
];

const MAIN = String.raw`
\set ON_ERROR_ROLLBACK on
\set place ''
SET search_path = pg_catalog;
SELECT set_config('devplatforms.desired', :'desired', false) IS NULL AS set, pg_is_in_recovery() AS standby \gset
\if :standby
\quit
\endif
-- A name with a line break is refused by the checks.
\o :scratch/version
\qecho :SERVER_VERSION_NUM
\o :scratch/logins
SELECT concat_ws(E'\n', w.password, translate(w.name, E'\n', ''), CASE WHEN w."validUntil" <= now() THEN CASE WHEN r.oid IS NULL THEN 'lapsed' ELSE 'expired' END
                                                  WHEN r.oid IS NULL THEN 'missing' ELSE 'present' END,
  -- The rules of pg_hba.conf may let a login into its own database only.
  coalesce((SELECT min(translate(d.value ->> 'name', E'\n', '')) FROM jsonb_array_elements(${DESIRED} -> 'databases') d
             WHERE d.value ->> 'owner' = w.name OR w."memberOf" ? (d.value ->> 'owner') OR w."memberOf" ? ((d.value ->> 'name') || '_connect')
                OR (d.value -> 'grants') @> jsonb_build_array(jsonb_build_object('on', 'database', 'grantee', w.name))), current_database()))
  FROM jsonb_to_recordset(${DESIRED} -> 'roles') AS w(name text, password text, "validUntil" timestamptz, "memberOf" jsonb)
  LEFT JOIN pg_roles r ON r.rolname = w.name WHERE w.password IS NOT NULL;
\o
\set password_problems ${backticks('sh "$scratch/check.sh" 2>&1')}
${POSTGRES_CHECKS}
${POSTGRES_ROLES}
\i :scratch/converge.sql
DEALLOCATE plan;
${POSTGRES_IDENTITY}
${POSTGRES_DATABASES}
\i :scratch/converge.sql
${POSTGRES_USERS}
${atTheEnd(POSTGRES_FOUND)}
\o :scratch/round.sql
${POSTGRES_ROUND}
\o
`;

/**
 * Reads, besides libpq's PGHOST, PGPORT, PGUSER (the administrator) and PGSSLMODE, the variables that `SHELL_COMMON` names.
 * Drops nothing. Needs PostgreSQL 13 and psql 14 or later, and an administrator with CREATEROLE and CREATEDB.
 */
export const POSTGRES_SCRIPT = String.raw`${SHELL_COMMON}
command -v psql >/dev/null || fail 'psql is not installed'
client=$(psql --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
[ "$client" -ge 14 ] || fail 'psql 14 or later is needed; before, it cuts passwords'

PGPASSWORD=$(secret admin)
PGDATABASE=$SQL_MAINTENANCE_DATABASE
PGSSLROOTCERT=$(authorities)
PGCONNECT_TIMEOUT=10
PGAPPNAME=database-objects
PGCLIENTENCODING=UTF8
LC_ALL=C
# Waiting for a lock without a limit would hang the run; an error starts it again. Settings of the server, the administrator or a
# database must not change how the program is read or end it half-way. lc_messages is for superusers only.
PGOPTIONS='-c lock_timeout=120s -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c client_min_messages=warning -c role=none'
PGOPTIONS="$PGOPTIONS -c standard_conforming_strings=on -c backslash_quote=safe_encoding -c quote_all_identifiers=off -c transform_null_equals=off"
export PGPASSWORD PGDATABASE PGSSLROOTCERT PGCONNECT_TIMEOUT PGAPPNAME PGCLIENTENCODING LC_ALL PGOPTIONS
[ -n "$PGSSLROOTCERT" ] || unset PGSSLROOTCERT
export scratch SQL_SECRETS

sql() { psql --no-psqlrc --quiet --tuples-only --no-align --no-password --set=ON_ERROR_STOP=1 --set=scratch="$scratch" "$@"; }
${FILES.join("\n")}
sql --set=desired="$SQL_DESIRED" --set=dry_run="$SQL_DRY_RUN" --file=- <<'SQL'
${MAIN}
SQL
if [ ! -e "$scratch/logins" ]; then
  echo 'This server is a replica; what is on it comes from the primary. Nothing was done.'
  exit 0
fi
# psql ends with status 2 when it has lost the server, or one session only, and with 3 at an error.
answers() { sql --command='SELECT 1' >/dev/null || fail 'the server does not answer any more; the run is not complete, and the next one goes on with it'; }
# psql ends when it cannot connect to a database; the next one begins after that database.
: >"$scratch/number"
while [ -s "$scratch/round.sql" ] && ! sql --set=dry_run="$SQL_DRY_RUN" --file="$scratch/round.sql"; do
  answers
  number=$(cat "$scratch/number")
  # It did not come to the first one.
  [ -n "$number" ] || continue
  sed -n "/^.set number $number\$/,\$s/^.set label '\(.*\)'\$/the database \1, which the run could not go through/p" "$scratch/round.sql" | sed -n 1p >>"$scratch/left"
  sed -n "/^.set number $((number + 1))\$/,\$p" "$scratch/round.sql" >"$scratch/rest"
  mv "$scratch/rest" "$scratch/round.sql"
done
server=$(cat "$scratch/version")
${POSTGRES_PASSWORDS}
if [ -e "$scratch/found" ]; then cat "$scratch/found"; fi
if [ -s "$scratch/left" ]; then
  echo 'error: the server is not as wanted. This is left, for the reasons above:' >&2
  cat "$scratch/left" >&2
  exit 1
fi
echo 'The server is as wanted.'
`;
