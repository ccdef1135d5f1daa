/**
 * The administrator's connection to a MySQL server, for programs that begin with `SHELL_COMMON`. Reads MYSQL_HOST, MYSQL_TCP_PORT, SQL_USER
 * (the administrator) and SQL_TLS_MODE (as libpq names it).
 */
export const MYSQL_CLIENT = String.raw`command -v mysql >/dev/null || fail 'the mysql client is not installed'
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
# Set here, so that a server with other defaults reads quotes and backslashes as they are meant, leaves out no row, commits each
# statement, and ends the wait for a lock, which would last a year. It does not end that of GRANT for the lock of a backup:
# https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_lock_wait_timeout
mode="SET SESSION sql_mode = '', SESSION group_concat_max_len = 65536, SESSION autocommit = 1, SESSION lock_wait_timeout = 30, SESSION sql_big_selects = 1, SESSION sql_select_limit = 18446744073709551615 /*!80000 , SESSION max_execution_time = 0 */ /*M!100400 , SESSION max_statement_time = 0 */"
client() {
  command mysql --no-defaults --protocol=tcp --host="$MYSQL_HOST" --port="$MYSQL_TCP_PORT" --connect-timeout=10 \
    --default-character-set=utf8mb4 --batch --raw --skip-column-names --comments --init-command="$mode" "$@"
}
tls1=$1
tls2=${"$"}(if [ $# -gt 1 ]; then printf '%s' "$2"; else printf '%s' --batch; fi)
as_admin() { MYSQL_PWD=$admin client "$tls1" "$tls2" --user="$SQL_USER" "$@"; }
admin=$(secret admin)
`;
