// The differences of a planned change, attribute by attribute and block by block, with the marks of sensitive and unknown values walked
// beside the values. https://developer.hashicorp.com/terraform/internals/json-format#change-representation

import { NAMED_BLOCKS } from "../data/shown-values";
import { identical, isMembers, items, type Members, member, present, same } from "./values";

/** An attribute or block before and after a change. */
export interface Pair {
  /** Names from the resource to the attribute, without list indexes: `settings.ip_configuration.ipv4_enabled`. */
  readonly path: string;
  /** The path with the chosen elements of repeated blocks: `parameter[rds.force_ssl].value`. */
  readonly at: string;
  readonly before: unknown;
  readonly after: unknown;
  /** True if the value, or a part of it, is known after the apply only. */
  readonly unknown: boolean;
  /** True if the value, or a part of it, is sensitive. */
  readonly sensitive: boolean;
}

interface Node extends Omit<Pair, "unknown" | "sensitive"> {
  readonly unknownMark: unknown;
  readonly marks: readonly unknown[];
}

/** Attributes that identify an element of a repeated block. */
const IDENTITIES = ["name", "id", "key", "rule_name"];
const DEEPEST = 64;

/** The whole of a change as one node, for `differencesOf` and `pairsAt`. */
export function rootOf(change: Members): Node {
  return {
    path: "",
    at: "",
    before: present(change.before),
    after: present(change.after),
    unknownMark: change.after_unknown,
    marks: [change.before_sensitive, change.after_sensitive],
  };
}

/** Attributes that differ, the deepest that are no blocks. A block that appears or disappears is one difference. */
export function differencesOf(root: Node): Pair[] {
  const found: Pair[] = [];
  const walk = (node: Node, depth: number) => {
    const unknown = isUnknown(node.unknownMark);
    if (!unknown && same(node.before, node.after)) return;
    // Even the names inside are not for the review.
    if (depth > 0 && node.marks.some((mark) => mark === true)) {
      found.push(pairOf(node));
      return;
    }
    const inner = depth < DEEPEST && node.unknownMark !== true ? [...elementsOf(node)] : [];
    const split = inner.length > 1 || inner[0] !== node;
    if (split && inner.length > 0) {
      for (const each of inner) walk(each, depth + 1);
      return;
    }
    const whole = depth > 0 && (node.before === undefined || node.after === undefined) && !unknown;
    if (whole || depth >= DEEPEST || node.unknownMark === true || !hasMembers(node)) {
      found.push(pairOf(node));
      return;
    }
    for (const name of changedNames(node)) walk(step(node, name), depth + 1);
  };
  walk(root, 0);
  return found;
}

/** The pairs at a rule's path: several where the path leads through repeated blocks. */
export function pairsAt(root: Node, path: string): Pair[] {
  let nodes: Node[] = [root];
  for (const segment of segmentsOf(path)) {
    nodes = nodes.flatMap((node) =>
      elementsOf(node)
        .flatMap((element) =>
          segment.name === "*"
            ? namesIn(element).map((name) => step(element, name))
            : [step(element, segment.name)],
        )
        .flatMap((next) => (segment.where ? elementsOf(next).filter(chosen(segment.where)) : [next])),
    );
  }
  return nodes.flatMap(elementsOf).map(pairOf);
}

/** The pairs at a rule's path that differ or are known after the apply only. Paths that begin alike are walked once, and only where something changes. */
export function changedPairs(root: Node): (path: string) => readonly Pair[] {
  const isUnknownWhole = root.unknownMark === true;
  const names = new Set(elementsOf(root).flatMap(changedNames));
  const known = new Map<string, readonly Node[]>();
  const nodesAt = (segments: readonly Segment[], length: number): readonly Node[] => {
    const segment = segments[length - 1];
    if (segment === undefined) return elementsOf(root);
    const cached = known.get(segment.upTo);
    if (cached) return cached;
    const found = nodesAt(segments, length - 1).flatMap((node) => changedInside(node, segment));
    known.set(segment.upTo, found);
    return found;
  };
  const pairs = new Map<string, readonly Pair[]>();
  return (path) => {
    const cached = pairs.get(path);
    if (cached) return cached;
    const segments = segmentsOf(path);
    const first = segments[0]?.name ?? "";
    if (!isUnknownWhole && !names.has(first) && first !== "*") return NO_PAIRS;
    const found = nodesAt(segments, segments.length).map(pairOf);
    pairs.set(path, found);
    return found;
  };
}

