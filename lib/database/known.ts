// Tokens are Terraform values that exist only at plan or apply time. A check on one must neither pass nor fail
// by accident: a number token is a huge negative number, a list token has length one, and `Token.isUnresolved`
// does not look inside arrays and objects. Everything that reads a user's value asks here first.

import { Token } from "cdktf";

const TERRAFORM_TEMPLATE = /(^|[^$])\$\{|(^|[^%])%\{/;

/**
 * Says whether a value, and everything inside it, is known at synth.
 *
 * @param value any value; a string with a Terraform template (`${...}`) in it is not known.
 */
export function isKnown(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return !Token.isUnresolved(value) && !TERRAFORM_TEMPLATE.test(value);
  if (typeof value === "number") return !Token.isUnresolved(value);
  if (typeof value === "object") {
    if (Token.isUnresolved(value)) return false;
    if (Array.isArray(value)) return value.every(isKnown);
    return Object.entries(value).every(([key, member]) => isKnown(key) && isKnown(member));
  }
  return true;
}

/**
 * Writes a text so that Terraform reads it as it is: `${` and `%{` start a template in Terraform's JSON.
 *
 * @param text a text known at synth.
 */
export function escapeTemplate(text: string): string {
  return text.replace(/\$\{/g, "$$${").replace(/%\{/g, "%%{");
}
