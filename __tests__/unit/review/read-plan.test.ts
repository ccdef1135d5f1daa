import { NotAPlanError, reviewPlan } from "../../../lib/review";
import { planJson } from "../../support/review/plan-json";

describe("everything that is no complete plan is refused", () => {
  test.each([
    ["nothing", undefined, "Not a plan: nothing"],
    ["null", null, "Not a plan: nothing"],
    ["a text", "plan", "Not a plan: a string"],
    ["a number", 1, "Not a plan: a number"],
    ["a list", [], "Not a plan: a list"],
    ["an empty object", {}, "Not a plan: format_version is missing"],
    ["a state", { format_version: "1.0", values: { root_module: {} } }, "this is a state"],
    ["an empty state", { format_version: "1.0" }, "Not a complete plan"],
    ["a state file", { version: 4, lineage: "a", serial: 1, resources: [] }, "this is a state file"],
    ["a synthesized stack", { terraform: {}, resource: {} }, "this is a synthesized stack"],
    ["a line of plan -json", { "@level": "info", "@message": "x" }, "this is a log"],
    [
      "another major version",
      { ...planJson([]), format_version: "2.0" },
      "format_version must be 1.x (got 2.0)",
    ],
    ["a version of another form", { ...planJson([]), format_version: "1" }, "format_version must be 1.x"],
    ["a version that is a number", { ...planJson([]), format_version: 1.2 }, "format_version is missing"],
    ["a plan without configuration", { ...planJson([]), configuration: undefined }, "Not a complete plan"],
    ["changes that are no list", { ...planJson([]), resource_changes: {} }, "Not a complete plan"],
    ["a plan with errors", { ...planJson([]), errored: true }, "Terraform reported an error"],
    ["a change without address", planJson([{ actions: ["create"], more: { address: 1 } }]), "has no address"],
    [
      "a change without actions",
      planJson([{ actions: undefined as never }]),
      "has no address, type or actions",
    ],
    [
      "an action of the future",
      planJson([{ actions: ["teleport"] }]),
      "an action that this version does not know",
    ],
  ])("%s", (_, plan, message) => {
    expect(() => reviewPlan(plan)).toThrow(NotAPlanError);
    expect(() => reviewPlan(plan)).toThrow(message as string);
  });
});

test("unknown members of a minor version are ignored", () => {
  const plan = planJson([{ actions: ["no-op"], more: { novel: 1 } }], { format_version: "1.99", novel: {} });
  expect(reviewPlan(plan).verdict).toBe("nothing to do");
});

test("a plan without changes has no resource_changes when the state is empty", () => {
  expect(reviewPlan({ ...planJson([]), resource_changes: undefined }).verdict).toBe("nothing to do");
});

test.each([
  [{ complete: false }, "another plan is needed after this one"],
  [{ applyable: false }, "cannot be applied"],
])("%j is said, and is never without danger", (more, words) => {
  const review = reviewPlan(planJson([{ actions: ["create"] }], more));
  expect(review.verdict).toBe("incomplete");
  expect(review.incomplete.join()).toContain(words);
});

test("deferred changes are said", () => {
  const [change] = planJson([{ actions: ["create"] }]).resource_changes;
  const review = reviewPlan(
    planJson([], {
      complete: false,
      deferred_changes: [{ reason: "provider_config_unknown", resource_change: change }],
    }),
  );
  expect(review).toMatchObject({
    verdict: "incomplete",
    incomplete: ["1 change is deferred to a later plan: review that one too"],
    deferred: ["aws_db_instance.a (its provider's configuration is known after the apply)"],
    counts: { defer: 1 },
  });
});

test("data sources are no changes", () => {
  const plan = planJson([{ actions: ["read"], more: { mode: "data" } }]);
  expect(reviewPlan(plan)).toMatchObject({ verdict: "nothing to do", changes: [] });
});
