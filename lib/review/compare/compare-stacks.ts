import { NotAPlanError, readPlan } from "../plan/read-plan";
import { isMembers, member } from "../plan/values";
import { type PlanReview, type ReviewPlanOptions, reviewOf } from "../review-plan";
import { holdsData } from "../rules/engine";
import type { SecondOrder } from "../rules/second-order";
import { kindOf } from "../text";
import { predictPlan } from "./predicted-plan";
import { surroundings } from "./surroundings";

/**
 * Review of a change of a program before Terraform plans it, from two synthesized stacks: no Terraform, no state and no credentials, so it
 * runs in a pull request.
 *
 * Which attributes replace a resource comes from the schemas and rules of the pinned providers. The plan knows more: values that a provider
 * adds, changes outside Terraform, and what expressions evaluate to. So this is a prediction; the plan is reviewed before the apply.
 *
 * @param before the content of the `cdk.tf.json` that was applied.
 * @param after the content of the new `cdk.tf.json`.
 * @param options accepted findings and effects that need an approval. `stack` is `after` unless given.
 * @throws NotAPlanError if `before` or `after` is no synthesized stack.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function compareStacks(before: unknown, after: unknown, options: ReviewPlanOptions = {}): PlanReview {
  refuseOthers(before, "before");
  refuseOthers(after, "after");
  const { plan, unknownActions, unprotected, changed } = predictPlan(before, after);
  const read = readPlan(plan);
  const changeAt = new Map(read.changes.map((change) => [change.address, change]));
  const more = [
    ...surroundings(before, after, changed),
    ...unprotected.map((address): SecondOrder | undefined => {
      const of = changeAt.get(address);
      return (
        of && {
          rule: "PREVENT-DESTROY-REMOVED",
          of,
          effects: ["weaker"],
          when: "next destroy",
          words: `Terraform no longer refuses a plan that destroys this ${kindOf(of.type).one}. No plan shows this change.`,
          next: "Keep prevent_destroy, or accept the finding if a destruction is announced.",
          source: "https://developer.hashicorp.com/terraform/language/meta-arguments/prevent_destroy",
        }
      );
    }),
    ...unknownActions.map((address): SecondOrder | undefined => {
      const of = changeAt.get(address);
      return of && holdsData(of.type)
        ? {
            rule: "ACTION-NOT-KNOWN",
            of,
            effects: ["unknown"],
            when: "now",
            words: `Whether the provider updates this ${kindOf(of.type).one} in place or replaces it is not known from the program alone.`,
            next: "Review the plan of Terraform before the apply.",
          }
        : undefined;
    }),
  ].filter((each) => each !== undefined);
  return reviewOf(read, { stack: after, ...options }, more);
}

function refuseOthers(json: unknown, name: string): void {
  if (isMembers(json) && isMembers(member(json, "terraform")) && member(json, "format_version") === undefined)
    return;
  throw new NotAPlanError(
    `${name} must be the content of a cdk.tf.json, with its block terraform; synthesize it by cdktf synth`,
  );
}
