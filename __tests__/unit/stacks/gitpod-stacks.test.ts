/** The three Gitpod architectures differ in the cloud's part only, and ask for what their pages say. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { EncryptionKey } from "../../../lib/aws";
import { DeletionPolicy, SecretValue } from "../../../lib/database";
import { GitpodEncryptionKeys } from "../../../lib/gitpod";
import { gitpodAws } from "../../../stacks/inputs/aws";
import { gitpodAzure } from "../../../stacks/inputs/azure";
import { gitpodGoogle } from "../../../stacks/inputs/google";
import { repository } from "../../../tools/machine/repository";
import type { Attributes } from "../../support/terraform/plan";
import { type StackJson, synthesizedStacks } from "../../support/terraform/stacks";

const CLOUDS = ["gitpod-aws", "gitpod-google", "gitpod-azure"];
const all = synthesizedStacks();

function stack(name: string): StackJson {
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`stacks/main.ts has no stack ${name}`);
  return found.json;
}

/** What the installer is told, as the expression by which Terraform writes it. */
function config(name: string): string {
  const maps = Object.values(stack(name).resource?.kubernetes_config_map_v1 ?? {});
  const texts = maps.map(({ data }) => ((data ?? {}) as Attributes)["config.yaml"]).filter(Boolean);
  expect(texts).toHaveLength(1);
  return String(texts[0]);
}

/** A part of it, from its name to its last brace. */
function part(name: string, key: string): string {
  const text = config(name);
  const start = text.indexOf(`"${key}" = {`);
  if (start < 0) throw new Error(`${name} has no ${key}: ${text}`);
  let depth = 0;
  for (let at = text.indexOf("{", start); at < text.length; at++) {
    depth += text[at] === "{" ? 1 : text[at] === "}" ? -1 : 0;
    if (depth === 0) return text.slice(start, at + 1);
  }
  throw new Error(`${key} of ${name} does not end`);
}

const CLOUDS_PARTS = ["metadata", "database", "objectStorage", "containerRegistry"];

test("the installer is told the same on all three, but for storage, registry, region and the way to the database", () => {
  const rest = CLOUDS.map((name) =>
    CLOUDS_PARTS.reduce((text, key) => text.replace(part(name, key), key), config(name)),
  );
  expect(rest[0]).toBe(
    '${jsonencode({"apiVersion" = "v1", "domain" = var.domain, metadata, database, objectStorage, containerRegistry, ' +
      '"certificate" = {"kind" = "secret", "name" = "https-certificates"}})}',
  );
  expect(rest[1]).toBe(rest[0]);
  expect(rest[2]).toBe(rest[0]);
});

test("the database is told in the same words; only a proxy in the cluster goes without authorities", () => {
  const [aws, google, azure] = CLOUDS.map((name) => part(name, "database"));
  expect(google).toMatch(
    /"inCluster" = false, "external" = \{"certificate" = \{[^}]*"name" = "database"\}\}\}$/,
  );
  expect(azure).toBe(aws);
  expect(aws).toBe(
    google?.replace(/\}$/, ', "ssl" = {"caCert" = {"kind" = "secret", "name" = "database-ca"}}}'),
  );
});

test.each([
  ["gitpod-aws", "objectStorage", '"s3" = {'],
  ["gitpod-google", "objectStorage", '"cloudStorage" = {'],
  ["gitpod-azure", "objectStorage", '"azure" = {'],
  ["gitpod-aws", "containerRegistry", '"inCluster" = true, "s3storage" = {'],
  ["gitpod-google", "containerRegistry", '"inCluster" = false, "external" = {'],
  ["gitpod-azure", "containerRegistry", '"inCluster" = false, "external" = {'],
])("%s has its own %s", (name, key, expected) => {
  expect(part(name, key)).toContain(expected);
});

describe.each(CLOUDS)("%s", (name) => {
  const page = readFileSync(join(repository, `docs/${name}.md`), "utf8");

  test("has a line on its page for each variable, and none for another", () => {
    const documented = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, variable]) => variable);
    expect(documented.sort()).toEqual(Object.keys(stack(name).variable ?? {}).sort());
  });

  test("takes each secret without keeping it", () => {
    const variables = Object.entries(stack(name).variable ?? {});
    const secret = variables.filter(([variable]) => /_key$|_key_file$|_secret$/.test(variable));
    expect(secret.length).toBeGreaterThan(0);
    for (const [, each] of secret) expect(each).toMatchObject({ sensitive: true, ephemeral: true });
  });
});

