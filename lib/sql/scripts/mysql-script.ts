// The program that brings a MySQL server to the desired state: POSIX sh and the mysql client (MySQL's or MariaDB's).
// MySQL creates users and databases outside of transactions, so every statement is idempotent: an interrupted run can be repeated.

import { MYSQL_CLIENT } from "./mysql-client";
import {
  MYSQL_EXCESS,
  MYSQL_LOGINS,
  MYSQL_NOTES,
  MYSQL_PLAN,
  MYSQL_PROBLEMS,
  MYSQL_QUERIES,
} from "./mysql-plan";
import { MYSQL_TABLES, mysqlText } from "./mysql-text";
import { SHELL_COMMON } from "./shell-common";

/**
 * Reads MYSQL_HOST, MYSQL_TCP_PORT, SQL_USER (the administrator), SQL_TLS_MODE (as libpq names it) and the variables that
 * `SHELL_COMMON` names. Drops nothing. Needs MySQL 5.7 or MariaDB 10.4, or later.
 */
export const MYSQL_SCRIPT = String.raw`${SHELL_COMMON}
${MYSQL_CLIENT}${MYSQL_TABLES}
hexadecimal() { od -An -v -tx1 | tr -d ' \n'; }
# As hexadecimal digits no value can be read as anything but a value.
desired=$(printf '%s' "$SQL_DESIRED" | od -An -v -tx1 | tr -d ' \n')
ask() { { printf "SET @desired = CONVERT(x'%s' USING utf8mb4);\n" "$desired"; cat; } | as_admin "$@"; }

replica=$(printf 'SELECT @@global.read_only;\n' | as_admin)
if [ "$replica" != 0 ]; then
  echo 'This server is read-only, as a replica is; what is on it comes from its source. Nothing was done.'
  exit 0
fi

# One run at a time. A session of its own holds the lock and ends when no process has its input open any more: this program and
# what it starts, so a run that is killed lets go only when its last statement is done.
mkfifo "$scratch/ask" "$scratch/answer"
as_admin --unbuffered <"$scratch/ask" >"$scratch/answer" &
exec 3>"$scratch/ask" 4<"$scratch/answer"
printf "SET SESSION wait_timeout = 604800;\nSELECT GET_LOCK('devplatforms', 120);\n" >&3
read -r locked <&4 || locked=
[ "$locked" = 1 ] || fail 'another run holds the lock for more than two minutes'

problems=$(ask <<SQL
${mysqlText(MYSQL_PROBLEMS)}
SQL
)
[ -z "$problems" ] || fail "$problems"
logins() {
  ask >"$scratch/logins" <<SQL
${mysqlText(MYSQL_LOGINS)}
SQL
}
excess() {
  ask <<SQL
${mysqlText(MYSQL_EXCESS)}
SQL
}
missing() {
  ask <<SQL
${mysqlText(MYSQL_PLAN)}
SQL
}
each_login() {
  while IFS= read -r key <&5 && IFS= read -r login <&5 && IFS= read -r host <&5 && IFS= read -r state <&5 &&
    IFS= read -r statement <&5 && IFS= read -r options <&5; do
    password=$(secret "$key")
    "$1"
  done 5<"$scratch/logins"
}
check_login() { check_password "$login" "$password"; }

# What failed; the rest is done all the same, and the run fails at its end.
: >"$scratch/failed"
perform() {
  [ -s "$1" ] || return 0
  cat "$1"
  if [ "$SQL_DRY_RUN" = true ]; then return 0; fi
  sed 1q "$1" | as_admin 2>"$scratch/said" || :
  waited
  sed 1d "$1" | as_admin --force 2>"$scratch/said" || :
  waited
}
# What has waited for a lock in vain shortens the wait of the others.
waited() {
  grep '^ERROR' "$scratch/said" >>"$scratch/failed" || return 0
  if grep -q '^ERROR 1205' "$scratch/said"; then mode="$mode, SESSION lock_wait_timeout = 2"; fi
}

opens() {
  MYSQL_PWD=$password client "$tls1" "$tls2" --user="$1" --execute='SELECT CURRENT_USER()' 2>"$scratch/refused" </dev/null || :
}
# A password is right when it opens a session of this very account. Where another account of the name answers, or this machine is no
# host of the account, the account's hash is tried with an account without privileges for this machine.
# Prints right, wrong, or unknown, such as without TLS, where an account that requires it cannot be tried.
password_of_login() {
  [ "$(opens "$login")" != "$login@$host" ] || { echo right; return; }
  printf "DROP USER IF EXISTS $probe;
    SET @create = (SELECT CONCAT('CREATE USER devplatforms_probe@', QUOTE(SUBSTRING_INDEX(USER(), '@', -1)), ' IDENTIFIED WITH ', plugin, ' AS ', QUOTE(authentication_string)) FROM mysql.user
      WHERE BINARY User = CONVERT(x'%s' USING utf8) AND BINARY Host = CONVERT(x'%s' USING utf8) AND authentication_string <> '');
    PREPARE create_probe FROM @create; EXECUTE create_probe;\n" \
    "$(printf '%s' "$login" | hexadecimal)" "$(printf '%s' "$host" | hexadecimal)" | as_admin >/dev/null 2>&1 || { echo unknown; return; }
  if [ -n "$(opens devplatforms_probe)" ]; then echo right
  elif grep -q '^ERROR 1045' "$scratch/refused"; then echo wrong
  else echo unknown; fi
  printf "DROP USER IF EXISTS $probe;\n" | as_admin >/dev/null 2>&1 || :
}
probe="devplatforms_probe@'$(printf "SELECT SUBSTRING_INDEX(USER(), '@', -1);\n" | as_admin)'"
: >"$scratch/changed"
: >"$scratch/untested"
: >"$scratch/refused"
# Those of runs that ended before they dropped them.
if [ "$SQL_DRY_RUN" != true ]; then
  printf "SELECT CONCAT('DROP USER ', QUOTE(User), '@', QUOTE(Host), ';') FROM mysql.user WHERE User = 'devplatforms_probe';\n" | as_admin >"$scratch/statements"
  [ ! -s "$scratch/statements" ] || as_admin <"$scratch/statements"
fi
set_login() {
  if [ "$state" = present ] && [ "$(password_of_login)" = right ]; then return; fi
  printf '%s...%s;\n' "$statement" "$options"
  if [ "$SQL_DRY_RUN" = true ]; then return; fi
  printf '%s\n' "$key" >>"$scratch/changed"
  # The client repeats a statement that fails, so only the error itself is shown. MySQL writes <secret> into its logs in place
  # of a password; a variable or prepared statement it would write as it is.
  { printf '%s' "$statement'"; printf '%s' "$password" | sed -e 's/\\/\\\\/g' -e "s/'/\\\\'/g"; printf "'%s;\n" "$options"; } |
    as_admin >"$scratch/said" 2>&1 || { waited; echo "the password of $login could not be set" >>"$scratch/failed"; }
}
look_at_login() {
  [ "$state" = present ] || { echo "the login $login is still $state" >>"$scratch/failed"; return; }
  # The others were looked at already.
  if grep -qx "$key" "$scratch/changed"; then
    case $(password_of_login) in
      wrong) echo "the password of $login is still another" >>"$scratch/failed" ;;
      unknown) echo "the password of $login cannot be tested from here, so each run sets it: $(tail -n 1 "$scratch/refused")" >>"$scratch/untested" ;;
    esac
  fi
}

logins
each_login check_login
excess >"$scratch/statements"
perform "$scratch/statements"
each_login set_login
missing >"$scratch/statements"
perform "$scratch/statements"

ask >"$scratch/queries" <<SQL
${mysqlText(MYSQL_QUERIES)}
SQL
unhex() { printf "SELECT CONVERT(x'%s' USING utf8mb4);\n" "$1" | as_admin; }
while IFS=' ' read -r database name guard query <&5; do
  if [ "$SQL_DRY_RUN" = true ]; then
    echo "the query $(unhex "$name"), unless its guard holds"
    continue
  fi
  # As a subquery nothing but a question can be asked.
  done=$(printf "SET @guard = CONCAT('SELECT (', CONVERT(x'%s' USING utf8mb4), ')'); PREPARE guard FROM @guard; EXECUTE guard;\n" "$guard" |
    as_admin --database="$database" 2>"$scratch/said") || { done=error; sed "s/^/the guard of a query in $database: /" "$scratch/said" >>"$scratch/failed"; }
  if [ "$done" = 0 ] || [ "$done" = NULL ]; then
    unhex "$query" >"$scratch/query"
    cat "$scratch/query"
    as_admin --database="$database" <"$scratch/query" 2>"$scratch/said" ||
      { grep '^ERROR' "$scratch/said" || :; echo "the query $(unhex "$name") in $database failed"; } >>"$scratch/failed"
  fi
done 5<"$scratch/queries"

# A run that says "as wanted" has looked: everything is planned once more.
if [ "$SQL_DRY_RUN" != true ]; then
  { excess; missing; } | sed 's/^/still to be done: /' >>"$scratch/failed"
  logins
  each_login look_at_login
fi
notes=$(ask <<SQL
${mysqlText(MYSQL_NOTES)}
SQL
)
{ [ -z "$notes" ] || printf '%s\n' "$notes"; cat "$scratch/untested"; } | sed 's/^/note: /'
exec 3>&- 4<&-
wait
[ ! -s "$scratch/failed" ] || fail "$(cat "$scratch/failed")"
if [ "$SQL_DRY_RUN" = true ]; then exit 0; fi
echo 'The server is as wanted.'
`;
