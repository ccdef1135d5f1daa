/** Encryption keys, their guard in the state, and facts about the database. */
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { TerraformVariable } from "cdktf";
import { GeneratedSecret } from "../../../lib/aws";
import { Cloud, SecretValue } from "../../../lib/database";
import { GitpodEncryptionKeys, GitpodServerParameters, GitpodVersion } from "../../../lib/gitpod";
import { AZURE_ROOTS } from "../../../lib/gitpod/database/data/azure-roots";
import { TimestampSetting, timestampSetting } from "../../../lib/gitpod/database/gitpod-server-parameters";
import { problemsOf, synthesize } from "../../support/synth";
import { build, gitpodIn, secret } from "./database-fixture";

/** The list as it is written to Gitpod's secret. */
const written = (encryptionKeys: GitpodEncryptionKeys): string =>
  build({ props: { encryptionKeys } })
    .resources("kubernetes_secret_v1")
    .find((each) => each.metadata.name === "database").data_wo.encryptionKeys;

describe("the list", () => {
  const rotated = GitpodEncryptionKeys.of([
    { version: 1, material: secret("a", 3) },
    { name: "general", version: 2, primary: true, material: secret("b", 4) },
  ]);

  test("keeps old keys in order, with one primary key", () => {
    expect(written(rotated)).toBe(
      '${trimspace(jsonencode([{"name" = "general", "version" = 1, "primary" = false, "material" = trimspace(ephemeral.test.a.value)}, ' +
        '{"name" = "general", "version" = 2, "primary" = true, "material" = trimspace(ephemeral.test.b.value)}]))}',
    );
  });

  test("changes with a key, a version or the primary key", () => {
    const descriptions = [
      rotated,
      GitpodEncryptionKeys.of([{ version: 1, primary: true, material: secret("a", 3) }]),
      GitpodEncryptionKeys.of([{ version: 1, primary: true, material: secret("a", 4) }]),
      GitpodEncryptionKeys.of([
        { version: 1, primary: true, material: secret("a", 3) },
        { version: 2, material: secret("b", 4) },
      ]),
    ].map((keys) => keys.description);
    expect(new Set(descriptions).size).toBe(4);
    expect(descriptions.join()).not.toContain("ephemeral");
    expect(rotated.json.version).toBe(7);
  });

  test("supports secret versions known to Terraform only", () => {
    const out = synthesize((stack) => {
      const number = new TerraformVariable(stack, "number", { type: "number" }).numberValue;
      const material = SecretValue.fromEphemeral("${ephemeral.test.key.value}", { version: number });
      gitpodIn(stack, { props: { encryptionKeys: GitpodEncryptionKeys.single(material) } });
    });
    const [keys] = out.resources("terraform_data");
    expect(JSON.stringify(keys.for_each)).toContain("var.number");
  });

  test("names and versions must be known at synth", () => {
    const problems = problemsOf((stack) => {
      const name = new TerraformVariable(stack, "name", {}).stringValue;
      const version = new TerraformVariable(stack, "version", { type: "number" }).numberValue;
      gitpodIn(stack, {
        props: {
          encryptionKeys: GitpodEncryptionKeys.of([{ name, version, primary: true, material: secret("a") }]),
        },
      });
    });
    expect(problems).toEqual([
      expect.stringContaining("GITPOD-ENCRYPTION-KEYS-NAME: encryptionKeys.name must be known at synth"),
      expect.stringContaining(
        "GITPOD-ENCRYPTION-KEYS-VERSION: encryptionKeys.version must be known at synth",
      ),
    ]);
  });
});

describe("a key of a generated secret", () => {
  test("is the base64 of 32 letters and digits, and changes with the secret", () => {
    const material = GitpodEncryptionKeys.material(secret("generated", 2));
    expect(written(GitpodEncryptionKeys.single(material))).toContain(
      '"material" = trimspace(base64encode(trimspace(ephemeral.test.generated.value)))',
    );
    expect(material.version).toBe(2);
    // What Terraform makes of such a text passes for a key.
    const made = Buffer.from("KeyOfThisTest0123456789abcdefghi").toString("base64");
    expect(made).toMatch(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/);
  });

  test("depends on the secret, and is refused if it differs in each run", () => {
    synthesize((stack) => {
      const generated = new GeneratedSecret(stack, "key", { protect: true }).value;
      expect(GitpodEncryptionKeys.material(generated).dependables).toEqual(generated.dependables);
    });
    const random = SecretValue.fromEphemeral("${ephemeral.x.y.result}", { version: 1, changesEachRun: true });
    const material = GitpodEncryptionKeys.material(random);
    expect([material.changesEachRun, GitpodEncryptionKeys.single(material).json.changesEachRun]).toEqual([
      true,
      true,
    ]);
  });
});

