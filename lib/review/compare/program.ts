// Reads a synthesized stack (cdk.tf.json). Terraform's JSON allows a list wherever it allows an object: all of them are merged.
// https://developer.hashicorp.com/terraform/language/syntax/json

import { isMembers, items, type Members, member, members } from "../plan/values";

/** A resource of a synthesized stack. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly values: Members;
  readonly lifecycle: Members;
  /** `count`, `for_each` and `provider`. */
  readonly meta: Members;
}

/** Arguments of every resource, which are no attributes of the provider. */
const META = new Set([
  "//",
  "lifecycle",
  "depends_on",
  "provider",
  "provisioner",
  "connection",
  "count",
  "for_each",
]);

/** Resources by address. */
export function resourcesOf(json: unknown): Map<string, Resource> {
  const found = new Map<string, Resource>();
  for (const { type, name, body } of labelled(json, "resource")) {
    const address = `${type}.${name}`;
    const entries = Object.entries(body).filter(([key]) => !META.has(key));
    const { count, for_each: forEach, provider } = body;
    found.set(address, {
      address,
      type,
      name,
      values: Object.fromEntries(entries),
      lifecycle: merged(member(body, "lifecycle")),
      meta: { count, for_each: forEach, provider },
    });
  }
  return found;
}

/** Blocks with a type and a name: `resource`, `data`. */
export function labelled(
  json: unknown,
  block: string,
): { readonly type: string; readonly name: string; readonly body: Members }[] {
  return Object.entries(merged(member(json, block))).flatMap(([type, byName]) =>
    Object.entries(merged(byName)).map(([name, body]) => ({ type, name, body: merged(body) })),
  );
}

/** An object, or the members of all objects of a list. */
export function merged(value: unknown): Members {
  if (!Array.isArray(value)) return members(value);
  const result: { [name: string]: unknown } = {};
  for (const each of value) {
    for (const [name, content] of Object.entries(members(each))) {
      const known = result[name];
      result[name] = isMembers(known) && isMembers(content) ? { ...known, ...content } : content;
    }
  }
  return result;
}

/** Blocks without labels, such as `moved`. */
export function blocks(json: unknown, name: string): readonly unknown[] {
  const content = member(json, name);
  return Array.isArray(content) ? content : content === undefined ? [] : [content];
}

/** New addresses by old ones. */
export function movesOf(json: unknown): Map<string, string> {
  return new Map(
    blocks(json, "moved").map((each) => [
      bare(String(member(each, "from"))),
      bare(String(member(each, "to"))),
    ]),
  );
}

/** The address after all moves: `moved` blocks are chained. */
export function finalOf(address: string, moves: ReadonlyMap<string, string>): string {
  const seen = new Set([address]);
  let at = address;
  for (let next = moves.get(at); next !== undefined && !seen.has(next); next = moves.get(at)) {
    seen.add(next);
    at = next;
  }
  return at;
}

/** A program whose expressions have the new names of what moves: a new name alone changes no value. */
export function renamed(json: unknown, moves: ReadonlyMap<string, string>): unknown {
  if (moves.size === 0) return json;
  const patterns = [...moves.keys()].map(
    (from) =>
      [new RegExp(`(?<![\\w.-])${escaped(from)}(?![\\w-])`, "g"), () => finalOf(from, moves)] as const,
  );
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") {
      return value.includes("${")
        ? patterns.reduce((text, [pattern, to]) => text.replace(pattern, to), value)
        : value;
    }
    if (Array.isArray(value)) return value.map(walk);
    if (!isMembers(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each)]));
  };
  return walk(json);
}

/** An address with or without the braces of an expression. */
export function bare(address: string): string {
  return address.replace(/^\$\{(.*)\}$/, "$1");
}

/** True for a switch that is on. */
export function isTrue(values: Members, name: string): boolean {
  return values[name] === true;
}

/** A value that an expression names. */
export interface Reference {
  /** `local.size`, `var.size`, `data.aws_vpc.main`, `module.network` or `aws_kms_key.main`. */
  readonly root: string;
  /** The first attribute after it. @default - the whole */
  readonly attribute?: string;
}

/** References in the expressions of a text. */
export function referencesOf(text: string): Reference[] {
  const expressions = [...text.matchAll(/\$\{(.*?)\}/gs)].map(([, inner]) => inner ?? "");
  return expressions.flatMap((each) =>
    [...each.matchAll(REFERENCE)].map(([, root = "", attribute]) => ({ root, attribute })),
  );
}

const REFERENCE =
  /(?<![\w.-])(data\.[\w-]+\.[\w-]+|(?:local|var|module)\.[\w-]+|[a-z][a-z0-9]*_\w+\.[\w-]+)(?:\[[^\]]*\])?(?:\.([\w-]+))?/g;

/** Texts in a value. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isMembers(value) ? Object.values(value).flatMap(textsIn) : items(value).flatMap(textsIn);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
