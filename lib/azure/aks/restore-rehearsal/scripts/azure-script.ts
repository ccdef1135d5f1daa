import { ARM_FUNCTIONS } from "./arm-functions";

/**
 * Program of the container that speaks with Azure. It alone has the identity, and answers the requests of the other container, which come as
 * files: `request` with a number, a verb and arguments; `answer-N` with the exit code, beside `out` and `err`. It ends with the file
 * `done`, and deletes the copy when the other container was lost.
 *
 * Variables besides those of `ARM_FUNCTIONS`: REHEARSAL_EXCHANGE, folder of the files; REHEARSAL_NAME; SERVER_PROVIDER,
 * SERVER_API, SERVER_POINT, SERVER_ZONE and SERVER_SUBRESOURCE, names of the engine's API; REHEARSAL_LOCATION; COPY_SUBNET_ID; COPY_ZONE_ID,
 * empty for a private endpoint; REHEARSAL_SILENCE_SECONDS.
 */
export const AZURE_SCRIPT = String.raw`${ARM_FUNCTIONS}
servers=$REHEARSAL_GROUP_ID/providers/$SERVER_PROVIDER/flexibleServers
own=
endpoints=$REHEARSAL_GROUP_ID/providers/Microsoft.Network/privateEndpoints
is_copy() { case $1 in "$REHEARSAL_NAME"-rehearsal-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]t[0-9][0-9][0-9][0-9][0-9][0-9]z) ;; *) say "error: $1 is not the name of a copy"; return 1 ;; esac; }

# list COLLECTION API: the names in the rehearsal's group, page by page.
list() {
  page="$1?api-version=$2"
  while [ -n "$page" ]; do
    arm GET "$page" '' || return 1
    accepted || return 1
    jq -r '.value[].name' <"$scratch/answer" || return 1
    page=$(jq -r '.nextLink // ""' <"$scratch/answer")
    case $page in "$ARM_ENDPOINT"*) page=$(printf '%s' "$page" | cut -c "$(($(printf '%s' "$ARM_ENDPOINT" | wc -c) + 1))-") ;; *) page= ;; esac
  done
}
copies() {
  {
    list "$servers" "$SERVER_API" || return 1
    if [ -z "$COPY_ZONE_ID" ]; then list "$endpoints" "$NETWORK_API" || return 1; fi
  } >"$scratch/names" || return 1
  # Endpoints have the names of their servers.
  sort -u "$scratch/names"
}
# Earliest restore point of the source, in seconds since 1970; empty if it has none.
source_server() {
  arm GET "$REHEARSAL_SOURCE_ID?api-version=$SERVER_API" '' || return 1
  accepted || return 1
  earliest=$(jq -r '.properties.backup.earliestRestoreDate // ""' <"$scratch/answer")
  # The key of the encryption cannot be changed later, and a restore does not take it from the source unless told.
  jq -c '.properties.dataEncryption | select(.type? == "AzureKeyVault") | {type, primaryKeyURI, primaryUserAssignedIdentityId}' <"$scratch/answer" >"$scratch/key"
  [ -z "$earliest" ] || date -u -d "$earliest" +%s
}
restore() {
  is_copy "$1" || return 1
  [ -e "$scratch/key" ] || source_server >/dev/null || return 1
  jq -n --arg location "$REHEARSAL_LOCATION" --arg source "$REHEARSAL_SOURCE_ID" --arg property "$SERVER_POINT" \
    --arg point "$(date -u -d "@$2" +%Y-%m-%dT%H:%M:%SZ)" --arg subnet "$COPY_SUBNET_ID" --arg zoneName "$SERVER_ZONE" --arg zone "$COPY_ZONE_ID" \
    --slurpfile key "$scratch/key" '
      {location: $location, tags: {purpose: "restore-rehearsal"}, properties: {
        createMode: "PointInTimeRestore", sourceServerResourceId: $source, ($property): $point,
        highAvailability: {mode: "Disabled"},
        network: (if $zone == "" then {publicNetworkAccess: "Disabled"} else {delegatedSubnetResourceId: $subnet, ($zoneName): $zone} end)}}
      | if $key == [] then . else
          .identity = {type: "UserAssigned", userAssignedIdentities: {($key[0].primaryUserAssignedIdentityId): {}}}
          | .properties.dataEncryption = $key[0] end' >"$scratch/body"
  own=$1
  arm PUT "$servers/$1?api-version=$SERVER_API" "$scratch/body" || return 1
  accepted
}
# State, host, administrator and version of a copy; "absent" if there is none.
state() {
  is_copy "$1" || return 1
  arm GET "$servers/$1?api-version=$SERVER_API" '' || return 1
  if [ "$http" = 404 ]; then echo absent; return; fi
  accepted || return 1
  jq -r '[.properties.state // "Unknown", .properties.fullyQualifiedDomainName // "-", .properties.administratorLogin // "-", .properties.version // "-"] | join(" ")' <"$scratch/answer"
}
# The copy has the passwords of the source, which nothing here knows: its administrator gets another.
password() {
  is_copy "$1" || return 1
  jq -n --rawfile password "$REHEARSAL_EXCHANGE/password" '{properties: {administratorLoginPassword: $password}}' >"$scratch/body"
  arm PATCH "$servers/$1?api-version=$SERVER_API" "$scratch/body" || return 1
  rm -f "$scratch/body"
  accepted
}
endpoint() {
  is_copy "$1" || return 1
  jq -n --arg name "$1" --arg location "$REHEARSAL_LOCATION" --arg subnet "$COPY_SUBNET_ID" --arg server "$servers/$1" --arg group "$SERVER_SUBRESOURCE" '
    {location: $location, properties: {subnet: {id: $subnet},
      privateLinkServiceConnections: [{name: $name, properties: {privateLinkServiceId: $server, groupIds: [$group]}}]}}' >"$scratch/body"
  arm PUT "$endpoints/$1?api-version=$NETWORK_API" "$scratch/body" || return 1
  accepted
}
# Address of the private endpoint; nothing as long as it has none. No DNS zone has it, so that only this job knows it.
address() {
  is_copy "$1" || return 1
  arm GET "$endpoints/$1?api-version=$NETWORK_API" '' || return 1
  accepted || return 1
  case $(jq -r '.properties.provisioningState // ""' <"$scratch/answer") in Failed | Canceled) say 'error: the private endpoint failed'; return 1 ;; esac
  jq -r '.properties.customDnsConfigs[0].ipAddresses[0] // empty' <"$scratch/answer"
}
# remove ID: deletes a resource and looks until it is gone.
remove() {
  tries=0
  arm DELETE "$1" '' || return 1
  if [ "$http" != 404 ]; then accepted || return 1; fi
  while :; do
    arm GET "$1" '' || return 1
    if [ "$http" = 404 ]; then return; fi
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ]; then say "error: $1 is still there"; return 1; fi
    sleep "$poll"
  done
}
delete() {
  is_copy "$1" || return 1
  problem=0
  if [ -z "$COPY_ZONE_ID" ]; then remove "$endpoints/$1?api-version=$NETWORK_API" || problem=1; fi
  remove "$servers/$1?api-version=$SERVER_API" || problem=1
  return "$problem"
}
# The result is kept as tags of the rehearsal's group, where the watch and the runbook read it.
record() {
  jq --arg passed "$1" '{operation: "Merge", properties: {tags: ({
      "rehearsal-finished-at": (.finishedAt | todate), "rehearsal-passed": $passed, "rehearsal-reason": .reason[0:250],
      "rehearsal-measured-rpo-seconds": (.measuredRpoSeconds // "" | tostring), "rehearsal-measured-rto-seconds": (.measuredRtoSeconds // "" | tostring)
    } + (if $passed == "true" then {"rehearsal-last-passed-at": (.finishedAt | todate)} else {} end))}}' <"$REHEARSAL_EXCHANGE/result.json" >"$scratch/body" || return 1
  arm PATCH "$REHEARSAL_GROUP_ID/providers/Microsoft.Resources/tags/default?api-version=$RESOURCES_API" "$scratch/body" || return 1
  accepted
}
clean_up() {
  [ -n "$own" ] || return 0
  say "the copy $own is deleted, since its rehearsal was lost"
  delete "$own"
}
serve() {
  case $1 in
    list) copies ;;
    source) source_server ;;
    restore) restore "$2" "$3" ;;
    state | password | endpoint | address | delete | record) "$1" "$2" ;;
    *) say "error: unknown request $1"; return 1 ;;
  esac
}

cd "$REHEARSAL_EXCHANGE"
trap 'rm -rf "$scratch"' EXIT
# A pod that ends stops both programs at once: the other one asks for the deletion first, and writes done.
trap '' TERM INT
seen=$(date +%s)
while [ ! -e done ]; do
  if [ -e lost ] || [ "$(($(date +%s) - seen))" -gt "$REHEARSAL_SILENCE_SECONDS" ]; then
    say 'error: the program of the rehearsal was lost'
    clean_up || say 'error: the copy could not be deleted'
    exit 1
  fi
  if [ -e request ]; then
    read -r number verb first second <request
    rm -f request
    if serve "$verb" "$first" "$second" >out 2>err </dev/null; then echo 0 >answer.part; else echo 1 >answer.part; fi
    mv answer.part "answer-$number"
    seen=$(date +%s)
  else
    sleep "$REHEARSAL_PAUSE"
  fi
done
`;

