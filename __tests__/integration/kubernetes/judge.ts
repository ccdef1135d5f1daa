/** Has an API server judge a stack's objects. */

import type { TerraformTools } from "../../../tools/machine/terraform";
import { manifests } from "../../support/kubernetes/manifests";
import type { KubeApiserver } from "../../support/servers/kube-apiserver";
import { plansOf } from "../../support/terraform/plans";
import type { SynthesizedStack } from "../../support/terraform/stacks";

export interface Verdict {
  /** The addresses of the objects that the server takes. */
  readonly taken: readonly string[];
  /** A line for each object that it refuses. */
  readonly refused: readonly string[];
}

export async function judge(
  server: KubeApiserver,
  terraform: TerraformTools,
  stack: SynthesizedStack,
): Promise<Verdict> {
  const { settled } = plansOf(terraform, stack);
  const taken: string[] = [];
  const refused: string[] = [];
  const objects = manifests(stack.json, settled);
  // A stack may put its objects into a namespace that is there already.
  for (const name of new Set(objects.flatMap(({ namespace }) => namespace ?? []))) {
    await server.apply(`/api/v1/namespaces/${name}`, namespaceOf(name), false);
  }
  for (const { address, path, body } of objects) {
    // Two stacks may use the same names, so that only namespaces stay.
    const answer = await server.apply(`${path}/${nameOf(body)}`, body, body.kind !== "Namespace");
    if (answer.status === 200 || answer.status === 201) {
      taken.push(address);
    } else {
      refused.push(`${address}: ${answer.status} ${answer.body.message}`);
    }
  }
  return { taken, refused };
}

function namespaceOf(name: string): object {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function nameOf(body: object): string {
  return String((body as { metadata: { name: string } }).metadata.name);
}
