// References between stacks that CDKTF writes and Terraform refuses.

import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { SynthChecks } from "./synth-checks";

/** CDKTF's id of the output that it makes for a reference from another stack. */
const OUTPUT = "cross-stack-output-";
/** A value that is in no state, or a resource without an attribute, as in `depends_on`. */
const NOT_A_VALUE = /^(ephemeral\.|(data\.)?[^.]+\.[^.]+$)/;

const WAY_OUT =
  "describe the server in the other stack with DatabaseServer.fromServer, and read the passwords there with StoredSecret.login of the cloud " +
  "(see Getting started, A server in another stack)";

const CHECKED = new WeakSet<TerraformStack>();

/**
 * Reports references from other stacks to the stack of a construct that Terraform refuses at the plan: CDKTF hands over each
 * reference as an output in the state, which can hold neither ephemeral values nor whole resources.
 *
 * @param scope a construct that has such values, such as a server's database.
 * @see https://developer.hashicorp.com/terraform/language/block/output
 */
export function refuseCrossStackReferences(scope: IConstruct): void {
  const stack = TerraformStack.of(scope);
  if (CHECKED.has(stack)) return;
  CHECKED.add(stack);
  const checks = new SynthChecks(stack, "STACK");
  checks.whenComplete(() => {
    const refused = stack.node.children
      .map(({ node }) => node.id)
      .filter((id) => id.startsWith(OUTPUT) && NOT_A_VALUE.test(id.slice(OUTPUT.length)))
      .map((id) => id.slice(OUTPUT.length))
      .sort();
    if (refused.length === 0) return;
    checks.fail(
      "references of other stacks",
      refused.join(", "),
      `must be attributes of resources, as Terraform hands neither ephemeral values nor whole resources to another stack; ${WAY_OUT}`,
      "references",
    );
  });
}
