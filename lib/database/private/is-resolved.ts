// Tokens are Terraform values that exist only at plan or apply time. A check on one must neither pass nor fail
// by accident: a number token is a huge negative number, a list token has length one, and `Token.isUnresolved`
// does not look inside arrays and objects, nor for a number token inside a text. Everything that reads a user's
// value asks here first.

import { Token } from "cdktf";
import { Construct } from "constructs";

const TERRAFORM_TEMPLATE = /(^|[^$])\$\{|(^|[^%])%\{/;
// The element of a list token after it is taken out of the list: CDKTF no longer recognizes it as a token.
const LIST_ELEMENT = "#{TfToken[";
// How a number token looks once it is part of a text; CDKTF finds and replaces it there, too.
const NUMBER_IN_TEXT = /-\d(?:\.\d+)?e\+\d{3}/g;

/**
 * Returns true if a value, and everything inside it, is known at synth.
 *
 * @param value any value; a string with a Terraform template (`${...}`) in it is not known, a construct is.
 */
export function isResolved(value: unknown): boolean {
  return known(value, new Set());
}

/**
 * Writes a text so that Terraform reads it as it is: `${` and `%{` start a template in Terraform's JSON.
 *
 * @param text a text known at synth.
 */
export function escapeTemplate(text: string): string {
  return text.replace(/\$\{/g, "$$${").replace(/%\{/g, "%%{");
}

function known(value: unknown, seen: Set<object>): boolean {
  if (typeof value === "string") return knownText(value);
  if (typeof value === "number") return !Token.isUnresolved(value);
  if (typeof value !== "object" || value === null) return true;
  if (Token.isUnresolved(value)) return false;
  // Constructs and cycles lead through the whole tree and say nothing of the value.
  if (Construct.isConstruct(value) || seen.has(value)) return true;
  seen.add(value);
  if (Array.isArray(value)) return value.every((member) => known(member, seen));
  return Object.entries(value).every(([key, member]) => known(key, seen) && known(member, seen));
}

function knownText(text: string): boolean {
  if (Token.isUnresolved(text) || TERRAFORM_TEMPLATE.test(text) || text.includes(LIST_ELEMENT)) return false;
  return !text.match(NUMBER_IN_TEXT)?.some((number) => Token.isUnresolved(Number(number)));
}