/**
 * Program that fails when the last rehearsal that passed is too long ago. WATCH_SECONDS: the longest time since; WATCH_SUBJECT: words for
 * the message.
 */
export const AZURE_WATCH_SCRIPT = `${ARM_FUNCTIONS}
trap 'rm -rf "$scratch"' EXIT
arm GET "$REHEARSAL_GROUP_ID?api-version=$RESOURCES_API" '' || fail "$WATCH_SUBJECT: Azure cannot be asked"
accepted || fail "$WATCH_SUBJECT: the tags of the rehearsal's resource group cannot be read"
passed=$(jq -r '.tags["rehearsal-last-passed-at"] // ""' <"$scratch/answer")
[ -n "$passed" ] || fail "$WATCH_SUBJECT: none has passed yet"
finished=$(date -u -d "$passed" +%s) || fail "$WATCH_SUBJECT: the tag rehearsal-last-passed-at cannot be read"
age=$(($(date +%s) - finished))
[ "$age" -le "$WATCH_SECONDS" ] || fail "$WATCH_SUBJECT: the last one that passed was $((age / 3600)) hours ago, at $passed; at most $((WATCH_SECONDS / 3600)) hours are allowed"
say "$WATCH_SUBJECT: the last one that passed was $((age / 3600)) hours ago"
`;
