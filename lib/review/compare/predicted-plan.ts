// Predicts a plan from two synthesized stacks, without state, providers or credentials: the same JSON as `terraform show -json` prints,
// so that the rules of the review judge it. Values are those of the programs; of what a provider adds, switches that are on by default.

import { REPLACING_ATTRIBUTES } from "../data/replacing-attributes";
import { RULES } from "../data/rules";
import { differencesOf, type Pair, plainPath, rootOf } from "../plan/differences";
import { entry, isMembers, items, type Members, member, members, same } from "../plan/values";
import { ChangedValues } from "./changed-values";
import { withDefaultSwitches } from "./default-switches";
import { bare, blocks, finalOf, isTrue, movesOf, type Resource, renamed, resourcesOf } from "./program";

/** A predicted plan, and what the prediction does not know. */
export interface PredictedPlan {
  /** Plan in Terraform's JSON. */
  readonly plan: Members;
  /** Addresses of changed resources of which is not known whether they are updated in place or replaced. */
  readonly unknownActions: readonly string[];
  /** Addresses that lose `prevent_destroy`, which no plan shows. */
  readonly unprotected: readonly string[];
  /** Values that change while the text of expressions stays. */
  readonly changed: ChangedValues;
}

/**
 * Predicts the plan of a change of a program.
 *
 * @param before the `cdk.tf.json` of the version that was applied.
 * @param after the `cdk.tf.json` of the new version.
 */