const NO_PAIRS: readonly Pair[] = [];
const NONE: readonly Node[] = [];

/** The elements below a node that a segment leads to, as far as they change. */
function changedInside(node: Node, { name, where }: Segment): readonly Node[] {
  if (name !== "*" && !isTouched(node, name)) return NONE;
  const next = name === "*" ? changedNames(node) : [name];
  const elements = next.flatMap((each) => elementsOf(step(node, each)));
  const wanted = where ? elements.filter(chosen(where)) : elements;
  return wanted.filter(
    ({ before, after, unknownMark }) => isUnknown(unknownMark) || !identical(before, after),
  );
}

/** Names whose values differ or are known after the apply only, sorted. */
function changedNames(node: Node): string[] {
  const found = new Set<string>();
  for (const value of [node.before, node.after, node.unknownMark]) {
    if (isMembers(value))
      for (const name of Object.keys(value)) if (!found.has(name) && isTouched(node, name)) found.add(name);
  }
  return [...found].sort();
}

/** False if the value of a name is the same before and after, and known. */
function isTouched({ before, after, unknownMark }: Node, name: string): boolean {
  return (
    unknownMark === true ||
    isMarked(member(unknownMark, name)) ||
    !identical(present(member(before, name)), present(member(after, name)))
  );
}

interface Segment {
  readonly name: string;
  /** The path to the end of this segment. */
  readonly upTo: string;
  readonly where?: readonly [name: string, value: string];
}

const SEGMENTS = new Map<string, readonly Segment[]>();

/** `parameter[name=rds.force_ssl].value` as names and choices. */
function segmentsOf(path: string): readonly Segment[] {
  const known = SEGMENTS.get(path);
  if (known) return known;
  const segments = [...path.matchAll(/([^.[\]]+)(?:\[([^=\]]+)=([^\]]*)\])?\.?/g)].map(
    ({ 0: text, 1: name = "", 2: key, 3: value = "", index }): Segment => ({
      name,
      upTo: path.slice(0, index + text.length).replace(/\.$/, ""),
      ...(key === undefined ? {} : { where: [key, value] as const }),
    }),
  );
  SEGMENTS.set(path, segments);
  return segments;
}

function chosen([name, value]: readonly [string, string]) {
  return ({ before, after }: Node) =>
    String(member(after, name) ?? "") === value || String(member(before, name) ?? "") === value;
}

/** The path of a rule without its choices. */
export function plainPath(path: string): string {
  return path.replace(/\[[^\]]*\]/g, "");
}

function step(node: Node, name: string): Node {
  const at = (value: unknown) => present(member(value, name));
  return {
    path: node.path === "" ? name : `${node.path}.${name}`,
    at: node.at === "" ? nameShown(name) : `${node.at}.${nameShown(name)}`,
    before: at(node.before),
    after: at(node.after),
    unknownMark: node.unknownMark === true ? true : member(node.unknownMark, name),
    marks: node.marks.some(isMembers)
      ? node.marks.map((mark) => (isMembers(mark) ? member(mark, name) : mark))
      : node.marks,
  };
}

/** A name of the provider or a key of a map; keys that are no plain names are not shown. */
function nameShown(name: string): string {
  return /^[\w./:-]{1,80}$/.test(name) ? name : "(key)";
}

