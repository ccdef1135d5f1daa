// Two things of one name are refused by the cloud half-way through an apply, or overwrite each other. Names follow from paths, and
// two paths may give the same name: `a/b` and `a-b`.

import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { isResolved, type SynthChecks } from "../database/private";

const taken = new WeakMap<TerraformStack, Map<string, string>>();

/** What has to be unique, and how a mistake is reported. @internal */
export interface UniqueName {
  /** Among what the name is unique, such as `bucket of S3`. */
  readonly among: string;
  /** The property's name as the user writes it. */
  readonly property: string;
  /** The name; one that is not known at synth is not judged. */
  readonly name: string;
  /** The provider that stands for account or project, where names are unique in one of them only. @default - unique everywhere */
  readonly provider?: TerraformProvider;
  /** What to do. @default give one of them another name */
  readonly remedy?: string;
}

/**
 * Reports a name that another construct of the same stack has.
 *
 * @param scope the construct that has the name.
 * @param checks where to report.
 * @param unique the name.
 *
 * @internal
 */
export function checkUniqueName(scope: Construct, checks: SynthChecks, unique: UniqueName): void {
  const { among, property, name } = unique;
  if (!isResolved([among, name])) return;
  const stack = TerraformStack.of(scope);
  const names = taken.get(stack) ?? new Map<string, string>();
  taken.set(stack, names);
  const key = `${among} ${unique.provider?.node.path ?? ""} ${name}`;
  const other = names.get(key);
  if (other === undefined) names.set(key, scope.node.path);
  else {
    const remedy = unique.remedy ?? "give one of them another name";
    checks.fail(property, name, `${other} has the same one, and a ${among} has to be unique; ${remedy}`);
  }
}
