import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";
import { isResolved } from "./is-resolved";
import { shortHash } from "./physical-name";

/**
 * Part of a construct id for a value: the value itself, or for a token a hash of its Terraform expression. Never a position in a
 * list, because removing one entry would then change the ids of the others.
 *
 * @param scope any construct of the stack.
 * @param value the value.
 *
 * @internal
 */
export function constructIdFor(scope: IConstruct, value: string | number): string {
  if (isResolved(value)) return String(value);
  const resolver = new DefaultTokenResolver(new StringConcat());
  return shortHash(JSON.stringify(Tokenization.resolve(value, { scope, resolver, preparing: false })));
}
