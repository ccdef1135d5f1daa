// `gitlab.rb` is a Ruby program, so each string literal must evaluate to exactly the original string. Printable ASCII is written in
// single quotes, which do not interpolate. All other strings are written with escapes: Ruby converts CR LF in source files to LF, and
// the package reads the file in the machine's encoding, in which non-ASCII letters may be a syntax error.

import { isResolved, terraformCall } from "../../database/private";
import { numberText } from "../pgbouncer/pgbouncer-config";

/** Ruby expression. */
export class RubyCode {
  /** Source code. */
  public readonly code: string;

  /** @param code an expression. */
  public constructor(code: string) {
    this.code = code;
  }
}

/**
 * Ruby expression that reads a secret from a file, without the final line break.
 *
 * @param path absolute path of the file.
 */
export function rubyFile(path: string): RubyCode {
  return new RubyCode(`File.read(${rubyText(path)}).chomp`);
}

/**
 * A string as a Ruby literal. Tokens are quoted by Terraform: JSON escapes are valid in Ruby, except for `#`.
 *
 * @param text the string; may be a token.
 */
export function rubyText(text: string): string {
  if (!isResolved(text)) return terraformCall("replace", terraformCall("jsonencode", text), "#", "\\#");
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replace(/[\\']/g, (c) => `\\${c}`)}'`;
  return `"${[...text].map(escaped).join("")}"`;
}

/**
 * A value as a Ruby literal: strings, numbers, booleans, lists, maps, `RubyCode`; undefined and null are `nil`.
 *
 * @param value the value; may hold tokens.
 * @param indent indentation of the line in which the value begins.
 */
export function rubyValue(value: unknown, indent = ""): string {
  if (value === undefined || value === null) return "nil";
  if (value instanceof RubyCode) return value.code;
  if (typeof value === "string") return rubyText(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((member) => typeof member !== "object"))
      return `[${value.map((m) => rubyValue(m)).join(", ")}]`;
    return `[\n${value.map((member) => `${inner}${rubyValue(member, inner)},\n`).join("")}${indent}]`;
  }
  const members = Object.entries(value as object).filter(([, member]) => member !== undefined);
  if (members.length === 0) return "{}";
  return `{\n${members.map(([key, member]) => `${inner}${rubyText(key)} => ${rubyValue(member, inner)},\n`).join("")}${indent}}`;
}

function escaped(character: string): string {
  if (/["\\#]/.test(character)) return `\\${character}`;
  if (/[\x20-\x7e]/.test(character)) return character;
  if (character === "\n") return "\\n";
  const code = character.codePointAt(0) as number;
  // A lone surrogate is not a character; it is replaced as in a UTF-8 file.
  return `\\u{${(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code).toString(16)}}`;
}
