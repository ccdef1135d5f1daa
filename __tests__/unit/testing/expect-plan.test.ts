import { expectPlan } from "../../../lib/testing";
import { planJson } from "../../support/review/plan-json";

const update = (before: object, after: object, type = "aws_db_instance") =>
  planJson([{ type, actions: ["update"], before, after }]);

test("a plan that deletes backups fails toLoseNoData, with attribute, timing, words and the id to accept it", () => {
  const plan = update({ backup_retention_period: 14 }, { backup_retention_period: 0 });
  expect(() => expectPlan(plan).toLoseNoData()).toThrow(
    /^expected a plan that loses no data and no backups; got:\n {2}aws_db_instance\.a: backup_retention_period 14 -> 0\n {4}maintenance window: .*\n {4}accept it by the id [A-Z-]+:aws_db_instance\.a:backup_retention_period$/,
  );
  expectPlan(plan).toExposeNothing();
});

test("an accepted finding fails nothing", () => {
  const plan = update({ backup_retention_period: 14 }, { backup_retention_period: 7 });
  const { review } = expectPlan(plan);
  const acceptedFindings = [...review.findings, ...review.notes].map(({ id }) => ({ id, reason: "agreed" }));
  expectPlan(plan, { acceptedFindings }).toLoseNoData();
});

test("outage, exposure and weaker protections have their assertions", () => {
  const larger = update({ instance_class: "db.m7g.large" }, { instance_class: "db.m7g.xlarge" });
  expect(() => expectPlan(larger).toCauseNoOutage()).toThrow(/instance_class/);
  const open = update({ publicly_accessible: false }, { publicly_accessible: true });
  expect(() => expectPlan(open).toExposeNothing()).toThrow(/publicly_accessible/);
  const single = update({ multi_az: true }, { multi_az: false });
  expect(() => expectPlan(single).toWeakenNothing()).toThrow(/multi_az/);
  expectPlan(single).toExposeNothing();
});

test("an effect that is not known fails each of them", () => {
  const plan = update({ novel_setting: "a" }, { novel_setting: "b" });
  for (const assertion of [
    "toLoseNoData",
    "toCauseNoOutage",
    "toExposeNothing",
    "toWeakenNothing",
  ] as const) {
    expect(() => expectPlan(plan)[assertion]()).toThrow(/novel_setting/);
  }
});

test("toChangeOnly names what else changes, and what does not", () => {
  const plan = planJson([
    { type: "helm_release", actions: ["update"], before: { version: "1" }, after: { version: "2" } },
    { type: "aws_db_instance", actions: ["no-op"], before: {}, after: {} },
  ]);
  expectPlan(plan).toChangeOnly(["helm_release.a"]);
  expectPlan(plan).toChangeOnly([/^helm_release\./]);
  expect(() => expectPlan(plan).toChangeOnly([])).toThrow(
    "expected changes of nothing only; got:\n  helm_release.a: update",
  );
  expect(() => expectPlan(plan).toChangeOnly(["helm_release.a", "aws_db_instance.a"])).toThrow(
    "expected a change of aws_db_instance.a; got none",
  );
});

test("a plan that does not show all changes fails, and what is no plan is refused", () => {
  const partial = planJson([], { complete: false });
  expect(() => expectPlan(partial).toLoseNoData()).toThrow(/^expected a plan that shows all changes/);
  expect(() => expectPlan(partial).toChangeOnly([])).toThrow(/^expected a plan that shows all changes/);
  expect(() => expectPlan({})).toThrow(/Not a plan/);
  expect(() => expectPlan({ format_version: "1.0", values: {} })).toThrow(/Not a plan/);
});
