import { EngineFamily } from "../../../../database";
import { JOB_FUNCTIONS, REHEARSAL_FRAME } from "../../../../kubernetes/private";

/**
 * Functions of the frame for a copy that Azure restores. Variables: REHEARSAL_EXCHANGE, REHEARSAL_POLL_SECONDS and
 * REHEARSAL_PAUSE as of the other container; REHEARSAL_SOURCE, name of the source; REHEARSAL_POINT_SECONDS, age of the point in time;
 * REHEARSAL_RESTORE_SECONDS, longest duration of a restore; COPY_ZONE_ID, empty for a private endpoint; JOB_SECRETS.
 */
const AZURE_SOURCE = String.raw`
cd "$REHEARSAL_EXCHANGE"
echo 0 >"$scratch/number"
# azure VERB ARGUMENTS: asks the other container, and prints its answer.
azure() {
  next=$(($(cat "$scratch/number") + 1))
  echo "$next" >"$scratch/number"
  printf '%s %s\n' "$next" "$*" >request.part
  mv request.part request
  asked=$(date +%s)
  until [ -e "answer-$next" ]; do
    if [ "$(($(date +%s) - asked))" -gt 3600 ]; then say 'error: the container azure does not answer'; return 1; fi
    sleep "$REHEARSAL_PAUSE"
  done
  # Not "code", which the frame keeps while it deletes the copy.
  answered=$(cat "answer-$next")
  rm -f "answer-$next"
  cat err >&2
  cat out
  return "$answered"
}
problem_of() { sed -n '$s/^error: //; $p' err | tr '\n' ' '; }
find_backup() {
  earliest=$(azure source) || fail "the server $REHEARSAL_SOURCE cannot be read: $(problem_of)"
  taken=$((started - REHEARSAL_POINT_SECONDS))
  backup="$REHEARSAL_SOURCE at $(date -u -d "@$taken" +%Y-%m-%dT%H:%M:%SZ)"
  [ -n "$earliest" ] || fail "$REHEARSAL_SOURCE has no restore point"
  [ "$earliest" -le "$taken" ] || fail "there is no backup in range: the earliest restore point of $REHEARSAL_SOURCE is $(date -u -d "@$earliest" +%Y-%m-%dT%H:%M:%SZ)"
}
copies() { azure list; }
# expect_time WORDS: false when the restore takes too long.
expect_time() {
  [ "$(($(date +%s) - started))" -le "$REHEARSAL_RESTORE_SECONDS" ] || fail "$1 after $((REHEARSAL_RESTORE_SECONDS / 60)) minutes"
}
make_copy() {
  [ "$1" != "$REHEARSAL_SOURCE" ] || fail 'the copy has the name of the source'
  azure restore "$1" "$taken" || fail "Azure refused the restore: $(problem_of)"
  appeared=
  while :; do
    answer=$(azure state "$1") || fail "the state of the copy cannot be read: $(problem_of)"
    case $answer in
      Ready\ *) break ;;
      absent) [ -z "$appeared" ] || fail 'the restore failed: Azure removed the copy' ;;
      Disabled\ * | Dropping\ * | Failed\ * | Inaccessible\ * | Stopped\ *) fail "the restore failed: the copy is $(printf '%s' "$answer" | cut -d ' ' -f 1)" ;;
      *) appeared=yes ;;
    esac
    expect_time 'the copy is not ready'
    sleep "$REHEARSAL_POLL_SECONDS"
  done
  host=$(printf '%s' "$answer" | cut -d ' ' -f 2)
  login=$(printf '%s' "$answer" | cut -d ' ' -f 3)
  say "the copy is ready: version $(printf '%s' "$answer" | cut -d ' ' -f 4)"
  secret_of_copy=$(head -c 4096 /dev/urandom | tr -dc 'A-Za-z0-9' | cut -c 1-40)aB1-
  [ "$(printf '%s' "$secret_of_copy" | wc -c)" -ge 32 ] || fail 'no password could be made'
  printf '%s' "$secret_of_copy" >password
  azure password "$1" || { rm -f password; fail "the password of the copy cannot be set: $(problem_of)"; }
  rm -f password
  address=
  if [ -z "$COPY_ZONE_ID" ]; then
    azure endpoint "$1" || fail "Azure refused the private endpoint: $(problem_of)"
    while :; do
      address=$(azure address "$1") || fail "the private endpoint cannot be read: $(problem_of)"
      [ -z "$address" ] || break
      expect_time 'the private endpoint has no address'
      sleep "$REHEARSAL_POLL_SECONDS"
    done
  fi
  ca=
  for bundle in $REHEARSAL_CA_FILES; do if [ -s "$bundle" ]; then ca=$bundle; break; fi; done
  connect
  until admin_ping >/dev/null 2>"$scratch/login.log"; do
    [ "$(($(date +%s) - started))" -le "$REHEARSAL_RESTORE_SECONDS" ] || { tail -n 3 "$scratch/login.log" >&2; fail 'the copy takes no login'; }
    sleep "$REHEARSAL_POLL_SECONDS"
  done
}
delete_copy() {
  is_copy "$1" || { say "error: $1 is not the name of a copy"; return 1; }
  azure delete "$1"
}
write_result() {
  cp "$1" result.json
  cat "$1"
  azure record "$2"
}
`;

