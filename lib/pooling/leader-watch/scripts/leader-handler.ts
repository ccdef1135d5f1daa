// Handler of leader changes of a database cluster, in POSIX shell. In Kubernetes it runs beside PgBouncer and polls Consul or
// Patroni; with GitLab's Linux package Consul runs it as the handler of a watch. It decides from the whole answer, not from the event,
// so it can run at any time and repeatedly.
//
// It moves PgBouncer only when exactly one instance leads. Two leaders are a split brain: the database is closed, since rows written
// to the wrong leader would be lost. Without a leader, new transactions are held. Without an answer nothing changes, because a pooler
// that cannot reach Consul, or whose token lost its rights, must not close the database: Consul answers such a token with an empty
// list, with the header X-Consul-Results-Filtered-By-ACLs if the token exists, and without it for the anonymous token
// (hashicorp/consul, agent/agent_endpoint.go, read 2026-11).
//
// No `${`: TypeScript and Terraform would read it as a template.

import { PGBOUNCER_FUNCTIONS } from "../../pgbouncer/scripts/pgbouncer-functions";
import { EVENT_FUNCTIONS } from "./event-functions";
import { INSTANCES_AWK } from "./json-instances";

/** Exit codes of the leader watch program. */
export const LEADER_EXIT_CODES = {
  /** PgBouncer uses the leader. */
  done: 0,
  /** The answer could not be read. */
  unreadable: 2,
  /** Several instances lead: the database is cut off. */
  splitBrain: 3,
  /** No instance leads. */
  noLeader: 4,
  /** PgBouncer could not be told. */
  notTold: 5,
  /** Neither Consul nor any member answered: nothing was changed. */
  noAnswer: 6,
  /** The program was called wrongly. */
  usage: 64,
} as const;

