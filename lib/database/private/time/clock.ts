import type { IConstruct } from "constructs";

/**
 * Context key of the date by which ends of support are judged, as `YYYY-MM-DD`; for tests and audits.
 * In `cdktf.json`: `"context": {"cdktf-devplatforms/today": "2026-11-22"}`.
 */
export const TODAY_CONTEXT = "cdktf-devplatforms/today";

const DAY_MS = 86_400_000;

/**
 * The date by which a construct judges ends of support, at 00:00 UTC: from the context, or the machine's clock.
 *
 * @param scope any construct of the tree.
 * @throws Error if the context value is not a date.
 */
export function today(scope: IConstruct): Date {
  const given: unknown = scope.node.tryGetContext(TODAY_CONTEXT);
  if (given === undefined) return new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
  const date = new Date(`${String(given)}T00:00:00Z`);
  // JavaScript takes 2026-02-30 for March 2; a date that does not read back as it was written is invalid.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== given) {
    throw new Error(
      `DB-TODAY: context ${TODAY_CONTEXT} must be a date such as "2026-11-22" (got ${JSON.stringify(given)})`,
    );
  }
  return date;
}
