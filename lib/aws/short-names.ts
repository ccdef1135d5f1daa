// Names and construct ids made from values of the user's, which may be too long or known to Terraform only.

import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";
import { isKnown, shortHash } from "../database";

/**
 * A known name, shortened where a longer text does not fit; a token is left as it is.
 *
 * @param name the name.
 * @param maxLength the most characters.
 *
 * @internal
 */
export function shortened(name: string, maxLength: number): string {
  if (!isKnown(name) || name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - 9).replace(/-+$/, "")}-${shortHash(name)}`;
}

/**
 * A part of a construct id for a value of the user's: the value itself, or for a token a hash of its Terraform
 * expression. Never a position in a list, since removing one entry would then change the others.
 *
 * @param scope any construct of the stack.
 * @param value the value.
 *
 * @internal
 */
export function idPart(scope: IConstruct, value: string | number): string {
  if (isKnown(value)) return String(value);
  const resolver = new DefaultTokenResolver(new StringConcat());
  return shortHash(JSON.stringify(Tokenization.resolve(value, { scope, resolver, preparing: false })));
}
