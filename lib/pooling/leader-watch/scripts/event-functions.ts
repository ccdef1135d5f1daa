// Part of the leader watch program for the handler of a Consul watch. Consul runs it once per change, so each event starts a second
// process, the guardian, which takes over when the handler fails or is killed, unless a newer event has come: it retries until
// PgBouncer follows.
// CONSUL_INDEX and the wait for all open outputs of a handler: hashicorp/consul, agent/watch_handler.go, read 2026-11.
//
// No `${`: TypeScript and Terraform would read it as a template.

/** Functions for `/bin/sh`, which use the program's options; `handle` is the other part's. */
export const EVENT_FUNCTIONS = String.raw`# --- events of a Consul watch ----------------------------------------------------------------------------------------

# The newest event of the database: "number index time state". Consul runs handlers with the index of the answer in CONSUL_INDEX.
newest() { cat "$ini.event.$database" 2>/dev/null || echo '0 0 0 done'; }
note_event() { printf '%s\n' "$*" > "$ini.note.$$" && mv -f "$ini.note.$$" "$ini.event.$database"; } 2>/dev/null
is_newest() { [ "$(newest | sed 's/ .*//')" = "$event" ]; }
# Under the lock of the events, so that it does not take the place of an event that comes at this moment.
done_with() {
  lock "$ini.events" || return 0
  if is_newest; then note_event "$event" "$event_index" "$(date +%s)" done || :; fi
  unlock "$ini.events"
}

# begin_event: takes a number, unless a newer answer was handled within the last minute. An index that is lower for longer belongs
# to a Consul that counts anew. The lock of the events is held for a moment only, so that no event is lost behind a long move.
begin_event() {
  event_index=$(printenv CONSUL_INDEX) || event_index=0
  case $event_index in '' | *[!0-9]*) event_index=0 ;; esac
  lock "$ini.events" || return 5
  # shellcheck disable=SC2046 # four words
  set -- $(newest)
  age=$(($(date +%s) - $3))
  if [ "$event_index" -gt 0 ] && [ "$event_index" -lt "$2" ] && [ "$age" -ge 0 ] && [ "$age" -le 60 ]; then
    unlock "$ini.events"
    say "an older answer (index $event_index, not $2) is left alone"
    return 1
  fi
  event=$(($1 + 1))
  noted=0
  note_event "$event" "$event_index" "$(date +%s)" open || noted=5
  unlock "$ini.events"
  return "$noted"
}

handle_event() {
  same_pids=yes
  answer=$(cat)
  begun=0
  begin_event || begun=$?
  if [ "$begun" = 1 ]; then return 0; fi
  if [ "$begun" != 0 ]; then
    # Such as on a full disk: this one tries now, and nothing tries again.
    say "the event cannot be noted beside $ini, so a move that fails is not tried again"
    event=''
  elif [ "$retry" -gt 0 ]; then
    # It has no file of Consul's open, so that Consul does not wait for it, and gets the answer through a pipe, which leaves no file.
    # shellcheck disable=SC2046 # an option or nothing
    printf '%s\n' "$answer" | /bin/sh "$script" guard --database "$database" --ini "$ini" --template "$template" --host "$console_host" \
      --port "$console_port" --user "$console_user" --psql "$psql" --tags "$tags" --from "$from" --pause "$pause" $([ -n "$hold" ] || echo --no-hold) \
      --retry "$retry" --event "$event" --parent $$ > /dev/null 2> "$ini.guard.log" &
  fi
  result=0
  printf '%s\n' "$answer" | handle || result=$?
  if [ -n "$event" ] && [ "$result" != 5 ]; then done_with; fi
  return "$result"
}

# The guardian of an event: reads the answer, waits for the handler's end, and takes over what it left undone.
guard() {
  trap '' HUP
  same_pids=yes
  event_index=$(newest | cut -d ' ' -f 2)
  answer=$(cat)
  until [ "$retry" -le 0 ]; do
    is_newest || return 0
    case $(newest) in *' done') return 0 ;; esac
    if ! kill -0 "$parent" 2>/dev/null; then
      result=0
      printf '%s\n' "$answer" | handle || result=$?
      if [ "$result" != 5 ]; then done_with; return "$result"; fi
    fi
    sleep 2
    retry=$((retry - 2))
  done
  say "PgBouncer could not be told in time"
  return 5
}`;
