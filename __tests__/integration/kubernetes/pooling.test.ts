/** A real API server takes every object of a pooler, in its fullest form. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { ConsulLeaderSource, LeaderWatch } from "../../../lib/pooling";
import { describeWith } from "../../support/describe-with";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { holders, references } from "../../support/kubernetes/secret-references";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import { plansOf } from "../../support/terraform/plans";
import type { StackJson, SynthesizedStack } from "../../support/terraform/stacks";
import { writtenStack } from "../../support/terraform/written-stack";
import { CA, database, pooler, server } from "../../unit/pooling/fixture";
import { judge } from "./judge";

function stack(): SynthesizedStack {
  const folder = writtenStack((scope) => {
    new KubernetesProvider(scope, "kubernetes", {});
    const cluster = server(scope, "cluster", {
      tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: CA },
    });
    const source = ConsulLeaderSource.fromPatroni("gitlab-main", { url: "http://consul.example.com:8500" });
    pooler(scope, {
      entries: [
        { database: database(scope, "main", cluster) },
        { database: database(scope, "Reg_istry", cluster) },
      ],
      leaderWatches: [new LeaderWatch(scope, "watch", { server: cluster, source })],
      clientNamespaces: ["gitlab", "registry"],
      nodeSelector: { pool: "databases" },
      labels: { team: "platform" },
    });
  });
  const file = join(folder, "cdk.tf.json");
  const json = JSON.parse(readFileSync(file, "utf8")) as StackJson;
  // Passwords are asked for; here nobody answers.
  for (const variable of Object.values(json.variable ?? {})) Object.assign(variable, { default: "made up" });
  writeFileSync(file, JSON.stringify(json));
  return { name: "pooler", folder, json };
}

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly container: { readonly args: string[] }[] } };
  };
}

describeWith("a pooler on a real API server", kubernetesTools, (tools) => {
  let api: KubeApiserver;
  beforeAll(async () => {
    api = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => api?.stop());

  test("every object is taken", async () => {
    const { taken, refused } = await judge(api, tools.terraform, stack());
    expect(refused).toEqual([]);
    expect(taken.map((t) => t.replace(/\..*/, "")).sort()).toEqual([
      "kubernetes_config_map_v1",
      "kubernetes_config_map_v1",
      "kubernetes_deployment_v1",
      "kubernetes_network_policy_v1",
      "kubernetes_pod_disruption_budget_v1",
      "kubernetes_secret_v1",
      "kubernetes_service_v1",
    ]);
  });

  test("every secret, config map and key that the pods name is made, but for the user's certificate", async () => {
    const made = stack();
    const { settled } = plansOf(tools.terraform, made);
    const there = holders(made.json, settled).map((h) => `${h.kind} ${h.name}`);
    const missing = references(settled)
      .map((r) => `${r.kind} ${r.name}`)
      .filter((r) => !there.includes(r));
    expect(missing).toEqual(["Secret pooler-tls"]);
    const deployments = made.json.resource?.kubernetes_deployment_v1 ?? {};
    const [deployment] = Object.values(deployments) as unknown as [Deployment];
    const files = deployment.spec.template.spec.container
      .flatMap((c) => c.args)
      .filter((a) => a.startsWith("/etc/pgbouncer/"));
    const config = holders(made.json, settled).find((h) => h.name === "pgbouncer-config")?.keys ?? [];
    expect(files.map((f) => f.split("/").at(-1)).filter((f) => !config.includes(f as string))).toEqual([]);
  });
});
