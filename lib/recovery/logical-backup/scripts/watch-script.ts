import { STORE_FUNCTIONS } from "./store-functions";

/**
 * Program that fails when the last success is too long ago: a failed Job is what monitoring of clusters reports without further rules.
 * WATCH_OBJECT: the object with `finishedAt`; WATCH_SECONDS: the longest time since; WATCH_SUBJECT: words for the message.
 */
export const WATCH_SCRIPT = `${STORE_FUNCTIONS}
trap 'rm -rf "$scratch"' EXIT
open_store
rclone cat "$store/$WATCH_OBJECT" >"$scratch/latest" || fail "$WATCH_SUBJECT: the store cannot be read"
# rclone takes a name without an object for an empty folder and says nothing.
[ -s "$scratch/latest" ] || fail "$WATCH_SUBJECT: none has succeeded yet"
finished=$(field "$scratch/latest" finishedAt)
case $finished in '' | *[!0-9]*) fail "$WATCH_SUBJECT: $WATCH_OBJECT cannot be read" ;; esac
age=$(($(date +%s) - finished))
[ "$age" -le "$WATCH_SECONDS" ] || fail "$WATCH_SUBJECT: the last success was $((age / 3600)) hours ago, at $(moment "$finished"); at most $((WATCH_SECONDS / 3600)) hours are allowed"
say "$WATCH_SUBJECT: the last success was $((age / 3600)) hours ago"
`;
