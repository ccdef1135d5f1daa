import { type AcceptedFinding, type Finding, type PlanReview, reviewPlan } from "../review";
import { matches } from "./compare-values";
import { failed } from "./failed";

/** Options of `expectPlan`. */
export interface ExpectPlanOptions {
  /** Findings that the team accepts; they fail no assertion. @default - none */
  readonly acceptedFindings?: readonly AcceptedFinding[];
}

/**
 * Assertions on a Terraform plan, by the rules of the review: what a change does to data, availability and exposure. An effect that
 * is not known fails each of them, and so does a plan that does not show all changes.
 *
 * @param plan the output of `terraform show -json` for a saved plan.
 * @param options accepted findings.
 * @throws NotAPlanError for everything that is no plan.
 *
 * @example
 *   expectPlan(plan).toLoseNoData();
 *   expectPlan(plan).toChangeOnly(["helm_release.coder"]);
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function expectPlan(plan: unknown, options: ExpectPlanOptions = {}): PlanExpectation {
  return new PlanExpectation(
    reviewPlan(plan, { acceptedFindings: options.acceptedFindings, failOn: ["any"] }),
  );
}

/** Assertions on the review of a plan; made by `expectPlan`, or from a review such as that of `compareStacks`. */
export class PlanExpectation {
  public constructor(
    /** The review. */
    public readonly review: PlanReview,
  ) {}

  /** Asserts that no data and no backups are lost, now or later. */
  public toLoseNoData(): void {
    this.without("a plan that loses no data and no backups", ["data-loss", "backup-loss"]);
  }

  /** Asserts that no change interrupts connections or stops the apply half-way, now, in the maintenance window or at the next restart. */
  public toCauseNoOutage(): void {
    this.without("a plan without an outage", ["outage", "failure"]);
  }

  /** Asserts that no change opens a resource to further networks or identities. */
  public toExposeNothing(): void {
    this.without("a plan that exposes nothing", ["exposure"]);
  }

  /** Asserts that no change weakens a protection, such as encryption in transit, deletion protection or the standby. */
  public toWeakenNothing(): void {
    this.without("a plan that weakens no protection", ["weaker"]);
  }

  /**
   * Asserts that only these resources change. A change is a creation, update, replacement, destruction or removal from the state; a move
   * is none.
   *
   * @param addresses Terraform addresses, as texts or regular expressions. Each of them has to change.
   */
  public toChangeOnly(addresses: readonly (string | RegExp)[]): void {
    this.refuseIncomplete();
    const is = (address: string, wanted: string | RegExp) =>
      typeof wanted === "string" ? address === wanted : matches(wanted, address);
    const changed = this.review.changes;
    const others = changed.filter(({ address }) => !addresses.some((wanted) => is(address, wanted)));
    const still = addresses.filter((wanted) => !changed.some(({ address }) => is(address, wanted)));
    if (others.length > 0) {
      failed(
        `changes of ${addresses.join(", ") || "nothing"} only`,
        others.map(({ address, action }) => `\n  ${address}: ${action}`).join(""),
      );
    }
    if (still.length > 0) failed(`a change of ${still.join(", ")}`, "none");
  }

  private without(expected: string, effects: readonly string[]): void {
    this.refuseIncomplete();
    const wanted = [...effects, "unknown"];
    const found = [...this.review.findings, ...this.review.notes].filter((finding) =>
      finding.effects.some((effect) => wanted.includes(effect)),
    );
    if (found.length > 0) failed(expected, found.map(line).join(""));
  }

  private refuseIncomplete(): void {
    const { incomplete } = this.review;
    if (incomplete.length > 0) failed("a plan that shows all changes", incomplete.join("; "));
  }
}

function line({ address, change, words, when, id }: Finding): string {
  return `\n  ${address}${change === undefined ? "" : `: ${change}`}\n    ${when}: ${words}\n    accept it by the id ${id}`;
}
