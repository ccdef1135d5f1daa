// Environment variables whose values are secrets: as plain text they would be in the synthesized output, the state, the Helm release
// and the pod's description.

import { isResolved } from "../database/private";
import type { HelmValues } from "./helm-values";
import { isMap } from "./helm-values";

/**
 * Names of variables with secret values, by their last words, as Coder's option list
 * (https://coder.com/docs/reference/cli/server, `CODER_AIBRIDGE_OPENAI_KEY`), the AWS CLI and most programs name them. Names of files
 * (`..._KEY_FILE`), ids (`AWS_ACCESS_KEY_ID`) and public keys are none.
 */
const SECRET_NAME =
  /(^|_)(SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PSK|TOKENS?|CREDENTIALS|AUTH_HEADER|DSN|PGPASSWORD|(?<!PUBLIC_)(KEYS?|APIKEY))$/i;

/** A URL with a password, such as that of a proxy or an SMTP server. */
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/** True if a plain value of a variable is a secret: by the variable's name, or as a URL with a password. */
export function holdsSecret(name: string, value: unknown): boolean {
  if (typeof value !== "string" || value === "") return false;
  return SECRET_NAME.test(name) || (isResolved(value) && URL_WITH_PASSWORD.test(value));
}

/** Keys of maps of variables in charts, such as `global.extraEnv` of GitLab's. */
const MAP_OF_VARIABLES = /^(env|environment|extraEnv|extraEnvs|extraEnvVars)$/;

/** The paths of variables in values whose plain values are secrets: entries of lists (`name`, `value`) and of maps such as `extraEnv`. */
export function secretVariables(values: unknown, path = ""): string[] {
  if (Array.isArray(values)) {
    return values.flatMap((each, index) =>
      isMap(each) && typeof each.name === "string" && holdsSecret(each.name, each.value)
        ? [`${path}[${index}]`]
        : secretVariables(each, `${path}[${index}]`),
    );
  }
  if (!isMap(values)) return [];
  return Object.entries(values as HelmValues).flatMap(([key, value]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const names = MAP_OF_VARIABLES.test(key) && isMap(value) ? Object.entries(value) : [];
    const found = names.flatMap(([name, text]) => (holdsSecret(name, text) ? [`${at}.${name}`] : []));
    return [...found, ...secretVariables(value, at)];
  });
}
