// Functions of the programs for both engines.

const FAIL = String.raw`fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
`;

const SECRETS = String.raw`# The name is one of ours, of letters and digits.
secret() { if [ -n "$SQL_SECRETS" ]; then cat "$SQL_SECRETS/$1"; else eval "printf '%s' \"\$SQL_SECRET_$1\""; fi; }
check_password() {
  [ -n "$2" ] || fail "the password of $1 is empty"
  # A carriage return at the end is lost at psql's prompt.
  case $2 in *'
'* | *"$(printf '\r')"*) fail "the password of $1 holds a line break" ;; esac
}
`;

/** Functions for secrets, for a shell that a client starts. */
export const SHELL_SECRETS = FAIL + SECRETS;

/**
 * Environment variables of both programs:
 * SQL_DESIRED: desired state as JSON; SQL_DRY_RUN: `true` or `false`; SQL_MAINTENANCE_DATABASE: database of the first connection;
 * SQL_SECRETS: folder with the passwords, one file each; empty: variables SQL_SECRET_<key>;
 * SQL_CA_FILE, SQL_CA: CA certificates as a file or as PEM text; both empty: the system's CA certificates.
 */
export const SHELL_COMMON = String.raw`set -eu
umask 077
${FAIL}scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# A service of whoever applies would put another server in the place of PGHOST.
unset PGSERVICE
trap 'exit 130' INT
trap 'exit 143' TERM

${SECRETS}authorities() {
  if [ -n "$SQL_CA_FILE" ]; then
    printf '%s' "$SQL_CA_FILE"
  elif [ -n "$SQL_CA" ]; then
    printf '%s\n' "$SQL_CA" > "$scratch/ca.pem"
    printf '%s' "$scratch/ca.pem"
  else
    for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
      if [ -s "$bundle" ]; then printf '%s' "$bundle"; return; fi
    done
  fi
}
`;
