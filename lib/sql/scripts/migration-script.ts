// The program around a migration: it fails on a replica, runs one migration at a time, hands SIGTERM on, writes a log that only its owner
// can read, and exits with the status of the command.

import { SHELL_COMMON } from "./shell-common";

/**
 * Guard that runs before a migration: exits with 3 on a replica, which gets its schema from the primary, and with 4 if the server does
 * not answer or refuses the login.
 */
export const POSTGRES_MIGRATION_GUARD = `${SHELL_COMMON}
PGPASSWORD=$(secret owner)
PGSSLROOTCERT=$(authorities)
PGCONNECT_TIMEOUT=10
export PGPASSWORD PGSSLROOTCERT PGCONNECT_TIMEOUT
[ -n "$PGSSLROOTCERT" ] || unset PGSSLROOTCERT
standby=$(psql --no-psqlrc --no-password --tuples-only --no-align --command='SELECT pg_is_in_recovery()') || standby=
if [ -z "$standby" ]; then
  echo 'error: the server did not answer, see above; the migration did not start' >&2
  exit 4
fi
if [ "$standby" != f ]; then
  echo 'error: this server is a replica; migrations run on the primary' >&2
  exit 3
fi
`;

/** Guard for MySQL. */
export const MYSQL_MIGRATION_GUARD = String.raw`${SHELL_COMMON}
ca=$(authorities)
case "$(mysql --version)" in
  *MariaDB*) if [ "$SQL_TLS_MODE" = disable ]; then set -- --skip-ssl; else set -- "--ssl-ca=$ca" --ssl-verify-server-cert; fi ;;
  *) case $SQL_TLS_MODE in
       disable) set -- --ssl-mode=DISABLED --get-server-public-key ;;
       verify-full) set -- --ssl-mode=VERIFY_IDENTITY "--ssl-ca=$ca" ;;
       *) set -- --ssl-mode=VERIFY_CA "--ssl-ca=$ca" ;;
     esac ;;
esac
replica=$(MYSQL_PWD=$(secret owner) mysql --no-defaults --protocol=tcp --host="$MYSQL_HOST" --port="$MYSQL_TCP_PORT" \
  --user="$SQL_USER" --batch --skip-column-names --connect-timeout=10 "$@" --execute='SELECT @@global.read_only') || replica=
if [ -z "$replica" ]; then
  echo 'error: the server did not answer, see above; the migration did not start' >&2
  exit 4
fi
if [ "$replica" != 0 ]; then
  echo 'error: this server is read-only, as a replica is; migrations run on its source' >&2
  exit 3
fi
`;

/**
 * Runs the command. MIGRATION_COMMAND has one argument per line, so that the shell does not split arguments. With MIGRATION_LOGS,
 * the output is written to a new file in that folder, which only its owner can read.
 *
 * Where the image has the client of the server's engine, a session holds a lock of the component in the database, and a second run
 * exits with 5. The command inherits the session's input, so that the lock is held until the command ends, also when this shell is
 * killed. Other images have the lock of the component itself, if any.
 */
export const MIGRATION_SCRIPT = String.raw`${SHELL_COMMON}
PGPASSWORD=$(secret owner)
MYSQL_PWD=$PGPASSWORD
PGSSLROOTCERT=$(authorities)
export PGPASSWORD MYSQL_PWD PGSSLROOTCERT
[ -n "$PGSSLROOTCERT" ] || unset PGSSLROOTCERT
lock_session() {
  if [ -n "$(printenv PGHOST)" ] && command -v psql >/dev/null; then
    psql --no-psqlrc --no-password --tuples-only --no-align --quiet
  elif [ -n "$(printenv MYSQL_HOST)" ] && command -v mysql >/dev/null; then
    case "$(mysql --version)" in
      *MariaDB*) if [ "$SQL_TLS_MODE" = disable ]; then set -- --skip-ssl; else set -- "--ssl-ca=$PGSSLROOTCERT" --ssl-verify-server-cert; fi ;;
      *) case $SQL_TLS_MODE in
           disable) set -- --ssl-mode=DISABLED --get-server-public-key ;;
           verify-full) set -- --ssl-mode=VERIFY_IDENTITY "--ssl-ca=$PGSSLROOTCERT" ;;
           *) set -- --ssl-mode=VERIFY_CA "--ssl-ca=$PGSSLROOTCERT" ;;
         esac ;;
    esac
    mysql --no-defaults --protocol=tcp --host="$MYSQL_HOST" --port="$MYSQL_TCP_PORT" --user="$SQL_USER" \
      --batch --skip-column-names --unbuffered --connect-timeout=10 "$@"
  else
    cat >/dev/null
  fi
}
# Digits, which no statement can read as anything but a number; the database has the lock's other half.
number=$(printf '%s' "$MIGRATION_NAME" | cksum | sed 's/ .*//')
case "$(printenv PGHOST >/dev/null && command -v psql || :)$(printenv MYSQL_HOST >/dev/null && command -v mysql || :)" in
  '') ;;
  *)
    mkfifo "$scratch/ask" "$scratch/answer"
    lock_session <"$scratch/ask" >"$scratch/answer" 2>"$scratch/refused" &
    exec 3>"$scratch/ask" 4<"$scratch/answer"
    if printenv PGHOST >/dev/null; then
      # A server may end sessions that are idle, and with them their locks. PostgreSQL 13 has no such limit.
      printf "DO \$\$ BEGIN PERFORM set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'; END \$\$;\nSELECT pg_try_advisory_lock(%s);\n" "$number" >&3
    else
      printf "SET SESSION wait_timeout = 604800;\nSELECT IF(GET_LOCK(CONCAT('migration-%s-', MD5('%s')), 0), 't', 'f');\n" "$number" "$SQL_DATABASE" >&3
    fi
    locked=
    read -r locked <&4 || :
    exec 4<&-
    case $locked in
      t) ;;
      f) echo "error: another migration of $MIGRATION_NAME runs on this database; it did not start a second time" >&2; exit 5 ;;
      *) cat "$scratch/refused" >&2; echo 'error: the server did not answer, see above; the migration did not start' >&2; exit 4 ;;
    esac ;;
esac
printf '%s\n' "$MIGRATION_COMMAND" > "$scratch/words"
set --
while IFS= read -r word; do set -- "$@" "$word"; done < "$scratch/words"
log=
if [ -n "$MIGRATION_LOGS" ]; then
  mkdir -p "$MIGRATION_LOGS"
  log=$MIGRATION_LOGS/$MIGRATION_NAME-$(date -u +%Y%m%dT%H%M%SZ)-$$.log
fi
# A shell runs a trap only when its command has ended, unless it waits for a command in the background.
stopped=
trap 'stopped=yes; [ -z "$command" ] || kill -TERM "$command" 2>/dev/null || :' TERM INT
command=
if [ -z "$log" ]; then "$@" & else "$@" > "$log" 2>&1 & fi
command=$!
[ -z "$stopped" ] || kill -TERM "$command" 2>/dev/null || :
status=0
wait "$command" || status=$?
# A signal ends the wait, not the command.
while kill -0 "$command" 2>/dev/null; do status=0; wait "$command" || status=$?; done
[ -z "$log" ] || echo "The log of the migration is $log"
[ "$status" = 0 ] || echo "error: the migration ended with status $status" >&2
exit "$status"
`;
