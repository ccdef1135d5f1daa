/** Plain values of variables that are secrets are found by name or by a password in a URL, wherever values may hold variables. */
import { holdsSecret, secretVariables } from "../../../lib/kubernetes/private";

test.each([
  "CODER_AIBRIDGE_OPENAI_KEY",
  "CODER_AIBRIDGE_ANTHROPIC_KEY",
  "CODER_AIBRIDGE_BEDROCK_ACCESS_KEY_SECRET",
  "CODER_OIDC_CLIENT_SECRET",
  "CODER_EMAIL_AUTH_PASSWORD",
  "CODER_EXTERNAL_TOKEN_ENCRYPTION_KEYS",
  "CODER_SCIM_AUTH_HEADER",
  "CODER_PROVISIONER_DAEMON_PSK",
  "AWS_SESSION_TOKEN",
  "PGPASSWORD",
  "SENTRY_DSN",
  "license_key",
])("%s holds a secret", (name) => {
  expect(holdsSecret(name, "canary")).toBe(true);
  expect(holdsSecret(name, undefined)).toBe(false);
  expect(holdsSecret(name, "")).toBe(false);
});

test.each([
  "AWS_ACCESS_KEY_ID",
  "CODER_OIDC_CLIENT_KEY_FILE",
  "CODER_EMAIL_AUTH_PASSWORD_FILE",
  "CODER_MAX_TOKEN_LIFETIME",
  "CODER_DISABLE_PASSWORD_AUTH",
  "SSH_PUBLIC_KEY",
  "CODER_SSH_KEYGEN_ALGORITHM",
  "MONKEY",
])("%s holds none", (name) => {
  expect(holdsSecret(name, "value")).toBe(false);
});

test("a URL with a password is a secret under any name", () => {
  expect(holdsSecret("HTTPS_PROXY", "http://user:canary@proxy.internal:3128")).toBe(true);
  expect(holdsSecret("HTTPS_PROXY", "http://proxy.internal:3128")).toBe(false);
  expect(holdsSecret("HTTPS_PROXY", "http://user@proxy.internal:3128")).toBe(false);
});

test("entries of lists and maps are found, references to secrets are not", () => {
  expect(
    secretVariables({
      global: {
        extraEnv: { OMNIAUTH_TOKEN: "canary", GITLAB_HOST: "x", psql: { password: { secret: "name" } } },
      },
      coder: {
        initContainers: [
          {
            env: [
              { name: "A_KEY", value: "canary" },
              { name: "B_KEY", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
            ],
          },
        ],
      },
      customization: [{ kind: "Deployment", spec: { env: [{ name: "HTTP_PROXY", value: "http://a:b@c" }] } }],
    }),
  ).toEqual([
    "global.extraEnv.OMNIAUTH_TOKEN",
    "coder.initContainers[0].env[0]",
    "customization[0].spec.env[0]",
  ]);
});
