// Part of the leader watch program for the handler of a Consul watch. Consul runs it once per change, so each event starts a second
// process, the guardian, which takes over when the handler fails or is killed, unless a newer event has come: it retries until
// PgBouncer follows.
// CONSUL_INDEX and the wait for all open outputs of a handler: hashicorp/consul, agent/watch_handler.go, read 2026-11.
//
// No `${`: TypeScript and Terraform would read it as a template.

/** Functions for `/bin/sh`, which use the program's options; `handle` is the other part's. */
export const EVENT_FUNCTIONS = String.raw`# --- events of a Consul watch ----------------------------------------------------------------------------------------

# The newest event of the database: "number index state". Consul runs handlers with the index of the answer in CONSUL_INDEX.
newest() { cat "$ini.event.$database" 2>/dev/null || echo '0 0 done'; }
note_event() { printf '%s\n' "$*" > "$ini.event.$database.$$" && mv -f "$ini.event.$database.$$" "$ini.event.$database"; }
is_newest() { [ "$(newest | sed 's/ .*//')" = "$event" ]; }
done_with() { if is_newest; then note_event "$event" "$event_index" done; fi; }

# begin_event: takes a number, unless a newer answer was handled within the last minute. An index that is lower for longer belongs
# to a Consul that counts anew.
begin_event() {
  event_index=$(printenv CONSUL_INDEX) || event_index=0
  case $event_index in '' | *[!0-9]*) event_index=0 ;; esac
  lock || { say "another handler holds $ini.lock"; return 5; }
  # shellcheck disable=SC2046 # three words
  set -- $(newest)
  recent=$(find "$ini.event.$database" -mmin -1 2>/dev/null)
  if [ "$event_index" -gt 0 ] && [ "$event_index" -lt "$2" ] && [ -n "$recent" ]; then
    unlock
    say "an older answer (index $event_index, not $2) is left alone"
    return 1
  fi
  event=$(($1 + 1))
  note_event "$event" "$event_index" open
  unlock
}

handle_event() {
  same_pids=yes
  begun=0
  begin_event || begun=$?
  case $begun in 0) ;; 1) return 0 ;; *) return "$begun" ;; esac
  cat > "$ini.answer.$$"
  if [ "$retry" -gt 0 ]; then
    # It has no file of Consul's open, so that Consul does not wait for it.
    # shellcheck disable=SC2046 # an option or nothing
    /bin/sh "$script" guard --database "$database" --ini "$ini" --template "$template" --host "$console_host" --port "$console_port" \
      --user "$console_user" --psql "$psql" --tags "$tags" --from "$from" --pause "$pause" $([ -n "$hold" ] || echo --no-hold) \
      --retry "$retry" --event "$event" --parent $$ < "$ini.answer.$$" > /dev/null 2> "$ini.guard.log" &
  fi
  handle < "$ini.answer.$$"
  result=$?
  [ "$result" = 5 ] || done_with
  return "$result"
}

# The guardian of an event: reads the answer, waits for the handler's end, and takes over what it left undone.
guard() {
  trap '' HUP
  same_pids=yes
  event_index=$(newest | cut -d ' ' -f 2)
  cat > "$ini.answer.$$"
  until [ "$retry" -le 0 ]; do
    is_newest || return 0
    case $(newest) in *' done') return 0 ;; esac
    if ! kill -0 "$parent" 2>/dev/null; then
      handle < "$ini.answer.$$"
      result=$?
      if [ "$result" != 5 ]; then done_with; return "$result"; fi
    fi
    sleep 2
    retry=$((retry - 2))
  done
  say "PgBouncer could not be told in time"
  return 5
}`;
