/** A change of Coder on AWS as its users make it: bigger class, shorter retention, one zone, and a bucket rule that is deleted. */
import { renderMarkdown, reviewPlan } from "../../../lib/review";
import { planJson } from "../../support/review/plan-json";

const server = { apply_immediately: false, engine: "postgres" };
const review = reviewPlan(
  planJson([
    {
      address: "aws_db_instance.postgres",
      actions: ["update"],
      before: { ...server, instance_class: "db.m7g.large", backup_retention_period: 14, multi_az: true },
      after: { ...server, instance_class: "db.m7g.2xlarge", backup_retention_period: 7, multi_az: false },
    },
    {
      type: "aws_s3_bucket_lifecycle_configuration",
      address: "aws_s3_bucket_lifecycle_configuration.logs",
      actions: ["update"],
      before: {
        rule: [
          { id: "old-versions", status: "Enabled", noncurrent_version_expiration: [{ noncurrent_days: 30 }] },
          {
            id: "uploads",
            status: "Enabled",
            abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
          },
        ],
      },
      after: {
        rule: [
          {
            id: "uploads",
            status: "Enabled",
            abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
          },
        ],
      },
    },
  ]),
);
const all = [...review.findings, ...review.notes];

test.each([
  ["instance_class db.m7g.large -> db.m7g.2xlarge", "outage", "maintenance window"],
  ["backup_retention_period 14 -> 7", "backup-loss", "now"],
  ["multi_az true -> false", "weaker", "next failure of a zone"],
  ["rule[old-versions].noncurrent_version_expiration.noncurrent_days 30 -> unset", "cost", "now"],
])("%s", (change, effect, when) => {
  const found = all.filter((each) => each.change === change);
  expect(
    found.map(({ effects, when: time, source }) => [
      effects.includes(effect),
      time,
      source?.startsWith("https://"),
    ]),
  ).toEqual([[true, when, true]]);
});

test("needs an approval, and reads as a comment with the worst first", () => {
  expect(review.verdict).toBe("approval needed");
  const headings = [...renderMarkdown(review).matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  expect(headings[0]).toBe("BACKUPS LOST");
});