const POSTGRES_QUERIES = String.raw`
connect() {
  command -v psql >/dev/null || fail 'psql is not installed'
  PGHOST=$host PGUSER=$login PGPASSWORD=$secret_of_copy PGSSLMODE=verify-full PGSSLROOTCERT=$ca PGCONNECT_TIMEOUT=15
  export PGHOST PGUSER PGPASSWORD PGSSLMODE PGSSLROOTCERT PGCONNECT_TIMEOUT
  if [ -n "$address" ]; then PGHOSTADDR=$address; export PGHOSTADDR; fi
}
admin() { psql --no-psqlrc --quiet --tuples-only --no-align --no-password --set=ON_ERROR_STOP=1 "$@"; }
admin_ping() { admin --dbname=postgres --command='SELECT 1'; }
# conninfo DATABASE: a name with an equals sign would be read as a connection string.
conninfo() { printf "dbname='%s'" "$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e "s/'/\\\\'/g")"; }
query() {
  PGOPTIONS='-c default_transaction_read_only=on -c statement_timeout=600000' scratch_secret=$(if [ "$4" = - ]; then echo /dev/null; else echo "$JOB_SECRETS/$4"; fi)
  export PGOPTIONS scratch_secret
  { printf '\\set secret %s\n' '§cat "$scratch_secret"§'; cat "$3"; printf '\n'; } |
    admin --dbname="$(conninfo "$2")" --set=VERBOSITY=terse --file=-
}
`.replaceAll("§", "`");

const MYSQL_QUERIES = String.raw`
connect() {
  command -v mysql >/dev/null || fail 'mysql is not installed'
  MYSQL_PWD=$secret_of_copy
  export MYSQL_PWD
  # A private endpoint without a name: the certificate is checked without its host.
  if [ -n "$address" ]; then target=$address mode=VERIFY_CA; else target=$host mode=VERIFY_IDENTITY; fi
}
admin() {
  mysql --no-defaults --host="$target" --user="$login" --ssl-mode="$mode" --ssl-ca="$ca" --connect-timeout=15 \
    --default-character-set=utf8mb4 --batch --raw --skip-column-names "$@"
}
admin_ping() { admin --execute='SELECT 1'; }
query() {
  {
    printf "SET @secret = CONVERT(x'%s' USING utf8mb4);\n" "$(if [ "$4" != - ]; then secret "$4" | od -An -v -tx1 | tr -d ' \n'; fi)"
    printf 'SET SESSION TRANSACTION READ ONLY;\n'
    printf 'SET SESSION max_execution_time = 600000;\n'
    cat "$3"
    printf '\n;\n'
  } | admin --database="$2"
}
`;

/** Program that rehearses, by engine family. */
export const REHEARSE_SCRIPT: { readonly [family: string]: string } = {
  [EngineFamily.POSTGRES]: `${JOB_FUNCTIONS}${REHEARSAL_FRAME}${AZURE_SOURCE}${POSTGRES_QUERIES}rehearse\n`,
  [EngineFamily.MYSQL]: `${JOB_FUNCTIONS}${REHEARSAL_FRAME}${AZURE_SOURCE}${MYSQL_QUERIES}rehearse\n`,
};

/**
 * Program of the container with the database's client: runs the rehearsal, and tells the other container that it has ended (`done`) or was
 * killed (`lost`), so that no copy is left.
 */
export const SUPERVISOR_SCRIPT = `set -eu
umask 077
sh "$REHEARSAL_CHECKS/rehearse.sh" &
child=$!
trap 'kill -TERM "$child" 2>/dev/null || :' TERM INT
code=0
wait "$child" || code=$?
# A signal ends wait early.
while kill -0 "$child" 2>/dev/null; do code=0; wait "$child" || code=$?; done
case $code in
  [01] | 130 | 143) : >"$REHEARSAL_EXCHANGE/done" ;;
  *) : >"$REHEARSAL_EXCHANGE/lost" ;;
esac
exit "$code"
`;
