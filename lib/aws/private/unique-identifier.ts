// Two servers of one name in a region are refused by RDS half-way through an apply. Names follow from paths, and two paths
// may give the same name: `a/b` and `a-b`.

import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { isResolved, type SynthChecks } from "../../database/private";

const taken = new WeakMap<TerraformStack, Map<string, string>>();

/**
 * Reports an identifier that another instance of the same stack and provider has.
 *
 * @param scope the instance.
 * @param checks where to report.
 * @param identifier its name in RDS.
 * @param provider its provider, which stands for account and region.
 */
export function checkUniqueIdentifier(
  scope: Construct,
  checks: SynthChecks,
  identifier: string,
  provider: TerraformProvider | undefined,
): void {
  if (!isResolved(identifier)) return;
  const stack = TerraformStack.of(scope);
  const names = taken.get(stack) ?? new Map<string, string>();
  taken.set(stack, names);
  const key = `${provider?.node.path ?? ""} ${identifier}`;
  const other = names.get(key);
  if (other === undefined) names.set(key, scope.node.path);
  else
    checks.fail("identifier", identifier, `${other} has the same one; give one of them another identifier`);
}
