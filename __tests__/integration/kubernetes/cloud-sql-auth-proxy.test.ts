/** A real API server takes the objects of the Auth Proxy, with no field that it does not know. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { GkeWorkloadIdentity } from "../../../lib/google";
import { CloudSqlAuthProxy, CloudSqlSidecar } from "../../../lib/google/gke";
import { describeWith } from "../../support/describe-with";
import { googleStack } from "../../support/google-stack";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import { server } from "../../unit/google/fixture";
import { judge } from "./judge";

jest.setTimeout(120_000);

describeWith("the Auth Proxy on a real API server", kubernetesTools, (tools) => {
  let api: KubeApiserver;
  beforeAll(async () => {
    api = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => api?.stop());

  test("in separate pods", async () => {
    const folder = googleStack((stack) => {
      new KubernetesProvider(stack, "kubernetes", { host: "https://127.0.0.1", token: "x" });
      const db = server(stack);
      new CloudSqlAuthProxy(stack, "proxy", {
        server: db,
        connectionName: db.connectionName,
        namespace: "gitpod",
        identity: new GkeWorkloadIdentity(stack, "identity", {
          namespace: "gitpod",
          serviceAccountName: "proxy",
          project: "platform",
        }),
      });
    });
    const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
    const { taken, refused } = await judge(api, tools.terraform, { name: "proxy", folder, json });
    expect(refused).toEqual([]);
    expect(taken.map((address) => address.split(".")[0]).sort()).toEqual([
      "kubernetes_deployment_v1",
      "kubernetes_network_policy_v1",
      "kubernetes_pod_disruption_budget_v1",
      "kubernetes_service_account_v1",
      "kubernetes_service_v1",
    ]);
  });

  test("as a native sidecar of an application", async () => {
    let container: unknown;
    googleStack((stack) => {
      const db = server(stack);
      container = new CloudSqlSidecar(stack, "sidecar", {
        server: db,
        connectionName: "platform:europe-west1:db",
      }).container;
    });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "app", namespace: "default" },
      spec: { initContainers: [container], containers: [{ name: "app", image: "example.com/app:1" }] },
    };
    const answer = await api.apply("/api/v1/namespaces/default/pods/app", pod, true);
    expect(answer.body.message ?? "").toBe("");
    expect([200, 201]).toContain(answer.status);
  });
});
