// PgBouncer part of the leader watch program: reads the state, writes the database's file, and moves, holds and closes the database.
// The other part finds the leader.
//
// Rules of the console: PgBouncer's documentation, "Admin console". No `${`: TypeScript and Terraform would read it as a
// template.

/** Functions for `/bin/sh`, which use the program's options. The other part calls `lock`, `follow`, `stop` and `unlock`. */
export const PGBOUNCER_FUNCTIONS = String.raw`# --- PgBouncer -------------------------------------------------------------------------------------------------------

# console SECONDS COMMAND: asks PgBouncer's console, at most so long.
console() {
  PGCONNECT_TIMEOUT=3 timeout "$1" "$psql" -X -w -q -A -F '|' -v ON_ERROR_STOP=1 \
    -h "$console_host" -p "$console_port" -U "$console_user" -d pgbouncer -c "$2" 2>&1
}

# What PgBouncer thinks of the database now: "host port paused", or nothing when it does not answer. Columns by name, since
# versions differ in their order.
shown() {
  console 5 'SHOW DATABASES;' | awk -F '|' -v name="$database" '
    !seen && /(^|\|)paused(\||$)/ { for (i = 1; i <= NF; i++) column[$i] = i; seen = 1; next }
    seen && $column["name"] == name { print $column["host"], $column["port"], $column["paused"] }'
}

# render HOST PORT: the template with the database's line changed.
render() {
  awk -v name="$database" -v host="$1" -v port="$2" '
    {
      line = $0
      key = line
      sub(/[ \t]*=.*/, "", key)
      sub(/^[ \t]*/, "", key)
      if (line ~ /=/ && (key == name || key == "\"" name "\"")) {
        rest = line
        sub(/^[^=]*=/, "", rest)
        rest = " " rest
        gsub(/[ \t](host|port)[ \t]*=[ \t]*(\047[^\047]*\047|[^ \t]*)/, " ", rest)
        gsub(/^[ \t]+|[ \t]+$/, "", rest)
        print key " = host=" host " port=" port (rest == "" ? "" : " " rest)
        found = 1
      } else print line
    }
    END { if (!found) exit 1 }' "$template"
}

held() { [ -e "$ini.held" ]; }
# Without the mark a PAUSE of ours would be taken for an administrator's, and never end.
mark() {
  { echo "$1" > "$ini.held"; } 2>/dev/null && return 0
  rm -f "$ini.put.$$"
  say "$ini.held cannot be written: PgBouncer stays as it is"
  return 5
}
quoted() { printf '"%s"' "$database"; }

# lock FILE: several watches may change one file, one at a time. A lock is stale when its owner's time is over and, on one machine, where
# all watches see the same processes, as soon as its process is gone. A time far ahead is that of a clock that was set back.
same_pids=
alive() { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]; }
lock() {
  tries=0 unwritable=0
  until mkdir "$1.lock" 2>/dev/null; do
    [ -d "$1.lock" ] || unwritable=$((unwritable + 1))
    if [ "$unwritable" -ge 3 ]; then say "$1.lock cannot be made: is the disk full, or the folder read-only?"; return 1; fi
    owner=$(cat "$1.lock/pid" 2>/dev/null)
    if [ -n "$same_pids" ] && [ -n "$owner" ] && ! alive "$owner"; then rm -rf "$1.lock"; continue; fi
    ends=$(cat "$1.lock/until" 2>/dev/null)
    left=60
    case $ends in
      # The process that made it was killed before it wrote the time, or is about to write it: its time begins now.
      '' | *[!0-9]*) echo $(($(date +%s) + 60)) > "$1.lock/until" ;;
      *) left=$((ends - $(date +%s))) ;;
    esac 2>/dev/null
    if [ "$left" -lt 0 ] || [ "$left" -gt 600 ]; then rm -rf "$1.lock"; fi
    tries=$((tries + 1))
    if [ "$tries" -ge 30 ]; then say "another handler holds $1.lock"; return 1; fi
    sleep 1
  done
  # The longest step waits for running transactions.
  { echo $$ > "$1.lock/pid"; echo $(($(date +%s) + pause + 120)) > "$1.lock/until"; } 2>/dev/null
  return 0
}
unlock() { rm -rf "$1.lock"; }

# running: the numbers of the clients whose transactions run now; "unknown" when PgBouncer does not say.
running() {
  console 5 'SHOW CLIENTS;' | awk -F '|' -v name="$database" '
    !width { if (/(^|\|)link(\||$)/) { for (i = 1; i <= NF; i++) column[$i] = i; width = NF } next }
    /^\([0-9]+ rows?\)$/ { next }
    # Clients choose the name of their application, with any sign in it.
    NF < width { unsure = 1; next }
    $column["database"] == name && $column["link"] != "" {
      number = "id" in column ? $(NF - width + column["id"]) : ""
      if (number ~ /^[0-9]+$/) print number; else unsure = 1
    }
    END { if (!width || unsure) print "unknown" }'
}

# cut_off: ends the transactions that still run. Clients that only wait keep their connections. PAUSE may have taken its time
# for other reasons, such as another paused database, so nothing is done unless something runs.
cut_off() {
  clients=$(running)
  [ -n "$clients" ] || return 0
  say "transactions have not ended after $pause s: they are cut off"
  for client in $clients; do
    [ "$client" = unknown ] || console 5 "KILL_CLIENT $client;" > /dev/null
  done
  # PgBouncer before 1.24 can only end all connections at once.
  [ -z "$(running)" ] || console 5 "KILL $(quoted);" > /dev/null
}

# follow HOST PORT
follow() {
  now=$(shown)
  # shellcheck disable=SC2086 # three words
  set -- "$1" "$2" $now
  was_host='' was_port='' paused=''
  if [ $# -ge 5 ]; then was_host=$3 was_port=$4 paused=$5; fi
  # Left by handlers that were killed; only the lock's owner writes them.
  rm -f "$ini".new.* "$ini".put.*
  rendered=0
  render "$1" "$2" > "$ini.new.$$" || rendered=$?
  if [ "$rendered" != 0 ]; then
    rm -f "$ini.new.$$"
    if [ "$rendered" = 1 ]; then say "$template has no line for the database"; else say "$ini.new.$$ cannot be written"; fi
    return 5
  fi
  moved=
  [ "$was_host $was_port" = "$1 $2" ] || moved=yes
  if [ -z "$moved" ] && cmp -s "$ini.new.$$" "$ini"; then
    rm -f "$ini.new.$$"
  else
    # Written before PAUSE, so that a full disk leaves no client waiting. A copy keeps owner and mode, and a rename is one step:
    # PgBouncer never reads half a file.
    if ! { { [ ! -e "$ini" ] || cp -p "$ini" "$ini.put.$$"; } && cat "$ini.new.$$" > "$ini.put.$$"; } 2>/dev/null; then
      rm -f "$ini.new.$$" "$ini.put.$$"
      say "$ini cannot be written: PgBouncer stays as it is"
      return 5
    fi
    rm -f "$ini.new.$$"
    if [ -n "$moved" ] && [ -n "$now" ]; then
      say "moving from $was_host:$was_port to $1:$2"
      if [ "$paused" != 1 ]; then mark pause || return 5; fi
      # What does not end in time runs on a server that no longer leads: clients must not rely on its answer.
      console "$pause" "PAUSE $(quoted);" > /dev/null || cut_off
      paused=1
      # The wait is long enough for a newer event, whose handler also ends the pause.
      if [ -n "$event" ] && ! is_newest; then rm -f "$ini.put.$$"; say "a newer answer has come: this one is left alone"; return 0; fi
    fi
    mv -f "$ini.put.$$" "$ini"
    if [ -z "$now" ]; then say "$1:$2 is written; PgBouncer does not answer yet"; return 5; fi
    console 10 'RELOAD;' > /dev/null
    after=$(shown)
    case $after in
      "$1 $2 "*) ;;
      *) say "PgBouncer did not take $1:$2, it has $after"; return 5 ;;
    esac
    [ -z "$moved" ] || say "PgBouncer uses $1:$2"
  fi
  # A PAUSE by an administrator is left alone.
  if held; then
    if [ "$paused" = 1 ]; then console 5 "RESUME $(quoted);" > /dev/null || return 5; fi
    rm -f "$ini.held"
  fi
  return 0
}

# stop pause|kill: no new transactions; kill also ends those that run. Once is enough.
stop() {
  # shellcheck disable=SC2046 # three words
  set -- "$1" $(shown)
  [ $# -ge 4 ] || return 0
  # A mark of ours is valid while PgBouncer has not started anew.
  mark=''
  if [ "$4" = 1 ] && held; then mark=$(cat "$ini.held"); fi
  if [ "$mark" = kill ] || [ "$mark" = "$1" ]; then return 0; fi
  if [ "$1" = kill ]; then
    # A database that an administrator has paused stays paused afterwards: no mark.
    if [ "$4" != 1 ] || [ -n "$mark" ]; then mark kill || :; fi
    console 5 "KILL $(quoted);" > /dev/null
  elif [ "$4" != 1 ]; then
    mark pause || return 0
    # The command waits for running transactions, which need not end; new ones wait from its first moment on.
    console 1 "PAUSE $(quoted);" > /dev/null
  fi
  return 0
}`;
