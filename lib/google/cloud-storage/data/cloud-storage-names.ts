// Names and endpoint of Cloud Storage. Sources: cloud.google.com/storage "Bucket names" and "Request endpoints"; read 2026-11.

import type { NameRule } from "../../../database/private";

/** Names of buckets. */
export const BUCKET_NAME: NameRule = {
  pattern:
    /^(?!goog)(?!.*(google|g00gle))(?=[^.]{3,63}$|[^.]{1,63}(\.[^.]{1,63})+$)[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/,
  rule: "must be 3 to 63 lower-case letters, digits, hyphens and underscores, with a letter or digit first and last and without the word google",
};

/** Endpoint of the API, for all locations. */
export const ENDPOINT = "storage.googleapis.com";
