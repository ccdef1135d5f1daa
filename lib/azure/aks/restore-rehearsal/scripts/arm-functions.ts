import { JOB_FUNCTIONS } from "../../../../kubernetes/private";

/**
 * Requests to Azure Resource Manager with the pod's identity. Needs curl and jq. POSIX shell, no `${`.
 *
 * Variables: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE and AZURE_AUTHORITY_HOST, which the webhook of AKS sets;
 * ARM_ENDPOINT; REHEARSAL_GROUP_ID, resource ID of the rehearsal's group; REHEARSAL_SOURCE_ID, resource ID of the source.
 */
export const ARM_FUNCTIONS = String.raw`${JOB_FUNCTIONS}
poll=$REHEARSAL_POLL_SECONDS
renew_at=0
# The token is exchanged again every ten minutes: the assertion that it was made from expires during a long restore (azure-cli#28708).
token() {
  [ "$(date +%s)" -ge "$renew_at" ] || return 0
  code=$(curl --silent --show-error --max-time 60 --retry 3 --output "$scratch/token.json" --write-out '%{http_code}' \
    --data-urlencode grant_type=client_credentials --data-urlencode "client_id=$AZURE_CLIENT_ID" \
    --data-urlencode scope=https://management.azure.com/.default \
    --data-urlencode client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
    --data-urlencode "client_assertion@$AZURE_FEDERATED_TOKEN_FILE" \
    "$(printf '%s' "$AZURE_AUTHORITY_HOST" | sed 's|/*$||')/$AZURE_TENANT_ID/oauth2/v2.0/token") || return 1
  if [ "$code" != 200 ]; then say "error: no token: $(jq -r '.error_description // .error // "no reason"' <"$scratch/token.json" | head -n 1)"; return 1; fi
  jq -r '"Authorization: Bearer " + .access_token' <"$scratch/token.json" >"$scratch/authorization"
  rm -f "$scratch/token.json"
  renew_at=$(($(date +%s) + 600))
}
lower() { printf '%s' "$1" | tr '[:upper:]' '[:lower:]'; }
# arm METHOD ID?api-version=... [BODY]: the answer is in $scratch/answer, its code in http. False if the request was not sent.
arm() {
  case $1 in
    GET) ;;
    *)
      # The role says the same: this is the second barrier.
      case $(lower "$2") in
        "$(lower "$REHEARSAL_SOURCE_ID")"[/?]* | *..*) say "error: refused: $1 of the source, or with dots in its path"; return 1 ;;
        "$(lower "$REHEARSAL_GROUP_ID")"/*) ;;
        *) say "error: refused: $1 outside of the rehearsal's resource group"; return 1 ;;
      esac ;;
  esac
  token || return 1
  printf '%s' "$2" >"$scratch/path"
  set -- "$1" "$ARM_ENDPOINT$2" "$3"
  : >"$scratch/answer"
  if [ -n "$3" ]; then
    http=$(curl --silent --show-error --max-time 120 --retry 3 --request "$1" --header "@$scratch/authorization" --header 'Content-Type: application/json' \
      --data-binary "@$3" --output "$scratch/answer" --write-out '%{http_code}' "$2") || return 1
  else
    http=$(curl --silent --show-error --max-time 120 --retry 3 --request "$1" --header "@$scratch/authorization" \
      --output "$scratch/answer" --write-out '%{http_code}' "$2") || return 1
  fi
}
# refusal: what Azure answered, in one line.
refusal() { printf '%s %s\n' "$http" "$(jq -r '(.error.code // "") + ": " + (.error.message // "")' <"$scratch/answer" 2>/dev/null | tr '\n' ' ' | cut -c 1-300)"; }
accepted() { case $http in 200 | 201 | 202 | 204) ;; *) refusal >&2; return 1 ;; esac; }
`;
