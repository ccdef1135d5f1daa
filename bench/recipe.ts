/**
 * What to write by hand to get the same Terraform: taken from the synthesized JSON of one server of ours, so that both
 * sides of the comparison make the very same resources.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface Block {
  readonly kind: "resource" | "data" | "ephemeral" | "local";
  readonly type: string;
  readonly name: string;
  readonly values: Values;
  /** The file of the binding's class and the class's name; nothing for what CDKTF has no class for. */
  readonly binding?: { readonly module: string; readonly className: string };
}

export type Values = Record<string, unknown>;

export interface Recipe {
  /** What all servers share, in an order in which everything comes after what it refers to. */
  readonly shared: readonly Block[];
  /** What each server has of its own; names and texts hold `server0` where the server's name belongs. */
  readonly perServer: readonly Block[];
}

/** @param json the synthesized JSON of a stack with one server called `server0` */
export function recipeOf(json: Values, nodeModules: string): Recipe {
  const blocks = ordered(blocksOf(json, nodeModules));
  const isOwn = (block: Block) => block.name.startsWith("server0");
  return { shared: blocks.filter((each) => !isOwn(each)), perServer: blocks.filter(isOwn) };
}

function blocksOf(json: Values, nodeModules: string): Block[] {
  const section = (key: string) =>
    Object.entries((json[key] ?? {}) as Record<string, Record<string, Values>>);
  const of = (kind: Block["kind"], key: string) =>
    section(key).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, { "//": _, ...values }]): Block => {
        const binding = kind === "ephemeral" ? undefined : bindingOf(kind, type, nodeModules);
        return { kind, type, name, values, binding };
      }),
    );
  const locals = Object.entries((json.locals ?? {}) as Values).map(
    ([name, value]): Block => ({ kind: "local", type: "local", name, values: { value } }),
  );
  return [...locals, ...of("data", "data"), ...of("ephemeral", "ephemeral"), ...of("resource", "resource")];
}

/** Finds `@cdktf/provider-<name>/lib/<folder>` of a type, and the class in it. */
function bindingOf(kind: Block["kind"], type: string, nodeModules: string): Block["binding"] {
  // CDKTF's own class starts a program for each one, which would be all that is measured.
  if (type === "terraform_data")
    return { module: "../lib/database/terraform-data", className: "TerraformData" };
  const [provider = "", ...rest] = type.split("_");
  const words = kind === "data" ? ["data", type.replaceAll("_", "-")] : rest;
  const folder = words.join("-");
  const module = `@cdktf/provider-${provider}/lib/${folder}`;
  if (!existsSync(join(nodeModules, module))) {
    const near = readdirSync(join(nodeModules, `@cdktf/provider-${provider}/lib`)).filter((each) =>
      each.includes(folder),
    );
    throw new Error(`there is no binding ${module} for ${type}; near are ${near.join(", ")}`);
  }
  const className = folder
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return { module, className };
}

/** Puts everything after what it refers to. */
function ordered(blocks: readonly Block[]): Block[] {
  const key = ({ kind, type, name }: Block) =>
    kind === "resource" ? `${type}.${name}` : `${kind}.${type}.${name}`;
  const byKey = new Map(blocks.map((block) => [key(block), block]));
  const done = new Set<Block>();
  const visit = (block: Block) => {
    if (done.has(block)) return;
    done.add(block);
    const text = JSON.stringify(block.values);
    for (const [other, candidate] of byKey) if (candidate !== block && text.includes(other)) visit(candidate);
    order.push(block);
  };
  const order: Block[] = [];
  for (const block of blocks) visit(block);
  return order;
}
