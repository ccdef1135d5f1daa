// Applies the rules to a planned change.

import { KINDS } from "../data/kinds";
import { RULES } from "../data/rules";
import { timeOf } from "../data/timing";
import {
  changedPairs,
  differencesOf,
  type Pair,
  type PathTree,
  pairsAt,
  pathTrees,
  plainPath,
  rootOf,
} from "../plan/differences";
import type { PlannedChange } from "../plan/read-plan";
import { type Members, member, members, present } from "../plan/values";
import { type Change, changed } from "./changes";
import { withHelmValues } from "./helm-values";
import type { Condition, Conditions, Rule, RuleAction, When } from "./rule";

/** A rule that holds for a change, with the attribute that triggered it. */
export interface Match {
  readonly rule: Rule;
  readonly when: When;
  /** The attribute; `undefined` for a rule about an action. */
  readonly pair?: Pair;
}

/** The rules that hold for a change, and the differences that no rule covers. */
export interface Judgement {
  readonly matches: readonly Match[];
  readonly differences: readonly Pair[];
  /** Differences without a rule, noise left out. */
  readonly uncovered: readonly Pair[];
}

/**
 * Judges a change.
 *
 * @param configured the argument names of the resource in the configuration; an attribute that is not among them and is known after the
 *   apply only is the provider's, and no change. @default - unknown: nothing is left out
 */
export function judge(change: PlannedChange, configured?: Members): Judgement {
  const planned =
    change.type === "helm_release" ? { ...change, change: withHelmValues(change.change) } : change;
  const root = rootOf(planned.change);
  const isNoise = (pair: Pair) =>
    pair.unknown && configured !== undefined && !isConfigured(configured, pair.path);
  const differences = planned.action === "update" ? differencesOf(root).filter((pair) => !isNoise(pair)) : [];
  const subject = rulesFor(planned.type, planned.action);
  const matches: Match[] = [];
  if (subject) {
    const changedAt = changedPairs(root, subject.paths);
    const at = (path: string) => withoutNoise(changedAt.get(path), isNoise);
    for (const rule of touchedRules(subject, changedAt)) matches.push(...matchesOf(rule, planned, at));
  }
  if (differences.length === 0) return { matches, differences, uncovered: differences };
  const isCovered = coverage(matches.flatMap(({ pair }) => pair?.at ?? []));
  return { matches, differences, uncovered: differences.filter(({ at }) => !isCovered(at)) };
}

function withoutNoise(
  pairs: readonly Pair[] | undefined,
  isNoise: (pair: Pair) => boolean,
): readonly Pair[] | undefined {
  if (!pairs?.some(isNoise)) return pairs;
  const rest = pairs.filter((pair) => !isNoise(pair));
  return rest.length > 0 ? rest : undefined;
}

const subjectOf = (type: string, action: string) => `${action} ${type}`;

/** The rules of a type and action, with their paths as a tree: most rules of a change are never looked at. */
interface Subject {
  readonly rules: readonly Rule[];
  /** Positions of the rules without a path. */
  readonly always: readonly number[];
  /** Positions of the rules of a path. */
  readonly byPath: ReadonlyMap<string, readonly number[]>;
  readonly paths: readonly PathTree[];
}

const RULES_BY_SUBJECT: ReadonlyMap<string, readonly Rule[]> = (() => {
  const map = new Map<string, Rule[]>();
  for (const rule of RULES) {
    for (const action of subjectsOf(rule.actions ?? ["update"])) {
      for (const type of rule.types) append(map, subjectOf(type, action), rule);
    }
  }
  return map;
})();

/** A plan has few of the hundreds of types: their trees are made when the first change needs them. */
const SUBJECTS = new Map<string, Subject>();

function rulesFor(type: string, action: string): Subject | undefined {
  const name = subjectOf(type, action);
  const known = SUBJECTS.get(name);
  if (known) return known;
  const rules = RULES_BY_SUBJECT.get(name);
  if (rules === undefined) return undefined;
  const subject = indexed(rules);
  SUBJECTS.set(name, subject);
  return subject;
}

function indexed(rules: readonly Rule[]): Subject {
  const always: number[] = [];
  const byPath = new Map<string, number[]>();
  for (const [position, { paths }] of rules.entries()) {
    if (paths === undefined) always.push(position);
    for (const path of paths ?? []) append(byPath, path, position);
  }
  return { rules, always, byPath, paths: pathTrees(byPath.keys()) };
}

