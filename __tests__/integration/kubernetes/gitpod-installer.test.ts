/** A real API server takes the job that installs Gitpod, its rights, its configuration and all secrets. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformStack } from "cdktf";
import { GitpodInstallerConfig, GitpodInstallerJob, GitpodVersion } from "../../../lib/gitpod";
import { describeWith } from "../../support/describe-with";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import type { StackJson, SynthesizedStack } from "../../support/terraform/stacks";
import { writtenStack } from "../../support/terraform/written-stack";
import { everything } from "../../unit/gitpod/installer-fixture";
import { judge } from "./judge";

function build(version: GitpodVersion): (stack: TerraformStack) => void {
  return (stack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    new GitpodInstallerJob(stack, "installer", {
      config: new GitpodInstallerConfig(stack, "config", everything(stack, version)),
      image: "registry.example.com/installer:release-2022.11.3",
    });
  };
}

describeWith("Gitpod's installer on a real API server", kubernetesTools, (tools) => {
  let api: KubeApiserver;
  beforeAll(async () => {
    api = await KubeApiserver.start(tools.kubernetes);
  });
  afterAll(() => api?.stop());

  test.each([
    ["2022.11", GitpodVersion.V2022_11],
    ["HEAD", GitpodVersion.HEAD],
  ])("every object of %s is taken", async (name, version) => {
    const folder = writtenStack(build(version));
    const file = join(folder, "cdk.tf.json");
    // Secrets are write-only, so that the API server sees placeholders; Terraform only has to find something to plan with.
    const text = readFileSync(file, "utf8").replace(/ephemeral\.random_password\.\w+\.result/g, "var.secret");
    const json = JSON.parse(text) as StackJson;
    const variable = { secret: { default: "abcdefghijklmnopqrstuvwxyz012345", ephemeral: true } };
    Object.assign(json, { variable });
    const roles = Object.values(json.resource ?? {}).flatMap((all) => Object.keys(all as object));
    expect(roles.length).toBeGreaterThan(10);
    writeFileSync(file, JSON.stringify(json));
    const stack: SynthesizedStack = {
      name: `gitpod-${name.replaceAll(".", "-").toLowerCase()}`,
      folder,
      json,
    };
    const { taken, refused } = await judge(api, tools.terraform, stack);
    expect(refused).toEqual([]);
    for (const type of [
      "job",
      "config_map",
      "role",
      "role_binding",
      "cluster_role",
      "cluster_role_binding",
    ]) {
      expect(taken.filter((each) => each.startsWith(`kubernetes_${type}_v1.`))).toHaveLength(1);
    }
  });
});
