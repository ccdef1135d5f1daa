// Two objects of one name in one namespace are refused half-way through an apply ("already exists"), or, where one is adopted,
// overwrite each other in turns.

import { type TerraformProvider, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { SynthChecks } from "../database/private";
import { isResolved } from "../database/private";

const taken = new WeakMap<TerraformStack, Map<string, IConstruct>>();

/** An object of Kubernetes, and how a second one of its name is reported. @internal */
export interface UniqueObject {
  /** What it is, in Kubernetes' words, such as `secret`. */
  readonly kind: string;
  /** Its namespace; one that is not known at synth is not judged. */
  readonly namespace: string;
  /** Its name; one that is not known at synth is not judged. */
  readonly name: string;
  /** The property's name as the user writes it. */
  readonly property: string;
  /** The provider that says which cluster it is in. @default - the stack's only one */
  readonly provider?: TerraformProvider;
}

/**
 * Reports an object that another construct of the same stack makes already.
 *
 * @param checks where to report.
 * @param scope the construct that makes the object.
 * @param object the object.
 * @internal
 */
export function checkUniqueObject(checks: SynthChecks, scope: IConstruct, object: UniqueObject): void {
  const { kind, namespace, name, property, provider } = object;
  if (!isResolved([namespace, name])) return;
  const stack = TerraformStack.of(scope);
  const objects = taken.get(stack) ?? new Map<string, IConstruct>();
  taken.set(stack, objects);
  const key = `${provider?.node.path ?? ""} ${kind} ${namespace}/${name}`;
  const other = objects.get(key);
  if (other === undefined) objects.set(key, scope);
  else if (other !== scope) {
    checks.fail(
      property,
      name,
      `${other.node.path} makes a ${kind} of this name in ${namespace} already; give one of them another name`,
    );
  }
}
