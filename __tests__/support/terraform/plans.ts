/**
 * Two plans of a stack, for two kinds of scanners. The first, as a user sees it, holds what the stack says and
 * nothing else. The settled one is made after the stand-ins of the mirror have applied the stack: every value in it is
 * known, also what is "known after apply", such as a policy that names a database's resource id. It also holds values
 * that the stand-ins made up, which must not impress a scanner.
 */

import type { TerraformTools } from "../../../tools/machine/terraform";
import type { PlanJson } from "./plan";
import { StackCopy } from "./stack-copy";
import type { SynthesizedStack } from "./stacks";
import { variableValues } from "./variable-values";

export interface Plans {
  readonly first: PlanJson;
  readonly settled: PlanJson;
}

export async function plansOf(tools: TerraformTools, stack: SynthesizedStack): Promise<Plans> {
  const copy = new StackCopy(tools, stack.folder, { variables: variableValues(stack.json) });
  try {
    copy.init();
    const first = copy.plan();
    await copy.apply();
    return { first, settled: copy.plan() };
  } finally {
    copy.remove();
  }
}
