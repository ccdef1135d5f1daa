// Names follow from construct paths, and two paths may give the same name: `a/b` and `a-b`. The cloud refuses the second one
// half-way through an apply, or the two overwrite each other in turns.

import {
  DefaultTokenResolver,
  StringConcat,
  type TerraformProvider,
  TerraformStack,
  Tokenization,
} from "cdktf";
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
  /** The name; may be a token. */
  readonly name: string;
  /** Where the name is unique, such as a Kubernetes namespace; may be a token. @default - one place */
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
 * @param key identifies the thing. Tokens are compared as expressions: the same variable is the same value, and two different expressions
 *   are taken for different values.
 * @param options where the key is unique.
 * @returns the other construct that claimed the key before, or `undefined` if there is none.
 */
export function claimOnce(
  scope: IConstruct,
  kind: string,
  key: string | readonly string[],
  options: ClaimOptions = {},
): IConstruct | undefined {
  const known = isResolved(key) ? key : expressions(scope, key);
  if (known === undefined) return undefined;
  const within = options.within ?? TerraformStack.of(scope);
  const claims = CLAIMS.get(within) ?? new Map<string, IConstruct>();
  CLAIMS.set(within, claims);
  const id = JSON.stringify([kind, options.provider?.node.path, known]);
  const owner = claims.get(id);
  if (owner === undefined) claims.set(id, scope);
  return owner === scope ? undefined : owner;
}

/** Tokens of a key as Terraform expressions; undefined if they cannot be written yet. */
function expressions(scope: IConstruct, key: string | readonly string[]): unknown {
  try {
    const resolver = new DefaultTokenResolver(new StringConcat());
    // A variable of another stack is another variable, whatever its name.
    return [
      TerraformStack.of(scope).node.path,
      Tokenization.resolve(key, { scope, resolver, preparing: false }),
    ];
  } catch {
    return undefined;
  }
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
  const where = place === undefined ? "" : isResolved(place) ? ` in ${place}` : " in the same place";
  const remedy = unique.remedy ?? "choose another name for one of them";
  checks.fail(
    property,
    name,
    `must be unique; ${other.node.path} is another ${kind} of this name${where}: ${remedy}`,
  );
}
