import { TerraformVariable } from "cdktf";
import { SecretValue } from "../../../lib/database";
import { CaSecret, DatabaseSecret, type DatabaseSecretProps, SecretEntry } from "../../../lib/kubernetes";
import { problemsOf, synthesize, treeOf } from "../../support/synth";
import { NullProviderStandIn } from "./fixtures";

const CANARY = "${ephemeral.random_password.canary.result}";
const secret = (version = 1) => SecretValue.fromEphemeral(CANARY, { version });
const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

function build(props: Partial<DatabaseSecretProps> & { entries: SecretEntry[] }) {
  return synthesize((stack) => {
    new DatabaseSecret(stack, "secret", { namespace: "coder", secretName: "coder-db", ...props });
  });
}

const revisionOf = (...entries: SecretEntry[]) =>
  build({ entries }).resource("kubernetes_secret_v1").data_wo_revision;

describe("DatabaseSecret", () => {
  test("writes values by a write-only argument, in an explicit namespace", () => {
    const { resource } = build({
      entries: [SecretEntry.secret("password", secret()), SecretEntry.plain("username", "coder")],
      labels: { app: "coder" },
      annotations: { note: "x" },
    });
    expect(resource("kubernetes_secret_v1")).toEqual({
      metadata: {
        name: "coder-db",
        namespace: "coder",
        labels: { app: "coder" },
        annotations: { note: "x" },
      },
      type: "Opaque",
      data_wo: { password: "${trimspace(ephemeral.random_password.canary.result)}", username: "coder" },
      data_wo_revision: expect.any(Number),
      depends_on: [],
    });
  });

  test("has the given type", () => {
    const { resource } = build({
      entries: [SecretEntry.secret(".dockerconfigjson", secret())],
      type: "kubernetes.io/dockerconfigjson",
    });
    expect(resource("kubernetes_secret_v1")).toMatchObject({
      type: "kubernetes.io/dockerconfigjson",
      data_wo: { ".dockerconfigjson": expect.any(String) },
    });
  });

  test("values are in data_wo only", () => {
    const { json } = build({ entries: [SecretEntry.secret("password", secret())] });
    const resource = Object.values<Record<string, unknown>>(json.resource.kubernetes_secret_v1)[0];
    expect(resource?.data).toBeUndefined();
    expect(JSON.stringify(json).split("canary")).toHaveLength(2);
  });

  test.each<[string, SecretEntry]>([
    ["a new version", SecretEntry.secret("password", secret(2), "host-1")],
    ["another host", SecretEntry.secret("password", secret(1), "host-2")],
    ["another key", SecretEntry.secret("pass", secret(1), "host-1")],
    ["a text in place of a secret", SecretEntry.plain("password", "host-1")],
  ])("%s changes the revision", (_, entry) => {
    expect(revisionOf(entry)).not.toBe(revisionOf(SecretEntry.secret("password", secret(1), "host-1")));
  });

  test("a host token is part of the revision; the secret value is not", () => {
    const { resource, json } = synthesize((stack) => {
      const host = new TerraformVariable(stack, "host", {}).stringValue;
      const value = SecretValue.fromEphemeral(`postgres://u:${CANARY}@${host}/`, { version: 3 });
      const made = new DatabaseSecret(stack, "secret", {
        namespace: "coder",
        secretName: "coder-db",
        entries: [SecretEntry.secret("url", value, `postgres://u@${host}/`)],
      });
      stack.addOverride("locals", { fingerprint: made.fingerprint });
    });
    const hash = 'sha256(jsonencode([["url", 3, "postgres://u@${var.host}/"]]))';
    expect(json.locals.fingerprint).toBe(`\${${hash}}`);
    expect(resource("kubernetes_secret_v1")).toMatchObject({
      data_wo: {
        url: '${trimspace("postgres://u:${ephemeral.random_password.canary.result}@${var.host}/")}',
      },
      data_wo_revision: `\${sum([1, parseint(substr(${hash}, 0, 12), 16)])}`,
    });
  });

  test("the version of a secret may be a token", () => {
    const { resource } = synthesize((stack) => {
      const version = new TerraformVariable(stack, "v", { type: "number" }).numberValue;
      new DatabaseSecret(stack, "secret", {
        namespace: "coder",
        secretName: "coder-db",
        entries: [SecretEntry.secret("p", SecretValue.fromEphemeral(CANARY, { version }))],
      });
    });
    expect(resource("kubernetes_secret_v1").data_wo_revision).toContain('[["p", var.v, ""]]');
  });

  test("values have no white space at their ends; PEM texts end with one line break", () => {
    const { resource } = build({
      entries: [
        SecretEntry.plain("user", "  coder\n"),
        SecretEntry.certificate("crt", `\n${PEM}\n\n`),
        SecretEntry.privateKey("key", secret()),
      ],
    });
    expect(resource("kubernetes_secret_v1").data_wo).toEqual({
      user: "coder",
      crt: `${PEM}\n`,
      key: "${trimspace(ephemeral.random_password.canary.result)}\n",
    });
  });

  test("depends on dependsOn and on the resources of its values", () => {
    const { resource } = synthesize((stack) => {
      const [before, source] = [
        new NullProviderStandIn(stack, "before"),
        new NullProviderStandIn(stack, "source"),
      ];
      new DatabaseSecret(stack, "secret", {
        namespace: "coder",
        secretName: "coder-db",
        entries: [
          SecretEntry.secret("p", SecretValue.fromEphemeral(CANARY, { version: 1, dependables: [source] })),
        ],
        dependsOn: [before],
      });
    });
    expect(resource("kubernetes_secret_v1").depends_on).toEqual(["stand_in.before", "stand_in.source"]);
  });

  test("reports all mistakes that the API server would refuse", () => {
    expect(
      problemsOf((stack) => {
        new DatabaseSecret(stack, "secret", {
          namespace: "Not.OK",
          secretName: "not_ok",
          entries: [SecretEntry.plain("a/b", "x"), SecretEntry.plain("k", "x"), SecretEntry.plain("k", "y")],
        });
        new DatabaseSecret(stack, "empty", { namespace: "coder", secretName: "x", entries: [] });
      }),
    ).toEqual([
      expect.stringContaining(
        'K8S-NAMESPACE: namespace must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "Not.OK")',
      ),
      expect.stringContaining(
        'K8S-SECRET-NAME: secretName must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part (got "not_ok")',
      ),
      expect.stringContaining(
        'K8S-ENTRIES-KEY: entries.key must be 1 to 253 letters, digits, hyphens, underscores and dots (got "a/b")',
      ),
      '[secret] K8S-ENTRIES-KEY: entries.key must be unique (got "k")',
      "[empty] K8S-ENTRIES: entries must have at least one entry (got [])",
    ]);
  });

  test("construct tree", () => {
    expect(treeOf(build({ entries: [SecretEntry.plain("a", "b")] }).stack)).toMatch(
      /^secret\n {2}Resource\n/,
    );
  });
});