/** The rules without a path and those of changed paths, in the order of the table. */
function touchedRules(
  { rules, always, byPath }: Subject,
  changed: ReadonlyMap<string, unknown>,
): readonly Rule[] {
  if (changed.size === 0 && always.length === 0) return [];
  const positions = [...always];
  for (const path of changed.keys()) positions.push(...(byPath.get(path) ?? []));
  positions.sort((a, b) => a - b);
  return rulesAt(rules, positions);
}

/** Each of these once; the positions are sorted. */
function rulesAt(rules: readonly Rule[], positions: readonly number[]): readonly Rule[] {
  return positions
    .filter((position, index) => position !== positions[index - 1])
    .map((position) => rules[position] as Rule);
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** A resource that replaces one that is kept is a resource that is created. */
function subjectsOf(actions: readonly RuleAction[]): readonly RuleAction[] {
  return actions.includes("create") && !actions.includes("replace-and-forget")
    ? [...actions, "replace-and-forget"]
    : actions;
}

const NONE: readonly Match[] = [];

function matchesOf(
  rule: Rule,
  planned: PlannedChange,
  at: (path: string) => readonly Pair[] | undefined,
): readonly Match[] {
  const { action, change } = planned;
  const test = rule.change ?? changed;
  const pairs = rule.paths
    ?.flatMap((path) => {
      const found = at(path) ?? [];
      return found.length > 0 && action === "replace" && !isReason(planned, path) ? [] : found;
    })
    .filter((pair) => test === changed || isChange(test, pair));
  if (pairs?.length === 0) return NONE;
  const isGone = action === "destroy" || action === "replace" || action === "forget";
  const values = isGone ? change.before : change.after;
  if (!holds(rule.where, values) || !holds(rule.whereBefore, change.before)) return NONE;
  const when = timeOf(planned.type, rule.when ?? "now", values);
  return pairs === undefined ? [{ rule, when }] : pairs.map((pair) => ({ rule, when, pair }));
}

function isChange(test: Change, { before, after, unknown }: Pair): boolean {
  if (unknown) return test.byPresence === true && test.matches(before, after ?? "known after apply");
  return test.matches(before, after);
}

/** True if the attribute, or a part of it, is why Terraform replaces the resource. */
function isReason({ replacePaths }: PlannedChange, path: string): boolean {
  const plain = plainPath(path);
  return replacePaths.some((each) => isSameOrInside(each, plain) || isSameOrInside(plain, each));
}

/** Tells whether a path is one of these, inside one, or around one. */
function coverage(paths: readonly string[]): (at: string) => boolean {
  if (paths.length === 0) return () => false;
  const covered = new Set(paths);
  let around: ReadonlySet<string> | undefined;
  return (at) => {
    if (covered.has(at) || outerPaths(at).some((outer) => covered.has(outer))) return true;
    around ??= new Set(paths.flatMap(outerPaths));
    return around.has(at);
  };
}

/** The paths that a path is inside of: `a` and `a[b]` for `a[b].c`. */
function outerPaths(path: string): string[] {
  const found: string[] = [];
  for (let end = 1; end < path.length; end++) {
    if (path[end] === "." || path[end] === "[") found.push(path.slice(0, end));
  }
  return found;
}

function isSameOrInside(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** Names of arguments and blocks in `expressions` of the configuration. */
/** True if a configuration sets an attribute, or a part of it. */
export function isConfigured(configured: Members, path: string): boolean {
  let at: unknown = configured;
  for (const name of path.split(".")) {
    const block: unknown = Array.isArray(at) ? at.find((each) => member(each, name) !== undefined) : at;
    at = member(block, name);
    if (at === undefined) return false;
    const expression = members(at);
    if (expression.references !== undefined || "constant_value" in expression) return true;
  }
  return true;
}

function holds(conditions: Conditions | undefined, values: unknown): boolean {
  if (conditions === undefined) return true;
  return Object.entries(conditions).every(([path, condition]) => {
    const found = pairsAt(rootOf({ after: values }), path).map(({ after }) => present(after));
    return (found.length === 0 ? [undefined] : found).some((value) => isOne(value, condition));
  });
}

function isOne(value: unknown, condition: Condition): boolean {
  if (condition === null) return value === undefined;
  if (condition instanceof RegExp) return typeof value === "string" && condition.test(value);
  if (typeof condition === "object") return condition.some((each) => isOne(value, each));
  return value === condition || (Array.isArray(value) && value.includes(condition));
}

/** True if data, keys or secrets are lost with a resource of the type. */
export function holdsData(type: string): boolean {
  return KINDS.get(type)?.holdsData === true;
}
