import type { SynthChecks } from "../synth-checks";

const UTC_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/**
 * Reports a text that is not a time in UTC such as `2026-11-22T03:04:05Z`, optionally with fractions of a second.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param text the text; may be a token or not set.
 */
export function checkUtcTime(checks: SynthChecks, property: string, text: string | undefined): void {
  checks.check(
    property,
    text,
    () => isUtcTime(text as string),
    "must be a time in UTC, such as 2026-11-22T03:04:05Z",
  );
}

function isUtcTime(text: string): boolean {
  if (!UTC_TIME.test(text)) return false;
  const time = new Date(text);
  // JavaScript turns 30 February into 2 March.
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === text.slice(0, 19);
}
