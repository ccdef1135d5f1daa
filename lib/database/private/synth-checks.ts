// Reports invalid input: all mistakes of a stack together, at synth, each with the construct's path (CDKTF prepends it), a stable id,
// the property, the rule, the value and the ways out.

import { Annotations } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { isResolved } from "./is-resolved";

/**
 * The rule of a refusal: `must ...`, then the ways out after the first `; `, such as
 * `must be 1 to 35; set availability to ZONAL to keep it`.
 */
export type Rule = `must ${string}`;

/** Prefix of the note that records an opt-out of a secure default; the review reads it. */
export const OPT_OUT_PREFIX = "opt-out: ";

/**
 * Collects the mistakes in a construct's properties for CDKTF's validation. `check` ignores a property that is left out or not known at
 * synth: a value known only at apply is checked by a precondition.
 */
export class SynthChecks {
  /**
   * True if a construct has reported a property: a construct inside it then leaves the same mistake to that message.
   *
   * @param scope the construct.
   * @param property the property's name.
   */
  public static hasReported(scope: IConstruct | undefined, property: string): boolean {
    return scope !== undefined && (SynthChecks.reported.get(scope)?.has(property) ?? false);
  }

  private readonly problems: string[] = [];
  private readonly deferred: (() => void)[] = [];
  private readonly said = new Set<string>();
  private static readonly reported = new WeakMap<IConstruct, Set<string>>();
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
   * Reports `property` unless `allowed` returns true; ignores a value that is absent or not known at synth.
   *
   * @param property the property's name as the user writes it, such as `storage.iops`.
   * @param value the value, shown in the message.
   * @param allowed returns true if the value is valid.
   * @param rule the rule, such as `must be 1 to 35`.
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
   * Reports `property` unless it is a number from `min` to `max`, such as a share: 0.15 is 15 per cent.
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
   * @param pattern a regular expression of the whole value, anchored at both ends.
   * @param rule the rule: the pattern in words.
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
    const properties = SynthChecks.reported.get(this.scope) ?? new Set();
    SynthChecks.reported.set(this.scope, properties.add(property));
  }

  /**
   * Adds a warning, once.
   *
   * @param message the property, the problem and the way out.
   * @param code the second part of the warning's id.
   */
  public warn(message: string, code: string): void {
    const warning = `${this.prefix(code)}${message}`;
    if (this.once(warning)) Annotations.of(this.scope).addWarning(warning);
  }

  /**
   * Adds a note about an effect that is neither a mistake nor an opt-out, once.
   *
   * @param message the property and the effect.
   * @param code the second part of the note's id.
   */
  public note(message: string, code: string): void {
    const note = `${this.prefix(code)}${message}`;
    if (this.once(note)) Annotations.of(this.scope).addInfo(note);
  }

  /**
   * Records an opt-out of a secure default for the review, once.
   *
   * @param what the property and the consequence, such as `publiclyAccessible: the server has a public address`.
   * @param code the second part of the opt-out's id. @default - the property
   */
  public optOut(what: string, code = what.split(":")[0] as string): void {
    const note = `${OPT_OUT_PREFIX}${this.prefix(code)}${what}`;
    if (this.once(note)) Annotations.of(this.scope).addInfo(note);
  }

  /**
   * Runs a check at synth, for rules about values that other constructs add later.
   *
   * @param check reports through this object; it may run several times.
   */
  public whenComplete(check: () => void): void {
    this.deferred.push(check);
  }

  private prefix(code: string): string {
    return refusalId(this.subject, code);
  }

  private once(message: string): boolean {
    if (this.said.has(message)) return false;
    this.said.add(message);
    return true;
  }

  private validate(): string[] {
    const before = this.problems.length;
    for (const check of this.deferred) check();
    // CDKTF may validate a tree several times; findings of deferred checks must not accumulate.
    const found = [...this.problems];
    this.problems.length = before;
    return found;
  }
}

/** Id of a refusal, such as `RDS-STORAGE-SIZE-GIB: `. */
export function refusalId(subject: string, code: string): string {
  // Tests of rules that constructs share have no subject.
  if (subject === "") return "";
  // `values[3].name` is VALUES-NAME: the id names the rule, not the entry.
  const words = code
    .replace(/\[[^\]]*\]/g, "")
    // Units are one word: sizeGiB is SIZE-GIB.
    .replace(/[MG]iB(ps)?/g, (unit) => `${unit[0]}${unit.slice(1).toLowerCase()}`)
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-")
    .replace(/[^A-Za-z0-9]+/g, "-");
  return `${subject}-${words.replace(/^-+|-+$/g, "").toUpperCase()}: `;
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
