/** Resources that are new in a plan, and what was there before them. */
import { reviewPlan } from "../../../lib/review";
import { configurationJson, type GivenChange, planJson } from "../../support/review/plan-json";

function rules(changes: readonly GivenChange[], references: { readonly [address: string]: string[] } = {}) {
  const { findings, notes } = reviewPlan(planJson(changes, { configuration: configurationJson(references) }));
  return [...findings, ...notes].map(({ rule }) => rule);
}

const lifecycle = (rule: object): GivenChange => ({
  type: "aws_s3_bucket_lifecycle_configuration",
  actions: ["create"],
  after: { bucket: "artifacts", rule: [{ id: "a", status: "Enabled", ...rule }] },
});
const expiry = lifecycle({ expiration: [{ days: 7 }] });
const bucket: GivenChange = { type: "aws_s3_bucket", actions: ["create"], after: { bucket: "artifacts" } };

test("a new lifecycle deletes what is in a bucket that was there before", () => {
  expect(rules([expiry])).toEqual(["LIFECYCLE-ON-EXISTING"]);
  expect(rules([lifecycle({ noncurrent_version_expiration: [{ noncurrent_days: 30 }] })])).toEqual([
    "LIFECYCLE-ON-EXISTING",
  ]);
});

test("in a bucket of the same plan there is nothing yet, and an upload that never ended is no object", () => {
  expect(rules([bucket, expiry])).toEqual([]);
  const named: GivenChange = { ...bucket, after: { bucket_prefix: "a" } };
  const unnamed: GivenChange = { ...expiry, after: { rule: [{ expiration: [{ days: 7 }] }] } };
  expect(
    rules([named, unnamed], {
      "aws_s3_bucket.a": [],
      "aws_s3_bucket_lifecycle_configuration.a": ["aws_s3_bucket.a.id", "aws_s3_bucket.a"],
    }),
  ).toEqual([]);
  expect(rules([lifecycle({ abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] })])).toEqual(
    [],
  );
});

test("an import that also changes the resource overwrites what was set outside Terraform", () => {
  const imported = (after: object): GivenChange => ({
    type: "aws_iam_role",
    actions: ["update"],
    before: { description: "a" },
    after,
    change: { importing: { id: "a" } },
  });
  expect(rules([imported({ description: "b" })])).toEqual(["IMPORT-CHANGES"]);
  // Tags, and what no import can know: the provider alone has them.
  expect(rules([imported({ description: "a", tags: { team: "x" }, force_destroy: false })])).toEqual([]);
});
