import { Configuration } from "../../../lib/review/plan/references";
import { judge } from "../../../lib/review/rules/engine";
import { findingsOf } from "../../../lib/review/rules/findings";

const update = (before: object, after: object, more: object = {}) =>
  judge({
    address: "aws_db_instance.a",
    type: "aws_db_instance",
    action: "update",
    importing: false,
    replacePaths: [],
    change: { before, after, ...more },
  });
const ids = ({ matches }: ReturnType<typeof judge>) => matches.map(({ rule, when }) => `${rule.id} ${when}`);

test("a rule holds for its attribute, direction and time", () => {
  expect(ids(update({ backup_retention_period: 14 }, { backup_retention_period: 0 }))).toEqual([
    "RDS-BACKUPS-OFF maintenance window",
  ]);
  expect(ids(update({ instance_class: "db.m7g.large" }, { instance_class: "db.m7g.xlarge" }))).toEqual([
    "RDS-CLASS-LARGER maintenance window",
  ]);
  const now = { apply_immediately: true };
  expect(
    ids(update({ instance_class: "db.m7g.xlarge", ...now }, { instance_class: "db.t4g.medium", ...now })),
  ).toEqual(["RDS-CLASS-SMALLER now"]);
});

test("an attribute without a rule is uncovered, one of the provider is not", () => {
  const { uncovered } = judge(
    {
      address: "aws_db_instance.a",
      type: "aws_db_instance",
      action: "update",
      importing: false,
      replacePaths: [],
      change: {
        before: { tags: { a: "1" }, unheard_of: 1, status: "available" },
        after: { tags: { a: "2" }, unheard_of: 2 },
        after_unknown: { status: true },
      },
    },
    { tags: { constant_value: {} }, unheard_of: {} },
  );
  expect(uncovered.map(({ at }) => at)).toEqual(["unheard_of"]);
});

test.each([
  ["destroy", "DESTROYED:aws_efs_file_system.a", ["data-loss"]],
  ["replace", "REPLACED:aws_efs_file_system.a", ["data-loss"]],
] as const)("a type that holds data and has no rule for %s still has a finding", (action, id, effects) => {
  const planned = {
    address: "aws_efs_file_system.a",
    type: "aws_efs_file_system",
    action,
    importing: false,
    replacePaths: [],
    change: {},
  };
  const judgement = { matches: [], differences: [], uncovered: [] };
  expect(findingsOf(planned, judgement, new Configuration(undefined))).toMatchObject([{ id, effects }]);
});

test("a block that appears with a part that is known after the apply is a block that appears", () => {
  const after = { lifecycle_rule: [{ action: [{ type: "Delete" }], condition: [{ age: 7 }] }] };
  const { matches, uncovered } = judge(
    {
      address: "google_storage_bucket.a",
      type: "google_storage_bucket",
      action: "update",
      importing: false,
      replacePaths: [],
      change: {
        before: { lifecycle_rule: [] },
        after,
        after_unknown: { lifecycle_rule: [{ condition: [{ with_state: true }] }] },
      },
    },
    {
      lifecycle_rule: [
        { action: [{ type: { constant_value: "Delete" } }], condition: [{ age: { constant_value: 7 } }] },
      ],
    },
  );
  expect(matches.map(({ rule }) => rule.id)).toEqual(["GCS-EXPIRY-ADDED", "GCS-RULE-ADDED"]);
  expect(uncovered).toEqual([]);
});

test("the values of a Helm release are compared by path, in all documents together", () => {
  const release = (values: string[]) => ({ chart: "velero", values });
  const { matches } = judge({
    address: "helm_release.velero",
    type: "helm_release",
    action: "update",
    importing: false,
    replacePaths: [],
    change: {
      before: release(["backupsEnabled: true\nschedules:\n  daily:\n    schedule: 0 3 * * *\n", "{}"]),
      after: release([
        "backupsEnabled: true\n",
        "backupsEnabled: false\nschedules:\n  daily:\n    schedule: 0 3 * * *\n    paused: true\n",
      ]),
      after_unknown: { values: [false, false] },
    },
  });
  expect(matches.map(({ rule, pair }) => `${rule.id} ${pair?.at}`).sort()).toEqual([
    "HELM-VALUES values",
    "VELERO-BACKUPS-OFF values.backupsEnabled",
    "VELERO-SCHEDULE-PAUSED values.schedules.daily.paused",
  ]);
});

test.each([["not: [yaml"], ["- a\n- b\n"], ["__proto__:\n  a: 1\n"]])(
  "values that are no object: %j are judged as a whole",
  (text) => {
    const { matches } = judge({
      address: "helm_release.a",
      type: "helm_release",
      action: "update",
      importing: false,
      replacePaths: [],
      change: { before: { chart: "velero", values: ["a: 1"] }, after: { chart: "velero", values: [text] } },
    });
    expect(matches.map(({ rule }) => rule.id)).toEqual(["HELM-VALUES"]);
  },
);
