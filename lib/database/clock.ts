import type { IConstruct } from "constructs";

/**
 * The context key that sets the date by which support is judged, as `YYYY-MM-DD`; tests and audits set it.
 * In `cdktf.json`: `"context": {"cdktf-devplatforms/today": "2026-11-22"}`.
 */
export const TODAY_CONTEXT = "cdktf-devplatforms/today";

/**
 * The date by which a construct judges ends of support: from the context, else the machine's clock.
 *
 * @param scope any construct of the tree.
 * @throws Error when the context holds something that is not a date.
 */
export function today(scope: IConstruct): Date {
  const given: unknown = scope.node.tryGetContext(TODAY_CONTEXT);
  if (given === undefined) return new Date();
  const date = new Date(`${String(given)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) {
    throw new Error(
      `context ${TODAY_CONTEXT} is ${JSON.stringify(given)}: allowed is a date such as "2026-11-22"`,
    );
  }
  return date;
}
