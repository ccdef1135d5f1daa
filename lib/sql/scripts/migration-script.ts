// The program around a migration: it fails on a replica, writes a log that only its owner can read, and exits with the status of the
// command.

import { SHELL_COMMON } from "./shell-common";

/** Guard that runs before a migration: exits with 3 on a replica, which gets its schema from the primary. */
export const POSTGRES_MIGRATION_GUARD = `${SHELL_COMMON}
PGPASSWORD=$(secret owner)
PGSSLROOTCERT=$(authorities)
PGCONNECT_TIMEOUT=10
export PGPASSWORD PGSSLROOTCERT PGCONNECT_TIMEOUT
[ -n "$PGSSLROOTCERT" ] || unset PGSSLROOTCERT
standby=$(psql --no-psqlrc --no-password --tuples-only --no-align --command='SELECT pg_is_in_recovery()')
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
       disable) set -- --ssl-mode=DISABLED ;;
       verify-full) set -- --ssl-mode=VERIFY_IDENTITY "--ssl-ca=$ca" ;;
       *) set -- --ssl-mode=VERIFY_CA "--ssl-ca=$ca" ;;
     esac ;;
esac
replica=$(MYSQL_PWD=$(secret owner) mysql --no-defaults --protocol=tcp --host="$MYSQL_HOST" --port="$MYSQL_TCP_PORT" \
  --user="$SQL_USER" --batch --skip-column-names --connect-timeout=10 "$@" --execute='SELECT @@global.read_only')
if [ "$replica" != 0 ]; then
  echo 'error: this server is read-only, as a replica is; migrations run on its source' >&2
  exit 3
fi
`;

/**
 * Runs the command. MIGRATION_COMMAND has one argument per line, so that the shell does not split arguments. With MIGRATION_LOGS,
 * the output is written to a new file in that folder, which only its owner can read.
 */
export const MIGRATION_SCRIPT = String.raw`${SHELL_COMMON}
PGPASSWORD=$(secret owner)
MYSQL_PWD=$PGPASSWORD
PGSSLROOTCERT=$(authorities)
export PGPASSWORD MYSQL_PWD PGSSLROOTCERT
[ -n "$PGSSLROOTCERT" ] || unset PGSSLROOTCERT
printf '%s\n' "$MIGRATION_COMMAND" > "$scratch/words"
set --
while IFS= read -r word; do set -- "$@" "$word"; done < "$scratch/words"
if [ -z "$MIGRATION_LOGS" ]; then
  "$@" && status=0 || status=$?
else
  mkdir -p "$MIGRATION_LOGS"
  log=$MIGRATION_LOGS/$MIGRATION_NAME-$(date -u +%Y%m%dT%H%M%SZ)-$$.log
  "$@" > "$log" 2>&1 && status=0 || status=$?
  echo "The log of the migration is $log"
fi
[ "$status" = 0 ] || echo "error: the migration ended with status $status" >&2
exit "$status"
`;