test("the secrets have the keys that the page lists", () => {
  const page = readFileSync(join(repository, "docs/gitpod.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (.*?) \| `Gitpod/gm)];
  const words = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word as string);
  // What is behind a semicolon is for HEAD alone.
  const listed = new Map(rows.map(([, name, keys]) => [name as string, words(keys?.split(";")[0] ?? "")]));
  const found = CLOUDS.flatMap((name) => Object.values(stack(name).resource?.kubernetes_secret_v1 ?? {}))
    .filter(({ metadata }) => (metadata as Attributes).namespace === "gitpod")
    .map((each) => ({
      name: String((each.metadata as Attributes).name),
      keys: [each.data, each.data_wo].flatMap((map) => Object.keys(map ?? {})),
    }));
  expect(new Set(found.map(({ name }) => name))).toEqual(
    new Set([
      ...["database", "database-ca", "storage-s3", "storage-gcp", "storage-azure"],
      ...["container-registry", "container-registry-s3-backend"],
    ]),
  );
  for (const { name, keys } of found) {
    const expected = (listed.get(name) ?? []).filter((key) => !key.startsWith("kubernetes.io/"));
    expect([name, ...keys.sort()]).toEqual([name, ...expected.sort()]);
  }
});

describe("without a snapshot of what has none", () => {
  const kmsKey = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
  const built = (policy: DeletionPolicy): readonly [string, StackJson][] => {
    const outdir = mkdtempSync(join(tmpdir(), "devplatforms-gitpod-"));
    try {
      const app = new App({ outdir, stackTraces: false });
      gitpodAws(app, { deletionPolicy: policy, encryptionKey: EncryptionKey.fromKeyArn(kmsKey) });
      gitpodGoogle(app, { deletionPolicy: policy });
      gitpodAzure(app, { deletionPolicy: policy });
      app.synth();
      return CLOUDS.map((name) => [
        name,
        JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")),
      ]);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  };
  const HOLDERS = [
    "aws_s3_bucket",
    "azurerm_storage_account",
    "azurerm_container_registry",
    "google_artifact_registry_repository",
    "kubernetes_namespace_v1",
  ];
  const held = (json: StackJson): unknown[] =>
    HOLDERS.flatMap((type) => Object.values(json.resource?.[type] ?? {})).map(
      ({ lifecycle }) => (lifecycle as Attributes | undefined)?.prevent_destroy ?? false,
    );

  test("SNAPSHOT keeps stores, registries and Gitpod's namespace; DELETE gives them up", () => {
    for (const [name, json] of built(DeletionPolicy.SNAPSHOT)) {
      const protectedOnes = held(json).filter(Boolean);
      // The namespaces of the set-up job and of the dumps hold nothing.
      expect([name, protectedOnes.length]).toEqual([name, held(json).length - 2]);
      expect(protectedOnes.length).toBeGreaterThan(1);
    }
    for (const [, json] of built(DeletionPolicy.DELETE)) {
      expect(held(json).filter(Boolean)).toEqual([]);
    }
  });
});

describe("the keys of Gitpod", () => {
  const material = SecretValue.fromEphemeral("${ephemeral.random_password.a.result}", { version: 1 });
  const build = (props: { encryptionKeyVersion?: number; encryptionKeys?: GitpodEncryptionKeys }) => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), "devplatforms-gitpod-")), stackTraces: false });
    rmSync(app.outdir, { recursive: true, force: true });
    return [gitpodAws(app, props), gitpodAzure(app, props)];
  };

  test("get a new version beside the old ones, which stay as they are", () => {
    const secrets = (props: { encryptionKeyVersion?: number }) =>
      build(props).map((stack) => {
        const { resource } = stack.toTerraform() as StackJson;
        return ["aws_secretsmanager_secret", "azurerm_key_vault_secret"].flatMap((type) =>
          Object.keys(resource?.[type] ?? {}).filter((name) => name.startsWith("encryption-key")),
        );
      });
    const before = secrets({});
    const after = secrets({ encryptionKeyVersion: 2 });
    expect(before.map((names) => names.length)).toEqual([1, 1]);
    expect(after).toEqual(before.map((names) => [...names, expect.stringMatching(/^encryption-key-2_/)]));
  });

  test.each([
    [{ encryptionKeyVersion: 0 }, /encryptionKeyVersion.*1 (to|and) 100/],
    [{ encryptionKeyVersion: 1.5 }, /encryptionKeyVersion/],
    [
      {
        encryptionKeyVersion: 2,
        encryptionKeys: GitpodEncryptionKeys.single(GitpodEncryptionKeys.material(material)),
      },
      /encryptionKeyVersion must not be set together with encryptionKeys.*; leave one of the two out/,
    ],
  ])("refuse %j", (props, message) => {
    for (const stack of build(props)) expect(stack.node.validate().join("\n")).toMatch(message);
  });
});
