import type { Matcher } from "./match";
import { hidden, isSecret } from "./secret-values";

/** A difference between an expected and a synthesized value. */
export interface Mismatch {
  /** Path of the value, such as `settings.backup_configuration.enabled`. */
  readonly path: string;
  /** Expected value in words. */
  readonly expected: string;
  /** Synthesized value in words. */
  readonly actual: string;
}

/**
 * The differences between an expected and an actual value. Objects may have further properties unless `exact`. Lists have the same
 * length and order; CDKTF renders a block that occurs once as an object or as a list of one, so these are equal. Asymmetric matchers
 * of jest and vitest, such as `expect.any(String)`, are accepted.
 */
export function mismatches(expected: unknown, actual: unknown, path: string, exact: boolean): Mismatch[] {
  if (isMatcher(expected)) return expected.test(actual, path);
  const difference = { path, expected: describeValue(expected), actual: describeValue(actual) };
  if (isAsymmetric(expected)) return expected.asymmetricMatch(actual) ? [] : [difference];
  if (expected instanceof RegExp) {
    return typeof actual === "string" && matches(expected, actual) ? [] : [difference];
  }
  if (Array.isArray(expected)) {
    const list = isObject(actual) && expected.length === 1 && isObject(expected[0]) ? [actual] : actual;
    if (!Array.isArray(list) || list.length !== expected.length) return [difference];
    return expected.flatMap((each, index) => mismatches(each, list[index], `${path}[${index}]`, exact));
  }
  if (isObject(expected)) {
    const one = Array.isArray(actual) && actual.length === 1 ? actual[0] : actual;
    if (!isObject(one)) return [difference];
    return [
      ...Object.entries(expected).flatMap(([name, value]) =>
        mismatches(value, one[name], path === "" ? name : `${path}.${name}`, exact).map((each) =>
          hinted(each, name, one),
        ),
      ),
      ...(exact ? unexpected(expected, one, path) : []),
    ];
  }
  return same(expected, actual) ? [] : [difference];
}

/** A value in words: JSON, at most 200 characters, without secrets. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (isMatcher(value)) return value.description;
  if (value instanceof RegExp) return `text matching ${value}`;
  if (isAsymmetric(value)) {
    const sample = value.sample === undefined ? "" : ` ${describeValue(value.sample)}`;
    return value.toAsymmetricMatcher?.() ?? `${value.toString()}${sample}`;
  }
  const text =
    JSON.stringify(value, (name, each) =>
      isMatcher(each) || isAsymmetric(each) || each instanceof RegExp
        ? `<${describeValue(each)}>`
        : isSecret(name)
          ? hidden(each)
          : each,
    ) ?? "";
  return text.length > 200 ? `${text.slice(0, 200)}... (${text.length} characters)` : text;
}

/** Without the position that an expression with the flag g or y keeps from one call to the next. */
export function matches(expression: RegExp, text: string): boolean {
  return new RegExp(expression.source, expression.flags.replace(/[gy]/g, "")).test(text);
}

interface Asymmetric {
  asymmetricMatch(actual: unknown): boolean;
  /** Description with the sample, in jest and vitest. */
  toAsymmetricMatcher?(): string;
  /** Sample that the matcher compares with. */
  readonly sample?: unknown;
}

function isAsymmetric(value: unknown): value is Asymmetric {
  return isObject(value) && typeof value.asymmetricMatch === "function";
}

/** By shape: two copies of this package may be loaded, as CommonJS and as a module of a test runner. */
function isMatcher(value: unknown): value is Matcher {
  return isObject(value) && typeof value.test === "function" && typeof value.description === "string";
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unexpected(expected: object, actual: object, path: string): Mismatch[] {
  return Object.entries(actual)
    .filter(([name]) => !(name in expected) && name !== "//")
    .map(([name, value]) => ({
      path: path === "" ? name : `${path}.${name}`,
      expected: "not set",
      actual: describeValue(value),
    }));
}

/** Terraform's JSON is in snake case; the bindings' props, which people have in mind, are not. */
function hinted(mismatch: Mismatch, name: string, actual: object): Mismatch {
  const snake = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  if (snake === name || !(snake in actual)) return mismatch;
  return { ...mismatch, actual: `${mismatch.actual}; the argument is ${snake}` };
}

function same(a: unknown, b: unknown): boolean {
  return a === b || ((a === undefined || a === null) && (b === undefined || b === null));
}
