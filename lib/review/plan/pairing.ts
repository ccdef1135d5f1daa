// The elements of a list of blocks before a change, each with its counterpart after it.

import { member } from "./values";

/** Attributes that identify an element of a repeated block. */
const IDENTITIES = ["name", "id", "key", "rule_name"];

/** An element of a list, with its position. */
export interface Element {
  readonly value: unknown;
  readonly index: number;
}

/** An element before and after a change; one side is missing where it is new or gone. */
export type Paired = readonly [Element | undefined, Element | undefined];

/** By identity where all elements have a different one; else equal ones first, and the rest by position. */
export function paired(before: readonly unknown[], after: readonly unknown[]): readonly Paired[] {
  if (before.length <= 1 && after.length <= 1) return byPosition(before, after);
  const [old, now] = [identitiesOf(before), identitiesOf(after)];
  const keyed = old !== undefined && now !== undefined;
  const [oldKeys, nowKeys] = keyed ? [old, now] : [before.map(jsonOf), after.map(jsonOf)];
  return oldKeys.length === nowKeys.length && oldKeys.every((key, index) => key === nowKeys[index])
    ? byPosition(before, after)
    : byKey(elementsIn(before), oldKeys, elementsIn(after), nowKeys, keyed);
}

const jsonOf = (value: unknown): string => JSON.stringify(value) ?? "";

const elementsIn = (values: readonly unknown[]): readonly Element[] =>
  values.map((value, index) => ({ value, index }));

function byPosition(before: readonly unknown[], after: readonly unknown[]): readonly Paired[] {
  const [old, now] = [elementsIn(before), elementsIn(after)];
  return (old.length > now.length ? old : now).map((_, index) => [old[index], now[index]]);
}

function byKey(
  old: readonly Element[],
  oldKeys: readonly string[],
  now: readonly Element[],
  nowKeys: readonly string[],
  keyed: boolean,
): readonly Paired[] {
  const waiting = new Map<string, Element[]>();
  now.forEach((each, index) => {
    const key = nowKeys[index] ?? "";
    const same = waiting.get(key);
    if (same) same.push(each);
    else waiting.set(key, [each]);
  });
  const matches = old.map((_, index) => waiting.get(oldKeys[index] ?? "")?.shift());
  const left = [...waiting.values()].flat();
  let next = 0;
  const pairs = old.map(
    (each, index): Paired => [each, matches[index] ?? (keyed ? undefined : left[next++])],
  );
  for (const each of left.slice(next)) pairs.push([undefined, each]);
  return pairs;
}

/** The identities of all elements; `undefined` unless each has a different one. */
function identitiesOf(values: readonly unknown[]): readonly string[] | undefined {
  const found: string[] = [];
  for (const value of values) {
    const identity = identityOf(value);
    if (identity === undefined) return undefined;
    found.push(identity);
  }
  return new Set(found).size === found.length ? found : undefined;
}

/** The value of the attribute that identifies an element. */
export function identityOf(value: unknown): string | undefined {
  for (const name of IDENTITIES) {
    const identity = member(value, name);
    if (typeof identity === "string" && identity !== "") return identity;
  }
  return undefined;
}
