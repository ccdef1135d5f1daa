// How every construct of the library reports wrong input: all mistakes of a stack together, at synth, each with the
// construct's path (CDKTF puts it in front), the property, the value seen and what is allowed.

import { Annotations } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { isResolved } from "./is-resolved";

/**
 * The rule of a refusal: `must ...`, then the ways out after the first `; `, such as
 * `must be 1 to 35; set availability to ZONAL to keep it`.
 */
export type Rule = `must ${string}`;

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
  private readonly subject: string;

  /**
   * @param scope the construct whose path the messages carry.
   * @param subject the first part of the ids of refusals, warnings and opt-outs, such as `RDS`: an upper-case word of the vendor's.
   */
  public constructor(scope: IConstruct, subject: string) {
    this.scope = scope;
    this.subject = subject;
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
  public check(property: string, value: unknown, allowed: () => boolean, rule: Rule): void {
    // Programs without types hand over null where they mean nothing.
    if (value === undefined || value === null || !isResolved(value)) return;
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
      `must be a whole number from ${min} to ${max}${unit && ` ${unit}`}`,
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
      `must be a number from ${min} to ${max}`,
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
  public matches(property: string, value: string | undefined, pattern: RegExp, rule: Rule): void {
    this.check(property, value, () => pattern.test(value as string), rule);
  }

  /**
   * Reports a mistake.
   *
   * @param property the property's name.
   * @param value the value seen, shown in the message; never a secret.
   * @param rule what the value must be, such as `must be 1 to 35; set availability to ZONAL to keep it`: what stands behind the
   *   first semicolon are the ways out and is written behind the value.
   * @param code the second part of the refusal's id, where a property has several. @default - the property
   */
  public fail(property: string, value: unknown, rule: Rule, code = property): void {
    this.problems.push(`${this.prefix(code)}${refusal(property, value, rule)}`);
  }

  /**
   * Warns without stopping the synth; the same warning is given once.
   *
   * @param message what to look at and what to do, in the user's words.
   * @param code the second part of the warning's id. @default - the warning has no id
   */
  public warn(message: string, code?: string): void {
    const warning = `${code === undefined ? "" : this.prefix(code)}${message}`;
    if (this.once(warning)) Annotations.of(this.scope).addWarning(warning);
  }

  /**
   * Writes down that the user gave up a secure default, so that a reviewer sees it.
   *
   * @param what the property and what it gives up, such as `publiclyAccessible: the server has a public address`.
   * @param code the second part of the opt-out's id. @default - the property
   */
  public optOut(what: string, code = what.split(":")[0] as string): void {
    const note = `${OPT_OUT_PREFIX}${this.prefix(code)}${what}`;
    if (this.once(note)) Annotations.of(this.scope).addInfo(note);
  }

  /**
   * Runs a check when the whole tree stands, for rules about what other constructs add later.
   *
   * @param check reports through this object; it may run more than once.
   */
  public whenComplete(check: () => void): void {
    this.deferred.push(check);
  }

  private prefix(code: string): string {
    // Tests of rules that constructs share have no subject.
    if (this.subject === "") return "";
    // `values[3].name` is VALUES-NAME: the id names the rule, not the entry.
    // Units such as GiB and MiBps are one word.
    const words = code
      .replace(/\[[^\]]*\]/g, "")
      .replace(/[MG]iB(ps)?/g, (unit) => `${unit[0]}${unit.slice(1).toLowerCase()}`)
      // Units are one word: sizeGiB is SIZE-GIB.
      .replace(/(Gi|Mi)B/g, "$1b")
      .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-")
      .replace(/[^A-Za-z0-9]+/g, "-");
    return `${this.subject}-${words.replace(/^-+|-+$/g, "").toUpperCase()}: `;
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

/** `prop must be X (got Y); the ways out`. */
function refusal(property: string, value: unknown, rule: Rule): string {
  const end = rule.indexOf("; ");
  const must = end < 0 ? rule : rule.slice(0, end);
  return `${property} ${must} (got ${show(value)})${end < 0 ? "" : rule.slice(end)}`;
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  if (!isResolved(value)) return "not known at synth";
  if (typeof value === "string") return `"${value}"`;
  // JSON has no word for NaN and the infinities, and a construct can't be written as JSON at all.
  if (typeof value === "number") return String(value);
  if (Construct.isConstruct(value)) return value.node.path;
  return JSON.stringify(value);
}
