// Names of cloud resources follow from the construct's path, so that they are the same in every synth and legal
// whatever the ids look like. They are a public contract: a server whose name changes is replaced.

import { createHash } from "node:crypto";
import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";
import { isKnown } from "../database";

const HASH_LENGTH = 8;

/**
 * A name made from a construct's path: lower-case letters, digits and single hyphens, with a letter first.
 *
 * @param scope the construct that the name stands for.
 * @param maxLength the most characters; a longer path is cut and gets a hash of the whole.
 */
export function stableName(scope: IConstruct, maxLength = 63): string {
  const { path } = scope.node;
  const legal = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const name = /^[a-z]/.test(legal) ? legal : `d-${legal}`.replace(/-$/, "");
  if (name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - HASH_LENGTH - 1).replace(/-+$/, "")}-${shortHash(path)}`;
}

/**
 * A known name, shortened where a longer text does not fit; a token is left as it is.
 *
 * @param name the name.
 * @param maxLength the most characters.
 */
export function shortened(name: string, maxLength: number): string {
  if (!isKnown(name) || name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - HASH_LENGTH - 1).replace(/-+$/, "")}-${shortHash(name)}`;
}

/**
 * A part of a construct id for a value of the user's: the value itself, or for a token a hash of its Terraform
 * expression. Never a position in a list, since removing one entry would then change the others.
 *
 * @param scope any construct of the stack.
 * @param value the value.
 */
export function idPart(scope: IConstruct, value: string | number): string {
  if (isKnown(value)) return String(value);
  const resolver = new DefaultTokenResolver(new StringConcat());
  return shortHash(JSON.stringify(Tokenization.resolve(value, { scope, resolver, preparing: false })));
}

/** Eight hexadecimal digits that stand for a text. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}
