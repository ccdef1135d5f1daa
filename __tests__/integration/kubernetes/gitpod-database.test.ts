/** A real API server takes what a `GitpodDatabase` makes, in both of the installer's modes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { DatabaseLogin, DatabaseServer, SecretValue } from "../../../lib/database";
import { GitpodConnection, GitpodDatabase, GitpodEncryptionKeys } from "../../../lib/gitpod";
import { describeWith } from "../../support/describe-with";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import type { StackJson, SynthesizedStack } from "../../support/terraform/stacks";
import { writtenStack } from "../../support/terraform/written-stack";
import { CLOUD_SQL, serverIn } from "../../unit/gitpod/database-fixture";
import { judge } from "./judge";

const VALUES: { readonly [name: string]: string } = {
  key: Buffer.alloc(32, 7).toString("base64"),
  password: "Abcdefgh12345678",
  credentials: JSON.stringify({ private_key: "made up" }),
};

function build(stack: TerraformStack): void {
  new KubernetesProvider(stack, "kubernetes", {});
  const secrets = Object.fromEntries(
    [...Object.keys(VALUES), "admin"].map((name) => [
      name,
      SecretValue.fromVariable(new TerraformVariable(stack, name, { type: "string" }), 1),
    ]),
  ) as { readonly [name in "key" | "password" | "credentials" | "admin"]: SecretValue };
  const owner = DatabaseLogin.withPassword("gitpod", secrets.password);
  const encryptionKeys = GitpodEncryptionKeys.single(secrets.key);
  const direct = serverIn(stack, {
    server: { adminLogin: DatabaseLogin.withPassword("dbadmin", secrets.admin) },
  });
  new GitpodDatabase(stack, "direct", {
    database: direct.database("gitpod", { owner }),
    namespace: "gitpod",
    encryptionKeys,
    labels: { team: "platform" },
  });
  const cloudSql = DatabaseServer.fromServerAttributes(stack, "cloud-sql", {
    engine: direct.engine,
    acceptExtendedSupport: "8.0",
    maxConnections: 1000,
    host: "34.0.0.1",
    ...CLOUD_SQL,
    isPrivate: false,
  });
  new GitpodDatabase(stack, "bundled", {
    database: cloudSql.database("gitpod", { owner }),
    namespace: "gitpod-2",
    encryptionKeys,
    connection: GitpodConnection.bundledProxy({
      connectionName: "platform:europe-west1:gitpod",
      credentials: secrets.credentials,
    }),
  });
}

describeWith("Gitpod's database on a real API server", kubernetesTools, (tools) => {
  let api: KubeApiserver;
  beforeAll(async () => {
    api = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => api?.stop());

  test("every object is taken", async () => {
    const folder = writtenStack(build);
    const file = join(folder, "cdk.tf.json");
    const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
    for (const [name, variable] of Object.entries(json.variable ?? {}))
      Object.assign(variable, { default: VALUES[name] ?? "made up" });
    writeFileSync(file, JSON.stringify(json));
    const stack: SynthesizedStack = { name: "gitpod-database", folder, json };
    const { taken, refused } = await judge(api, tools.terraform, stack);
    expect(refused).toEqual([]);
    expect(taken.filter((t) => t.startsWith("kubernetes_job_v1"))).toHaveLength(2);
    expect(taken.filter((t) => t.startsWith("kubernetes_secret_v1")).length).toBeGreaterThanOrEqual(5);
  });
});
