/** Terraform accepts every stack and every example, with the true schemas of all providers. */

import { terraformTools, terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { ephemeralPatterns, sightings } from "../../support/terraform/canary";
import { changes, planned } from "../../support/terraform/plan";
import { type Plans, plansOf } from "../../support/terraform/plans";
import { StackCopy } from "../../support/terraform/stack-copy";
import { readsAnotherState, synthesizedExamples, synthesizedStacks } from "../../support/terraform/stacks";
import { GIVEN_PASSWORD, variableValues } from "../../support/terraform/variable-values";

const stacks = [...synthesizedStacks(), ...synthesizedExamples()].map(
  (stack) => [stack.name, stack] as const,
);

const alone = stacks.filter(([, stack]) => !readsAnotherState(stack));

test("all but the stack that reads another one's state are planned", () => {
  const left = stacks.filter(([, stack]) => readsAnotherState(stack));
  expect(left.map(([name]) => name)).toEqual(["coder-two-stacks/coder"]);
});

describeWith("terraform validate", terraformTools, (terraform) => {
  test.each(stacks)("%s", (_, stack) => {
    const copy = new StackCopy(terraform, stack.folder);
    try {
      copy.init();
      expect(copy.validate()).toMatchObject({ valid: true, diagnostics: [] });
    } finally {
      copy.remove();
    }
  });
});

describeWith("terraform plan with mocked providers", terraformTools, (terraform) => {
  test.each(alone)("%s", (_, stack) => {
    const copy = new StackCopy(terraform, stack.folder, { variables: variableValues(stack.json) });
    try {
      copy.init();
      const plan = copy.mockedPlan();
      const resources = Object.values(stack.json.resource ?? {}).flatMap((each) => Object.keys(each));
      expect(resources.length).toBeGreaterThan(0);
      expect(new Set(changes(plan).map(({ actions }) => actions.join()))).toEqual(new Set(["create"]));
      expect(new Set(planned(plan).map(({ type, name }) => `${type}.${name}`)).size).toBe(resources.length);
    } finally {
      copy.remove();
    }
  });
});

describeWith("terraform plan", terraformWithMirror, (terraform) => {
  describe.each(alone)("%s", (_, stack) => {
    let plans: Plans;
    beforeAll(() => {
      plans = plansOf(terraform, stack);
    });

    test("creates everything that the stack says", () => {
      const resources = Object.values(stack.json.resource ?? {}).flatMap((each) => Object.keys(each));
      expect(resources.length).toBeGreaterThan(0);
      expect(new Set(changes(plans.first).map(({ actions }) => actions.join()))).toEqual(new Set(["create"]));
      expect(new Set(planned(plans.first).map(({ type, name }) => `${type}.${name}`)).size).toBe(
        resources.length,
      );
    });

    test("finds nothing to change after it was applied", () => {
      expect(changes(plans.settled)).toEqual([]);
    });

    test("writes no ephemeral value", () => {
      const patterns = [...ephemeralPatterns(stack.json), GIVEN_PASSWORD];
      const documents = [
        ...plans.written,
        { name: "the first plan", text: JSON.stringify(plans.first) },
        { name: "the second plan", text: JSON.stringify(plans.settled) },
      ];
      expect(documents.map(({ name }) => name)).toContain("terraform.tfstate");
      expect(sightings(documents, patterns)).toEqual([]);
    });
  });
});