/** Program for `/bin/sh` that makes PgBouncer follow the leader of one database's cluster. */
export const LEADER_HANDLER_SCRIPT = String.raw`#!/bin/sh
# Makes PgBouncer follow the leader of a database cluster.
#   leader-handler handle [OPTIONS]   reads Consul's answer about the service from standard input (a Consul watch's handler)
#   leader-handler consul [OPTIONS]   asks Consul, again and again
#   leader-handler patroni [OPTIONS]  asks the members' Patroni, again and again
# Options:
#   --database NAME       the database as clients of PgBouncer name it
#   --ini FILE            the file with the database's line, which PgBouncer includes
#   --template FILE       where the line comes from (default: the file itself, changed in place)
#   --host H --port P --user U --psql PATH    PgBouncer's console
#   --tags A,B            an instance leads when it has one of these tags (default: every healthy instance leads)
#   --from address|node   whether the host is the service's address or the node's name (default: address)
#   --pause SECONDS       how long running transactions may take to end before they are cut off (default 5)
#   --no-hold             do not let new transactions wait while there is no leader
#   --url U --service S --datacenter D --token-file F   Consul
#   --member HOST:PORT=URL   a member of the cluster and its Patroni; repeated
#   --ca-file F           who signs the certificates of Consul or Patroni
#   --interval SECONDS    between two rounds (default 1);  --wait SECONDS  how long Consul may hold an answer back (default 30)
#   --once                one round only
#   --retry SECONDS       how long a failed or killed "handle" is repeated in the background (default 600)
# Ends with 0 done, 2 answer not readable, 3 split brain, 4 no leader, 5 PgBouncer not told, 6 no answer, 64 usage.
set -u
LC_ALL=C; export LC_ALL
mode=none; [ $# -eq 0 ] || { mode=$1; shift; }
database='' ini='' template='' console_host=127.0.0.1 console_port=6432 console_user=pgbouncer psql=psql
tags='' from=address pause=5 hold=yes url='' service='' datacenter='' token_file='' members='' ca_file=''
interval=1 wait=30 once='' retry=600 event='' parent='' script=$0
say() { printf '%s leader of %s: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$database" "$*" >&2; }
while [ $# -gt 0 ]; do
  case $1 in
    --no-hold) hold=; shift; continue ;;
    --once) once=yes; shift; continue ;;
  esac
  [ $# -gt 1 ] || { say "$1 needs a value"; exit 64; }
  case $1 in
    --database) database=$2 ;;
    --ini) ini=$2 ;;
    --template) template=$2 ;;
    --host) console_host=$2 ;;
    --port) console_port=$2 ;;
    --user) console_user=$2 ;;
    --psql) psql=$2 ;;
    --tags) tags=$2 ;;
    --from) from=$2 ;;
    --pause) pause=$2 ;;
    --url) url=$2 ;;
    --service) service=$2 ;;
    --datacenter) datacenter=$2 ;;
    --token-file) token_file=$2 ;;
    --member) members="$members $2" ;;
    --ca-file) ca_file=$2 ;;
    --interval) interval=$2 ;;
    --wait) wait=$2 ;;
    --retry) retry=$2 ;;
    --event) event=$2 ;;
    --parent) parent=$2 ;;
    *) say "unknown option $1"; exit 64 ;;
  esac
  shift 2
done
if [ -z "$database" ] || [ -z "$ini" ]; then say "--database and --ini are needed"; exit 64; fi
[ -n "$template" ] || template=$ini

@PGBOUNCER@

# Reads lines "host port", one per leader.
decide() {
  leaders=$(sort -u)
  count=$(printf '%s' "$leaders" | awk 'END { print NR }')
  lock "$ini" || return 5
  # While this one waited, a newer event may have been handled.
  if [ -n "$event" ] && ! is_newest; then unlock "$ini"; say "a newer answer has come: this one is left alone"; return 0; fi
  case $count in
    0) say "no instance leads"; [ -z "$hold" ] || stop pause; result=4 ;;
    1)
      # shellcheck disable=SC2086 # host and port
      follow $leaders; result=$? ;;
    *) say "SPLIT BRAIN, several instances lead: $(printf '%s' "$leaders" | tr '\n' ',')"; stop kill; result=3 ;;
  esac
  unlock "$ini"
  return "$result"
}

# --- the sources -----------------------------------------------------------------------------------------------------

instances() {
  awk -v tags="$tags" -v from="$from" '@AWK@'
}

handle() {
  found=$(instances) && read_well=0 || read_well=$?
  case $read_well in
    0) ;;
    6) say "the answer has no instance at all, as that for a token without rights: nothing is changed"; return 6 ;;
    *) say "the answer cannot be read"; return 2 ;;
  esac
  printf '%s\n' "$found" | sed '/^$/d' | decide
}

@EVENTS@

# get URL BODY HEADERS SECONDS [TOKEN]: prints the HTTP status, or 000.
if command -v curl > /dev/null 2>&1; then
  # shellcheck disable=SC2086 # an option and its value, or nothing
  get() {
    if [ -n "$5" ]; then printf 'header = "X-Consul-Token: %s"\n' "$5"; fi |
      curl --silent --output "$2" --dump-header "$3" --max-time "$4" --write-out '%{http_code}' \
        --noproxy '*' --config - $ca_option "$1" 2>/dev/null
  }
  ca_option=
  [ -z "$ca_file" ] || ca_option="--cacert $ca_file"
else
  # The wget of busybox does not check certificates, and in some builds its own timeout makes it crash.
  case "$url$members" in
    *https://*) say "curl is needed for https: this image has only wget, which does not check certificates"; exit 64 ;;
  esac
  get() {
    if [ -n "$5" ]; then
      timeout "$4" wget -S -Y off --header "X-Consul-Token: $5" -O "$2" "$1" 2> "$3"
    else
      timeout "$4" wget -S -Y off -O "$2" "$1" 2> "$3"
    fi
    awk '/HTTP\/[0-9.]+ [0-9]+/ { match($0, /HTTP\/[0-9.]+ [0-9]+/); split(substr($0, RSTART, RLENGTH), part, " "); code = part[2] }
      END { print code == "" ? "000" : code }' "$3"
  }
fi

# header FILE NAME
header() {
  awk -v name="$2" 'BEGIN { name = tolower(name) ":" }
    { line = $0; gsub(/\r/, "", line); sub(/^[ \t]+/, "", line)
      if (index(tolower(line), name) == 1) { found = substr(line, length(name) + 1); gsub(/^[ \t]+|[ \t]+$/, "", found) } }
    END { print found }' "$1"
}

# One blocking query; index holds where we are. Rules: Consul's documentation, "Blocking Queries".
ask_consul() {
  query="wait=$wait""s"
  [ "$index" = 0 ] || query="$query&index=$index"
  [ -z "$datacenter" ] || query="$query&dc=$datacenter"
  token=
  [ -z "$token_file" ] || token=$(cat "$token_file")
  # Consul adds up to a sixteenth of the wait.
  status=$(get "$url/v1/health/service/$service?$query" "$ini.body.$$" "$ini.headers.$$" $((wait + wait / 16 + 10)) "$token") || status=000
  if [ "$status" != 200 ]; then
    say "Consul answers $status: nothing is changed"
    index=0
    return 6
  fi
  if [ "$(header "$ini.headers.$$" X-Consul-KnownLeader)" = false ]; then
    say "Consul has no leader of its own, so its answer may be old: nothing is changed"
    index=0
    return 6
  fi
  if [ "$(header "$ini.headers.$$" X-Consul-Results-Filtered-By-ACLs)" = true ]; then
    say "Consul left results out by its ACLs, so its answer may lack the leader: nothing is changed; check the token's policy"
    index=0
    return 6
  fi
  new=$(header "$ini.headers.$$" X-Consul-Index)
  # An index that is no number, below 1 or going backwards starts anew.
  case $new in
    '' | *[!0-9]*) index=0 ;;
    *) if [ "$new" -lt 1 ] || [ "$new" -lt "$index" ]; then index=0; else index=$new; fi ;;
  esac
  handle < "$ini.body.$$"
  result=$?
  # What failed is to be tried again soon, not when the next change comes.
  case $result in 2 | 5 | 6) index=0 ;; esac
  return "$result"
}

ask_patroni() {
  answered='' found=''
  for member in $members; do
    # Patroni says 200 only on the member that runs as the leader and holds the lock.
    # A subshell of its own, since a wrong answer of one member must not hide those of others.
    address=$(printf '%s' "$member" | sed 's/=.*//')
    status=$(get "$(printf '%s' "$member" | sed 's/^[^=]*=//')/primary" /dev/null "$ini.headers.$$" 2 "") || status=000
    case $status in
      000) ;;
      200) answered=yes; found="$found $address" ;;
      *) answered=yes ;;
    esac
  done
  if [ -z "$answered" ]; then
    say "no member's Patroni answers: nothing is changed"
    return 6
  fi
  for address in $found; do printf '%s\n' "$address"; done | sed 's/:\([0-9]*\)$/ \1/' | decide
}

clean() { rm -f "$ini.body.$$" "$ini.headers.$$" "$ini.new.$$" "$ini.put.$$" "$ini.note.$$"; }
trap 'clean; exit 143' TERM
trap 'clean; exit 130' INT
index=0
case $mode in
  handle) handle_event; result=$?; clean; exit "$result" ;;
  guard) guard; result=$?; clean; exit "$result" ;;
  consul) if [ -z "$url" ] || [ -z "$service" ]; then say "--url and --service are needed"; exit 64; fi ;;
  patroni) [ -n "$members" ] || { say "--member is needed"; exit 64; } ;;
  *) say "the first word is handle, consul or patroni"; exit 64 ;;
esac

# One program polls for a database in a pod: a lock at its start is that of its killed predecessor, whose work it goes on with.
[ -n "$once" ] || rm -rf "$ini.lock" "$ini".body.* "$ini".headers.* "$ini".new.* "$ini".put.*
while :; do
  "ask_$mode"
  result=$?
  if [ -n "$once" ]; then clean; exit "$result"; fi
  # An immediate answer must not make a busy loop.
  sleep "$interval" &
  wait $!
done
`
  .replace("@EVENTS@", () => EVENT_FUNCTIONS)
  .replace("@PGBOUNCER@", () => PGBOUNCER_FUNCTIONS)
  .replace("@AWK@", () => INSTANCES_AWK);
