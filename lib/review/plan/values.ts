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
  if (isMembers(value)) return Object.keys(value).length === 0 ? undefined : value;
  return value;
}

/** True for values that are equal member by member; unlike `same`, an absent member and an empty one differ. */
export function identical(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, index) => identical(each, b[index]));
  }
  if (!isMembers(a) || !isMembers(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && identical(a[name], b[name]))
  );
}

/** True for equal values; absent members and members that mean "not set" are equal. */
export function same(a: unknown, b: unknown): boolean {
  const [left, right] = [present(a), present(b)];
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, index) => same(each, right[index]));
  }
  if (!isMembers(left) || !isMembers(right)) return false;
  return (
    Object.keys(left).every((name) => same(left[name], member(right, name))) &&
    Object.keys(right).every((name) => Object.hasOwn(left, name) || present(right[name]) === undefined)
  );
}
