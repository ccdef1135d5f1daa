// HTTP proxy between Gitpod and the internet.

import { isResolved, terraformCall } from "../../database/private";
import { SecretEntry } from "../../kubernetes";
import type { GitpodSecretContent, GitpodSecretOptions } from "./gitpod-secret-content";
import { checkProxy } from "./secret-checks";

/** Properties of `GitpodSecret.httpProxy`. URLs with a password must be in an existing secret (`GitpodSecret.fromSecretName`). */
export interface GitpodHttpProxyProps extends GitpodSecretOptions {
  /**
   * URL of the proxy for HTTP, such as `http://proxy.internal:3128`; may be a token.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly httpProxy: string;
  /**
   * URL of the proxy for HTTPS; may be a token. @default - `httpProxy`
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly httpsProxy?: string;
  /**
   * Hosts and networks that bypass the proxy, at least those of the cluster; may be tokens.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly noProxy: string[];
}

/** Secret of an HTTP proxy. @internal */
export function httpProxyContent(props: GitpodHttpProxyProps): GitpodSecretContent {
  const { httpProxy, httpsProxy = httpProxy, noProxy } = props;
  return {
    purpose: "httpProxy",
    defaultName: "http-proxy-settings",
    entries: [
      SecretEntry.plain("httpProxy", httpProxy),
      SecretEntry.plain("httpsProxy", httpsProxy),
      SecretEntry.plain("noProxy", joinedText(",", noProxy)),
    ],
    check: (checks) => {
      checkProxy(checks, "httpProxy", httpProxy);
      checkProxy(checks, "httpsProxy", props.httpsProxy);
      if (noProxy.length === 0) {
        checks.fail(
          "noProxy",
          noProxy,
          "must not be empty, because Gitpod's components would connect to each other through the proxy",
        );
      }
    },
  };
}

/** Joins the members of a list with a separator; the list may only be known to Terraform. */
export function joinedText(separator: string, list: string[]): string {
  return isResolved(list) ? list.join(separator) : terraformCall("join", separator, list);
}
