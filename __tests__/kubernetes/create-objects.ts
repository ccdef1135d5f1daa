/** Creates a stack's objects on an API server, and removes them again. */
import type { KubeApiserver } from "../support/kube-apiserver";
import { manifests } from "../support/manifests";
import { plansOf } from "../support/plans";
import type { SynthesizedStack } from "../support/stacks";
import type { TerraformTools } from "../support/terraform-tools";

export interface Outcome {
  /** The addresses of the objects that the server took. */
  readonly taken: readonly string[];
  /** A line for each object that it refused. */
  readonly refused: readonly string[];
}

export async function createObjects(
  server: KubeApiserver,
  terraform: TerraformTools,
  stack: SynthesizedStack,
): Promise<Outcome> {
  const { settled } = await plansOf(terraform, stack);
  const taken: string[] = [];
  const refused: string[] = [];
  const objects = manifests(stack.json, settled);
  const made = objects.filter(({ body }) => body.kind === "Namespace").map(({ body }) => nameOf(body));
  // A stack may put its objects into a namespace that is there already.
  const there = new Set(objects.flatMap(({ namespace }) => (namespace ? [namespace] : [])));
  for (const name of [...there].filter((each) => !made.includes(each))) {
    await server.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const { address, path, namespace, body } of objects) {
    // Nothing ends a namespace here, as no controller runs: so a stack's own namespace is only tried.
    const answer = await server.create(path, body, namespace === undefined);
    if (answer.status === 201) {
      taken.push(address);
    } else {
      refused.push(`${address}: ${answer.status} ${answer.body.message}`);
    }
    if (namespace === undefined) {
      await server.create(path, { apiVersion: "v1", kind: "Namespace", metadata: { name: nameOf(body) } });
    }
  }
  // Two stacks may use the same names: each finds the server empty.
  for (const { path, namespace, body } of objects) {
    if (namespace !== undefined) {
      await server.call("DELETE", `${path}/${nameOf(body)}`);
    }
  }
  return { taken, refused };
}

function nameOf(body: object): string {
  return String((body as { metadata: { name: string } }).metadata.name);
}
