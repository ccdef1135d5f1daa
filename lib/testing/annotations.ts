import type { TerraformStack } from "cdktf";
import { matches } from "./compare-values";
import { failed } from "./failed";
import { type ConstructNote, notesOf, type StackNotes } from "./synthesized-stack";

const OPT_OUT = "opt-out: ";

/**
 * The errors, warnings, notes and opt-outs of a stack's constructs, with assertions. Failed validations count as errors, so a test
 * of wrong input finds all mistakes.
 *
 * @example
 *   const annotations = Annotations.of(stack);
 *   annotations.hasNoErrors();
 *   annotations.hasOptOut("server", "RDS-SINGLE-AZ");
 * @see https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/best-practices
 */
export class Annotations {
  /** Runs the aspects and validations of a stack and reads the annotations. Mistakes in the stack do not stop it. */
  public static of(stack: TerraformStack): Annotations {
    return new Annotations(notesOf(stack));
  }

  /** Errors: failed validations, then error annotations. */
  public readonly errors: readonly ConstructNote[];
  /** Warnings. */
  public readonly warnings: readonly ConstructNote[];
  /** Opt-outs of secure defaults: path, and message without `opt-out: `. */
  public readonly optOuts: readonly ConstructNote[];
  /** Other notes of the level info. */
  public readonly infos: readonly ConstructNote[];

  private constructor(notes: StackNotes) {
    this.errors = notes.errors;
    this.warnings = notes.warnings;
    this.infos = notes.infos.filter(({ message }) => !message.startsWith(OPT_OUT));
    this.optOuts = notes.infos
      .filter(({ message }) => message.startsWith(OPT_OUT))
      .map(({ path, message }) => ({ path, message: message.slice(OPT_OUT.length) }));
  }

  /**
   * Asserts that a construct has an error, and returns all such errors.
   *
   * @param path construct path without the stack's id; empty for the stack itself.
   * @param message a part of the message, such as the id of the rule, or a regular expression.
   */
  public hasError(path: string, message: string | RegExp): ConstructNote[] {
    return some("error", this.errors, path, message);
  }

  /** Asserts that a construct has a warning, and returns all such warnings. See `hasError` for the arguments. */
  public hasWarning(path: string, message: string | RegExp): ConstructNote[] {
    return some("warning", this.warnings, path, message);
  }

  /** Asserts that a construct has a note of the level info, and returns all such notes. See `hasError` for the arguments. */
  public hasInfo(path: string, message: string | RegExp): ConstructNote[] {
    return some("note", this.infos, path, message);
  }

  /** Asserts that a construct gives up a secure default, by the id of the opt-out. */
  public hasOptOut(path: string, id: string): ConstructNote[] {
    return some("opt-out", this.optOuts, path, id);
  }

  /** Asserts that there are no errors. */
  public hasNoErrors(): void {
    none("errors", this.errors);
  }

  /** Asserts that there are no warnings. */
  public hasNoWarnings(): void {
    none("warnings", this.warnings);
  }

  /** Asserts that no secure default is given up, except by the opt-outs with these ids. */
  public hasNoOptOuts(except: readonly string[] = []): void {
    const unused = except.filter((id) => !this.optOuts.some(({ message }) => has(message, id)));
    if (unused.length > 0) {
      failed(`the opt-outs ${unused.join(", ")}, which are excepted`, listed(this.optOuts));
    }
    none(
      "opt-outs",
      this.optOuts.filter(({ message }) => !except.some((id) => has(message, id))),
    );
  }
}

function some(
  kind: string,
  notes: readonly ConstructNote[],
  path: string,
  message: string | RegExp,
): ConstructNote[] {
  const found = notes.filter((each) => each.path === path && has(each.message, message));
  if (found.length > 0) return found;
  return failed(`the ${kind} ${message} at ${path === "" ? "the stack" : path}`, listed(notes));
}

function none(kind: string, notes: readonly ConstructNote[]): void {
  if (notes.length > 0) failed(`no ${kind}`, listed(notes));
}

function has(text: string, part: string | RegExp): boolean {
  return typeof part === "string" ? text.includes(part) : matches(part, text);
}

function listed(notes: readonly ConstructNote[]): string {
  if (notes.length === 0) return "none";
  return `${notes.length}:${notes.map(({ path, message }) => `\n  [${path}] ${message}`).join("")}`;
}
