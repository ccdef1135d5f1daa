/**
 * Functions of the programs of jobs that back up and rehearse. POSIX shell for dash, bash and busybox; no `${`, which Terraform would
 * read as a template. JOB_SECRETS: folder with the secrets, one file each.
 */
export const JOB_FUNCTIONS = String.raw`set -eu
umask 077
LC_ALL=C
export LC_ALL
say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2; }
scratch=$(mktemp -d)
fail() {
  printf '%s\n' "$*" >>"$scratch/reason"
  say "error: $*"
  exit 1
}
secret() { cat "$JOB_SECRETS/$1"; }
json() { printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g'; }
# field FILE NAME: a text or number of a line of our own JSON.
field() { sed -n "s/^ *\"$2\": \"\{0,1\}\([^\"]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$1" | sed 's/,$//'; }
# A moment as YYYYMMDDTHHMMSSZ, which sorts by time.
moment() { date -u -d "@$1" +%Y%m%dT%H%M%SZ; }
# Runs a program so that a signal is handled at once: the shell waits with traps before a program of the foreground ends.
child=
waited() {
  "$@" &
  child=$!
  wait "$child"
}
`;
