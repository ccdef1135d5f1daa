// Names follow from construct paths, and two paths may give the same name: `a/b` and `a-b`. The cloud refuses the second one
// half-way through an apply, or the two overwrite each other in turns.

import { type TerraformProvider, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { isResolved } from "./is-resolved";
import type { SynthChecks } from "./synth-checks";

const CLAIMS = new WeakMap<IConstruct, Map<string, IConstruct>>();

/** Options of `claimOnce`. */
export interface ClaimOptions {
  /** The construct within which the key is unique, such as a database. @default - the stack of the claiming construct */
  readonly within?: IConstruct;
  /** The provider that stands for account, region or cluster, if keys are unique there only. @default - unique in `within` */
  readonly provider?: TerraformProvider;
}

/** A name that must be unique, and how a second construct with the same name is reported. */
export interface UniqueName {
  /** The kind of thing that is named, such as `S3 bucket` or `secret`. */
  readonly kind: string;
  /** The property's name as the user writes it. */
  readonly property: string;
  /** The name; a name that is not known at synth is not checked. */
  readonly name: string;
  /** Where the name is unique, such as a Kubernetes namespace; not known at synth, nothing is checked. @default - one place */
  readonly place?: string;
  /** The provider that stands for account, region or cluster, if names are unique there only. @default - unique in the stack */
  readonly provider?: TerraformProvider;
  /** The way out. @default choose another name for one of them */
  readonly remedy?: string;
}

/**
 * Claims something that only one construct may have, such as a name or a database: the first construct that claims a key gets it.
 *
 * @param scope the construct that claims the key.
 * @param kind the kind of thing; keys of different kinds are independent.
 * @param key identifies the thing; a key that is not known at synth is not recorded.
 * @param options where the key is unique.
 * @returns the other construct that claimed the key before, or `undefined` if there is none.
 */
export function claimOnce(
  scope: IConstruct,
  kind: string,
  key: string | readonly string[],
  options: ClaimOptions = {},
): IConstruct | undefined {
  if (!isResolved(key)) return undefined;
  const within = options.within ?? TerraformStack.of(scope);
  const claims = CLAIMS.get(within) ?? new Map<string, IConstruct>();
  CLAIMS.set(within, claims);
  const id = JSON.stringify([kind, options.provider?.node.path, key]);
  const owner = claims.get(id);
  if (owner === undefined) claims.set(id, scope);
  return owner === scope ? undefined : owner;
}

/**
 * Reports a name that another construct of the same stack has.
 *
 * @param checks where to report.
 * @param scope the construct that has the name.
 * @param unique the name.
 */
export function checkUniqueName(checks: SynthChecks, scope: IConstruct, unique: UniqueName): void {
  const { kind, name, place, provider, property } = unique;
  const other = claimOnce(scope, kind, place === undefined ? name : [place, name], { provider });
  if (!other) return;
  const where = place === undefined ? "" : ` in ${place}`;
  const remedy = unique.remedy ?? "choose another name for one of them";
  checks.fail(
    property,
    name,
    `must be unique; ${other.node.path} is another ${kind} of this name${where}: ${remedy}`,
  );
}
