// The parts of a synthesized stack (cdk.tf.json) that the review reads. It may have been changed by overrides, so nothing
// about its shape is taken for granted.

/** A resource of a synthesized stack. */
export interface StackResource {
  readonly type: string;
  /** Terraform's name for it. */
  readonly name: string;
  /** The construct's path without the stack's id, else Terraform's address. */
  readonly path: string;
  readonly values: Values;
}

/** The arguments of a resource. */
export type Values = { readonly [name: string]: unknown };

/** The resources of a kind of block (`resource`, `data`, `ephemeral`), in the order of the file. */
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

/** A value as an object; an empty one when it is none. A block that may repeat is read by its first. */
export function object(value: unknown): Values {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? (one as Values) : {};
}

/** A value as a list; a block that stands alone is a list of one. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A value as text for people; what Terraform decides later is called so, since its expression says nothing to a reader. */
export function shown(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "";
  const variable = /^\$\{var\.([\w-]+)\}$/.exec(value);
  if (variable) return `(variable ${variable[1]})`;
  return value.includes("${") ? "(known later)" : value;
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
