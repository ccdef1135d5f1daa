/**
 * `npm run review:replacing`: writes the table of attributes whose change replaces a resource, from the rules of the providers in
 * `tools/terraform-mirror`, for the resource types that the review has a name for. A unit test of `compare` holds the table to it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { KINDS } from "../../lib/review/data/kinds";
import { must } from "../machine/processes";
import { repository } from "../machine/repository";

interface Attribute {
  readonly force_new?: boolean;
}
interface Block {
  readonly attributes?: {
    readonly [name: string]: { readonly optional?: boolean; readonly required?: boolean };
  };
  readonly block_types?: { readonly [name: string]: { readonly block: Block } };
}
interface Schema {
  readonly resource_schemas: { readonly [type: string]: { readonly block: Block } };
}
type RuleFile = { readonly [type: string]: { readonly [attribute: string]: Attribute } };
type ReplaceFile = { readonly [type: string]: readonly string[] };

const mirror = join(repository, "tools", "terraform-mirror");
export const TABLE = join(repository, "lib", "review", "data", "replacing-attributes.ts");

/** @returns the text of the table. */
export function replacingAttributes(): string {
  const byType = new Map<string, readonly string[]>();
  const sources: string[] = [];
  for (const file of readdirSync(join(mirror, "rules")).sort()) {
    const rules = unpacked<RuleFile>(join("rules", file));
    const { resource_schemas: schemas } = unpacked<Schema>(join("schemas", file));
    sources.push(
      file
        .replace(/^hashicorp_/, "")
        .replace(".json.gz", "")
        .replace("_", " "),
    );
    for (const [type, attributes] of Object.entries(rules)) {
      if (!KINDS.has(type)) continue;
      const replacing = Object.entries(attributes).filter(([, { force_new }]) => force_new === true);
      const names = new Set(replacing.map(([name]) => name));
      byType.set(type, replacingIn(schemas[type]?.block ?? {}, "", names).names);
    }
  }
  for (const file of readdirSync(join(mirror, "replace")).sort()) {
    const lists: ReplaceFile = JSON.parse(readFileSync(join(mirror, "replace", file), "utf8"));
    for (const [type, names] of Object.entries(lists)) byType.set(type, names);
  }
  const rows = [...byType]
    .filter(([type]) => KINDS.has(type))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, names]) => `  ${type}: ${JSON.stringify(outermost(type, names).join(" "))},`);
  return `// Written by \`npm run review:replacing\`. Do not edit.
// Read 2026-11 in the SDK schemas of the providers ${sources.join(", ")}, and for aws, helm, random and tls in runs and sources of the pinned versions.
// Attributes, with dots between blocks, whose change makes the provider create the resource anew; \`block.#\` is the number of blocks. A type that is not listed is not known.

/** By resource type, separated by spaces. */
export const REPLACING_ATTRIBUTES: { readonly [type: string]: string | undefined } = {
${rows.join("\n")}
};
`;
}

function unpacked<T>(file: string): T {
  return JSON.parse(gunzipSync(readFileSync(join(mirror, file))).toString());
}

/**
 * The attributes of a block that replace the resource. ForceNew at a repeated block is about the number of blocks only; each attribute inside
 * has its own (`diffList`, `diffSet`). A block is listed as a whole if all inside replaces too, and otherwise as `block.#`.
 * @see https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.38.1/helper/schema/schema.go
 */
function replacingIn(
  { attributes = {}, block_types: blocks = {} }: Block,
  before: string,
  forced: ReadonlySet<string>,
): { readonly names: readonly string[]; readonly isWhole: boolean } {
  const settable = Object.keys(attributes).filter(
    (name) => attributes[name]?.optional || attributes[name]?.required,
  );
  // An attribute may be a list of objects, whose names the rules have too.
  const own = Object.keys(attributes).flatMap((name) =>
    [...forced].filter((each) => each === before + name || each.startsWith(`${before}${name}.`)),
  );
  const inner = Object.entries(blocks).map(([name, { block }]) => {
    const path = before + name;
    const { names, isWhole } = replacingIn(block, `${path}.`, forced);
    if (!forced.has(path)) return { names, isWhole: false };
    return isWhole ? { names: [path], isWhole } : { names: [...names, `${path}.#`], isWhole };
  });
  return {
    names: [...own, ...inner.flatMap(({ names }) => names)],
    isWhole: settable.every((name) => forced.has(before + name)) && inner.every(({ isWhole }) => isWhole),
  };
}

/** Without attributes inside one that is listed itself. A Job's pod template, hundreds of attributes, is listed as one. */
function outermost(type: string, names: readonly string[]): string[] {
  const isJob = /^kubernetes_job(_v1)?$/.test(type);
  const all = new Set(
    names.map((name) => (isJob ? name.replace(/^spec\.template\..*$/, "spec.template") : name)),
  );
  return [...all].filter((name) => ![...all].some((other) => name.startsWith(`${other}.`))).sort();
}

if (require.main === module) {
  writeFileSync(TABLE, replacingAttributes());
  must(join(repository, "node_modules", ".bin", "biome"), ["format", "--write", TABLE]);
}
