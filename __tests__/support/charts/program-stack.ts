/** Stacks that the tests of charts build with other properties than `stacks/main.ts`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, type TerraformStack, TerraformVariable } from "cdktf";
import { SecretValue } from "../../../lib/database";
import type { StackJson, SynthesizedStack } from "../terraform/stacks";
import { writtenStack } from "../terraform/written-stack";

const MADE_UP = "MadeUpSecretOfThisTest0123456789";

// One listener for all programs: Node warns of a leak at the eleventh.
const written: string[] = [];
process.once("exit", () => {
  for (const folder of written) rmSync(folder, { recursive: true, force: true });
});

/** A stack of a program, in a folder that lasts as long as the process. */
export function programStack(name: string, build: (app: App) => TerraformStack): SynthesizedStack {
  const outdir = mkdtempSync(join(tmpdir(), "devplatforms-program-"));
  written.push(outdir);
  const app = new App({ outdir, stackTraces: false });
  const stack = build(app);
  app.synth();
  const folder = join(outdir, "stacks", stack.node.id);
  return { name, folder, json: read(folder) };
}

/** A stack of constructs on an existing cluster. Its secrets are variables with a made-up value. */
export function constructStack(name: string, build: (stack: TerraformStack) => void): SynthesizedStack {
  const folder = writtenStack((scope) => {
    new KubernetesProvider(scope, "kubernetes", {});
    new HelmProvider(scope, "helm", {});
    build(scope);
  });
  const json = read(folder);
  for (const variable of Object.values(json.variable ?? {})) Object.assign(variable, { default: MADE_UP });
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(json));
  return { name, folder, json };
}

/** A secret that the program asks for. */
export const given = (stack: TerraformStack, id: string): SecretValue =>
  SecretValue.fromVariable(new TerraformVariable(stack, id, { type: "string" }), 1);

function read(folder: string): StackJson {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackJson;
}
