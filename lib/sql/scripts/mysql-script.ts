// The program that brings a MySQL server to the desired state: POSIX sh and the mysql client (MySQL's or MariaDB's).
// MySQL creates users and databases outside of transactions, so every statement is idempotent: an interrupted run can be repeated.

import { MYSQL_LOGINS, MYSQL_PLAN, MYSQL_PROBLEMS, MYSQL_QUERIES } from "./mysql-plan";
import { SHELL_COMMON } from "./shell-common";

/**
 * Reads MYSQL_HOST, MYSQL_TCP_PORT, SQL_USER (the administrator), SQL_TLS_MODE (as libpq names it) and the variables that
 * `SHELL_COMMON` names. Drops nothing. Needs MySQL 5.7 or MariaDB 10.4, or later.
 */
export const MYSQL_SCRIPT = String.raw`${SHELL_COMMON}
command -v mysql >/dev/null || fail 'the mysql client is not installed'
ca=$(authorities)
case "$(mysql --version)" in
  *MariaDB*)
    case $SQL_TLS_MODE in
      disable) set -- --skip-ssl ;;
      verify-full) set -- "--ssl-ca=$ca" --ssl-verify-server-cert ;;
      *) fail "MariaDB's client checks a server in full or not at all, and $SQL_TLS_MODE is wanted; install MySQL's client" ;;
    esac ;;
  *)
    case $SQL_TLS_MODE in
      disable) set -- --ssl-mode=DISABLED --get-server-public-key ;;
      verify-full) set -- --ssl-mode=VERIFY_IDENTITY "--ssl-ca=$ca" ;;
      *) set -- --ssl-mode=VERIFY_CA "--ssl-ca=$ca" ;;
    esac ;;
esac
# Set here, so that a server with another mode reads quotes and backslashes as they are meant.
mode="SET SESSION sql_mode = '', SESSION group_concat_max_len = 65536"
client() {
  command mysql --no-defaults --protocol=tcp --host="$MYSQL_HOST" --port="$MYSQL_TCP_PORT" --connect-timeout=10 \
    --default-character-set=utf8mb4 --batch --raw --skip-column-names --init-command="$mode" "$@"
}
tls1=$1
tls2=${"$"}(if [ $# -gt 1 ]; then printf '%s' "$2"; else printf '%s' --batch; fi)
as_admin() { MYSQL_PWD=$admin client "$tls1" "$tls2" --user="$SQL_USER" "$@"; }
admin=$(secret admin)
hexadecimal() { od -An -v -tx1 | tr -d ' \n'; }
# As hexadecimal digits no value can be read as anything but a value.
desired=$(printf '%s' "$SQL_DESIRED" | od -An -v -tx1 | tr -d ' \n')
ask() { { printf "SET @desired = CONVERT(x'%s' USING utf8mb4);\n" "$desired"; cat; } | as_admin "$@"; }

replica=$(printf 'SELECT @@global.read_only;\n' | as_admin)
if [ "$replica" != 0 ]; then
  echo 'This server is read-only, as a replica is; what is on it comes from its source. Nothing was done.'
  exit 0
fi

# One run at a time. A session of its own holds the lock and ends when nobody has its input open any more: this program and
# what it starts, so a run that is killed lets go only when its last statement is done.
mkfifo "$scratch/ask" "$scratch/answer"
as_admin --unbuffered <"$scratch/ask" >"$scratch/answer" &
exec 3>"$scratch/ask" 4<"$scratch/answer"
printf "SELECT GET_LOCK('devplatforms', 120);\n" >&3
read -r locked <&4 || locked=
[ "$locked" = 1 ] || fail 'another run holds the lock for more than two minutes'

problems=$(ask <<'SQL'
${MYSQL_PROBLEMS}
SQL
)
[ -z "$problems" ] || fail "$problems"
ask >"$scratch/logins" <<'SQL'
${MYSQL_LOGINS}
SQL
each_login() {
  while IFS= read -r key <&5 && IFS= read -r login <&5 && IFS= read -r state <&5 && IFS= read -r statement <&5; do
    password=$(secret "$key")
    "$1"
  done 5<"$scratch/logins"
}
check_login() { check_password "$login" "$password"; }
set_login() {
  # A password is right when it opens a session.
  if [ "$state" = present ] && MYSQL_PWD=$password client "$tls1" "$tls2" --user="$login" --execute='SELECT 1' >/dev/null 2>&1 </dev/null; then return; fi
  printf '%s...;\n' "$statement"
  if [ "$SQL_DRY_RUN" = true ]; then return; fi
  unlock=
  [ "$state" = missing ] || unlock=' ACCOUNT UNLOCK'
  # The client repeats a statement that fails, so only the error itself is shown. MySQL writes <secret> into its logs in place
  # of a password; a variable or prepared statement it would write as it is.
  { printf '%s' "$statement'"; printf '%s' "$password" | sed -e 's/\\/\\\\/g' -e "s/'/\\\\'/g"; printf "'%s;\n" "$unlock"; } |
    as_admin >"$scratch/said" 2>&1 || { grep '^ERROR' "$scratch/said" >&2; fail "the password of $login could not be set"; }
}
each_login check_login
each_login set_login

ask >"$scratch/statements" <<'SQL'
${MYSQL_PLAN}
SQL
if [ -s "$scratch/statements" ]; then
  cat "$scratch/statements"
  if [ "$SQL_DRY_RUN" != true ]; then as_admin <"$scratch/statements"; fi
fi

ask >"$scratch/queries" <<'SQL'
${MYSQL_QUERIES}
SQL
member() { printf "SELECT JSON_UNQUOTE(JSON_EXTRACT(@desired, '$.databases[%s].queries[%s].%s'));\n" "$1" "$2" "$3"; }
while IFS=' ' read -r place number database <&5; do
  if [ "$SQL_DRY_RUN" = true ]; then
    echo "the query $(member "$place" "$number" name | ask), unless its guard holds"
    continue
  fi
  # As a subquery nothing but a question can be asked.
  done=$(printf "SET @guard = CONCAT('SELECT (', JSON_UNQUOTE(JSON_EXTRACT(@desired, '$.databases[%s].queries[%s].unless')), ')'); PREPARE guard FROM @guard; EXECUTE guard;\n" \
    "$place" "$number" | ask --database="$database")
  if [ "$done" = 0 ] || [ "$done" = NULL ]; then
    member "$place" "$number" sql | ask >"$scratch/query"
    cat "$scratch/query"
    as_admin --database="$database" <"$scratch/query"
  fi
done 5<"$scratch/queries"
exec 3>&- 4<&-
wait
echo 'The server is as wanted.'
`;
