/**
 * Searches what Terraform has written for values that must be nowhere. The mirror's stand-ins give every ephemeral
 * value a text that tells where it is from, `<type>.<attribute>-<hash>`, and so can be found wherever it goes.
 */
import type { StackJson } from "./stacks";

export interface Document {
  readonly name: string;
  readonly text: string;
}

/** `ephemeral.<type>.<name>.<attribute>` in an expression. */
const REFERENCE = /\bephemeral\.(\w+)\.[\w-]+\.(\w+)/g;

/** @returns what the ephemeral values that the stack uses look like when the stand-ins have made them. */
export function ephemeralPatterns(stack: StackJson): RegExp[] {
  const attributes = new Set(
    [...JSON.stringify(stack).matchAll(REFERENCE)].map(([, type, name]) => `${type}.${name}`),
  );
  return [...attributes].sort().map((each) => new RegExp(`${each.replace(".", "\\.")}-[0-9a-f]{8,}`));
}

/** @returns a line for each document and pattern that meet. */
export function sightings(documents: readonly Document[], patterns: readonly (RegExp | string)[]): string[] {
  return documents.flatMap(({ name, text }) =>
    patterns
      .filter((pattern) => (typeof pattern === "string" ? text.includes(pattern) : pattern.test(text)))
      // Never the value itself: this ends up in a log.
      .map(
        (pattern, index) =>
          `${name} holds ${typeof pattern === "string" ? `secret ${index}` : pattern.source}`,
      ),
  );
}
