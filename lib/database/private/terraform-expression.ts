// CDKTF's own functions (`Fn`) write texts into expressions without escaping quotes and backslashes, turn `${` into a
// literal, and warn about texts that hold a token among other characters. What goes into hashes, JSON and secrets has to be
// right for every text, so those few calls are written here.

import { type IResolvable, type IResolveContext, Token } from "cdktf";

/**
 * A call of a Terraform function, as a text.
 *
 * @param name the function, such as `sha256`.
 * @param args its arguments: any texts, numbers, lists and maps, with tokens anywhere in them.
 */
export function terraformCall(name: string, ...args: unknown[]): string {
  return Token.asString(new Call(name, args));
}

/**
 * A text that is produced at synth, like CDKTF's `Lazy`, but without a stack trace in each.
 *
 * @param produce returns the text; may run several times.
 */
export function lazyText(produce: (context: IResolveContext) => string | undefined): string {
  return Token.asString(new Deferred(produce));
}

class Deferred implements IResolvable {
  public readonly creationStack: string[] = [];
  private readonly produce: (context: IResolveContext) => string | undefined;

  public constructor(produce: (context: IResolveContext) => string | undefined) {
    this.produce = produce;
  }

  public resolve(context: IResolveContext): string | undefined {
    return this.produce(context);
  }

  public toString(): string {
    return Token.asString(this);
  }

  public toJSON(): string {
    return "<made when the stack is written>";
  }
}

class Call implements IResolvable {
  public readonly creationStack: string[] = [];
  private readonly name: string;
  private readonly args: unknown[];

  public constructor(name: string, args: unknown[]) {
    this.name = name;
    this.args = args;
  }

  public resolve(context: IResolveContext): string {
    // Inside another expression tokens render without braces; in here they need them, to be told from plain text.
    const { suppressBraces, ignoreEscapes, warnEscapes } = context;
    Object.assign(context, { suppressBraces: false, ignoreEscapes: false, warnEscapes: false });
    const args = this.args.map((arg) => writeValue(context.resolve(arg)));
    Object.assign(context, { suppressBraces, ignoreEscapes, warnEscapes });
    const call = `${this.name}(${args.join(", ")})`;
    return suppressBraces ? call : `\${${call}}`;
  }

  public toString(): string {
    return Token.asString(this);
  }

  public toJSON(): string {
    return "<call of a Terraform function>";
  }
}

/** A value without tokens, in Terraform's language. */
function writeValue(value: unknown): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return writeText(value);
  if (Array.isArray(value)) return `[${value.map(writeValue).join(", ")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${writeText(key)} = ${writeValue(member)}`).join(", ")}}`;
  }
  return String(value);
}

// A text that is one template as a whole keeps its type: a number stays a number.
function writeText(text: string): string {
  const parts = templateParts(text);
  const [only] = parts;
  if (parts.length === 1 && only?.isTemplate && only.text.startsWith("${")) return only.text.slice(2, -1);
  return `"${parts.map((part) => (part.isTemplate ? part.text : escaped(part.text))).join("")}"`;
}

interface TextPart {
  readonly text: string;
  readonly isTemplate: boolean;
}

/** Splits a text into templates (`${...}` and `%{...}`, braces and quotes inside matched) and what is between them. */
function templateParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let literal = "";
  for (let i = 0; i < text.length; ) {
    const two = text.slice(i, i + 2);
    if ((two === "$$" || two === "%%") && text[i + 2] === "{") {
      literal += text.slice(i, i + 3);
      i += 3;
    } else if (two === "${" || two === "%{") {
      const end = templateEnd(text, i + 2);
      if (literal) parts.push({ text: literal, isTemplate: false });
      literal = "";
      parts.push({ text: text.slice(i, end), isTemplate: true });
      i = end;
    } else {
      literal += text[i];
      i += 1;
    }
  }
  if (literal) parts.push({ text: literal, isTemplate: false });
  return parts;
}

/** The position after the brace that ends a template whose inside begins at `from`. */
function templateEnd(text: string, from: number): number {
  let depth = 1;
  let i = from;
  while (i < text.length && depth > 0) {
    const character = text[i];
    if (character === '"') i = quoteEnd(text, i + 1);
    else {
      if (character === "{") depth += 1;
      if (character === "}") depth -= 1;
      i += 1;
    }
  }
  return i;
}

function quoteEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && text[i] !== '"') {
    if (text[i] === "\\") i += 2;
    else if (text.startsWith("$${", i) || text.startsWith("%%{", i)) i += 3;
    else if (text.startsWith("${", i) || text.startsWith("%{", i)) i = templateEnd(text, i + 2);
    else i += 1;
  }
  return i + 1;
}

// JSON's escapes for these are Terraform's too.
function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\[bf]/g, (c) => (c === "\\b" ? "\\u0008" : "\\u000c"));
}
