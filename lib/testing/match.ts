// Matchers of expected values. Their names are those of aws-cdk's assertions, which most users of a CDK know.
// See https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.assertions-readme.html

import { parse } from "yaml";
import { describeValue, type Mismatch, matches, mismatches } from "./compare-values";

/** A condition on a value of the synthesized JSON. */
export abstract class Matcher {
  /** Description, for messages, such as `string matching /^db/`. */
  public abstract readonly description: string;

  /**
   * Compares a value.
   *
   * @param actual the value; `undefined` if it is not set.
   * @param path path of the value, for messages.
   * @returns the differences; empty if the value matches.
   */
  public abstract test(actual: unknown, path: string): Mismatch[];
}

/** Matchers for the values given to `Template` and `Annotations`. */
export abstract class Match {
  /** Matches an object that has at least these properties, which is the default for objects. */
  public static objectLike(properties: { readonly [name: string]: unknown }): Matcher {
    return new ValueMatcher("object like", properties, false);
  }

  /** Matches an object that has these properties and no others. */
  public static objectEquals(properties: { readonly [name: string]: unknown }): Matcher {
    return new ValueMatcher("exactly the object", properties, true);
  }

  /** Matches a list that contains these elements in this order, with others between them. */
  public static arrayWith(elements: readonly unknown[]): Matcher {
    return new ArrayWith(elements);
  }

  /** Matches a list of exactly these elements, which is the default for lists. */
  public static arrayEquals(elements: readonly unknown[]): Matcher {
    return new ValueMatcher("list", elements, false);
  }

  /** Matches a value that is not set. */
  public static absent(): Matcher {
    return new Condition("not set", (actual) => actual === undefined || actual === null);
  }

  /** Matches a value that is set. */
  public static anyValue(): Matcher {
    return new Condition("set", (actual) => actual !== undefined && actual !== null);
  }

  /** Matches a value that the pattern does not match. A value that is not set is one. */
  public static not(pattern: unknown): Matcher {
    return new Condition(
      `not ${describeValue(pattern)}`,
      (actual) => mismatches(pattern, actual, "", false).length > 0,
    );
  }

  /** Matches a text in which the regular expression is found. */
  public static stringLikeRegexp(pattern: string): Matcher {
    const regexp = new RegExp(pattern);
    return new Condition(
      `text matching ${regexp}`,
      (actual) => typeof actual === "string" && matches(regexp, actual),
    );
  }

  /** Matches a text of JSON whose value matches the pattern, such as a policy. */
  public static serializedJson(pattern: unknown): Matcher {
    return new Serialized("JSON", (text) => JSON.parse(text), pattern);
  }

  /** Matches a text of YAML whose value matches the pattern, such as the values of a Helm release. */
  public static serializedYaml(pattern: unknown): Matcher {
    return new Serialized("YAML", (text) => parse(text), pattern);
  }
}

class ValueMatcher extends Matcher {
  public constructor(
    private readonly kind: string,
    private readonly expected: unknown,
    private readonly exact: boolean,
  ) {
    super();
  }

  public get description(): string {
    return `${this.kind} ${describeValue(this.expected)}`;
  }

  public test(actual: unknown, path: string): Mismatch[] {
    return mismatches(this.expected, actual, path, this.exact);
  }
}

class Condition extends Matcher {
  public constructor(
    public readonly description: string,
    private readonly holds: (actual: unknown) => boolean,
  ) {
    super();
  }

  public test(actual: unknown, path: string): Mismatch[] {
    return this.holds(actual) ? [] : [{ path, expected: this.description, actual: describeValue(actual) }];
  }
}

class ArrayWith extends Matcher {
  public constructor(private readonly elements: readonly unknown[]) {
    super();
  }

  public get description(): string {
    return `list with ${describeValue(this.elements)}`;
  }

  public test(actual: unknown, path: string): Mismatch[] {
    if (!Array.isArray(actual)) return [{ path, expected: this.description, actual: describeValue(actual) }];
    let from = 0;
    for (const element of this.elements) {
      const found = actual.findIndex(
        (each, index) => index >= from && mismatches(element, each, path, false).length === 0,
      );
      if (found === -1) {
        return [{ path, expected: `an element ${describeValue(element)}`, actual: describeValue(actual) }];
      }
      from = found + 1;
    }
    return [];
  }
}

class Serialized extends Matcher {
  public constructor(
    private readonly language: string,
    private readonly parseText: (text: string) => unknown,
    private readonly pattern: unknown,
  ) {
    super();
  }

  public get description(): string {
    return `${this.language} ${describeValue(this.pattern)}`;
  }

  public test(actual: unknown, path: string): Mismatch[] {
    if (typeof actual !== "string")
      return [{ path, expected: this.description, actual: describeValue(actual) }];
    let value: unknown;
    try {
      value = this.parseText(actual);
    } catch {
      return [{ path, expected: `a text of ${this.language}`, actual: describeValue(actual) }];
    }
    return mismatches(this.pattern, value, `${path}(${this.language.toLowerCase()})`, false);
  }
}
