// Expressions of the program that is written: a small part of TypeScript. The same tree is printed and evaluated, so that the values
// that are compared with the state are those of the text.

/** Expression of the program. */
export type Expression =
  | { readonly kind: "value"; readonly value: string | number | boolean | null | undefined }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, Expression])[] }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "imported"; readonly module: string; readonly path: string }
  | { readonly kind: "call"; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly kind: "new"; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly kind: "member"; readonly of: Expression; readonly name: string };

/** Statement of the program: a comment, an expression, and the constant that gets its value. */
export interface Statement {
  readonly comment?: readonly string[];
  readonly constant?: string;
  readonly expression: Expression;
}

/** The construct or stack in which statements stand. */
export const THIS: Expression = { kind: "variable", name: "this" };

/** A constant of the program. */
export function variable(name: string): Expression {
  return { kind: "variable", name };
}

/** A name that a module exports, or a member of it: `MachineSize.general`. */
export function imported(module: string, path: string): Expression {
  return { kind: "imported", module, path };
}

/** A call. */
export function call(callee: Expression, ...args: readonly Expression[]): Expression {
  return { kind: "call", callee, args };
}

/** A construct or another object made by `new`. */
export function create(callee: Expression, ...args: readonly Expression[]): Expression {
  return { kind: "new", callee, args };
}

/** An object of the given entries without those that are undefined. */
export function object(entries: { readonly [name: string]: Expression | undefined }): Expression {
  return {
    kind: "object",
    entries: Object.entries(entries).filter((entry): entry is [string, Expression] => entry[1] !== undefined),
  };
}

/** A list. */
export function list(...items: readonly Expression[]): Expression {
  return { kind: "list", items };
}

/** A text, number or other JSON value. Text of a state is no template: Terraform would read `${` as an expression. */
export function literal(value: unknown): Expression {
  if (typeof value === "string") return { kind: "value", value: untemplated(value) };
  if (Array.isArray(value)) return { kind: "list", items: value.map(literal) };
  if (typeof value === "object" && value !== null)
    return {
      kind: "object",
      entries: Object.entries(value).map(([name, each]) => [untemplated(name), literal(each)]),
    };
  return { kind: "value", value: value as number | boolean | null | undefined };
}

function untemplated(text: string): string {
  return text.replace(/([$%])\{/g, "$1$1{");
}

/** A literal, or undefined for undefined: an entry of `object` that is left out. */
export function optional(value: unknown): Expression | undefined {
  return value === undefined ? undefined : literal(value);
}
