import { SHELL_COMMON } from "../../../sql/private";

/**
 * Connections of the programs around an upgrade, beside the variables of `SHELL_COMMON`: libpq's PGHOST, PGPORT, PGSSLMODE; UPGRADE_ADMIN:
 * the administrator, with the secret `admin`; UPGRADE_MAINTENANCE_DATABASE; UPGRADE_DATABASES: three lines for each database with a login of its
 * own, its name, its owner and the key of the owner's password; UPGRADE_SKIP: databases of the service, which no login may enter.
 *
 * @internal
 */
export const POSTGRES_CONNECTION = String.raw`${SHELL_COMMON}
command -v psql >/dev/null || fail 'psql is not installed'
PGSSLROOTCERT=$(authorities)
PGCONNECT_TIMEOUT=10
PGAPPNAME=major-upgrade
PGCLIENTENCODING=UTF8
LC_ALL=C
PGOPTIONS='-c lock_timeout=120s -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c client_min_messages=error -c search_path=pg_catalog'
export PGSSLROOTCERT PGCONNECT_TIMEOUT PGAPPNAME PGCLIENTENCODING LC_ALL PGOPTIONS
[ -n "$PGSSLROOTCERT" ] || unset PGSSLROOTCERT
admin=$(secret admin)
sql() { PGUSER=$UPGRADE_ADMIN PGPASSWORD=$admin command psql --no-psqlrc --quiet --tuples-only --no-align --no-password --set=ON_ERROR_STOP=1 "$@"; }

# The owner of a described database may enter it and analyze its tables; the administrator of a managed service may do neither everywhere.
printf '%s\n' "$UPGRADE_DATABASES" >"$scratch/databases"
in_database() {
  _name=$1
  shift
  _login= _key=
  while IFS= read -r _database && IFS= read -r _owner && IFS= read -r _secret; do
    if [ "$_database" = "$_name" ]; then _login=$_owner _key=$_secret; fi
  done <"$scratch/databases"
  if [ -n "$_key" ]; then
    PGDATABASE=$_name PGUSER=$_login PGPASSWORD=$(secret "$_key") command psql --no-psqlrc --quiet --tuples-only --no-align --no-password --set=ON_ERROR_STOP=1 "$@"
  else
    PGDATABASE=$_name sql "$@"
  fi
}
has_version() {
  _version=$(sql --dbname="$UPGRADE_MAINTENANCE_DATABASE" --command='SHOW server_version_num') || fail 'the server does not answer, for the reason above'
  [ "$((_version / 10000))" = "$1" ] || fail "the server runs PostgreSQL $((_version / 10000)), and $1 was expected"
  [ "$(sql --dbname="$UPGRADE_MAINTENANCE_DATABASE" --command='SELECT pg_is_in_recovery()')" = f ] || fail 'the server is a replica; name its source'
}
each_database() {
  sql --dbname="$UPGRADE_MAINTENANCE_DATABASE" --set=skip="$UPGRADE_SKIP" --file=- >"$scratch/names" <<'SQL'
SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datconnlimit <> -2 AND NOT datname = ANY (string_to_array(:'skip', ' ')) AND position(E'\n' IN datname) = 0 ORDER BY datname;
SQL
  while IFS= read -r _each <&3; do "$1" "$_each"; done 3<"$scratch/names"
}
`;
