/**
 * The review of the first plan of each stack, and of changed settings of what holds data: no effect is called not known.
 */
import { reviewPlan } from "../../../lib/review";
import { isReplacing } from "../../../lib/review/compare/predicted-plan";
import { differencesOf, rootOf } from "../../../lib/review/plan/differences";
import { holdsData } from "../../../lib/review/rules/engine";
import { kindOf } from "../../../lib/review/text";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { changedValues } from "../../support/review/changed-values";
import { planJson } from "../../support/review/plan-json";
import { planned } from "../../support/terraform/plan";
import { type Plans, plansOf } from "../../support/terraform/plans";
import { readsAnotherState, synthesizedStacks } from "../../support/terraform/stacks";

const stacks = synthesizedStacks()
  .filter((stack) => !readsAnotherState(stack))
  .map((stack) => [stack.name, stack] as const);

describeWith("the review of a stack", terraformWithMirror, (terraform) => {
  describe.each(stacks)("%s", (_, stack) => {
    let plans: Plans;
    beforeAll(() => {
      plans = plansOf(terraform, stack);
    });

    test("has no finding in the first plan", () => {
      const review = reviewPlan(plans.first, { today: "2026-11-27" });
      expect(review).toMatchObject({ verdict: "changes", findings: [], incomplete: [] });
      // Gitpod is tested with MySQL 5.7 and 8.0: both clouds charge for their extended support.
      const isCharged = ["gitpod-aws", "gitpod-google"].includes(stack.name);
      expect(review.notes.map(({ rule }) => rule)).toEqual(isCharged ? ["EXTENDED-SUPPORT-CHARGED"] : []);
      expect(review.counts).toEqual({ create: planned(plans.first).length });
    });

    test("names each kind of resource in words", () => {
      const types = new Set(planned(plans.first).map(({ type }) => type));
      expect([...types].filter((type) => kindOf(type).one === type)).toEqual([]);
    });

    test("knows the effect of each switch and number of what holds data, where it is no replacement", () => {
      const differences = planned(plans.first)
        .filter(({ type }) => holdsData(type))
        .flatMap(({ type, change }) =>
          changedValues(change.after ?? {}).map((after) => ({ type, before: change.after, after })),
        )
        .filter(
          ({ type, ...sides }) => !differencesOf(rootOf(sides)).some((pair) => isReplacing(type, pair)),
        );
      expect(differences.length).toBeGreaterThan(10);
      const found = differences.flatMap(
        (each) => reviewPlan(planJson([{ actions: ["update"], ...each }])).findings,
      );
      const unknown = found.filter(({ effects }) => effects.includes("unknown"));
      expect([...new Set(unknown.map(({ type, change }) => `${type} ${change}`))].sort()).toEqual([]);
    });
  });
});
