// Predicts a plan from two synthesized stacks, without state, providers or credentials: the same JSON as `terraform show -json` prints,
// so that the rules of the review judge it. Values are those of the programs: what a provider adds is not in it.

import { REPLACING_ATTRIBUTES } from "../data/replacing-attributes";
import { RULES } from "../data/rules";
import { differencesOf, type Pair, plainPath, rootOf } from "../plan/differences";
import { isMembers, items, type Members, member, members, same } from "../plan/values";

/** A resource of a synthesized stack. */
interface Resource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly values: Members;
  readonly lifecycle: Members;
}

/** A predicted plan, and what the prediction does not know. */
export interface PredictedPlan {
  /** Plan in Terraform's JSON. */
  readonly plan: Members;
  /** Addresses of changed resources of which is not known whether they are updated in place or replaced. */
  readonly unknownActions: readonly string[];
  /** Addresses that lose `prevent_destroy`, which no plan shows. */
  readonly unprotected: readonly string[];
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

/**
 * Predicts the plan of a change of a program.
 *
 * @param before the `cdk.tf.json` of the version that was applied.
 * @param after the `cdk.tf.json` of the new version.
 */
export function predictPlan(before: unknown, after: unknown): PredictedPlan {
  const old = resourcesOf(before);
  const now = resourcesOf(after);
  const moves = movesOf(after);
  const forgotten = new Set(
    blocks(after, "removed").map((block) => bare(String(member(block, "from") ?? ""))),
  );
  const imports = new Map(
    blocks(after, "import").map((each) => [bare(String(member(each, "to") ?? "")), each]),
  );
  const origin = new Map([...moves].map(([from, to]) => [to, from]));
  const changes: Members[] = [];
  const unknownActions: string[] = [];
  const unprotected: string[] = [];
  const changing = new Set<string>();
  for (const resource of now.values()) {
    const previous = old.get(resource.address) ?? old.get(origin.get(resource.address) ?? "");
    if (previous === undefined) {
      const imported = imports.get(resource.address);
      changes.push(
        change(resource, {
          actions: imported ? ["no-op"] : ["create"],
          after: resource.values,
          importing: imported,
        }),
      );
      changing.add(resource.address);
      continue;
    }
    if (isTrue(previous.lifecycle, "prevent_destroy") && !isTrue(resource.lifecycle, "prevent_destroy")) {
      unprotected.push(resource.address);
    }
    const judged = judge(previous, resource);
    const moved = previous.address === resource.address ? {} : { previous_address: previous.address };
    if (judged.actions[0] !== "no-op") changing.add(resource.address);
    if (judged.isUnknown) unknownActions.push(resource.address);
    changes.push({ ...change(resource, judged), ...moved });
  }
  for (const resource of now.values()) {
    const triggers = items(resource.lifecycle.replace_triggered_by).map((each) => bare(String(each)));
    const trigger = triggers.find((each) =>
      [...changing].some((address) => each === address || each.startsWith(`${address}.`)),
    );
    if (trigger === undefined || !old.has(resource.address)) continue;
    const index = changes.findIndex((each) => each.address === resource.address);
    const replaced = { ...members(changes[index]?.change), actions: ["delete", "create"], replace_paths: [] };
    changes[index] = { ...changes[index], change: replaced, action_reason: "replace_by_triggers" };
  }
  for (const resource of old.values()) {
    const to = moves.get(resource.address);
    if (now.has(resource.address) || (to !== undefined && now.has(to))) continue;
    const actions = forgotten.has(resource.address) ? ["forget"] : ["delete"];
    changes.push({
      ...change(resource, { actions, before: resource.values }),
      ...(actions[0] === "delete" ? { action_reason: "delete_because_no_resource_config" } : {}),
    });
  }
  return {
    plan: {
      format_version: "1.2",
      terraform_version: "predicted",
      resource_changes: changes,
      configuration: { root_module: { resources: configurationOf(after) } },
      complete: true,
      errored: false,
      applyable: changes.length > 0,
    },
    unknownActions,
    unprotected,
  };
}

/** Resources with the references of their arguments, as the configuration of a plan has them. */
function configurationOf(json: unknown): Members[] {
  return [...resourcesOf(json).values()].map(({ address, type, name, values }) => ({
    address,
    mode: "managed",
    type,
    name,
    expressions: Object.fromEntries(
      Object.entries(values).map(([key, value]) => {
        const references = referencesIn(value);
        return [key, references.length === 0 ? { constant_value: null } : { references }];
      }),
    ),
  }));
}

/** Resources that the expressions of a value name, each with and without the attribute, as Terraform writes them. */
function referencesIn(value: unknown): string[] {
  const text = JSON.stringify(value) ?? "";
  const expressions = [...text.matchAll(/\$\{(.*?)\}/g)].map(([, inner]) => inner ?? "");
  const found = expressions.flatMap((each) => [
    ...each.matchAll(/\b([a-z][a-z0-9]*_[a-z0-9_]+\.[\w-]+)(\.\w+)?/g),
  ]);
  return [...new Set(found.flatMap(([whole, resource = ""]) => [whole, resource]))];
}

interface Judged {
  readonly actions: readonly string[];
  readonly before?: Members;
  readonly after?: Members;
  readonly after_unknown?: unknown;
  readonly replace_paths?: readonly (readonly string[])[];
  readonly importing?: unknown;
  readonly isUnknown?: boolean;
}

function judge(before: Resource, after: Resource): Judged {
  const ignored = items(after.lifecycle.ignore_changes).map(String);
  // What Terraform ignores keeps its value.
  const planned =
    ignored.includes("all") || after.lifecycle.ignore_changes === "all"
      ? before.values
      : kept(before.values, after.values, ignored);
  const [old, now] = aligned(before.values, planned);
  if (same(old, now)) return { actions: ["no-op"], before: members(old), after: members(now) };
  const unknown = unknownMarks(old, now);
  const pairs = differencesOf(rootOf({ before: old, after: now, after_unknown: unknown }));
  const reasons = pairs.filter((pair) => isReplacing(after.type, pair));
  const isCreatedFirst = isTrue(after.lifecycle, "create_before_destroy");
  return {
    actions: reasons.length === 0 ? ["update"] : isCreatedFirst ? ["create", "delete"] : ["delete", "create"],
    before: members(old),
    after: members(now),
    after_unknown: unknown,
    replace_paths: reasons.map(({ path }) => path.split(".")),
    isUnknown: reasons.length === 0 && !isKnown(after.type),
  };
}

/** A block that occurs once is an object or a list of one; where the other side has a list, both get one. */
function aligned(before: unknown, after: unknown): [unknown, unknown] {
  if (Array.isArray(before) && isMembers(after)) return aligned(before, [after]);
  if (isMembers(before) && Array.isArray(after)) return aligned([before], after);
  if (Array.isArray(before) && Array.isArray(after)) {
    const pairs = after.map((each, index) =>
      index < before.length ? aligned(before[index], each) : [undefined, each],
    );
    return [before.map((each, index) => pairs[index]?.[0] ?? each), pairs.map(([, each]) => each)];
  }
  if (!isMembers(before) || !isMembers(after)) return [before, after];
  const names = Object.keys(before).filter((name) => Object.hasOwn(after, name));
  const pairs = names.map((name) => [name, aligned(before[name], after[name])] as const);
  return [
    { ...before, ...Object.fromEntries(pairs.map(([name, [old]]) => [name, old])) },
    { ...after, ...Object.fromEntries(pairs.map(([name, [, now]]) => [name, now])) },
  ];
}

function isKnown(type: string): boolean {
  return REPLACING_ATTRIBUTES[type] !== undefined || REPLACING_RULES.has(type);
}

/** Rules about replacements by a changed attribute, by resource type. */
const REPLACING_RULES = new Map<string, (typeof RULES)[number][]>();
for (const rule of RULES) {
  if (rule.paths === undefined || !rule.actions?.includes("replace")) continue;
  for (const type of rule.types) REPLACING_RULES.set(type, [...(REPLACING_RULES.get(type) ?? []), rule]);
}

function isReplacing(type: string, pair: Pair): boolean {
  const listed = REPLACING_ATTRIBUTES[type]?.split(" ") ?? [];
  if (listed.some((each) => isSameOrInside(pair.path, each) || isSameOrInside(each, pair.path))) return true;
  return (REPLACING_RULES.get(type) ?? []).some(
    (rule) =>
      rule.paths?.some((path) => isSameOrInside(pair.path, plainPath(path))) === true &&
      (pair.unknown || (rule.change?.matches(pair.before, pair.after) ?? true)),
  );
}

function isSameOrInside(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

/** The planned values: new ones, but for the ignored attributes. Paths are those of Terraform: `settings[0].disk_size`. */
function kept(before: Members, after: Members, ignored: readonly string[]): Members {
  let planned = after;
  for (const path of ignored)
    planned = withValue(planned, before, path.split(/[.[\]]+/).filter(Boolean)) as Members;
  return planned;
}

function withValue(target: unknown, source: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return source;
  if (Array.isArray(target) && /^\d+$/.test(name)) {
    return target.map((each, index) =>
      index === Number(name) ? withValue(each, items(source)[index], rest) : each,
    );
  }
  // A block that occurs once is an object in synthesized JSON.
  if (name === "0" && !Array.isArray(target))
    return withValue(target, Array.isArray(source) ? source[0] : source, rest);
  if (Array.isArray(target)) return target.map((each, index) => withValue(each, items(source)[index], path));
  const from = members(Array.isArray(source) ? source[0] : source);
  const { [name]: _, ...others } = members(target);
  const value = rest.length === 0 ? from[name] : withValue(members(target)[name], from[name], rest);
  return value === undefined ? others : { ...others, [name]: value };
}

/** Marks of values that change and are expressions: Terraform knows them at the earliest in a plan. */
function unknownMarks(before: unknown, after: unknown): unknown {
  if (same(before, after)) return undefined;
  if (typeof after === "string") return after.includes("${") ? true : undefined;
  if (Array.isArray(after))
    return after.map((each, index) => unknownMarks(items(before)[index], each) ?? false);
  const marks = Object.entries(members(after))
    .map(([name, value]) => [name, unknownMarks(member(before, name), value)] as const)
    .filter(([, mark]) => mark !== undefined);
  return marks.length === 0 ? undefined : Object.fromEntries(marks);
}

function change(resource: Resource, judged: Judged): Members {
  const { isUnknown: _, ...rest } = judged;
  return {
    address: resource.address,
    mode: "managed",
    type: resource.type,
    name: resource.name,
    change: {
      before: null,
      after: null,
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
      ...rest,
    },
  };
}

function resourcesOf(json: unknown): Map<string, Resource> {
  const found = new Map<string, Resource>();
  for (const [type, byName] of Object.entries(members(member(json, "resource")))) {
    for (const [name, values] of Object.entries(members(byName))) {
      const address = `${type}.${name}`;
      const entries = Object.entries(members(values)).filter(([key]) => !META.has(key));
      const lifecycle = members(items(member(values, "lifecycle"))[0] ?? member(values, "lifecycle"));
      found.set(address, { address, type, name, values: Object.fromEntries(entries), lifecycle });
    }
  }
  return found;
}

function blocks(json: unknown, name: string): readonly unknown[] {
  const content = member(json, name);
  return Array.isArray(content) ? content : content === undefined ? [] : [content];
}

function movesOf(json: unknown): Map<string, string> {
  return new Map(
    blocks(json, "moved").map((each) => [
      bare(String(member(each, "from"))),
      bare(String(member(each, "to"))),
    ]),
  );
}

/** An address with or without the braces of an expression. */
function bare(address: string): string {
  return address.replace(/^\$\{(.*)\}$/, "$1");
}

function isTrue(values: Members, name: string): boolean {
  return values[name] === true;
}
