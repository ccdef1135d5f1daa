/**
 * A release of GitLab in its fullest form: Terraform plans and applies it with the real schemas, a real API server takes every
 * object, every secret and key that the chart's values name is made, and no secret is in a plan.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { DatabaseLogin, type IDatabaseServer, SecretValue } from "../../../lib/database";
import {
  DatabaseTopology,
  GitlabObjectStorage,
  GitlabRedis,
  GitlabRelease,
  GitlabSecrets,
  type GitlabStores,
  GitlabVersion,
} from "../../../lib/gitlab";
import { ObjectStoreKey } from "../../../lib/storage";
import { describeWith } from "../../support/describe-with";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { holders, references } from "../../support/kubernetes/secret-references";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import { plansOf } from "../../support/terraform/plans";
import type { StackJson, SynthesizedStack } from "../../support/terraform/stacks";
import { writtenStack } from "../../support/terraform/written-stack";
import { behindPooler, CA, poolerIn, serverIn, storesIn } from "../../unit/gitlab/release-fixtures";
import { judge } from "./judge";

const MADE_UP = "MadeUpSecretOfThisTest0123456789";

const given = (stack: TerraformStack, id: string) =>
  SecretValue.fromVariable(new TerraformVariable(stack, id, { type: "string" }), 1);

const database = (stack: TerraformStack, server: IDatabaseServer, name: string, owner: string) =>
  server.database(name, { owner: DatabaseLogin.withPassword(owner, given(stack, `password_${owner}`)) });

function stack(build: (stack: TerraformStack) => void): SynthesizedStack {
  const folder = writtenStack((scope) => {
    new KubernetesProvider(scope, "kubernetes", {});
    new HelmProvider(scope, "helm", {});
    build(scope);
  });
  const file = join(folder, "cdk.tf.json");
  const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
  // Passwords are asked for; here nobody answers.
  for (const variable of Object.values(json.variable ?? {})) Object.assign(variable, { default: MADE_UP });
  writeFileSync(file, JSON.stringify(json));
  return { name: "gitlab", folder, json };
}

/** The stores of these tests are no resources, so nothing can wait for them. */
function stores(scope: TerraformStack): GitlabStores {
  const made = storesIn(scope);
  for (const store of Object.values(made)) store.dependables.length = 0;
  return made;
}

/** Everything at once: a pooler, mutual TLS, a split, the registry, Praefect and OpenBao, keys for all. */
function fullest(scope: TerraformStack): void {
  const client = { certificatePem: CA, privateKeyPem: given(scope, "client_key") };
  const tls = { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA, clientCertificate: client };
  const plain = { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA };
  const rails = serverIn(scope, "rails", { tls });
  const pooler = poolerIn(scope, { tls: plain });
  const second = serverIn(scope, "second", { tls: plain });
  new GitlabRelease(scope, "gitlab", {
    topology: new DatabaseTopology(scope, "topology", {
      version: GitlabVersion.ofChart("10.0.2"),
      main: behindPooler(database(scope, rails, "gitlabhq_production", "gitlab"), pooler, "main"),
      ci: behindPooler(database(scope, rails, "gitlabhq_production_ci", "gitlab_ci"), pooler, "ci"),
      allowSeparateCiDatabase: true,
      registry: database(scope, serverIn(scope, "third", { tls }), "registry", "registry"),
      praefect: database(scope, second, "praefect", "praefect"),
      openbao: database(scope, second, "openbao", "openbao"),
    }),
    domain: "example.com",
    chartVersion: "10.0.2",
    objectStorage: GitlabObjectStorage.withKey({
      stores: stores(scope),
      key: ObjectStoreKey.s3("AKIAEXAMPLE", given(scope, "s3")),
    }),
    redis: GitlabRedis.fromRedisAttributes({ host: "redis.internal", password: given(scope, "redis") }),
    secrets: GitlabSecrets.fromKeys({
      dbKeyBase: given(scope, "db"),
      otpKeyBase: given(scope, "otp"),
      secretKeyBase: given(scope, "base"),
      encryptedSettingsKeyBase: given(scope, "settings"),
      openidConnectSigningKey: given(scope, "oidc"),
      activeRecordEncryptionPrimaryKey: given(scope, "primary"),
      activeRecordEncryptionDeterministicKey: given(scope, "deterministic"),
      activeRecordEncryptionKeyDerivationSalt: given(scope, "salt"),
    }),
    certificateEmail: "platform@example.com",
    backups: { cron: "0 1 * * *", diskGiB: 100 },
  });
}

/** A Geo secondary, with identities: the objects and secrets that the other has not. */
function secondary(scope: TerraformStack): void {
  const server = serverIn(scope);
  const identity = (serviceAccountName: string) => ({
    cloud: server.location.cloud,
    namespace: "gitlab",
    serviceAccountName,
    serviceAccountAnnotations: {
      "eks.amazonaws.com/role-arn": `arn:aws:iam::123456789012:role/${serviceAccountName}`,
    },
    podLabels: {},
    dependables: [],
  });
  new GitlabRelease(scope, "gitlab", {
    topology: new DatabaseTopology(scope, "topology", {
      version: GitlabVersion.ofChart("9.5.2"),
      main: database(scope, server, "gitlabhq_production", "gitlab"),
      geo: database(scope, serverIn(scope, "tracking"), "gitlabhq_geo_production", "gitlab_geo"),
      registry: database(scope, server, "registry", "registry"),
    }),
    domain: "example.com",
    chartVersion: "9.5.2",
    objectStorage: GitlabObjectStorage.withIdentity({
      stores: stores(scope),
      identity: identity("gitlab-objects"),
      registryIdentity: identity("registry-objects"),
    }),
    redis: GitlabRedis.fromRedisAttributes({ host: "redis.internal", password: given(scope, "redis") }),
    secrets: GitlabSecrets.fromDocument(given(scope, "rails")),
    certificateEmail: "platform@example.com",
  });
}

describeWith("GitLab on a real API server", kubernetesTools, (tools) => {
  let api: KubeApiserver;
  beforeAll(async () => {
    api = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => api?.stop());

  const cases: [string, (scope: TerraformStack) => void, readonly string[]][] = [
    [
      "everything at once",
      fullest,
      ["config", "connection", "main-gitlab-password", "client-key.pem", "secret", "secrets.yml"],
    ],
    ["a Geo secondary", secondary, ["database-ca.pem", "postgresql-password", "gitlab-database-ca.crt"]],
  ];

  test.each(cases)("%s: accepted, complete and without a secret in a plan", async (_, build, expected) => {
    const made = stack(build);
    const { taken, refused } = await judge(api, tools.terraform, made);
    expect(refused).toEqual([]);
    expect(taken.length).toBeGreaterThan(8);

    const { first, settled } = plansOf(tools.terraform, made);
    for (const plan of [first, settled]) {
      const {
        variables: _variables,
        configuration: _configuration,
        ...rest
      } = plan as unknown as Record<string, unknown>;
      expect(JSON.stringify(rest)).not.toContain(MADE_UP);
    }
    const there = holders(made.json, settled).flatMap(({ name, keys }) =>
      (keys ?? []).map((key) => `${name}/${key}`),
    );
    const named = references(settled).map(({ name, key }) => `${name}/${key}`);
    expect(named.filter((each) => !there.includes(each) && !each.endsWith("/undefined"))).toEqual([]);
    // The check sees what it should see.
    for (const key of expected) expect(named.some((each) => each.endsWith(`/${key}`))).toBe(true);
  });
});
