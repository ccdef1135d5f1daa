/** The example on the page is what the command prints. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderText, reviewPlan } from "../../../lib/review";
import { repository } from "../../../tools/machine/repository";
import { configurationJson, planJson } from "../../support/review/plan-json";

test("docs/reviewing.md shows the review of backups that are switched off", () => {
  const server = { apply_immediately: false, engine: "postgres" };
  const plan = planJson(
    [
      {
        address: "aws_db_instance.postgres",
        actions: ["update"],
        before: { ...server, backup_retention_period: 14 },
        after: { ...server, backup_retention_period: 0 },
      },
    ],
    {
      configuration: configurationJson({
        "aws_db_instance.postgres": [],
        "helm_release.coder": ["aws_db_instance.postgres.address"],
      }),
    },
  );
  const page = readFileSync(join(repository, "docs", "reviewing.md"), "utf8");
  const [, shown] =
    /The review says that RDS deletes all automated backups:\n\n```\n(.*?)\n```/s.exec(page) ?? [];
  expect(shown).toBe(renderText(reviewPlan(plan)));
});
