/** A real API server takes every object that our stacks and examples make, with no field that it does not know. */
import { describeWith } from "../support/availability";
import { KubeApiserver } from "../support/kube-apiserver";
import { kubernetesTools } from "../support/kubernetes-tools";
import { synthesizedExamples, synthesizedStacks } from "../support/stacks";
import { judge } from "./judge";

describeWith("objects on a real API server", kubernetesTools, (tools) => {
  const stacks = [...synthesizedStacks(), ...synthesizedExamples()];
  let server: KubeApiserver;
  beforeAll(async () => {
    server = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => server?.stop());

  test.each(stacks.map((each) => [each.name, each] as const))("%s", async (_, stack) => {
    const { taken, refused } = await judge(server, tools.terraform, stack);
    expect(refused).toEqual([]);
    expect(taken.length).toBeGreaterThan(0);
  });
});