/** The elements of a list of blocks, each paired with its counterpart; any other node is one element. */
function elementsOf(node: Node): Node[] {
  const { before, after, unknownMark } = node;
  if (!isBlocks(before) && !isBlocks(after)) return [node];
  // A value that is a list on one side and something else on the other is no repeated block.
  if ((before !== undefined && !isBlocks(before)) || (after !== undefined && !isBlocks(after))) return [node];
  const [old, now] = [items(before), items(after)];
  const marks = node.marks.map(unionMark);
  const several = old.length > 1 || now.length > 1;
  const isNamed =
    NAMED_BLOCKS.has(node.path) &&
    !marks.some((mark) => isMarked(member(mark, "name")) || isMarked(member(mark, "id")) || mark === true);
  const named = (element?: Element) => {
    const identity = isNamed ? identityOf(element?.value) : undefined;
    return identity === undefined ? undefined : nameShown(identity);
  };
  return paired(old, now).map(([left, right], position) => {
    const key = several ? (named(right) ?? named(left) ?? String(position)) : undefined;
    return {
      path: node.path,
      at: key === undefined ? node.at : `${node.at}[${key}]`,
      before: present(left?.value),
      after: present(right?.value),
      unknownMark:
        unknownMark === true ? true : right === undefined ? undefined : items(unknownMark)[right.index],
      marks,
    };
  });
}

interface Element {
  readonly value: unknown;
  readonly index: number;
}

const element = (value: unknown, index: number): Element => ({ value, index });

/** By identity where all elements have a different one; else equal ones first, and the rest by position. */
function paired(
  before: readonly unknown[],
  after: readonly unknown[],
): (readonly [Element | undefined, Element | undefined])[] {
  const old = before.map(element);
  const now = after.map(element);
  if (old.length <= 1 && now.length <= 1) return old.length + now.length === 0 ? [] : [[old[0], now[0]]];
  const keyed = hasIdentities(before) && hasIdentities(after);
  const keyOf = ({ value }: Element) => (keyed ? identityOf(value) : JSON.stringify(value)) ?? "";
  const waiting = new Map<string, Element[]>();
  for (const each of now) {
    const key = keyOf(each);
    const same = waiting.get(key);
    if (same) same.push(each);
    else waiting.set(key, [each]);
  }
  const matches = old.map((each) => [each, waiting.get(keyOf(each))?.shift()] as const);
  const left = [...waiting.values()].flat();
  let next = 0;
  return [
    ...matches.map(([each, match]) => [each, match ?? (keyed ? undefined : left[next++])] as const),
    ...left.slice(next).map((each) => [undefined, each] as const),
  ];
}

function hasIdentities(values: readonly unknown[]): boolean {
  const keys = values.map(identityOf);
  return keys.every((key) => key !== undefined) && new Set(keys).size === keys.length;
}

function identityOf(value: unknown): string | undefined {
  for (const name of IDENTITIES) {
    const identity = member(value, name);
    if (typeof identity === "string" && identity !== "") return identity;
  }
  return undefined;
}

function isBlocks(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isMembers);
}

function hasMembers({ before, after, unknownMark }: Node): boolean {
  const ofKind = (value: unknown) => value === undefined || isMembers(value);
  return ofKind(before) && ofKind(after) && [before, after, unknownMark].some(isMembers);
}

function namesIn({ before, after, unknownMark }: Node): string[] {
  const names = [before, after, unknownMark].flatMap((value) => (isMembers(value) ? Object.keys(value) : []));
  return [...new Set(names)].sort();
}

function pairOf(node: Node): Pair {
  const { path, at, before, after } = node;
  return {
    path,
    at,
    before,
    after,
    unknown: isUnknown(node.unknownMark),
    sensitive: node.marks.some(isMarked),
  };
}

/** `true`, or `true` anywhere inside: `{}` and `[]` mark nothing. */
function isMarked(mark: unknown): boolean {
  if (mark === true) return true;
  if (Array.isArray(mark)) return mark.some(isMarked);
  return isMembers(mark) && Object.values(mark).some(isMarked);
}

function isUnknown(mark: unknown): boolean {
  return isMarked(mark);
}

/**
 * The marks of all elements in one, for each of them: sets have no order, and Terraform marks a set as a whole.
 * @see https://github.com/hashicorp/terraform/issues/29618
 */
function unionMark(mark: unknown): unknown {
  if (!Array.isArray(mark)) return mark;
  const marked = mark.filter(isMarked);
  if (marked.some((each) => !isMembers(each))) return marked.length > 0;
  const names = [...new Set(marked.flatMap((each) => Object.keys(each as Members)))];
  return Object.fromEntries(names.map((name) => [name, marked.some((each) => isMarked(member(each, name)))]));
}
