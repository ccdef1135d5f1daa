// The source of rehearsals that logical backups are: find_backup, write_result and the download of a dump.

/**
 * Variables besides those of `STORE_FUNCTIONS`: REHEARSAL_FOLDER, folder of the copies; REHEARSAL_MAX_AGE_SECONDS, age of the backup from
 * which a rehearsal fails; REHEARSAL_JOBS, parallel jobs of pg_restore; REHEARSAL_IGNORED_EXTENSIONS, names of extensions, one a line.
 */
export const BACKUP_SOURCE = String.raw`
find_backup() {
  open_store
  backups >"$scratch/found" || fail 'the store cannot be listed'
  backup=$(tail -n 1 "$scratch/found")
  [ -n "$backup" ] || fail 'there is no backup'
  rclone cat "$store/$backup/manifest.json" >"$scratch/manifest.json" || fail "the manifest of $backup cannot be read"
  taken=$(field "$scratch/manifest.json" takenAt)
  case $taken in '' | *[!0-9]*) fail "the manifest of $backup cannot be read" ;; esac
  backup_age=$(($(date +%s) - taken))
  [ "$backup_age" -le "$REHEARSAL_MAX_AGE_SECONDS" ] ||
    fail "the newest backup, $backup, is $((backup_age / 3600)) hours old; at most $((REHEARSAL_MAX_AGE_SECONDS / 3600)) hours are allowed"
  sed -n 's/^ *{"file": "\([^"]*\)", "database": "\(.*\)", "bytes": \([0-9]*\), "sha256": "\([0-9a-f]*\)"},*$/\1 \3 \4 \2/p' \
    "$scratch/manifest.json" | sed -e 's/\\"/"/g' -e 's/\\\\/\\/g' >"$scratch/files"
  [ -s "$scratch/files" ] || fail "the manifest of $backup names no file"
}
# bring FILE BYTES SHA256: downloads a dump into the copy's folder, whole or not at all.
bring() {
  rm -f "$scratch/bring.failed"
  { rclone cat "$(in_data "$backup/$1")" || : >"$scratch/bring.failed"; } >"$home/$1" || : >"$scratch/bring.failed"
  [ ! -e "$scratch/bring.failed" ] || fail "$backup/$1 cannot be read: it is missing, encrypted with another key, or the disk is full"
  size=$(wc -c <"$home/$1" | tr -d ' ')
  [ "$size" = "$2" ] || fail "$backup/$1 has $size bytes, and the manifest says $2"
  [ "$(sha256sum <"$home/$1" | sed 's/ .*//')" = "$3" ] || fail "$backup/$1 is not what was backed up: its SHA-256 differs"
}
write_result() {
  if [ -z "$store" ]; then open_store; fi
  rclone rcat "$store/rehearsals/$(moment "$started").json" <"$1" || return 1
  [ "$2" != true ] || rclone rcat "$store/rehearsals/latest.json" <"$1"
}
copies() {
  for folder in "$REHEARSAL_FOLDER/$REHEARSAL_NAME"-rehearsal-*; do
    if [ -d "$folder" ]; then basename "$folder"; fi
  done
}
store=
`;

/** Functions of a scratch server of PostgreSQL, which listens on a socket in the job's own folder only. */
export const POSTGRES_COPY = String.raw`
admin() { psql --no-psqlrc --quiet --tuples-only --no-align --host="$scratch" --username=rehearsal --no-password --set=ON_ERROR_STOP=1 "$@"; }
# conninfo DATABASE: a name with an equals sign would be read as a connection string.
conninfo() { printf "dbname='%s'" "$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e "s/'/\\\\'/g")"; }
make_copy() {
  for program in initdb pg_ctl psql pg_restore; do command -v "$program" >/dev/null || fail "$program is not installed"; done
  # No variable may lead a client anywhere else.
  unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGDATABASE PGSERVICE PGSSLMODE
  home=$REHEARSAL_FOLDER/$1
  mkdir "$home"
  waited initdb --pgdata="$home/data" --username=rehearsal --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$home/log" 2>&1 ||
    { tail -n 3 "$home/log" >&2; fail 'the scratch server cannot be made'; }
  waited pg_ctl --pgdata="$home/data" --log="$home/log" --wait --timeout=300 --silent \
    --options="-c listen_addresses='' -c unix_socket_directories='$scratch' -c logging_collector=off -c wal_level=minimal -c max_wal_senders=0" start >/dev/null 2>&1 ||
    { tail -n 3 "$home/log" >&2; fail 'the scratch server does not start'; }
  owners='--no-owner --no-privileges'
  if [ "$(field "$scratch/manifest.json" roles)" = yes ]; then
    rclone cat "$(in_data "$backup/roles.sql")" >"$home/roles.sql" && [ -s "$home/roles.sql" ] || fail 'the roles cannot be read'
    # Some exist already, and some settings are known to the managed service only.
    admin --dbname=postgres --set=ON_ERROR_STOP=0 --file="$home/roles.sql" >"$home/roles.log" 2>&1 || :
    owners=
  fi
  while read -r file bytes sum database <&5; do
    bring "$file" "$bytes" "$sum"
    admin --dbname=postgres --set=database="$database" --file=- <<'SQL' >/dev/null 2>"$home/problem" || { cat "$home/problem" >&2; fail "the database $database cannot be created"; }
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8''', :'database') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SQL
    pg_restore --list "$home/$file" >"$home/list" || fail "$file has no table of contents"
    printf '%s\n' "$REHEARSAL_IGNORED_EXTENSIONS" | sed '/^$/d' >"$home/ignored"
    while read -r extension; do
      grep -v -e " EXTENSION - $extension \$" -e " COMMENT - EXTENSION $extension \$" -e " COMMENT - EXTENSION \"$extension\" \$" "$home/list" >"$home/rest" || :
      mv "$home/rest" "$home/list"
    done <"$home/ignored"
    # A restored subscription would follow the source.
    # shellcheck disable=SC2086 # options without spaces
    waited pg_restore --host="$scratch" --username=rehearsal --no-password --jobs="$REHEARSAL_JOBS" --exit-on-error --no-publications --no-subscriptions \
      $owners --use-list="$home/list" --dbname="$(conninfo "$database")" "$home/$file" 2>"$home/problem" ||
      { tail -n 5 "$home/problem" >&2; fail "the dump of $database cannot be restored"; }
    rm -f "$home/$file"
  done 5<"$scratch/files"
}
query() {
  PGOPTIONS='-c default_transaction_read_only=on -c statement_timeout=600000' scratch_secret=$(if [ "$4" = - ]; then echo /dev/null; else echo "$JOB_SECRETS/$4"; fi)
  export PGOPTIONS scratch_secret
  { printf '\\set secret %s\n' '§cat "$scratch_secret"§'; cat "$3"; printf '\n'; } |
    admin --dbname="$(conninfo "$2")" --set=VERBOSITY=terse --file=-
}
delete_copy() {
  is_copy "$1" || { say "error: $1 is not the name of a copy"; return 1; }
  folder=$REHEARSAL_FOLDER/$1
  [ -d "$folder" ] || return 0
  if [ -s "$folder/data/postmaster.pid" ]; then pg_ctl --pgdata="$folder/data" --mode=immediate --wait --silent stop >/dev/null 2>&1 || :; fi
  rm -rf "$folder"
}
`.replaceAll("§", "`");