export function predictPlan(before: unknown, after: unknown): PredictedPlan {
  const moves = movesOf(after);
  const old = withDefaultSwitches(resourcesOf(renamed(before, moves)));
  const now = withDefaultSwitches(resourcesOf(after));
  const origin = new Map([...old.keys()].map((from) => [finalOf(from, moves), from]));
  const previousOf = ({ address }: Resource) => old.get(address) ?? old.get(origin.get(address) ?? "");
  const changed = new ChangedValues(before, after);
  const judged = judgeAll(now, previousOf, changed);
  const forgotten = new Set(
    blocks(after, "removed").map((block) => bare(String(member(block, "from") ?? ""))),
  );
  const imports = new Map(
    blocks(after, "import").map((each) => [bare(String(member(each, "to") ?? "")), each]),
  );
  const changes: Members[] = [];
  const unknownActions: string[] = [];
  const unprotected: string[] = [];
  const changing = new Set<string>();
  for (const resource of now.values()) {
    const previous = previousOf(resource);
    const result = judged.get(resource.address);
    if (previous === undefined || result === undefined) {
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
    const moved = previous.address === resource.address ? {} : { previous_address: previous.address };
    if (result.actions[0] !== "no-op") changing.add(resource.address);
    if (result.isUnknown) unknownActions.push(resource.address);
    changes.push({ ...change(resource, result), ...moved });
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
    if (now.has(finalOf(resource.address, moves))) continue;
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
    changed,
  };
}

/** Judges each resource that was there before, again as long as a replacement changes what others refer to. */
function judgeAll(
  now: ReadonlyMap<string, Resource>,
  previousOf: (resource: Resource) => Resource | undefined,
  changed: ChangedValues,
): Map<string, Judged> {
  const judged = new Map<string, Judged>();
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (const resource of now.values()) {
      const previous = previousOf(resource);
      if (previous === undefined) continue;
      const result = judge(previous, resource, changed);
      judged.set(resource.address, result);
      const isReplaced = result.actions.length > 1;
      if (changed.add(previous, resource, isReplaced)) isSettled = false;
    }
  }
  return judged;
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

function judge(before: Resource, after: Resource, changed: ChangedValues): Judged {
  const ignored = items(after.lifecycle.ignore_changes).map((each) => bare(String(each)));
  const ignoresAll = ignored.includes("all") || after.lifecycle.ignore_changes === "all";
  // What Terraform ignores keeps its value.
  const planned = ignoresAll ? before.values : kept(before.values, after.values, ignored);
  const [old, now] = aligned(before.values, planned);
  const marks = ignoresAll ? undefined : unknownMarks(old, now, (text) => changed.isIn(text));
  const unknown = ignored.reduce(unmarked, marks);
  if (same(old, now) && unknown === undefined)
    return { actions: ["no-op"], before: members(old), after: members(now) };
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
  return entry(REPLACING_ATTRIBUTES, type) !== undefined || REPLACING_RULES.has(type);
}

/** Rules about replacements by a changed attribute, by resource type. */
const REPLACING_RULES = new Map<string, (typeof RULES)[number][]>();
for (const rule of RULES) {
  if (rule.paths === undefined || !rule.actions?.includes("replace")) continue;
  for (const type of rule.types) REPLACING_RULES.set(type, [...(REPLACING_RULES.get(type) ?? []), rule]);
}

/** True if the provider creates a resource anew for a changed attribute. @internal */
export function isReplacing(type: string, pair: Pair): boolean {
  const listed = entry(REPLACING_ATTRIBUTES, type)?.split(" ") ?? [];
  if (listed.some((each) => isSameOrInside(pair.path, each) || isSetInside(pair, each))) return true;
  return (REPLACING_RULES.get(type) ?? []).some(
    (rule) =>
      rule.paths?.some((path) => isSameOrInside(pair.path, plainPath(path))) === true &&
      (pair.unknown || (rule.change?.matches(pair.before, pair.after) ?? true)),
  );
}

/** True if a block that comes or goes has a value at a path inside; `block.#` is the number of blocks. */
function isSetInside({ path, before, after, unknown }: Pair, inner: string): boolean {
  if (!isSameOrInside(inner, path)) return false;
  const names = inner.slice(path.length + 1).split(".");
  return unknown || isSetAt(before, names) || isSetAt(after, names);
}

function isSetAt(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (value === undefined || value === null) return false;
  if (name === undefined || name === "#") return true;
  if (Array.isArray(value)) return value.some((each) => isSetAt(each, [name, ...rest]));
  return isSetAt(member(value, name), rest);
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

/**
 * Marks of expressions that change, or that name something that changes: Terraform knows their values at the earliest in a plan.
 *
 * @param isChanged true for an expression that names a changed value
 */
function unknownMarks(before: unknown, after: unknown, isChanged: (text: string) => boolean): unknown {
  if (typeof after === "string")
    return after.includes("${") && (after !== before || isChanged(after)) ? true : undefined;
  if (Array.isArray(after)) {
    const marks = after.map((each, index) => unknownMarks(items(before)[index], each, isChanged) ?? false);
    return marks.some((mark) => mark !== false) ? marks : undefined;
  }
  const marks = Object.entries(members(after))
    .map(([name, value]) => [name, unknownMarks(member(before, name), value, isChanged)] as const)
    .filter(([, mark]) => mark !== undefined);
  return marks.length === 0 ? undefined : Object.fromEntries(marks);
}

/** Marks without those at a path of Terraform; `undefined` if none is left. */
function unmarked(marks: unknown, path: string): unknown {
  const [name, ...rest] = path.split(/[.[\]]+/).filter(Boolean);
  if (name === undefined || !isMembers(marks)) {
    if (!Array.isArray(marks)) return path === "" ? undefined : marks;
    const inner = /^\d+$/.test(path.split(".")[0] ?? "") ? rest.join(".") : path;
    const left = marks.map((each) => unmarked(each, inner) ?? false);
    return left.some((each) => each !== false) ? left : undefined;
  }
  const { [name]: mark, ...others } = marks;
  // A block that occurs once is an object in synthesized JSON.
  const at = /^\d+$/.test(rest[0] ?? "") && isMembers(mark) ? rest.slice(1) : rest;
  const left = at.length === 0 ? undefined : unmarked(mark, at.join("."));
  const result = left === undefined ? others : { ...others, [name]: left };
  return Object.keys(result).length === 0 ? undefined : result;
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
