// What differs between the engines: the connection, the lock, the version, the dump, and the check of a dump.

/** Functions for PostgreSQL: libpq's variables, and the password in the secret `database-password`. */
export const POSTGRES_DUMP = String.raw`
connect() {
  for program in psql pg_dump pg_dumpall pg_restore; do
    command -v "$program" >/dev/null || fail "$program is not installed"
  done
  PGPASSWORD=$(secret database-password) || fail 'the secret database-password is missing'
  PGCONNECT_TIMEOUT=20 PGAPPNAME=logical-backup PGCLIENTENCODING=UTF8
  # A pooled or idle session must not be ended while a long dump runs beside it; the setting exists since PostgreSQL 14.
  export PGPASSWORD PGCONNECT_TIMEOUT PGAPPNAME PGCLIENTENCODING
}
ask() { psql --no-psqlrc --quiet --tuples-only --no-align --no-password --set=ON_ERROR_STOP=1 "$@"; }
lock_session() { PGDATABASE=$1 ask; }
lock_question() { printf "SELECT pg_try_advisory_lock(hashtext('logical-backup'), hashtext('%s'));\n" "$BACKUP_NAME"; }
is_locked() { [ "$1" = t ]; }
versions() {
  server_version=$(PGDATABASE=$1 ask --command='SHOW server_version') || fail 'the server does not answer'
  client_version=$(pg_dump --version | sed 's/^[^0-9]*//')
  server=$(printf '%s' "$server_version" | sed 's/[^0-9].*//')
  client=$(printf '%s' "$client_version" | sed 's/[^0-9].*//')
  [ "$client" -ge "$server" ] || fail "pg_dump $client_version is older than the server, $server_version; use an image of PostgreSQL $server or later"
}
dump() { PGDATABASE=$1 pg_dump --format=custom --no-password --lock-wait-timeout=600000; }
# Reads the whole archive: a custom archive that ends early has blocks that its table of contents names and that are not there.
check_dump() { pg_restore --file=/dev/null; }
# Without passwords: they are in pg_authid, which no login of a managed service may read.
dump_roles() { PGDATABASE=$1 pg_dumpall --roles-only --no-role-passwords --no-password; }
extension=dump
`;

/** Functions for MySQL and MariaDB: MYSQL_HOST, MYSQL_TCP_PORT, MYSQL_USER, MYSQL_TLS_MODE (as libpq names it), MYSQL_CA_FILE. */
export const MYSQL_DUMP = String.raw`
connect() {
  for program in mysql mysqldump gzip; do
    command -v "$program" >/dev/null || fail "$program is not installed"
  done
  MYSQL_PWD=$(secret database-password) || fail 'the secret database-password is missing'
  export MYSQL_PWD
  case "$(mysqldump --version)" in
    *MariaDB*)
      case $MYSQL_TLS_MODE in
        disable) tls='--skip-ssl --skip-ssl' ;;
        verify-full) tls="--ssl-ca=$MYSQL_CA_FILE --ssl-verify-server-cert" ;;
        *) fail "MariaDB's client checks a server in full or not at all, and $MYSQL_TLS_MODE is wanted; use an image of MySQL" ;;
      esac ;;
    *)
      case $MYSQL_TLS_MODE in
        disable) tls='--ssl-mode=DISABLED --get-server-public-key' ;;
        verify-full) tls="--ssl-mode=VERIFY_IDENTITY --ssl-ca=$MYSQL_CA_FILE" ;;
        *) tls="--ssl-mode=VERIFY_CA --ssl-ca=$MYSQL_CA_FILE" ;;
      esac ;;
  esac
}
client() {
  program=$1
  shift
  # shellcheck disable=SC2086 # two options without spaces
  "$program" --no-defaults --protocol=tcp --host="$MYSQL_HOST" --port="$MYSQL_TCP_PORT" --user="$MYSQL_USER" $tls \
    --default-character-set=utf8mb4 "$@"
}
ask() { client mysql --batch --raw --skip-column-names --connect-timeout=20 "$@"; }
lock_session() { ask --unbuffered; }
# A session without a question is ended after wait_timeout.
lock_question() { printf "SET SESSION wait_timeout = 2147483; SELECT GET_LOCK(CONCAT('logical-backup-', SHA1('%s')), 0);\n" "$BACKUP_NAME"; }
is_locked() { [ "$1" = 1 ]; }
series() { printf '%s' "$1" | sed -n 's/^\([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | { read -r a b || :; echo $((a * 1000 + b)); }; }
versions() {
  server_version=$(ask --execute='SELECT VERSION()') || fail 'the server does not answer'
  said=$(mysqldump --version)
  case $said in
    *Distrib*) client_version=$(printf '%s' "$said" | sed 's/.*Distrib \([0-9][^ ,]*\).*/\1/') ;;
    *' from '*) client_version=$(printf '%s' "$said" | sed 's/.* from \([0-9][^ ,]*\).*/\1/') ;;
    *) client_version=$(printf '%s' "$said" | sed 's/.*Ver \([0-9][^ ,]*\).*/\1/') ;;
  esac
  case "$server_version $said" in
    # The version numbers of the two products have nothing in common.
    *-MariaDB*' '*MariaDB*) compare=yes ;;
    *MariaDB*) compare=no; say "note: the client $client_version and the server $server_version are of different products; their versions cannot be compared" ;;
    *) compare=yes ;;
  esac
  if [ "$compare" = yes ]; then
    [ "$(series "$client_version")" -ge "$(series "$server_version")" ] ||
      fail "mysqldump $client_version is older than the server, $server_version; use an image of the server's version or later"
  fi
  help=$(mysqldump --no-defaults --help 2>/dev/null || :)
  options=
  # Restoring GTIDs needs rights that managed services do not give.
  case $help in *--set-gtid-purged*) options="$options --set-gtid-purged=OFF" ;; esac
  # Tablespaces need the PROCESS privilege.
  case $help in *--no-tablespaces*) options="$options --no-tablespaces" ;; esac
  # MySQL 8's client asks a table that older servers and MariaDB do not have.
  case $help in *--column-statistics*) options="$options --skip-column-statistics" ;; esac
}
dump() {
  # shellcheck disable=SC2086 # options without spaces
  { client mysqldump --single-transaction --quick --routines --events --triggers --hex-blob $options -- "$1" || : >"$2/dump.failed"; } | gzip -c
}
# The last line that mysqldump writes when all went well.
check_dump() {
  last=$(gzip -dc | tail -n 1) || return 1
  case $last in
    '-- Dump completed'*) ;;
    *) say 'the dump has no end'; return 1 ;;
  esac
  # A pipe hides that gzip failed, but a file that ends early has no last line.
}
dump_roles() { say 'users and grants of MySQL are not in a dump of a database; DatabaseObjects creates them'; return 1; }
extension=sql.gz
`;
