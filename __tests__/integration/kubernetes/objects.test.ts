/** A real API server takes every object that our stacks and examples make, with no field that it does not know. */
import { describeWith } from "../../support/describe-with";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import { readsAnotherState, synthesizedExamples, synthesizedStacks } from "../../support/terraform/stacks";
import { judge } from "./judge";

describeWith("objects on a real API server", kubernetesTools, (tools) => {
  const all = [...synthesizedStacks(), ...synthesizedExamples()].filter((stack) => !readsAnotherState(stack));
  const stacks = all.filter(({ json }) =>
    Object.keys(json.resource ?? {}).some((type) => type.startsWith("kubernetes_")),
  );
  let server: KubeApiserver;
  beforeAll(async () => {
    server = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => server?.stop());

  test.each(stacks.map((each) => [each.name, each] as const))("%s", async (_, stack) => {
    const { taken, refused } = await judge(server, tools.terraform, stack);
    expect(refused).toEqual([]);
    expect(taken.length).toBeGreaterThan(0);
    // What a stack of GitLab puts into the cluster beside the chart: secrets, the pooler, the jobs that make databases and logins.
    if (/^gitlab-(aws|google|azure)$/.test(stack.name)) {
      const types = taken.map((address) => address.split(".")[0]);
      expect(types).toEqual(
        expect.arrayContaining([
          "kubernetes_namespace_v1",
          "kubernetes_secret_v1",
          "kubernetes_config_map_v1",
          "kubernetes_deployment_v1",
          "kubernetes_service_v1",
          "kubernetes_network_policy_v1",
          "kubernetes_pod_disruption_budget_v1",
          "kubernetes_job_v1",
          "kubernetes_service_account_v1",
        ]),
      );
    }
  });

  test("only machines and servers without an application have no objects", () => {
    const without = all.filter((each) => !stacks.includes(each));
    expect(without.map(({ name }) => name)).toEqual([
      "coder-two-stacks/data",
      "gitlab-linux-package/gitlab-linux-package",
    ]);
  });
});
