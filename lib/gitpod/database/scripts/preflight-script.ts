// Gitpod's own check connects, asks for the version and warns at anything but 5.7. This one looks at all that Gitpod needs, with the
// secret that Gitpod gets, and says all that is wrong at once: POSIX sh and the mysql client (MySQL's or MariaDB's).

/**
 * Reads GITPOD_SECRET (the folder with the secret's keys), GITPOD_CA (the file with the authorities; empty: no TLS), GITPOD_DATABASES
 * and GITPOD_MYSQL (lists with spaces: what has to be there, and the release series that are accepted; empty: any), GITPOD_TRIES
 * and GITPOD_PAUSE (how often, and after how many seconds, a server that does not answer is asked again).
 */
export const PREFLIGHT_SCRIPT = String.raw`set -eu
umask 077
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
wrong=0
problem() { printf 'error: %s\n' "$*" >&2; wrong=1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
command -v mysql >/dev/null || fail 'the mysql client is not installed'

key() {
  [ -s "$GITPOD_SECRET/$1" ] || fail "the secret has no $1"
  cat "$GITPOD_SECRET/$1"
}
host=$(key host)
port=$(key port)
user=$(key username)
password=$(key password)
key encryptionKeys >/dev/null
case $password in
  *[!A-Za-z0-9]*) fail 'the password has other characters than letters and digits; Gitpod hands it to a shell without quotes' ;;
esac

if [ -z "$GITPOD_CA" ]; then
  case "$(mysql --version)" in
    *MariaDB*) set -- --skip-ssl ;;
    *) set -- --ssl-mode=DISABLED ;;
  esac
else
  [ -s "$GITPOD_CA" ] || fail 'the secret with the certificate authorities has no ca.crt'
  case "$(mysql --version)" in
    *MariaDB*) set -- "--ssl-ca=$GITPOD_CA" --ssl-verify-server-cert ;;
    *) set -- --ssl-mode=VERIFY_IDENTITY "--ssl-ca=$GITPOD_CA" ;;
  esac
fi
tls1=$1
tls2=${"$"}(if [ $# -gt 1 ]; then printf '%s' "$2"; else printf '%s' --batch; fi)
ask() {
  MYSQL_PWD=$password command mysql --no-defaults --protocol=tcp --host="$host" --port="$port" --user="$user" --connect-timeout=10 \
    --default-character-set=utf8mb4 --batch --raw --skip-column-names "$tls1" "$tls2" --execute="$1" 2>"$scratch/said" </dev/null
}
said() { grep '^ERROR' "$scratch/said" || cat "$scratch/said"; }
# Once it has answered, it has to go on answering.
look() { ask "$1" || fail "the server at $host stopped answering: $(said)"; }

tries=$GITPOD_TRIES
until ask 'SELECT 1' >/dev/null; do
  case "$(said)" in
    # The server is there and will not think better of it.
    *'ERROR 1045'*|*'ERROR 1698'*) fail "the server refuses the login $user: $(said)" ;;
    *'ERROR 1251'*|*'ERROR 2059'*) fail "the client does not know the login's kind of password: $(said)" ;;
    *'ERROR 2061'*) fail "the password of $user is kept for caching_sha2_password, and Gitpod knows mysql_native_password only: $(said)" ;;
    *'ERROR 2026'*) fail "TLS with $host fails, its certificate is not signed by the given authorities or does not name it: $(said)" ;;
    *'ERROR 3159'*) fail "the server refuses connections without TLS: $(said)" ;;
  esac
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || fail "the server cannot be reached at $host, port $port: $(said)"
  sleep "$GITPOD_PAUSE"
done

if [ -n "$GITPOD_CA" ]; then
  cipher=$(look "SHOW SESSION STATUS LIKE 'Ssl_cipher'")
  case "$cipher" in *_cipher?*[A-Z]*) ;; *) problem 'the connection is not encrypted' ;; esac
fi

version=$(look 'SELECT VERSION()')
if [ -n "$GITPOD_MYSQL" ]; then
  series=$(printf '%s' "$version" | cut -d. -f1,2)
  case " $GITPOD_MYSQL " in
    *" $series "*) ;;
    *) problem "the server is of version $version; Gitpod is to run with $GITPOD_MYSQL" ;;
  esac
fi

flag=$(look 'SELECT @@explicit_defaults_for_timestamp')
case $flag in
  0|OFF) ;;
  *) problem "explicit_defaults_for_timestamp is $flag and has to be OFF; a server that was just told has to be restarted on RDS" ;;
esac

# One that the login has no rights in is not shown either.
for database in $GITPOD_DATABASES; do
  charset=$(look "SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '$database'")
  case $charset in
    utf8mb4) ;;
    '') problem "the database $database does not exist, or $user may not use it" ;;
    *) problem "the database $database has the character set $charset; Gitpod needs utf8mb4" ;;
  esac
done

# Gitpod's driver for Node knows the old kind of password only; the client here knows both.
case "$(ask 'SHOW CREATE USER CURRENT_USER()' || true)" in
  *caching_sha2_password*|*sha256_password*)
    problem "the password of $user is kept for caching_sha2_password, and Gitpod knows mysql_native_password only" ;;
esac

[ "$wrong" = 0 ] || exit 1
printf 'The database is as Gitpod needs it: %s, %s.\n' "$version" "$GITPOD_DATABASES"
`;
