/** Each scanner finds what is bad in a fixture: that it is quiet about our stacks means something. */

import { python } from "../../../tools/machine/python-environment";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { fixture } from "../../support/fixtures";
import { lintDatabaseInstances } from "../../support/scanners/cfn-lint";
import { checkov } from "../../support/scanners/checkov";
import { lintPolicies } from "../../support/scanners/parliament";
import type { PlanJson } from "../../support/terraform/plan";
import { plansOf } from "../../support/terraform/plans";

describeWith("scanners on fixtures", terraformWithMirror, (terraform) => {
  let plan: PlanJson;
  beforeAll(() => {
    plan = plansOf(terraform, fixture("policy", "bad-aws")).first;
  });

  describeWith(
    "checkov",
    () => python("checkov"),
    (interpreter) => {
      test("refuses a public, unencrypted, unprotected database", async () => {
        const { findings, passed, resources } = await checkov(interpreter, plan);
        const ids = findings
          .filter((each) => each.resource === "aws_db_instance.public")
          .map((each) => each.id);
        expect(ids).toEqual(
          expect.arrayContaining(["CKV_AWS_16", "CKV_AWS_17", "CKV_AWS_157", "CKV_AWS_293"]),
        );
        expect(passed).toBeGreaterThan(0);
        expect(resources).toBeGreaterThan(5);
      });

      test("counts no resource as scanned when there is nothing", async () => {
        const empty = { ...plan, planned_values: { root_module: {} }, resource_changes: [] };
        expect(await checkov(interpreter, empty)).toMatchObject({ findings: [], resources: 0 });
      });
    },
  );

  describeWith(
    "AWS's own facts",
    () => python("aws"),
    (interpreter) => {
      test("cfn-lint refuses a class and versions that cannot be created", () => {
        const { scanned, findings } = lintDatabaseInstances(interpreter, plan, "eu-central-1");
        expect(scanned).toBe(4);
        expect(findings.map(({ rule, resource }) => `${rule} ${resource}`).sort()).toEqual([
          "E3025 aws_db_instance.public",
          "E3691 aws_db_instance.no-minor",
          "E3691 aws_db_instance.public",
          "W3691 aws_db_instance.deprecated",
        ]);
      });

      test("parliament refuses an action that does not exist", () => {
        const { scanned, unknown, findings } = lintPolicies(interpreter, plan);
        expect(scanned).toEqual(["aws_iam_policy.misspelt"]);
        expect(unknown).toEqual([]);
        expect(findings).toMatchObject([{ issue: "UNKNOWN_ACTION", resource: "aws_iam_policy.misspelt" }]);
      });
    },
  );
});
