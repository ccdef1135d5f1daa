// The program that brings a PostgreSQL server to the desired state. It needs POSIX sh and psql only, so that it runs in a pod and on
// the machine that runs Terraform. Its text is constant; names and values are data.

import { POSTGRES_ACCESS, POSTGRES_DATABASES } from "./postgres-databases";
import { POSTGRES_INSIDE, POSTGRES_QUERY } from "./postgres-inside";
import { LOCK, POSTGRES_ROLES } from "./postgres-roles";
import { SHELL_COMMON } from "./shell-common";

/**
 * Reads, besides libpq's PGHOST, PGPORT, PGUSER (the administrator) and PGSSLMODE, the variables that `SHELL_COMMON` names.
 * Drops nothing. Needs PostgreSQL 13 and psql 14 or later, and an administrator with CREATEROLE and CREATEDB.
 */
export const POSTGRES_SCRIPT = String.raw`${SHELL_COMMON}
command -v psql >/dev/null || fail 'psql is not installed'
[ "$(psql --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" -ge 14 ] || fail 'psql 14 or later is needed; before, it cuts passwords'

PGPASSWORD=$(secret admin)
PGDATABASE=$SQL_MAINTENANCE_DATABASE
PGSSLROOTCERT=$(authorities)
PGCONNECT_TIMEOUT=10
PGAPPNAME=database-objects
PGCLIENTENCODING=UTF8
LC_ALL=C
# Whoever waits for a lock for ever hangs the run; an error starts it again. lc_messages is for superusers only.
PGOPTIONS='-c lock_timeout=120s -c client_min_messages=warning'
export PGPASSWORD PGDATABASE PGSSLROOTCERT PGCONNECT_TIMEOUT PGAPPNAME PGCLIENTENCODING LC_ALL PGOPTIONS
[ -n "$PGSSLROOTCERT" ] || unset PGSSLROOTCERT

sql() {
  psql --no-psqlrc --quiet --tuples-only --no-align --no-password --set=ON_ERROR_STOP=1 --set=desired="$SQL_DESIRED" \
    --set=dry_run="$SQL_DRY_RUN" "$@"
}
in_database() ( PGDATABASE=$1; export PGDATABASE; shift; "$@" )

standby=$(sql --command='SELECT pg_is_in_recovery()')
if [ "$standby" = t ]; then
  echo 'This server is a replica; what is on it comes from the primary. Nothing was done.'
  exit 0
fi

# Three lines for each login: the password's key, the name, and whether it is there; one that is not needs no try of its
# password. A name with a line break is refused with the roles.
sql --file=- >"$scratch/logins" <<'SQL'
SELECT concat_ws(E'\n', r.value ->> 'password', translate(r.value ->> 'name', E'\n', ''),
         CASE WHEN EXISTS (SELECT FROM pg_roles p WHERE p.rolname = r.value ->> 'name') THEN 'present' ELSE 'missing' END)
  FROM jsonb_array_elements(:'desired'::jsonb -> 'roles') r WHERE r.value ->> 'password' IS NOT NULL;
SQL
while IFS= read -r key <&5 && IFS= read -r login <&5 && read -r _ <&5; do
  password=$(secret "$key")
  check_password "$login" "$password"
done 5<"$scratch/logins"

sql --file=- <<'SQL'
${POSTGRES_ROLES}
SQL

# A password is right when it opens a session. No terminal: psql would ask there instead of reading what it is given.
try_password() {
  said=$(PGUSER=$1 PGPASSWORD=$2 psql --no-psqlrc --no-password --command='SELECT 1' 2>&1 </dev/null) ||
    # What the server looks at only after the password.
    case $said in *'permission denied for database'* | *'too many connections for '*) ;; *) return 1 ;; esac
  # Where any password opens one, nothing is proved by it; psql gives up by itself when the server asks for one.
  said=$( ( unset PGPASSWORD; PGUSER=$1 PGPASSFILE=/dev/null psql --no-psqlrc --no-password --command='SELECT 1' ) 2>&1 </dev/null ) && return 1
  case $said in *'no password supplied'*) ;; *) return 1 ;; esac
}
detach=
command -v setsid >/dev/null && detach=setsid
while IFS= read -r key <&5 && IFS= read -r login <&5 && read -r state <&5; do
  password=$(secret "$key")
  if [ "$state" = present ] && try_password "$login" "$password"; then continue; fi
  echo "the password of $login"
  if [ "$SQL_DRY_RUN" = true ]; then continue; fi
  # psql makes the verifier, so that neither a statement nor the server's log ever holds the password.
  printf '%s\n%s\n' "$password" "$password" | $detach psql --no-psqlrc --quiet --tuples-only --no-align --no-password \
    --set=ON_ERROR_STOP=1 --set=login="$login" --file=/dev/fd/3 3<<'SQL' 2>"$scratch/password" || { cat "$scratch/password" >&2; exit 1; }
SELECT pg_advisory_lock(${LOCK}) IS NULL AS locked \gset
SET password_encryption = 'scram-sha-256';
\password :"login"
SQL
  said=$(PGUSER=$login PGPASSWORD=$password psql --no-psqlrc --no-password --command='SELECT 1' 2>&1 </dev/null) ||
    case $said in *'password authentication failed'*) fail "the password of $login is set, but does not let it in: $said" ;; esac
done 5<"$scratch/logins"

sql --file=- <<'SQL'
${POSTGRES_DATABASES}
SQL

# Lines again: a database, then its queries. In a dry run a database may not be there.
sql --file=- >"$scratch/databases" <<'SQL'
SELECT 'database ' || (d.value ->> 'name') ||
       coalesce((SELECT string_agg(E'\nquery ' || (q.value ->> 'name'), '' ORDER BY q.ordinality)
                   FROM jsonb_array_elements(d.value -> 'queries') WITH ORDINALITY q), '')
  FROM jsonb_array_elements(:'desired'::jsonb -> 'databases') d
 WHERE EXISTS (SELECT FROM pg_database WHERE datname = d.value ->> 'name') ORDER BY d.value ->> 'name';
SQL
while IFS= read -r line <&5; do
  case $line in
    'database '*)
      database=${"$"}{line#database }
      in_database "$database" sql --file=- <<'SQL'
${POSTGRES_INSIDE}
SQL
      ;;
    *)
      in_database "$database" sql --set=query="${"$"}{line#query }" --file=- <<'SQL'
${POSTGRES_QUERY}
SQL
      ;;
  esac
done 5<"$scratch/databases"

sql --file=- <<'SQL'
${POSTGRES_ACCESS}
SQL
echo 'The server is as wanted.'
`;
