/** Every stack and example, through every scanner: nothing is found outside the list of exceptions. */

import { python } from "../../../tools/machine/python-environment";
import { type TerraformTools, terraformWithMirror } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { lintDatabaseInstances } from "../../support/scanners/cfn-lint";
import { checkov } from "../../support/scanners/checkov";
import { lintPolicies } from "../../support/scanners/parliament";
import { planned } from "../../support/terraform/plan";
import { type Plans, plansOf } from "../../support/terraform/plans";
import { readsAnotherState, synthesizedExamples, synthesizedStacks } from "../../support/terraform/stacks";
import { REGION } from "../../support/terraform/variable-values";
import { exceptions } from "./exceptions";
import { noStoredSecret } from "./rules/no-stored-secret";
import { openDatabasePort } from "./rules/open-database-port";
import { requiredVersion } from "./rules/required-version";
import type { Finding } from "./rules/rule";
import { secretReferences } from "./rules/secret-references";

interface Tools {
  readonly terraform: TerraformTools;
  readonly checkov: string;
  readonly aws: string;
}

function tools(): Tools | Unavailable {
  const [terraform, scanner, aws] = [terraformWithMirror(), python("checkov"), python("aws")];
  if (terraform instanceof Unavailable || scanner instanceof Unavailable || aws instanceof Unavailable) {
    return [terraform, scanner, aws].find((each) => each instanceof Unavailable) as Unavailable;
  }
  return { terraform, checkov: scanner, aws };
}

describeWith("policy", tools, (tool) => {
  const used = new Set<(typeof exceptions)[number]>();
  const looked = { instances: 0, policies: 0, openings: 0, references: 0 };
  /** @returns what no exception covers, as lines to read. */
  const unexpected = (stack: string, findings: readonly Finding[]): string[] =>
    findings
      .filter(({ id, resource }) => {
        const exception = exceptions.find(
          (each) => each.id === id && each.resource.test(`${stack}/${resource}`),
        );
        if (exception !== undefined) {
          used.add(exception);
        }
        return exception === undefined;
      })
      .map(({ id, resource, message }) => `${id} ${resource}: ${message}`);

  describe.each(
    [...synthesizedStacks(), ...synthesizedExamples()]
      .filter((stack) => !readsAnotherState(stack))
      .map((stack) => [stack.name, stack] as const),
  )("%s", (name, stack) => {
    let plans: Plans;
    beforeAll(() => {
      plans = plansOf(tool.terraform, stack);
    });

    test("checkov finds nothing", async () => {
      const result = await checkov(tool.checkov, plans.first);
      const findings = result.findings.map(({ id, title, resource }) => ({ id, resource, message: title }));
      expect(unexpected(name, findings)).toEqual([]);
      expect(result.resources).toBeGreaterThanOrEqual(planned(plans.first).length);
      expect(result.passed).toBeGreaterThan(0);
    });

    test("cfn-lint accepts every database instance", () => {
      const { scanned, findings } = lintDatabaseInstances(tool.aws, plans.first, REGION);
      expect(
        unexpected(
          name,
          findings.map(({ rule, ...rest }) => ({ id: rule, ...rest })),
        ),
      ).toEqual([]);
      expect(scanned).toBe(planned(plans.first, "aws_db_instance").length);
      looked.instances += scanned;
    });

    test("parliament knows every action of the IAM policies", () => {
      const { scanned, unknown, findings } = lintPolicies(tool.aws, plans.settled);
      const lines = findings.map(({ issue, detail, resource }) => ({ id: issue, resource, message: detail }));
      expect(unexpected(name, lines)).toEqual([]);
      expect(unknown).toEqual([]);
      expect(scanned).toHaveLength(
        planned(plans.settled, /^aws_iam_(policy|role_policy|user_policy|group_policy)$/).length,
      );
      looked.policies += scanned.length;
    });

    test("no database port is open to everyone", () => {
      const { scanned, findings } = openDatabasePort({ stack: stack.json, plan: plans.settled });
      expect(unexpected(name, findings)).toEqual([]);
      looked.openings += scanned;
    });

    test("every Secret and key that a pod or chart names is made", () => {
      const { scanned, findings } = secretReferences({ stack: stack.json, plan: plans.settled });
      expect(unexpected(name, findings)).toEqual([]);
      looked.references += scanned;
    });

    test("no secret is in the state", () => {
      const { scanned, findings } = noStoredSecret({ stack: stack.json, plan: plans.settled });
      expect(unexpected(name, findings)).toEqual([]);
      expect(scanned).toBe(planned(plans.settled).length);
    });
  });

  test.each(synthesizedStacks().map((each) => [each.name, each] as const))(
    "%s asks for a Terraform that has write-only arguments",
    (name, stack) => {
      expect(unexpected(name, requiredVersion({ stack: stack.json }).findings)).toEqual([]);
    },
  );

  test("each scanner had something to look at", () => {
    expect(Object.entries(looked).filter(([, count]) => count === 0)).toEqual([]);
  });

  test("every exception is still needed", () => {
    expect(exceptions.filter((each) => !used.has(each))).toEqual([]);
  });
});