/** Functions of a scratch server of MySQL or MariaDB, which listens on a socket in the job's own folder only. */
export const MYSQL_COPY = String.raw`
admin() { mysql --no-defaults --socket="$scratch/socket" --user=root --default-character-set=utf8mb4 --batch --raw --skip-column-names "$@"; }
load() { { gzip -dc "$home/$1" || : >"$scratch/restore.failed"; } | admin --database="$2" 2>"$home/problem"; }
make_copy() {
  server=$(command -v mysqld || command -v mariadbd) || fail 'mysqld is not installed'
  for program in mysql gzip; do command -v "$program" >/dev/null || fail "$program is not installed"; done
  home=$REHEARSAL_FOLDER/$1
  mkdir "$home" "$home/tmp"
  case "$("$server" --version)" in *MariaDB*) mariadb=yes ;; *) mariadb= ;; esac
  if [ -n "$mariadb" ]; then
    product=
    waited mariadb-install-db --no-defaults --datadir="$home/data" --tmpdir="$home/tmp" --auth-root-authentication-method=normal --skip-test-db >"$home/log" 2>&1 ||
      { tail -n 3 "$home/log" >&2; fail 'the scratch server cannot be made'; }
  else
    product="--basedir=$(dirname "$(dirname "$server")") --mysqlx=OFF"
    # shellcheck disable=SC2086 # options without spaces
    waited "$server" --no-defaults --initialize-insecure $product --datadir="$home/data" --tmpdir="$home/tmp" >"$home/log" 2>&1 ||
      { tail -n 3 "$home/log" >&2; fail 'the scratch server cannot be made'; }
  fi
  # Events would run as they do on the source.
  # shellcheck disable=SC2086 # options without spaces
  "$server" --no-defaults $product --datadir="$home/data" --tmpdir="$home/tmp" --socket="$scratch/socket" --pid-file="$home/pid" \
    --skip-networking --skip-log-bin --event-scheduler=OFF --character-set-server=utf8mb4 >>"$home/log" 2>&1 3>&- 5>&- 6>&- &
  tries=0
  until admin --execute='SELECT 1' >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] && kill -0 "$!" 2>/dev/null || { tail -n 3 "$home/log" >&2; fail 'the scratch server does not start'; }
    sleep 1
  done
  while read -r file bytes sum database <&5; do
    bring "$file" "$bytes" "$sum"
    printf 'CREATE DATABASE IF NOT EXISTS §%s§ CHARACTER SET utf8mb4;\n' "$(printf '%s' "$database" | tr -d '§')" | admin ||
      fail "the database $database cannot be created"
    waited load "$file" "$database" ||
      { tail -n 5 "$home/problem" >&2; fail "the dump of $database cannot be restored"; }
    [ ! -e "$scratch/restore.failed" ] || fail "the dump of $database cannot be read"
    rm -f "$home/$file"
  done 5<"$scratch/files"
}
query() {
  {
    printf "SET @secret = CONVERT(x'%s' USING utf8mb4);\n" "$(if [ "$4" != - ]; then secret "$4" | od -An -v -tx1 | tr -d ' \n'; fi)"
    printf 'SET SESSION TRANSACTION READ ONLY;\n'
    cat "$3"
    printf '\n;\n'
  } | admin --database="$2"
}
delete_copy() {
  is_copy "$1" || { say "error: $1 is not the name of a copy"; return 1; }
  folder=$REHEARSAL_FOLDER/$1
  [ -d "$folder" ] || return 0
  pid=$(cat "$folder/pid" 2>/dev/null || :)
  if [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null; then
    while kill -0 "$pid" 2>/dev/null; do sleep 1; wait "$pid" 2>/dev/null || :; done
  fi
  rm -rf "$folder"
}
`.replaceAll("§", "`");
