// Values of a plan: JSON of any shape, from a file that may be wrong or hostile.

/** Members of an object. */
export type Members = { readonly [name: string]: unknown };

/** True for an object that is no list. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as an object; empty for every other value. */
export function members(value: unknown): Members {
  return isMembers(value) ? value : {};
}

/** A value as a list; empty for every other value. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A member, `undefined` where the object does not have it itself: names come from the plan, `constructor` is one of them. */
export function member(value: unknown, name: string): unknown {
  return isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** An entry of a table of ours; names come from the plan, `constructor` is one of them. */
export function entry<T>(table: { readonly [name: string]: T | undefined }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** A text, `undefined` for every other value. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** `undefined` for values that mean "not set" to a provider: null, "", [] and {}. Lists and objects of nothing but those are not set. */
export function present(value: unknown): unknown {
  if (value === null || value === undefined || value === "") return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  return isMembers(value) && isEmpty(value) ? undefined : value;
}

function isEmpty(value: Members): boolean {
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}

/** True for values that are equal member by member; unlike `same`, an absent member and an empty one differ. */
export function identical(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!identical(a[index], b[index])) return false;
    return true;
  }
  if (!isMembers(a) || !isMembers(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!Object.hasOwn(b, name) || !identical(a[name], b[name])) return false;
  return true;
}

/** True for equal values; absent members and members that mean "not set" are equal. */
export function same(a: unknown, b: unknown): boolean {
  const [left, right] = [present(a), present(b)];
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) if (!same(left[index], right[index])) return false;
    return true;
  }
  if (!isMembers(left) || !isMembers(right)) return false;
  for (const name of Object.keys(left)) if (!same(left[name], member(right, name))) return false;
  for (const name of Object.keys(right)) {
    if (!Object.hasOwn(left, name) && present(right[name]) !== undefined) return false;
  }
  return true;
}
