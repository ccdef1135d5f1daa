// Checks of texts for Gitpod's secrets. Google's provider returns a key file in base64, as users often keep it in variables. Gitpod
// requires the JSON: with base64 no pod starts, long after the apply.

import type { Precondition } from "cdktf";
import type { SecretValue } from "../../database";
import type { SynthChecks } from "../../database/private";
import { isResolved, terraformCall } from "../../database/private";

/**
 * Preconditions for the key file of a service account, which reject other texts, such as its base64.
 *
 * @param whose owner of the key, as the first words of the message.
 * @param key text of the file.
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

/** Reports a text that is no PEM certificate. Never shows the text, which could be a key given by mistake. @internal */
export function checkPem(checks: SynthChecks, pem: string): void {
  if (!isResolved(pem)) return;
  if (
    !/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem) ||
    /PRIVATE KEY-----/.test(pem)
  ) {
    checks.fail("caCertificatesPem", "a text", "must be PEM text with certificates and without a key");
  }
}

/** Reports an invalid URL of a proxy. Never shows the URL, which may contain a password. @internal */
export function checkProxy(checks: SynthChecks, property: string, url: string | undefined): void {
  if (url === undefined || !isResolved(url)) return;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    checks.fail(property, "a text", "must be a URL such as http://proxy.internal:3128");
  } else if (new URL(url).username !== "" || new URL(url).password !== "") {
    checks.fail(
      property,
      "a text",
      "must not contain a login, which would be in the output; create the secret yourself and use GitpodSecret.fromSecretName",
    );
  }
}
