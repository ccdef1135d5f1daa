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

/** Attributes that identify an element of a repeated block. */
const IDENTITIES = ["name", "id", "key", "rule_name"];
const DEEPEST = 64;

/** A change, an attribute, a block or an element of a repeated block. What several rules ask of it is computed once. */
class Node {
  private ownElements?: readonly Node[];
  private ownChanged?: ReadonlyMap<string, Node>;

  public constructor(
    public readonly path: string,
    public readonly at: string,
    public readonly before: unknown,
    public readonly after: unknown,
    public readonly unknownMark: unknown,
    public readonly marks: readonly unknown[],
  ) {}

  /** The elements of a list of blocks, each paired with its counterpart; any other node is one element. */
  public get elements(): readonly Node[] {
    this.ownElements ??= elementsOf(this);
    return this.ownElements;
  }

  /** Attributes and blocks that differ or are known after the apply only, in the order of their names. */
  public get changed(): ReadonlyMap<string, Node> {
    this.ownChanged ??= new Map(touchedNames(this).map((name) => [name, step(this, name)]));
    return this.ownChanged;
  }
}

/** The whole of a change as one node, for `differencesOf` and `pairsAt`. */
export function rootOf(change: Members): Node {
  return new Node("", "", present(change.before), present(change.after), change.after_unknown, [
    change.before_sensitive,
    change.after_sensitive,
  ]);
}

/** Attributes that differ, the deepest that are no blocks. A block that appears or disappears is one difference. */
export function differencesOf(root: Node): Pair[] {
  const found: Pair[] = [];
  const walk = (node: Node, depth: number) => {
    const unknown = isMarked(node.unknownMark);
    // Of the whole resource, each name is compared below.
    if (depth > 0 && !unknown && same(node.before, node.after)) return;
    // Even the names inside are not for the review.
    if (depth > 0 && node.marks.some((mark) => mark === true)) {
      found.push(pairOf(node));
      return;
    }
    const inner = depth < DEEPEST && node.unknownMark !== true ? node.elements : [];
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
    for (const each of node.changed.values()) walk(each, depth + 1);
  };
  walk(root, 0);
  return found;
}

/** The pairs at a rule's path: several where the path leads through repeated blocks. */
export function pairsAt(root: Node, path: string): Pair[] {
  let nodes: Node[] = [root];
  for (const segment of segmentsOf(path)) {
    nodes = nodes.flatMap((node) =>
      node.elements
        .flatMap((element) =>
          segment.name === "*"
            ? namesIn(element).map((name) => step(element, name))
            : [step(element, segment.name)],
        )
        .flatMap((next) => (segment.where ? next.elements.filter(chosen(segment.where)) : [next])),
    );
  }
  return nodes.flatMap(({ elements }) => elements).map(pairOf);
}

/** True if an attribute or block of one of these names differs or is known after the apply only; `*` is any. */
export function changesOne(root: Node, names: readonly string[]): boolean {
  return root.unknownMark === true || names.some((name) => root.changed.has(name) || name === "*");
}

/** The pairs at a rule's path that differ or are known after the apply only. Paths that begin alike are walked once, and only where something changes. */
export function changedPairs(root: Node): (path: string) => readonly Pair[] {
  const known = new Map<string, readonly Node[]>();
  const nodesAt = (segments: readonly Segment[], length: number): readonly Node[] => {
    const segment = segments[length - 1];
    if (segment === undefined) return root.elements;
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
    const found = nodesAt(segments, segments.length).map(pairOf);
    pairs.set(path, found);
    return found;
  };
}

const NONE: readonly Node[] = [];

/** The elements below a node that a segment leads to, as far as they change. */
function changedInside(node: Node, { name, where }: Segment): readonly Node[] {
  const found: Node[] = [];
  const isWanted = where && chosen(where);
  for (const child of childrenAt(node, name)) {
    for (const each of child.elements) {
      if (isWanted?.(each) === false) continue;
      if (isMarked(each.unknownMark) || !identical(each.before, each.after)) found.push(each);
    }
  }
  return found;
}

function childrenAt(node: Node, name: string): readonly Node[] {
  if (name === "*") return [...node.changed.values()];
  const child = node.changed.get(name);
  if (child) return [child];
  // Nothing inside is listed, and each name may be there after the apply.
  return node.unknownMark === true ? [step(node, name)] : NONE;
}

/** Names whose values differ or are known after the apply only, sorted. */
function touchedNames(node: Node): string[] {
  const found = new Set<string>();
  for (const value of [node.before, node.after, node.unknownMark]) {
    if (!isMembers(value)) continue;
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
  const { unknownMark, marks } = node;
  return new Node(
    node.path === "" ? name : `${node.path}.${name}`,
    node.at === "" ? nameShown(name) : `${node.at}.${nameShown(name)}`,
    present(member(node.before, name)),
    present(member(node.after, name)),
    unknownMark === true ? true : member(unknownMark, name),
    marks.some(isMembers) ? marks.map((mark) => (isMembers(mark) ? member(mark, name) : mark)) : marks,
  );
}

/** A name of the provider or a key of a map; keys that are no plain names are not shown. */
function nameShown(name: string): string {
  return /^[\w./:-]{1,80}$/.test(name) ? name : "(key)";
}

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
    const key = named(right) ?? named(left) ?? (several ? String(position) : undefined);
    return new Node(
      node.path,
      key === undefined ? node.at : `${node.at}[${key}]`,
      present(left?.value),
      present(right?.value),
      unknownMark === true ? true : right === undefined ? undefined : items(unknownMark)[right.index],
      marks,
    );
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
    unknown: isMarked(node.unknownMark),
    sensitive: node.marks.some(isMarked),
  };
}

/** `true`, or `true` anywhere inside: `{}` and `[]` mark nothing. */
function isMarked(mark: unknown): boolean {
  if (mark === true) return true;
  if (Array.isArray(mark)) return mark.some(isMarked);
  return isMembers(mark) && Object.values(mark).some(isMarked);
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
