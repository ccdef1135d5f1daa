// PgBouncer reloads its configuration on request, and Kubernetes changes mounted files without a notification. This shell program
// starts PgBouncer and requests a reload when a file has changed, so that clients keep their connections, which new pods would close.
// It also stops PgBouncer gracefully. A second signal makes PgBouncer exit at once (main.c), so it sends one only: SIGINT, which waits
// for running transactions.
//
// POSIX shell, for busybox in small images. No `${`, which Terraform would read as a template.

/** Program for `/bin/sh` that runs PgBouncer in a container. */
export const ENTRYPOINT_SCRIPT = String.raw`#!/bin/sh
# Runs PgBouncer: waits for the watched databases, reloads when a file has changed, ends gently.
#   --config FILE          PgBouncer's configuration
#   --program PATH         PgBouncer (default: pgbouncer)
#   --watch PATH           a file or folder whose change means a reload; may be repeated
#   --interval SECONDS     how often to look (default 2)
#   --drain SECONDS        how long to serve on after SIGTERM, while clients move away (default 15)
#   --seed FROM TO         copies FROM to TO unless a leader watch writes TO within --seed-wait; may be repeated
#   --seed-wait SECONDS    (default 10)
set -u
program=pgbouncer config='' interval=2 drain=15 seed_wait=10 watched='' seeds=''
say() { printf 'entrypoint: %s\n' "$*" >&2; }
while [ $# -gt 0 ]; do
  case $1 in
    --config) config=$2; shift 2 ;;
    --program) program=$2; shift 2 ;;
    --watch) watched="$watched $2"; shift 2 ;;
    --interval) interval=$2; shift 2 ;;
    --drain) drain=$2; shift 2 ;;
    --seed) seeds="$seeds $2 $3"; shift 3 ;;
    --seed-wait) seed_wait=$2; shift 2 ;;
    *) say "unknown option $1"; exit 64 ;;
  esac
done
[ -n "$config" ] || { say "--config is missing"; exit 64; }

# A folder of a mounted ConfigMap or Secret holds links into a hidden one, which are followed.
state() {
  for path in $watched; do
    for file in "$path" "$path"/*; do
      [ -f "$file" ] && { printf '%s\n' "$file"; cat "$file"; }
    done
  done 2>/dev/null | cksum
}

seed() {
  # shellcheck disable=SC2086 # pairs of paths, none of which has a space
  set -- $seeds
  waited=0
  while [ $# -gt 1 ]; do
    while [ ! -e "$2" ] && [ "$waited" -lt "$seed_wait" ]; do
      sleep 1
      waited=$((waited + 1))
    done
    # The watch may write the file in this very moment: never over it.
    (set -C; cat "$1" > "$2") 2>/dev/null && say "no leader is known yet for $2: the configured server is used"
    shift 2
  done
}

pid=
ending=
trap 'ending=yes' TERM INT
[ -z "$seeds" ] || seed
[ -z "$ending" ] || exit 0
before=$(state)
seen=$before
"$program" "$config" &
pid=$!
while kill -0 "$pid" 2>/dev/null; do
  sleep "$interval" &
  wait $! 2>/dev/null
  if [ -n "$ending" ]; then
    trap '' TERM INT
    say "ending: serving on for $drain s, then until running transactions have ended"
    sleep "$drain"
    kill -INT "$pid" 2>/dev/null
    break
  fi
  # Files change one after the other, so it waits until they are at rest. Before 1.24 each reload renews all connections to
  # servers with TLS, and a second one ends those that are just logging in, and with them the clients that wait for them.
  now=$(state)
  if [ "$now" != "$before" ] && [ "$now" = "$seen" ]; then
    before=$now
    say "the configuration has changed: reloading"
    kill -HUP "$pid" 2>/dev/null
  fi
  seen=$now
done
wait "$pid"
code=$?
[ -z "$ending" ] || exit 0
exit "$code"
`;
