// What every Gitpod stack asks for in the same words.

import { DOMAIN_RULE, type StackInputs } from "./inputs";

/** Gitpod's domain and installer. */
export function gitpodInputs(inputs: StackInputs): {
  readonly domain: string;
  readonly installerImage: string;
} {
  return {
    domain: inputs.string(
      "domain",
      "The domain at which people reach Gitpod, such as gitpod.example.com",
      undefined,
      DOMAIN_RULE,
    ),
    installerImage: inputs.string(
      "installer_image",
      "The image of Gitpod's installer, by an exact tag or digest",
      undefined,
      {
        condition:
          'can(regex("(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.installer_image)) && !endswith(var.installer_image, ":latest")',
        message: "The image ends in an exact tag or a digest.",
      },
    ),
  };
}
