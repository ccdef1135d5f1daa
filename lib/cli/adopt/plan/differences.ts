// Compares what a resource is with what a program asks for, attribute by attribute.

import { COMPUTED_ATTRIBUTES } from "../data/computed-attributes";
import { KEPT_BLOCKS, PROVIDER_DEFAULTS } from "../data/provider-defaults";
import { hasMark, isEmpty, isMembers, type Members, memberOf } from "../state/members";

/** Difference between a resource and a program. */
export interface Difference {
  /** Path of the argument in the synthesized JSON, for `addOverride`. */
  readonly path: string;
  /** Present value; undefined if it is not set. */
  readonly now: unknown;
  /** Value that the program asks for; undefined if it has none, or if Terraform knows it later. */
  readonly planned: unknown;
  /** True if the program has an argument of this name; false for one that it would remove. */
  readonly isPlanned: boolean;
  /** True if the value is sensitive in the state. */
  readonly isSensitive: boolean;
}

/** Expression that refers to something which does not exist yet. */
const LATER = Symbol("known after apply");

const META = new Set(["provider", "lifecycle", "depends_on", "count", "for_each", "timeouts", "//", "id"]);

/**
 * Differences of one resource.
 *
 * @param type Terraform resource type.
 * @param before present values.
 * @param sensitive marks of sensitive values.
 * @param planned arguments of the synthesized JSON.
 * @param resolve value of an expression, undefined if it is not known.
 */
export function differences(
  type: string,
  before: Members,
  sensitive: unknown,
  planned: Members,
  resolve: (expression: string) => unknown,
): Difference[] {
  const ignored = memberOf(planned.lifecycle, "ignore_changes");
  const ignores = Array.isArray(ignored) ? ignored.map((each) => String(each).replace(/\[\d+\]/g, "")) : [];
  const without = (values: Members) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !META.has(name)));
  return compare(new Schema(type, ignores), without(before), sensitive, without(planned), resolve, "", "");
}

/** Attributes of which an empty text is another value than none: a filter of all objects. */
const EMPTY_TEXTS = new Set(["rule.filter.prefix"]);

/** Attributes that a provider fills in. */
class Schema {
  private readonly computed: readonly string[];
  private readonly kept: readonly string[];
  private readonly defaults: Members;

  public constructor(
    type: string,
    private readonly ignores: readonly string[],
  ) {
    const { computed, kept } = COMPUTED_ATTRIBUTES[type] ?? { computed: "", kept: "" };
    this.computed = computed.split(" ");
    this.kept = [...kept.split(" "), ...(KEPT_BLOCKS[type]?.split(" ") ?? [])];
    this.defaults = PROVIDER_DEFAULTS[type] ?? {};
  }

  /** True if leaving the argument out changes nothing. */
  public staysWithout(attribute: string, value: unknown): boolean {
    return (
      isEmpty(value) ||
      this.isComputed(attribute) ||
      this.kept.includes(attribute) ||
      (Object.hasOwn(this.defaults, attribute) && isSame(this.defaults[attribute], value)) ||
      (isBlock(value) &&
        blocksOf(value).every((each) =>
          Object.entries(each).every(([name, inner]) => this.staysWithout(`${attribute}.${name}`, inner)),
        ))
    );
  }

  /** True if Terraform ignores changes of the argument. */
  public isIgnored(attribute: string): boolean {
    return this.ignores.includes(attribute);
  }

  public isComputed(attribute: string): boolean {
    return this.computed.includes(attribute);
  }
}

function compare(
  schema: Schema,
  before: Members,
  sensitive: unknown,
  planned: Members,
  resolve: (expression: string) => unknown,
  path: string,
  attribute: string,
): Difference[] {
  const names = new Set([...Object.keys(planned), ...Object.keys(before)]);
  return [...names].flatMap((name): Difference[] => {
    const now = before[name];
    const wanted = resolved(planned[name], resolve);
    const at = `${path}${name}`;
    const inner = `${attribute}${name}`;
    if (schema.isIgnored(inner)) return [];
    const isSensitive = hasMark(memberOf(sensitive, name));
    const isPlanned = Object.hasOwn(planned, name) && wanted !== null && wanted !== undefined;
    const difference = { path: at, now: written(schema, inner, now), isPlanned, isSensitive };
    if (!isPlanned) {
      if (schema.staysWithout(inner, now)) return [];
      return [{ ...difference, planned: undefined }];
    }
    if (isSame(now, wanted)) return [];
    if (isBlock(wanted) && isBlock(now)) {
      const [old, asked] = [blocksOf(now), blocksOf(planned[name])];
      if (old.length === 1 && asked.length === 1) {
        const below = Array.isArray(planned[name]) ? `${at}.0.` : `${at}.`;
        const marks = Array.isArray(memberOf(sensitive, name))
          ? (memberOf(sensitive, name) as unknown[])[0]
          : memberOf(sensitive, name);
        return compare(schema, old[0] as Members, marks, asked[0] as Members, resolve, below, `${inner}.`);
      }
    }
    return [{ ...difference, planned: isLater(wanted) ? undefined : wanted }];
  });
}

/** The value of an argument as it can be written: without attributes that the provider alone sets. */
function written(schema: Schema, attribute: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((each) => written(schema, attribute, each));
    return items.length === 0 ? undefined : items;
  }
  if (!isMembers(value))
    return value === null || (value === "" && !EMPTY_TEXTS.has(attribute)) ? undefined : value;
  const entries = Object.entries(value)
    .filter(([name]) => !schema.isComputed(`${attribute}.${name}`))
    .map(([name, each]) => [name, written(schema, `${attribute}.${name}`, each)] as const)
    .filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries);
}

function resolved(value: unknown, resolve: (expression: string) => unknown): unknown {
  if (typeof value === "string") {
    const [, expression] = /^\$\{([^{}]+)\}$/.exec(value) ?? [];
    if (expression !== undefined) return resolve(expression) ?? LATER;
    if (/(^|[^$])\$\{/.test(value)) return LATER;
    return plainText(value);
  }
  if (Array.isArray(value)) return value.map((each) => resolved(each, resolve));
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [plainText(name), resolved(each, resolve)]),
  );
}

function plainText(text: string): string {
  return text.replace(/([$%])\1\{/g, "$1{");
}

function isLater(value: unknown): boolean {
  if (value === LATER) return true;
  if (Array.isArray(value)) return value.some(isLater);
  return isMembers(value) && Object.values(value).some(isLater);
}

/** True for equal values: `5432` and `"5432"`, sets in another order, what is not set in any form, JSON texts. */
export function isSame(a: unknown, b: unknown): boolean {
  if (isEmpty(a) && isEmpty(b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    const [left, right] = [listOf(a), listOf(b)];
    return left.length === right.length && left.every((each) => right.some((other) => isSame(each, other)));
  }
  if (isMembers(a) && isMembers(b))
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => isSame(a[name], b[name]));
  if (typeof a === "symbol" || typeof b === "symbol") return false;
  if (isEmpty(a) !== isEmpty(b)) return false;
  if (String(a) === String(b)) return true;
  const [left, right] = [jsonOf(a), jsonOf(b)];
  return left !== undefined && right !== undefined && isSame(left, right);
}

function jsonOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

function isBlock(value: unknown): boolean {
  return isMembers(value) || (Array.isArray(value) && value.length > 0 && value.every(isMembers));
}

function blocksOf(value: unknown): Members[] {
  return listOf(value).filter(isMembers);
}
