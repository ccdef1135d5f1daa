// What every Gitpod stack asks for in the same words.

import type { StackInputs } from "./inputs";

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
      {
        condition: 'can(regex("^[a-z0-9-]+([.][a-z0-9-]+)+$", var.domain))',
        message: "The domain is a host name with a dot, without scheme, star or slash.",
      },
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
