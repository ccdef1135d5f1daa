import type { TerraformStack } from "cdktf";
import { parse } from "yaml";
import {
  CoderProvisionerKey,
  CoderProvisioners,
  type CoderProvisionersProps,
  CoderRelease,
} from "../../../lib/coder";
import { EnvironmentVariable } from "../../../lib/kubernetes";
import { type Json, problemsOf, synthesize, treeOf } from "../../support/synth";
import { databaseIn, secret } from "./fixtures";

const PROPS: CoderProvisionersProps = {
  key: CoderProvisionerKey.fromSecretName("my-key", "token"),
  chartVersion: "2.33.6",
  namespace: "coder",
  url: "https://coder.example.com",
};

function build(props: Partial<CoderProvisionersProps> = {}) {
  const built = synthesize((stack) => {
    new CoderProvisioners(stack, "provisioners", { ...PROPS, ...props });
  });
  const release = built.resource("helm_release");
  return { ...built, release, values: parse(release.values[0]) };
}

test("connect to Coder's URL and never to the database", () => {
  const { values, release } = build({ replicas: 60 });
  expect(release).toMatchObject({
    chart: "coder-provisioner",
    name: "coder-provisioner",
    repository: "https://helm.coder.com/v2",
    version: "2.33.6",
    namespace: "coder",
  });
  expect(values).toEqual({
    coder: {
      env: [{ name: "CODER_URL", value: "https://coder.example.com" }],
      replicaCount: 60,
      resources: {
        requests: { cpu: "1000m", memory: "1Gi" },
        limits: { cpu: "1000m", memory: "1Gi" },
      },
      securityContext: { capabilities: { drop: ["ALL"] } },
    },
    // The empty name takes away the chart's default, which older charts refuse beside a key.
    provisionerDaemon: { keySecretName: "my-key", keySecretKey: "token", pskSecretName: "" },
  });
});

test("a provisioner key is stored in a secret, and a new one restarts the pods", () => {
  const { values, resource } = build({ key: CoderProvisionerKey.fromSecretValue(secret("key")) });
  expect(resource("kubernetes_secret_v1")).toMatchObject({
    metadata: { name: "coder-provisioner-key", namespace: "coder" },
    data_wo: { key: "${trimspace(ephemeral.random_password.key.result)}" },
  });
  expect(values.provisionerDaemon).toEqual({
    keySecretName: "coder-provisioner-key",
    keySecretKey: "key",
    pskSecretName: "",
  });
  const other = build({ key: CoderProvisionerKey.fromSecretValue(secret("key", 2)) });
  expect(values.coder.podAnnotations).toEqual({ "checksum/provisioner-key": expect.any(String) });
  expect(other.values.coder.podAnnotations).not.toEqual(values.coder.podAnnotations);
});

test("a pre-shared key is stored under the chart's fixed key and allows tags", () => {
  const { values, resource } = build({
    key: CoderProvisionerKey.preShared(secret("psk")),
    tags: { environment: "on-prem" },
  });
  expect(Object.keys(resource("kubernetes_secret_v1").data_wo)).toEqual(["psk"]);
  expect(values.provisionerDaemon).toEqual({
    pskSecretName: "coder-provisioner-psk",
    tags: { environment: "on-prem" },
  });
});

describe("beside Coder", () => {
  const together = (key: CoderProvisionerKey) => {
    const built = synthesize((stack) => {
      new CoderRelease(stack, "coder", {
        database: databaseIn(stack),
        accessUrl: "https://coder.example.com",
        chartVersion: "2.33.6",
        provisioners: { key, replicas: 5 },
      });
    });
    const release = (chart: string): Json =>
      built.resources("helm_release").find((each: Json) => each.chart === chart);
    return { ...built, coder: release("coder"), provisioners: release("coder-provisioner") };
  };

  test("disable Coder's built-in provisioners and depend on Coder's release", () => {
    const { coder, provisioners } = together(CoderProvisionerKey.fromSecretName("my-key", "token"));
    expect(parse(coder.values[0]).coder.env).toContainEqual({
      name: "CODER_PROVISIONER_DAEMONS",
      value: "0",
    });
    expect(parse(provisioners.values[0]).coder).toMatchObject({
      replicaCount: 5,
      env: [{ name: "CODER_URL", value: "https://coder.example.com" }],
    });
    expect(provisioners.depends_on).toContainEqual(expect.stringMatching(/^helm_release\.coder_Release/));
  });

  test("a pre-shared key is one secret for Coder and its provisioners", () => {
    const { coder, provisioners, resources, stack } = together(CoderProvisionerKey.preShared(secret("psk")));
    const name = { pskSecretName: "coder-provisioner-psk" };
    expect(parse(coder.values[0]).provisionerDaemon).toEqual(name);
    expect(parse(provisioners.values[0]).provisionerDaemon).toEqual(name);
    expect(
      resources("kubernetes_secret_v1").filter(
        (each: Json) => each.metadata.name === "coder-provisioner-psk",
      ),
    ).toHaveLength(1);
    expect(treeOf(stack)).toContain("  ProvisionerKey\n    Resource\n");
    expect(treeOf(stack)).toContain("  Provisioners\n    Release\n      Resource\n");
  });

  test("provisioners do not count in the connection budget", () => {
    const needed = (withProvisioners: boolean) => {
      let total: number | undefined;
      synthesize((stack) => {
        const database = databaseIn(stack);
        new CoderRelease(stack, "coder", {
          database,
          accessUrl: "https://coder.example.com",
          chartVersion: "2.33.6",
          provisioners: withProvisioners
            ? { key: CoderProvisionerKey.fromSecretName("a", "b"), replicas: 600 }
            : undefined,
        });
        total = database.server.connectionBudget.needed;
      });
      return total;
    };
    expect(needed(true)).toBe(needed(false));
  });
});

