// Reads a synthesized stack (cdk.tf.json). Overrides may have changed it, so its shape is not assumed.

/** Resource of a synthesized stack. */
export interface StackResource {
  readonly type: string;
  /** Terraform name. */
  readonly name: string;
  /** Construct path without the stack's id, or Terraform's address. */
  readonly path: string;
  readonly values: Values;
}

/** Arguments of a resource. */
export type Values = { readonly [name: string]: unknown };

/** Resources of a block type (`resource`, `data`, `ephemeral`), in the order of the file. */
export function resourcesOf(json: unknown, block: string): StackResource[] {
  return Object.entries(object(object(json)[block])).flatMap(([type, byName]) =>
    Object.entries(object(byName)).map(([name, values]) => ({
      type,
      name,
      path: pathOf(object(values)) ?? `${type}.${name}`,
      values: object(values),
    })),
  );
}

/** A value as an object; empty for other values. Of a list of blocks, the first. */
export function object(value: unknown): Values {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? (one as Values) : {};
}

/** A value as a list; a single block is a list of one. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A value as text; an expression is shown as `(known after apply)`. */
export function shown(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "";
  const variable = /^\$\{var\.([\w-]+)\}$/.exec(value);
  if (variable) return `(variable ${variable[1]})`;
  return value.includes("${") ? "(known after apply)" : value;
}

function pathOf(values: Values): string | undefined {
  const { path } = object(object(values["//"]).metadata);
  if (typeof path !== "string") return undefined;
  return path
    .split("/")
    .slice(1)
    .join("/")
    .replace(/\/Resource$/, "");
}
