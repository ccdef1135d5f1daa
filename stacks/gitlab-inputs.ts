// What every GitLab stack asks for in the same words.

import { GitlabRedis, GitlabSecrets } from "../lib/gitlab";
import { ClientTls } from "../lib/pooling";
import { DOMAIN_RULE, type StackInputs } from "./inputs";

/** The secret with the pooler's certificate, such as one that cert-manager makes. */
const POOLER_TLS_SECRET = "pgbouncer-tls";

/** GitLab's domain, its Redis, its keys and the pooler's certificate. */
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
      "The domain under which GitLab is gitlab.DOMAIN, such as example.com",
      undefined,
      DOMAIN_RULE,
    ),
    certificateEmail: inputs.string(
      "certificate_email",
      "The address that certificates of Let's Encrypt are registered with",
    ),
    redis: GitlabRedis.external({
      host: inputs.string("redis_host", "The host of the Redis, which speaks TLS"),
      port: inputs.number("redis_port", "The port of the Redis", 6379, {
        condition: "var.redis_port >= 1 && var.redis_port <= 65535",
        message: "A port is a number from 1 to 65535.",
      }),
      password: inputs.secret("redis_password", "The password of the Redis"),
    }),
    secrets: GitlabSecrets.fromDocument(
      inputs.secret("rails_secrets", "The text of secrets.yml: the keys that encrypt parts of the databases"),
    ),
    poolerTls: ClientTls.fromSecret(
      POOLER_TLS_SECRET,
      inputs.string(
        "pooler_ca_certificates",
        `Who signed the certificate for pgbouncer.gitlab.svc in the secret ${POOLER_TLS_SECRET}, as PEM text`,
      ),
    ),
  };
}