describe("guard of the keys", () => {
  const watch = (acceptLostKeys = false) =>
    build({
      props: {
        acceptLostKeys,
        encryptionKeys: GitpodEncryptionKeys.of([
          { version: 1, material: secret("a") },
          { version: 2, primary: true, material: secret("b", 5) },
        ]),
      },
    }).resource("terraform_data");

  test("has an instance for each key, in one block with prevent_destroy", () => {
    expect(watch()).toEqual({
      for_each: { "general/1": "1", "general/2": "5" },
      triggers_replace: { material: "${each.value}" },
      lifecycle: { prevent_destroy: true },
    });
    expect(watch(true)).not.toHaveProperty("lifecycle");
  });

  test("the secret depends on it", () => {
    const { depends_on } = build()
      .resources("kubernetes_secret_v1")
      .find((each) => each.metadata.name === "database");
    expect(depends_on.join()).toContain("terraform_data.gitpod_Keys");
  });
});

test("an older primary key has a warning", () => {
  const encryptionKeys = GitpodEncryptionKeys.of([
    { version: 1, primary: true, material: secret("a") },
    { version: 2, material: secret("b") },
  ]);
  expect(build({ props: { encryptionKeys } }).warnings.map((w) => w.message)).toContainEqual(
    expect.stringContaining("the primary key is version 1 of general, although version 2 exists"),
  );
});

describe("the timestamp parameter", () => {
  test.each([
    [Cloud.AWS, "0"],
    [Cloud.GOOGLE, "off"],
    [Cloud.AZURE, "OFF"],
    [Cloud.SELF_MANAGED, "OFF"],
  ])("is off on %s in the cloud's format, which is recognized", (cloud, word) => {
    const parameters = GitpodServerParameters.forCloud(cloud);
    expect(parameters).toEqual({ explicit_defaults_for_timestamp: word });
    expect(timestampSetting(parameters)).toBe(TimestampSetting.OFF);
  });

  test.each([
    [{}, TimestampSetting.ON],
    [{ explicit_defaults_for_timestamp: "1" }, TimestampSetting.ON],
    [{ explicit_defaults_for_timestamp: "${var.x}" }, TimestampSetting.UNKNOWN],
    [undefined, TimestampSetting.UNKNOWN],
  ])("%j is %s", (parameters, setting) => {
    expect(timestampSetting(parameters)).toBe(setting);
  });
});

test("Azure's root certificates are those in Node", () => {
  const subject = (pem: string) => new X509Certificate(pem).subject;
  const known = new Map(
    rootCertificates.map((pem) => [subject(pem), new X509Certificate(pem).fingerprint256]),
  );
  expect(AZURE_ROOTS.map((pem) => /CN=(.+)/.exec(subject(pem))?.[1])).toEqual([
    "DigiCert Global Root G2",
    "Microsoft RSA Root Certificate Authority 2017",
    "DigiCert Global Root CA",
  ]);
  for (const pem of AZURE_ROOTS) {
    expect(new X509Certificate(pem).fingerprint256).toBe(known.get(subject(pem)));
  }
});

test("differences between the versions", () => {
  const { V2022_11: old, HEAD } = GitpodVersion;
  expect([old.name, HEAD.name]).toEqual(["2022.11", "HEAD"]);
  expect(old.profile).toMatchObject({
    furtherDatabases: ["gitpod-sessions"],
    provenMysql: ["5.7"],
    poolPerProcess: 10,
    spiceDbConnections: 0,
    bundledProxyReachesPrivate: false,
    azureStorage: true,
  });
  expect(HEAD.profile).toMatchObject({
    provenMysql: ["8.0"],
    poolPerProcess: 40,
    spiceDbConnections: 100,
    bundledProxyReachesPrivate: true,
    azureStorage: false,
    bucketRequired: true,
  });
});
