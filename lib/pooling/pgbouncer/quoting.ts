// PgBouncer has three notations: names in its configuration and HBA file, values of a connection, and lines of the user list.
// A name with a quote in it must not end early. Tokens are quoted by Terraform.

import { Token } from "cdktf";
import { isResolved, terraformCall } from "../../database/private";

/** A name in SQL, in PgBouncer's configuration and in its HBA file. */
export function quoteIdentifier(name: string): string {
  return `"${doubled(name, '"')}"`;
}

/** The value of `host=`, `dbname=` and their like. */
export function quoteValue(value: string): string {
  if (isResolved(value)) return /^[A-Za-z0-9_.:/-]+$/.test(value) ? value : `'${doubled(value, "'")}'`;
  return `'${doubled(value, "'")}'`;
}

/** A number in a text. A token of a number is a huge number to JavaScript and would be written as that. */
export function numberText(value: number): string {
  return isResolved(value) ? String(value) : Token.asString(value);
}

/**
 * A text with one character doubled, at synth or by Terraform.
 *
 * @param text the text; may be a token.
 * @param character the character.
 */
export function doubled(text: string, character: string): string {
  if (isResolved(text)) return text.replaceAll(character, character + character);
  return terraformCall("replace", text, character, character + character);
}