test.each<[string, Partial<CoderProvisionersProps>, string]>([
  [
    "tags beside a key",
    { tags: { a: "b" } },
    "tags must not be set with a provisioner key, which carries its tags",
  ],
  [
    "a key on a chart that is too old",
    { chartVersion: "2.16.0" },
    'CODER-PROVISIONERS-KEY: key must not be set before chart version 2.18.0 (got "a provisioner key"); chartVersion is 2.16.0',
  ],
  [
    "no URL",
    { url: "coder.example.com" },
    "CODER-PROVISIONERS-URL: url must be a URL that begins with http:// or https://",
  ],
  [
    "no replicas",
    { replicas: 0 },
    "CODER-PROVISIONERS-REPLICAS: replicas must be a whole number from 1 to 10000 (got 0)",
  ],
  [
    "a wrong secret",
    { key: CoderProvisionerKey.fromSecretName("A_B", "k") },
    "CODER-PROVISIONERS-KEY-SECRET-NAME: key.secretName must be 1 to 253 lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part",
  ],
  [
    "a wrong key",
    { key: CoderProvisionerKey.fromSecretName("a", "k/l") },
    'CODER-PROVISIONERS-KEY-SECRET-KEY: key.secretKey must be 1 to 253 letters, digits, hyphens, underscores and dots (got "k/l")',
  ],
  [
    "the database's URL",
    { env: [EnvironmentVariable.plain("CODER_PG_CONNECTION_URL", "x")] },
    "CODER-PROVISIONERS-ENV-PG: env must not set a database variable",
  ],
  [
    "Coder's URL",
    { env: [EnvironmentVariable.plain("CODER_URL", "x")] },
    "CODER-PROVISIONERS-ENV-OWNED: env must not set a variable of the chart or the construct",
  ],
  [
    "a variable twice",
    { env: [EnvironmentVariable.plain("A", "1"), EnvironmentVariable.plain("A", "2")] },
    "CODER-PROVISIONERS-ENV-DUPLICATE: env must not set a variable twice",
  ],
  [
    "a secret by value",
    { env: [EnvironmentVariable.fromSecretValue("A", secret("a"))] },
    "CODER-PROVISIONERS-ENV-SECRET: env must not hold a secret value",
  ],
])("%s is refused", (_, props, message) => {
  expect(
    problemsOf((stack) => {
      new CoderProvisioners(stack, "provisioners", { ...PROPS, ...props });
    }),
  ).toEqual([expect.stringContaining(message)]);
});

test("two releases in a namespace have chart objects of different names, and one release name twice is refused", () => {
  const two = (releaseName: string) => (stack: TerraformStack) => {
    new CoderProvisioners(stack, "a", PROPS);
    new CoderProvisioners(stack, "b", { ...PROPS, releaseName });
  };
  const releases = synthesize(two("gpu-provisioner")).resources("helm_release");
  const values = releases.map((release) => parse(release.values[0]));
  expect(values.map((each) => [each.nameOverride, each.coder.serviceAccount?.name])).toEqual([
    [undefined, undefined],
    ["gpu-provisioner", "gpu-provisioner"],
  ]);
  expect(problemsOf(two("coder-provisioner"))).toEqual([
    '[b/Release] HELM-RELEASE-NAME: releaseName must be unique (got "coder-provisioner"); test/a/Release is another Helm release of this name in coder: Helm refuses a name that is in use; choose another releaseName or namespace for one of them',
  ]);
});
