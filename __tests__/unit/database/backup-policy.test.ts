import { TerraformVariable } from "cdktf";

import { checkBackup, DEFAULT_RETENTION_DAYS, SynthChecks } from "../../../lib/database/private";
import { problemsOf } from "../../support/synth";

const problems = (retentionDays: number | undefined, min: number, max: number) =>
  problemsOf((stack) => checkBackup(new SynthChecks(stack, ""), { retentionDays }, min, max));

// RDS and Azure MySQL, Azure PostgreSQL.
test.each([
  [1, 35],
  [7, 35],
])("retention is %d to %d days, and never none", (min, max) => {
  for (const days of [min, max, DEFAULT_RETENTION_DAYS, undefined]) {
    expect(problems(days, min, max)).toEqual([]);
  }
  for (const days of [0, -1, min - 1, max + 1, 7.5]) {
    expect(problems(days, min, max)).toEqual([
      `backup.retentionDays must be a whole number from ${min} to ${max} days (got ${days}); leave it out for 14 days, and keep copies beyond ${max} days as snapshots or long-term backups; automated backups cannot be disabled`,
    ]);
  }
});

test("no policy at all is fine, and a token waits for Terraform", () => {
  expect(problemsOf((stack) => checkBackup(new SynthChecks(stack, ""), undefined, 1, 35))).toEqual([]);
  expect(
    problemsOf((stack) => {
      const days = new TerraformVariable(stack, "days", { type: "number" }).numberValue;
      checkBackup(new SynthChecks(stack, ""), { retentionDays: days }, 1, 35);
    }),
  ).toEqual([]);
});
