// Authentication providers of Gitpod: Git hosts whose users log in.

import { SecretValue } from "../../database";
import { isResolved, terraformCall } from "../../database/private";
import { SecretEntry } from "../../kubernetes";
import { checkDomain } from "../installer/installer-rules";
import type { GitpodSecretContent, GitpodSecretOptions } from "./gitpod-secret-content";

/** Properties of `GitpodSecret.authProvider`. */
export interface GitpodAuthProviderProps extends GitpodSecretOptions {
  /**
   * Id of the provider, such as `Public-GitHub`.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#auth-providers
   */
  readonly providerId: string;
  /**
   * Host of the provider, such as `github.com`.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#auth-providers
   */
  readonly host: string;
  /**
   * Type of the provider: `GitHub`, `GitLab`, `Bitbucket` or `BitbucketServer`.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#auth-providers
   */
  readonly type: string;
  /**
   * Client id of the OAuth application; may be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#auth-providers
   */
  readonly clientId: string;
  /**
   * Client secret of the OAuth application.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#auth-providers
   */
  readonly clientSecret: SecretValue;
  /**
   * Domain of Gitpod, for the callback URL `https://<domain>/auth/<host>/callback`; may be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#auth-providers
   */
  readonly domain: string;
}

/** Secret of an authentication provider. @internal */
export function authProviderContent(props: GitpodAuthProviderProps): GitpodSecretContent {
  const { providerId, host, type, clientId, clientSecret, domain } = props;
  const callBackUrl = `https://${domain}/auth/${host}/callback`;
  const plain = { id: providerId, host, type, oauth: { clientId, callBackUrl } };
  const provider = {
    ...plain,
    oauth: { ...plain.oauth, clientSecret: terraformCall("trimspace", clientSecret.writeOnly()) },
  };
  // The installer reads YAML, of which JSON is a subset.
  const text = SecretValue.fromEphemeral(terraformCall("jsonencode", provider), {
    version: clientSecret.version,
    dependables: clientSecret.dependables,
  });
  const describedBy = [providerId, host, type, clientId, domain].join(" ");
  return {
    purpose: "authProvider",
    domain,
    defaultName: isResolved(providerId) ? `auth-provider-${providerId.toLowerCase()}` : "auth-provider",
    entries: [SecretEntry.secret("provider", text, describedBy)],
    check: (checks) => {
      checkDomain(checks, "domain", domain);
      for (const property of ["providerId", "host", "clientId"] as const) {
        checks.matches(
          property,
          props[property],
          /^\S+$/,
          "must be a text without white space, and must not be empty",
        );
      }
      checks.matches(
        "type",
        type,
        /^(GitHub|GitLab|Bitbucket|BitbucketServer)$/,
        "must be GitHub, GitLab, Bitbucket or BitbucketServer",
      );
    },
  };
}
