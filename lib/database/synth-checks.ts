// How every construct of the library reports wrong input: all mistakes of a stack together, at synth, each with the
// construct's path (CDKTF puts it in front), the property, the value seen and what is allowed.

import { Annotations } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { isKnown } from "./known";

/** The prefix of the note that an opt-out of a secure default leaves; the review looks for it. */
export const OPT_OUT_PREFIX = "opt-out: ";

/**
 * Collects what is wrong with a construct's properties and hands it to CDKTF's validation.
 *
 * A property that is left out or not known at synth is never judged by `check`: what Terraform
 * knows later belongs in a precondition.
 */
export class SynthChecks {
  private readonly problems: string[] = [];
  private readonly deferred: (() => void)[] = [];
  private readonly said = new Set<string>();
  private readonly scope: IConstruct;

  /** @param scope the construct whose path the messages carry. */
  public constructor(scope: IConstruct) {
    this.scope = scope;
    scope.node.addValidation({ validate: () => this.validate() });
  }

  /**
   * Reports `property` unless `allowed` holds; says nothing of a value that is absent or not known at synth.
   *
   * @param property the property's name as the user writes it, such as `storage.iops`.
   * @param value the value seen, shown in the message.
   * @param allowed whether the value is allowed.
   * @param rule what is allowed, in the user's words.
   */
  public check(property: string, value: unknown, allowed: () => boolean, rule: string): void {
    // Programs without types hand over null where they mean nothing.
    if (value === undefined || value === null || !isKnown(value)) return;
    if (!allowed()) this.fail(property, value, rule);
  }

  /**
   * Reports `property` unless it is a whole number from `min` to `max`.
   *
   * @param property the property's name.
   * @param value the value seen.
   * @param min the smallest number allowed.
   * @param max the largest number allowed.
   * @param unit the unit for the message, such as `GiB`.
   */
  public wholeNumber(property: string, value: number | undefined, min: number, max: number, unit = ""): void {
    this.check(
      property,
      value,
      () => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
      `allowed is a whole number from ${min} to ${max}${unit && ` ${unit}`}`,
    );
  }

  /**
   * Reports `property` unless it is a share of a whole within bounds; 0.15 is 15 per cent.
   *
   * @param property the property's name.
   * @param value the value seen.
   * @param min the smallest share allowed.
   * @param max the largest share allowed.
   */
  public share(property: string, value: number | undefined, min: number, max: number): void {
    this.check(
      property,
      value,
      () => (value as number) >= min && (value as number) <= max,
      `allowed is a share from ${min} to ${max}`,
    );
  }

  /**
   * Reports `property` unless it matches `pattern`.
   *
   * @param property the property's name.
   * @param value the value seen.
   * @param pattern what the whole value has to match, so anchored at both ends.
   * @param rule the pattern in words.
   */
  public matches(property: string, value: string | undefined, pattern: RegExp, rule: string): void {
    this.check(property, value, () => pattern.test(value as string), rule);
  }

  /**
   * Reports a mistake.
   *
   * @param property the property's name.
   * @param value the value seen, shown in the message; never a secret.
   * @param rule what is allowed, in the user's words.
   */
  public fail(property: string, value: unknown, rule: string): void {
    this.problems.push(`${property} is ${show(value)}: ${rule}`);
  }

  /**
   * Warns without stopping the synth; the same warning is given once.
   *
   * @param message what to look at and what to do, in the user's words.
   */
  public warn(message: string): void {
    if (this.once(message)) Annotations.of(this.scope).addWarning(message);
  }

  /**
   * Writes down that the user gave up a secure default, so that a reviewer sees it.
   *
   * @param what the property and what it gives up, such as `publiclyAccessible: the server has a public address`.
   */
  public optOut(what: string): void {
    if (this.once(`${OPT_OUT_PREFIX}${what}`)) {
      Annotations.of(this.scope).addInfo(`${OPT_OUT_PREFIX}${what}`);
    }
  }

  /**
   * Runs a check when the whole tree stands, for rules about what other constructs add later.
   *
   * @param check reports through this object; it may run more than once.
   */
  public whenComplete(check: () => void): void {
    this.deferred.push(check);
  }

  private once(message: string): boolean {
    if (this.said.has(message)) return false;
    this.said.add(message);
    return true;
  }

  private validate(): string[] {
    const before = this.problems.length;
    for (const check of this.deferred) check();
    // CDKTF may validate a tree more than once; what a deferred check finds must not pile up.
    const found = [...this.problems];
    this.problems.length = before;
    return found;
  }
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (!isKnown(value)) return "not known at synth";
  if (typeof value === "string") return `"${value}"`;
  // JSON has no word for NaN and the infinities, and a construct can't be written as JSON at all.
  if (typeof value === "number") return String(value);
  if (Construct.isConstruct(value)) return value.node.path;
  return JSON.stringify(value);
}
