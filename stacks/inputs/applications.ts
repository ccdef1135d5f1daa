// Variables of an application, the same on each cloud.

import { GitlabRedis, GitlabSecrets } from "../../lib/gitlab";
import { ClientTls } from "../../lib/pooling";
import type { InputRule, StackInputs } from "./stack-inputs";

/** Name of the Kubernetes secret with the pooler's certificate, for example one that cert-manager issues. */
const POOLER_TLS_SECRET = "pgbouncer-tls";

/** Validation of the variable `domain`. */
const DOMAIN_RULE: InputRule = {
  condition: 'can(regex("^[a-z0-9-]+([.][a-z0-9-]+)+$", var.domain))',
  message: "The domain must be a host name with a dot, without scheme, asterisk or slash.",
};

/** Coder's access URL. */
export function coderInputs(inputs: StackInputs): { readonly accessUrl: string } {
  return {
    accessUrl: inputs.string("access_url", "URL at which users reach the application", undefined, {
      condition: 'can(regex("^https?://[^/ ]+", var.access_url))',
      message: "The URL must begin with https:// (or http://) and a host.",
    }),
  };
}

/** Gitpod's domain and installer image. */
export function gitpodInputs(inputs: StackInputs): {
  readonly domain: string;
  readonly installerImage: string;
} {
  return {
    domain: inputs.string("domain", "Domain of Gitpod, such as gitpod.example.com", undefined, DOMAIN_RULE),
    installerImage: inputs.string(
      "installer_image",
      "Image of Gitpod's installer with an exact tag or digest",
      undefined,
      {
        condition:
          'can(regex("(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.installer_image)) && !endswith(var.installer_image, ":latest")',
        message: "The image must end in an exact tag or a digest.",
      },
    ),
  };
}

/** GitLab's domain, Redis, encryption keys and pooler certificate. */
export function gitlabInputs(inputs: StackInputs): {
  readonly domain: string;
  readonly certificateEmail: string;
  readonly redis: GitlabRedis;
  readonly secrets: GitlabSecrets;
  readonly poolerTls: ClientTls;
} {
  return {
    domain: inputs.string(
      "domain",
      "Domain under which GitLab is gitlab.DOMAIN, such as example.com",
      undefined,
      DOMAIN_RULE,
    ),
    certificateEmail: inputs.string("certificate_email", "E-mail address of the Let's Encrypt account"),
    redis: GitlabRedis.fromRedisAttributes({
      host: inputs.string("redis_host", "Host of Redis, with TLS"),
      port: inputs.number("redis_port", "Port of Redis", 6379, {
        condition: "var.redis_port >= 1 && var.redis_port <= 65535",
        message: "The port must be a number from 1 to 65535.",
      }),
      password: inputs.secret("redis_password", "Password of Redis"),
    }),
    secrets: GitlabSecrets.fromDocument(
      inputs.secret("rails_secrets", "Text of secrets.yml: the keys that encrypt parts of the databases"),
    ),
    poolerTls: ClientTls.fromSecret(
      POOLER_TLS_SECRET,
      inputs.string(
        "pooler_ca_certificates",
        `Certificate authorities (PEM) of the certificate for pgbouncer.gitlab.svc in the secret ${POOLER_TLS_SECRET}`,
      ),
    ),
  };
}
