// Values that an expression may name and that change while its text does not: locals, defaults of variables, data sources, modules, and
// attributes of resources that change or are replaced.

import { type Members, member, same } from "../plan/values";
import { labelled, merged, type Reference, type Resource, referencesOf, textsIn } from "./program";

/** Changed values, by what names them. */
export class ChangedValues {
  private readonly roots = new Set<string>();
  private readonly resources = new Map<
    string,
    { readonly before: Members; readonly after: Members; readonly isReplaced: boolean }
  >();
  private readonly dependent: readonly { readonly root: string; readonly texts: readonly string[] }[];

  public constructor(before: unknown, after: unknown) {
    const [old, now] = [rootsOf(before), rootsOf(after)];
    for (const [root, value] of now) if (!same(old.get(root), value)) this.roots.add(root);
    this.dependent = [...now].map(([root, value]) => ({ root, texts: textsIn(value) }));
    this.spread();
  }

  /**
   * Notes that a resource changes.
   *
   * @returns true if that is new
   */
  public add(
    { values: before }: Resource,
    { address, values: after }: Resource,
    isReplaced: boolean,
  ): boolean {
    const known = this.resources.get(address);
    if (known?.isReplaced === isReplaced || (!isReplaced && same(before, after))) return false;
    this.resources.set(address, { before, after, isReplaced });
    this.spread();
    return true;
  }

  /** True if an expression in the text names a changed value. */
  public isIn(text: string): boolean {
    return text.includes("${") && referencesOf(text).some((each) => this.isChanged(each));
  }

  private isChanged({ root, attribute }: Reference): boolean {
    if (this.roots.has(root)) return true;
    const resource = this.resources.get(root);
    if (resource === undefined) return false;
    const { before, after, isReplaced } = resource;
    if (attribute === undefined) return true;
    const [old, now] = [member(before, attribute), member(after, attribute)];
    if (!same(old, now)) return true;
    // What the program sets and does not change is known; all else of a replaced resource is known after the apply.
    return isReplaced && (now === undefined || textsIn(now).some((text) => text.includes("${")));
  }

  /** Locals and data sources that name a changed value change as well. */
  private spread(): void {
    for (let isSettled = false; !isSettled; ) {
      isSettled = true;
      for (const { root, texts } of this.dependent) {
        if (this.roots.has(root) || !texts.some((text) => this.isIn(text))) continue;
        this.roots.add(root);
        isSettled = false;
      }
    }
  }
}

function rootsOf(json: unknown): Map<string, unknown> {
  const named = (block: string, prefix: string, contentOf: (body: unknown) => unknown) =>
    Object.entries(merged(member(json, block))).map(
      ([name, body]) => [`${prefix}.${name}`, contentOf(body)] as const,
    );
  const content = (body: unknown) => ({ ...merged(body), "//": undefined });
  return new Map<string, unknown>([
    ...named("locals", "local", (value) => value),
    ...named("variable", "var", (body) => member(merged(body), "default")),
    ...named("module", "module", content),
    ...labelled(json, "data").map(({ type, name, body }) => [`data.${type}.${name}`, content(body)] as const),
  ]);
}
