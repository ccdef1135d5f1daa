// The differences of a planned change, attribute by attribute and block by block, with the marks of sensitive and unknown values walked
// beside the values. https://developer.hashicorp.com/terraform/internals/json-format#change-representation

import { NAMED_BLOCKS } from "../data/shown-values";
import { type Element, identityOf, paired } from "./pairing";
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
    if (this.ownChanged === undefined) {
      const changed = new Map<string, Node>();
      for (const name of touchedNames(this)) changed.set(name, step(this, name));
      this.ownChanged = changed;
    }
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
    const hidden = depth > 0 && node.marks.includes(true);
    // Of two objects, each name is compared below.
    const isWalked = !hidden && depth < DEEPEST && isMembers(node.before) && isMembers(node.after);
    if (depth > 0 && !unknown && !isWalked && same(node.before, node.after)) return;
    // Even the names inside are not for the review.
    if (hidden) {
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
        .flatMap((next) => {
          const { where } = segment;
          return where ? next.elements.filter((each) => isChosen(each, where)) : [next];
        }),
    );
  }
  return nodes.flatMap(({ elements }) => elements).map(pairOf);
}

/** The paths of rules as a tree, so that those that begin alike are walked once, and only where something changes. */
export interface PathTree {
  readonly segment: Segment;
  /** The path as the rules write it; `undefined` if none ends here. */
  path?: string;
  readonly inner: PathTree[];
}

/** The tree of these paths: its roots. */
export function pathTrees(paths: Iterable<string>): readonly PathTree[] {
  const roots: PathTree[] = [];
  for (const path of paths) {
    let level = roots;
    let tree: PathTree | undefined;
    for (const segment of segmentsOf(path)) {
      tree = level.find((each) => each.segment.upTo === segment.upTo);
      if (tree === undefined) {
        tree = { segment, inner: [] };
        level.push(tree);
      }
      level = tree.inner;
    }
    if (tree) tree.path = path;
  }
  return roots;
}

/** By path, the pairs that differ or are known after the apply only; paths without any are left out. */
export function changedPairs(root: Node, trees: readonly PathTree[]): ReadonlyMap<string, readonly Pair[]> {
  const found = new Map<string, readonly Pair[]>();
  const walk = (nodes: readonly Node[], level: readonly PathTree[]) => {
    for (const { segment, path, inner } of level) {
      const next = changedInside(nodes, segment);
      if (next.length === 0) continue;
      if (path !== undefined) found.set(path, next.map(pairOf));
      if (inner.length > 0) walk(next, inner);
    }
  };
  walk(root.elements, trees);
  return found;
}

const NONE: readonly Node[] = [];

/** The elements below these nodes that a segment leads to, as far as they change. */
function changedInside(nodes: readonly Node[], { name, where }: Segment): readonly Node[] {
  let found: Node[] | undefined;
  for (const node of nodes) {
    for (const child of childrenAt(node, name)) {
      for (const each of child.elements) {
        if (where && !isChosen(each, where)) continue;
        if (!isMarked(each.unknownMark) && identical(each.before, each.after)) continue;
        if (found) found.push(each);
        else found = [each];
      }
    }
  }
  return found ?? NONE;
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
  const { before, after, unknownMark } = node;
  const found: string[] = [];
  const add = (value: unknown, isSeen: (name: string) => boolean) => {
    if (!isMembers(value)) return;
    for (const name of Object.keys(value)) if (!isSeen(name) && isTouched(node, name)) found.push(name);
  };
  add(before, () => false);
  add(after, (name) => has(before, name));
  add(unknownMark, (name) => has(before, name) || has(after, name));
  return found.length > 1 ? found.sort() : found;
}

function has(value: unknown, name: string): boolean {
  return isMembers(value) && Object.hasOwn(value, name);
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

function isChosen({ before, after }: Node, [name, value]: readonly [string, string]): boolean {
  return String(member(after, name) ?? "") === value || String(member(before, name) ?? "") === value;
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

function isBlocks(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && isMembers(value[0]) && value.every(isMembers);
}

function hasMembers({ before, after, unknownMark }: Node): boolean {
  if ((before !== undefined && !isMembers(before)) || (after !== undefined && !isMembers(after)))
    return false;
  return isMembers(before) || isMembers(after) || isMembers(unknownMark);
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
  if (typeof mark !== "object" || mark === null) return false;
  for (const each of Array.isArray(mark) ? mark : Object.values(mark)) if (isMarked(each)) return true;
  return false;
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
