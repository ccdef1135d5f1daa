// Passwords: the last section of the PostgreSQL program. It needs the shell's `secret`, `server` (the version as a number) and the file
// `logins` with four lines for each login: the password's key, the name, `present`, `missing`, or where the password has expired
// `expired` or `lapsed` (missing), and a database that the login reaches.

import { LOCK } from "./postgres-statements";

/**
 * A password is right when it opens a session and was asked for. One psql tries all logins; it ends at one that fails, and the next psql
 * begins after it. That a password was asked for is known to the server from PostgreSQL 16 on and to a client of the same version;
 * with older ones, a second try without a password has to fail.
 */
export const POSTGRES_PASSWORDS = String.raw`
# For libpq in quotes, and these for psql in quotes, which takes double quotes away in \connect.
quoted() { case $1 in *[\\\']*) printf '%s' "$1" | sed "s/[\\\\']/\\\\&/g" ;; *) printf '%s' "$1" ;; esac; }
connection() { case $1 in *\"*) quoted "$1" | sed 's/"/""""/g' ;; *) quoted "$1" ;; esac; }
asked=
[ "$client" -lt 16 ] || asked=' require_auth=scram-sha-256,md5,password'
answer="SELECT 'right';"
[ "$server" -lt 160000 ] || answer="SELECT CASE WHEN system_user IS NULL THEN 'trusted' ELSE 'right' END;"
# What the server looks at only after the password.
let_in() {
  case $1 in
    *'permission denied for database'* | *'too many connections for '* | *'is not currently accepting connections'* | *'database "'*'" does not exist'*) ;;
    *) return 1 ;;
  esac
}
# The server looks at pg_hba.conf before the password: this machine is no client of the login.
shut_out() { case $1 in *'no pg_hba.conf entry for '* | *'pg_hba.conf rejects connection'*) ;; *) return 1 ;; esac; }
# A psql program that tries the present logins from a number on.
tries() {
  number=0
  while IFS= read -r key <&5 && IFS= read -r login <&5 && read -r state <&5 && IFS= read -r database <&5; do
    [ "$state" = present ] || continue
    number=$((number + 1))
    [ "$number" -ge "$1" ] || continue
    as="dbname='$(quoted "$database")' user='$(quoted "$login")' password='$(quoted "$(secret "$key")")'$asked"
    printf '%s\n' "\\connect -reuse-previous=off '$(connection "$as")'" "$answer"
  done 5<"$scratch/logins"
}
: >"$scratch/answers"
from=1
while tries "$from" >/dev/null && ! tries "$from" | sql --file=- >"$scratch/tried" 2>"$scratch/password"; do
  answers
  cat "$scratch/tried" >>"$scratch/answers"
  if let_in "$(cat "$scratch/password")"; then echo right; else echo wrong; fi >>"$scratch/answers"
  from=$(($(wc -l <"$scratch/answers") + 1))
done
cat "$scratch/tried" >>"$scratch/answers"

detach=
command -v setsid >/dev/null && detach=setsid
while IFS= read -r key <&5 && IFS= read -r login <&5 && read -r state <&5 && IFS= read -r database <&5; do
  if [ "$state" = expired ]; then continue; fi
  if [ "$state" = present ]; then
    IFS= read -r right <&6
    if [ "$right" = right ] && [ -z "$asked" ] && [ "$server" -lt 160000 ]; then
      # No terminal: psql would ask there. Where any password opens a session, nothing is proved by it.
      said=$( ( unset PGPASSWORD; PGDATABASE=$database PGUSER=$login PGPASSFILE=/dev/null psql --no-psqlrc --no-password --command='SELECT 1' ) 2>&1 </dev/null) && right=trusted
      case $said in *'no password supplied'*) ;; *) right=trusted ;; esac
    fi
    if [ "$right" = right ]; then continue; fi
  fi
  echo "the password of $login"
  if [ "$SQL_DRY_RUN" = true ]; then continue; fi
  password=$(secret "$key")
  # psql makes the verifier, so that neither a statement nor the server's log ever holds the password. It would ask at a terminal.
  if ! printf '%s\n%s\n' "$password" "$password" | $detach psql --no-psqlrc --quiet --tuples-only --no-align --no-password \
    --set=ON_ERROR_STOP=1 --set=login="$login" --file=/dev/fd/3 3<<'SQL' 2>"$scratch/password"; then
SELECT pg_advisory_lock(${LOCK}) IS NULL AS locked \gset
SET password_encryption = 'scram-sha-256';
\password :"login"
SQL
    cat "$scratch/password" >&2
    printf 'the password of %s cannot be set\n' "$login" >>"$scratch/left"
    continue
  fi
  if [ "$state" = lapsed ]; then continue; fi
  said=$(PGDATABASE=$database PGUSER=$login PGPASSWORD=$password psql --no-psqlrc --no-password --command='SELECT 1' 2>&1 </dev/null) || let_in "$said" || {
    if shut_out "$said"; then
      printf 'the password of %s cannot be tested from here, so each run sets it: %s\n' "$login" "$said" >>"$scratch/found"
      continue
    fi
    printf 'the password of %s is set, but does not let it in: %s\n' "$login" "$said" >>"$scratch/left"
  }
done 5<"$scratch/logins" 6<"$scratch/answers"
`;
