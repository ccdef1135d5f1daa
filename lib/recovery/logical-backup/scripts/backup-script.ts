// The program of a logical backup. It streams each dump to the store under a temporary name, reads it back, and lets it count only when
// it is whole: the manifest is written last. So a run that is killed at any moment leaves no backup that looks like one.

import { MYSQL_DUMP, POSTGRES_DUMP } from "./dump-functions";
import { STORE_FUNCTIONS } from "./store-functions";

const MAIN = String.raw`
stamp=$(moment "$(date +%s)")
written=
finish() {
  code=$?
  trap '' INT TERM
  # Objects of a run that failed; those of other runs have other folders.
  if [ -z "$written" ] && [ -e "$scratch/started" ]; then
    while read -r file database; do
      for object in "$file.partial" "$file"; do
        rclone deletefile "$(in_data "$stamp/$object")" >/dev/null 2>&1 || :
      done
    done <"$scratch/databases"
    rclone deletefile "$(in_data "$stamp/roles.sql")" >/dev/null 2>&1 || :
  fi
  rm -rf "$scratch"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
open_store
connect
printf '%s\n' "$BACKUP_DATABASES" | sed '/^$/d' >"$scratch/databases"
read -r _ first <"$scratch/databases" || fail 'there is no database to back up'
versions "$first"

# One run at a time: the session holds the lock until this program and what it starts have ended.
mkfifo "$scratch/ask" "$scratch/answer"
lock_session "$first" <"$scratch/ask" >"$scratch/answer" 2>"$scratch/lock.log" &
exec 3>"$scratch/ask" 4<"$scratch/answer"
lock_question >&3
read -r locked <&4 || { cat "$scratch/lock.log" >&2; fail 'the session with the lock ended'; }
is_locked "$locked" || fail "another run of $BACKUP_NAME is in progress"

: >"$scratch/started"
began=$(date +%s)
say "backup $stamp of $BACKUP_NAME begins: server $server_version, client $client_version"

# back_up FILE DATABASE: the dump under a temporary name, then the same object read back.
back_up() {
  work=$scratch/of-$1
  mkdir "$work"
  mkfifo "$work/sum.pipe" "$work/size.pipe" "$work/back.pipe"
  sha256sum <"$work/sum.pipe" >"$work/sum" &
  wc -c <"$work/size.pipe" >"$work/size" &
  { dump "$2" "$work" || : >"$work/dump.failed"; } |
    { tee "$work/sum.pipe" "$work/size.pipe" || : >"$work/dump.failed"; } |
    rclone rcat "$(in_data "$stamp/$1.partial")" || : >"$work/upload.failed"
  wait
  [ ! -e "$work/dump.failed" ] || { echo "the dump of $2 ended early"; return; }
  [ ! -e "$work/upload.failed" ] || { echo "the upload of $2 failed"; return; }
  size=$(tr -d ' ' <"$work/size")
  [ "$size" -ge "$BACKUP_MINIMUM_BYTES" ] ||
    { echo "the dump of $2 has $size bytes, fewer than $BACKUP_MINIMUM_BYTES"; return; }
  sha256sum <"$work/back.pipe" >"$work/back" &
  { rclone cat "$(in_data "$stamp/$1.partial")" || : >"$work/read.failed"; } |
    tee "$work/back.pipe" | { check_dump || : >"$work/check.failed"; cat >/dev/null; }
  wait
  [ ! -e "$work/read.failed" ] || { echo "the dump of $2 cannot be read back"; return; }
  [ ! -e "$work/check.failed" ] || { echo "the dump of $2 is not whole"; return; }
  [ "$(sed 's/ .*//' "$work/sum")" = "$(sed 's/ .*//' "$work/back")" ] ||
    { echo "the dump of $2 differs from that which was sent"; return; }
  # A copy and a deletion: what a store makes of a rename as well. Where the store keeps objects for a time, the temporary one stays.
  rclone copyto "$(in_data "$stamp/$1.partial")" "$(in_data "$stamp/$1")" ||
    { echo "the dump of $2 could not be given its name"; return; }
  rclone deletefile "$(in_data "$stamp/$1.partial")" 2>/dev/null ||
    say "note: $stamp/$1.partial could not be deleted; the store may retain objects"
  [ -n "$(rclone lsf "$(in_data "$stamp/$1")")" ] || { echo "the dump of $2 is not in the store"; return; }
  printf '    {"file": "%s", "database": "%s", "bytes": %s, "sha256": "%s"}\n' \
    "$1" "$(json "$2")" "$size" "$(sed 's/ .*//' "$work/sum")" >"$scratch/done-$1"
}
# All at the same time, so that the databases of an application are of nearly the same moment.
pids=
while read -r file database <&5; do
  back_up "$file" "$database" >"$scratch/problem-$file" 3>&- 4<&- 5<&- &
  pids="$pids $!"
done 5<"$scratch/databases"
for pid in $pids; do wait "$pid" || : >"$scratch/broken"; done
problems=$(cat "$scratch"/problem-*)
[ -z "$problems" ] || fail "$problems"
[ ! -e "$scratch/broken" ] || fail 'a dump ended without a result'

roles=no
if [ "$BACKUP_ROLES" = true ]; then
  if dump_roles "$first" >"$scratch/roles.sql" 2>"$scratch/roles.log" && [ -s "$scratch/roles.sql" ]; then
    rclone rcat "$(in_data "$stamp/roles.sql")" <"$scratch/roles.sql" || fail 'the upload of the roles failed'
    roles=yes
  else
    say "note: the roles were not dumped: $(tail -n 1 "$scratch/roles.log")"
  fi
fi
# The session with the lock has to be there still: without it, another run may have begun.
printf 'SELECT 1;\n' >&3 && read -r _ <&4 || fail 'the session with the lock was lost during the dump'

ended=$(date +%s)
{
  printf '{\n  "format": "devplatforms-logical-backup/1",\n  "name": "%s",\n  "stamp": "%s",\n' "$BACKUP_NAME" "$stamp"
  printf '  "engine": "%s",\n  "serverVersion": "%s",\n  "clientVersion": "%s",\n' "$BACKUP_ENGINE" "$(json "$server_version")" "$(json "$client_version")"
  printf '  "takenAt": %s,\n  "finishedAt": %s,\n  "encrypted": %s,\n  "roles": "%s",\n  "files": [\n' "$began" "$ended" "$STORE_ENCRYPTED" "$roles"
  cat "$scratch"/done-* | sed '$!s/$/,/'
  printf '  ]\n}\n'
} >"$scratch/manifest.json"
rclone rcat "$store/$stamp/manifest.json" <"$scratch/manifest.json" || fail 'the manifest could not be written'
written=yes
rclone rcat "$store/latest.json" <"$scratch/manifest.json" || fail 'the backup is whole, but latest.json could not be written'
say "backup $stamp of $BACKUP_NAME is whole, after $((ended - began)) s"

# Older backups go only now. The manifest goes first: half a deletion is no backup.
forget() {
  rclone deletefile "$store/$1/manifest.json" 2>/dev/null || :
  rclone lsf --files-only "$store/$1" 2>/dev/null | while read -r object; do
    rclone deletefile "$store/$1/$object" 2>/dev/null || say "note: $1/$object could not be deleted; the store may retain objects"
  done
}
backups >"$scratch/kept" || fail 'the backup is whole, but the store could not be listed'
count=$(awk 'END { print NR }' "$scratch/kept")
head -n "$((count > BACKUP_KEEP ? count - BACKUP_KEEP : 0))" "$scratch/kept" | while read -r old; do
  say "backup $old is deleted: $BACKUP_KEEP are kept"
  forget "$old"
done
# What runs that were killed have left, two days later.
before=$(moment "$((ended - 172800))")
rclone lsf --dirs-only "$store" 2>/dev/null | sed -n 's|^\([0-9]\{8\}T[0-9]\{6\}Z\)/$|\1|p' | while read -r folder; do
  if ! grep -qx "$folder" "$scratch/kept" && [ "$(printf '%s\n' "$folder" "$before" | sort | head -n 1)" = "$folder" ]; then
    forget "$folder"
  fi
done
`;

/**
 * Program of a logical backup of PostgreSQL. Variables besides those of `STORE_FUNCTIONS`: BACKUP_NAME, BACKUP_ENGINE, BACKUP_DATABASES
 * (lines of file and database), BACKUP_KEEP, BACKUP_MINIMUM_BYTES, BACKUP_ROLES (`true` or `false`).
 */
export const POSTGRES_BACKUP_SCRIPT = `${STORE_FUNCTIONS}${POSTGRES_DUMP}${MAIN}`;

/** Program of a logical backup of MySQL or MariaDB, with the same variables. */
export const MYSQL_BACKUP_SCRIPT = `${STORE_FUNCTIONS}${MYSQL_DUMP}${MAIN}`;
