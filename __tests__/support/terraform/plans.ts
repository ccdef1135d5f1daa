/**
 * Two plans of a stack, for two kinds of scanners. The first, as a user sees it, holds what the stack says and
 * nothing else. The settled one is made after the stand-ins of the mirror have applied the stack: every value in it is
 * known, also what is "known after apply", such as a policy that names a database's resource id. It also holds values
 * that the stand-ins made up, which must not impress a scanner. Several tiers ask about the same stacks: they are planned once in
 * a run.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformTools } from "../../../tools/machine/terraform";
import { sharedValue } from "../shared-in-run";
import type { PlanJson } from "./plan";
import { StackCopy } from "./stack-copy";
import type { SynthesizedStack } from "./stacks";
import { variableValues } from "./variable-values";

export interface Plans {
  readonly first: PlanJson;
  readonly settled: PlanJson;
  /** Everything that Terraform wrote into files: the stack and its state. */
  readonly written: readonly { readonly name: string; readonly text: string }[];
}

/** @returns the plans of a stack, with a value for each of its variables */
export function plansOf(tools: TerraformTools, stack: SynthesizedStack): Plans {
  const text = readFileSync(join(stack.folder, "cdk.tf.json"), "utf8");
  return sharedValue(["plans", tools.program, tools.mirror ?? "", text].join("\n"), () => {
    const copy = new StackCopy(tools, stack.folder, { variables: variableValues(stack.json) });
    try {
      copy.init();
      const first = copy.plan();
      copy.applyAndWait();
      return { first, settled: copy.plan(), written: copy.written() };
    } finally {
      copy.remove();
    }
  });
}