describe("CaSecret", () => {
  const ca = (pem: string, props = {}) =>
    problemsOf((stack) => {
      new CaSecret(stack, "ca", { namespace: "coder", secretName: "ca", caCertificatesPem: pem, ...props });
    });

  test("has the CA certificates under ca.crt", () => {
    const { resource } = synthesize((stack) => {
      new CaSecret(stack, "ca", { namespace: "coder", secretName: "db-ca", caCertificatesPem: `${PEM}\n\n` });
    });
    expect(resource("kubernetes_secret_v1")).toEqual({
      metadata: { name: "db-ca", namespace: "coder" },
      type: "Opaque",
      data: { "ca.crt": `${PEM}\n` },
    });
  });

  test("accepts CA certificates that are tokens", () => {
    const { resource, json } = synthesize((stack) => {
      const pem = new TerraformVariable(stack, "pem", {}).stringValue;
      const made = new CaSecret(stack, "ca", {
        namespace: "c",
        secretName: "ca",
        caCertificatesPem: pem,
        key: "x.pem",
      });
      stack.addOverride("locals", { fingerprint: made.fingerprint });
    });
    expect(resource("kubernetes_secret_v1").data).toEqual({ "x.pem": "${trimspace(var.pem)}\n" });
    expect(json.locals.fingerprint).toContain("var.pem");
  });

  test.each([
    [
      "something else",
      "no certificate",
      'K8S-CA-CERTIFICATES-PEM: caCertificatesPem must be PEM text with at least one certificate (got "text")',
    ],
    [
      "a bundle above the size of an object",
      `${PEM}\n`.repeat(20_000),
      'K8S-CA-CERTIFICATES-PEM: caCertificatesPem must be at most 750000 bytes (got "1180000 bytes"); use the CA bundle of one region',
    ],
    [
      "a private key, which it does not show",
      `${PEM}\n-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----`,
      'K8S-CA-CERTIFICATES-PEM: caCertificatesPem must not contain a private key: the text is written to the synthesized output in clear (got "text")',
    ],
  ])("refuses %s", (_, pem, message) => {
    const problems = ca(pem);
    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems.join()).not.toContain("canary");
  });

  test("refuses invalid names", () => {
    expect(ca(PEM, { namespace: "A", secretName: "b_", key: "c/d" })).toHaveLength(3);
  });
});
