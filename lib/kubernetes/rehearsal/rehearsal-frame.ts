// The frame of every restore rehearsal, whatever is restored: it makes a copy under a dated name, checks it with SQL, measures, deletes the
// copy in a trap, looks whether it is gone, and writes the result. The functions that differ come from a source: the logical backup of
// `recovery`, or the backups of a cloud:
//
//   find_backup         sets backup (its name) and taken (the moment of its data, in seconds since 1970)
//   copies              prints the names of the copies that exist
//   make_copy NAME      restores the backup into a copy; only copies have such names
//   query NAME DATABASE FILE SECRET    runs the SQL of a file in a copy and prints its answer
//   delete_copy NAME    deletes a copy; must refuse a name that is not of a copy
//   write_result FILE PASSED           keeps the result
//
// POSIX shell, no `${`.

/**
 * Variables: REHEARSAL_NAME, prefix of the copies' names; REHEARSAL_CHECKS, folder with the file `checks` (lines of number, kind, limit and
 * secret or `-`) and, for each number, `N.sql`, `N.database` and `N.name`, for the kind `together` also `N.second.sql` and
 * `N.second.database`; REHEARSAL_LEFTOVER_SECONDS, age from which a copy is a leftover.
 */
export const REHEARSAL_FRAME = String.raw`
is_copy() { case $1 in "$REHEARSAL_NAME"-rehearsal-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]t[0-9][0-9][0-9][0-9][0-9][0-9]z) ;; *) return 1 ;; esac; }
copy_moment() { printf '%s' "$1" | sed 's/.*-rehearsal-//' | tr tz TZ; }

# Deletes copies of rehearsals that were killed. Prints those that remain.
sweep() {
  before=$(moment "$(($(date +%s) - REHEARSAL_LEFTOVER_SECONDS))")
  copies >"$scratch/copies" || fail 'the copies cannot be listed'
  while read -r found; do
    is_copy "$found" || continue
    if [ "$(printf '%s\n' "$(copy_moment "$found")" "$before" | sort | head -n 1)" = "$(copy_moment "$found")" ]; then
      say "the copy $found was left over and is deleted"
      delete_copy "$found" || say "error: $found could not be deleted"
    fi
  done <"$scratch/copies"
  copies
}

number() { case $1 in '' | - | *[!0-9.-]*) return 1 ;; esac; }
# judge KIND LIMIT ANSWER SECOND: prints "yes VALUE" or "no VALUE WHY"; the value is a number: rows are data of users and stay out of the log.
judge() {
  case $1 in
    newest)
      number "$3" || { echo "no - there is no row, or it has no time"; return; }
      newest=$(printf '%s' "$3" | sed 's/\..*//')
      age=$((started - newest))
      if [ "$newest" -gt $((taken + 300)) ]; then echo "no $age the newest row is $((newest - taken)) s newer than the backup says it is"
      elif [ "$age" -gt "$2" ]; then echo "no $age the newest row is $age s old; at most $2 s are allowed"
      else echo "yes $age"; fi ;;
    least)
      number "$3" || { echo "no - the answer is not a number"; return; }
      if awk "BEGIN { exit !($3 >= $2) }"; then echo "yes $3"; else echo "no $3 at least $2 is needed"; fi ;;
    true) case $3 in t | true | 1) echo 'yes 1' ;; *) echo 'no 0 the answer is not true' ;; esac ;;
    together)
      number "$3" && number "$4" || { echo "no - there is no row, or it has no number"; return; }
      apart=$(awk "BEGIN { d = $3 - $4; if (d < 0) d = -d; printf \"%d\", d }")
      if [ "$apart" -le "$2" ]; then echo "yes $apart"; else echo "no $apart the newest rows are $apart apart; at most $2 are allowed"; fi ;;
    *) echo "no - $1 is no kind of check" ;;
  esac
}

check_copy() {
  : >"$scratch/results"
  rpo=
  while read -r n kind limit secret <&6; do
    name=$(cat "$REHEARSAL_CHECKS/$n.name")
    second=
    if answer=$(query "$copy" "$(cat "$REHEARSAL_CHECKS/$n.database")" "$REHEARSAL_CHECKS/$n.sql" "$secret" 2>"$scratch/query.log" </dev/null) &&
      if [ "$kind" = together ]; then second=$(query "$copy" "$(cat "$REHEARSAL_CHECKS/$n.second.database")" "$REHEARSAL_CHECKS/$n.second.sql" "$secret" 2>"$scratch/query.log" </dev/null); fi; then
      verdict=$(judge "$kind" "$limit" "$answer" "$second")
    else
      # A check with a secret: its error may repeat the statement.
      if [ "$secret" = - ]; then sed 's/^/  /' "$scratch/query.log" >&2; fi
      verdict='no - the SQL failed'
    fi
    passed=$(printf '%s' "$verdict" | cut -d ' ' -f 1)
    value=$(printf '%s' "$verdict" | cut -d ' ' -f 2)
    case $passed in
      yes) say "check passed: $name ($value)"; truth=true ;;
      *) say "check failed: $name: $(printf '%s' "$verdict" | cut -d ' ' -f 3-)"; truth=false; : >"$scratch/check.failed"
        printf 'check failed: %s\n' "$name" >>"$scratch/reason" ;;
    esac
    case $kind$value in newest-) ;; newest*) if [ -z "$rpo" ] || [ "$value" -gt "$rpo" ]; then rpo=$value; fi ;; esac
    if [ "$value" = - ]; then value=null; fi
    printf '    {"name": "%s", "passed": %s, "value": %s}\n' "$(json "$name")" "$truth" "$value" >>"$scratch/results"
  done 6<"$REHEARSAL_CHECKS/checks"
  [ ! -e "$scratch/check.failed" ]
}

result_file() {
  {
    printf '{\n  "format": "devplatforms-rehearsal/1",\n  "name": "%s",\n  "backup": "%s",\n  "copy": "%s",\n' "$REHEARSAL_NAME" "$(json "$backup")" "$copy"
    printf '  "passed": %s,\n  "reason": "%s",\n' "$1" "$(json "$(tr '\n' ' ' <"$scratch/reason" 2>/dev/null)")"
    printf '  "startedAt": %s,\n  "finishedAt": %s,\n  "backupAgeSeconds": %s,\n' "$started" "$(date +%s)" "$age_of_backup"
    printf '  "measuredRpoSeconds": %s,\n  "restoreSeconds": %s,\n  "measuredRtoSeconds": %s,\n  "checks": [\n' "$rpo_number" "$restore_seconds" "$rto_seconds"
    if [ -e "$scratch/results" ]; then sed '$!s/$/,/' "$scratch/results"; fi
    printf '  ]\n}\n'
  } >"$scratch/result.json"
}

finish() {
  code=$?
  trap '' INT TERM
  if [ -n "$child" ]; then kill "$child" 2>/dev/null || :; wait "$child" 2>/dev/null || :; fi
  if [ -n "$copy" ]; then
    delete_copy "$copy" || code=1
    # Looked at, not believed.
    if copies | grep -qx "$copy"; then
      printf 'the copy could not be deleted\n' >>"$scratch/reason"
      say "error: the copy $copy could not be deleted"
      code=1
    fi
  fi
  if [ -n "$started" ]; then
    rpo_number=null
    if [ -n "$rpo" ]; then rpo_number=$rpo; fi
    passed=false
    if [ "$code" -eq 0 ]; then passed=true; elif [ ! -s "$scratch/reason" ]; then printf 'ended with exit code %s\n' "$code" >"$scratch/reason"; fi
    result_file "$passed"
    if ! write_result "$scratch/result.json" "$passed"; then say 'error: the result could not be written'; code=1; fi
    if [ "$code" -eq 0 ]; then say "rehearsal passed: measured RPO $rpo_number s, measured RTO $rto_seconds s"; else say 'error: the rehearsal did not pass'; fi
  fi
  rm -rf "$scratch"
  exit "$code"
}

rehearse() {
  copy='' backup='' started='' rpo='' age_of_backup=null restore_seconds=null rto_seconds=null
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  others=$(sweep)
  started=$(date +%s)
  [ -z "$others" ] || fail "there is another copy, $others: another rehearsal is running, or one was killed"
  find_backup
  age_of_backup=$((started - taken))
  copy=$REHEARSAL_NAME-rehearsal-$(moment "$started" | tr TZ tz)
  say "restoring $backup, $age_of_backup s old, into $copy"
  make_copy "$copy"
  restore_seconds=$(($(date +%s) - started))
  check_copy || fail 'the copy did not pass its checks'
  rto_seconds=$(($(date +%s) - started))
}
`;
