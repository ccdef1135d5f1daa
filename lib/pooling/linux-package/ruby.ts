// `gitlab.rb` is a Ruby program, so a text in it must come back from Ruby exactly, whatever is in it. Plain ASCII stands in
// single quotes, which interpolate nothing. Everything else is written with escapes: Ruby turns CR LF in a source into LF, and
// the package reads the file in the machine's own encoding, in which letters beyond ASCII may be a syntax error.

import { isResolved, terraformCall } from "../../database/private";
import { numberText } from "../pgbouncer/quoting";

/** A piece of Ruby that is written as it is. */
export class RubyCode {
  /** The code. */
  public readonly code: string;

  /** @param code an expression. */
  public constructor(code: string) {
    this.code = code;
  }
}

/**
 * The Ruby expression that reads a secret's file, without the line break at its end.
 *
 * @param path the file's absolute path.
 */
export function rubyFile(path: string): RubyCode {
  return new RubyCode(`File.read(${rubyText(path)}).chomp`);
}

/**
 * A text as a Ruby literal. Terraform quotes what only it knows: JSON's escapes are Ruby's too, but for `#`.
 *
 * @param text the text; may be a token.
 */
export function rubyText(text: string): string {
  if (!isResolved(text)) return terraformCall("replace", terraformCall("jsonencode", text), "#", "\\#");
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replace(/[\\']/g, (c) => `\\${c}`)}'`;
  return `"${[...text].map(escaped).join("")}"`;
}

/**
 * A value as a Ruby literal: texts, numbers, booleans, lists, maps, `RubyCode`; nothing is `nil`.
 *
 * @param value the value; tokens anywhere in it.
 * @param indent the blanks before the line that the value begins in.
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
  // Half of a pair is no character; files hold the replacement character in its place, too.
  return `\\u{${(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code).toString(16)}}`;
}
