// Google's provider hands out a key file as base64, and so does the cloud's console to those who ask for it in a variable. Gitpod
// wants the JSON: with base64 of it no pod starts, long after the apply.

import type { Precondition } from "cdktf";
import type { SecretValue } from "../../database";
import { isResolved, terraformCall } from "../../database/private";

/**
 * The conditions under which Terraform refuses a key file that is none, such as one that is still base64.
 *
 * @param whose whose key it is, as the message's first words.
 * @param key the file's text.
 * @internal
 */
export function keyFilePreconditions(whose: string, key: SecretValue): Precondition[] {
  if (isResolved(key.writeOnly())) return [];
  const json = terraformCall("jsondecode", key.writeOnly());
  return [
    {
      condition: terraformCall("can", terraformCall("lookup", json, "private_key")),
      errorMessage: `${whose} is no service account's key file: JSON with a private_key, and not its base64.`,
    },
  ];
}
