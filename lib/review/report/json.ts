import type { PlanReview } from "../review-plan";

/** Version of the JSON: another first number means that a member was removed or changed its meaning. */
const VERSION = "1.0";

/**
 * A review as JSON, with a version and a schema: `cdktf-devplatforms/review/plan-review.schema.json`.
 *
 * @param review the review.
 */
export function renderJson(review: PlanReview): string {
  return `${JSON.stringify({ format: "devplatforms-plan-review", version: VERSION, ...review }, null, 2)}\n`;
}
