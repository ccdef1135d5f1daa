// The blocks of synthesized JSON, with addresses and construct paths.

import type { Json } from "./synthesized-stack";

/** A block of a synthesized stack: a resource, data source, ephemeral resource, variable, output, or a moved or import block. */
export interface TemplateBlock {
  /** Block type: `resource`, `data`, `ephemeral`, `variable`, `output`, `moved`, `import`, ... */
  readonly block: string;
  /** Terraform type. Empty for blocks without one. */
  readonly type: string;
  /** Terraform name. Empty for blocks without one. */
  readonly name: string;
  /** Address, such as `aws_db_instance.server_instance_1234`. */
  readonly address: string;
  /** Construct path without the stack's id. Empty if the block is of no construct. */
  readonly path: string;
  /** Arguments, with the names of Terraform. */
  readonly values: { readonly [name: string]: unknown };
}

/** Blocks whose labels are a type and a name. @internal */
export const TYPED = ["resource", "data", "ephemeral"];
/** Blocks whose label is a name. */
const NAMED = ["variable", "output", "locals", "check", "provider"];

/** @internal */
export function blocksOf(block: string, content: unknown): TemplateBlock[] {
  if (block === "//" || block === "terraform") return [];
  if (TYPED.includes(block)) {
    return entries(content).flatMap(([type, byName]) =>
      entries(byName).map(([name, values]) => {
        const address = block === "resource" ? `${type}.${name}` : `${block}.${type}.${name}`;
        return { block, type, name, address, path: pathOf(values), values: object(values) };
      }),
    );
  }
  if (NAMED.includes(block)) {
    return entries(content).flatMap(([name, values]) =>
      (Array.isArray(values) && block === "provider" ? values : [values]).map((each) => ({
        block,
        type: "",
        name,
        address: `${block === "variable" ? "var" : block}.${name}`,
        path: pathOf(each),
        values: object(each),
      })),
    );
  }
  return (Array.isArray(content) ? content : [content]).map((each) => ({
    block,
    type: "",
    name: "",
    address: block,
    path: pathOf(each),
    values: object(each),
  }));
}

function pathOf(values: unknown): string {
  const { path } = object(object(object(values)["//"]).metadata);
  return typeof path === "string" ? path.split("/").slice(1).join("/") : "";
}

function entries(value: unknown): [string, unknown][] {
  return Object.entries(object(value)).filter(([name]) => name !== "//");
}

function object(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
