/** parliament: knows every IAM action, and so finds those that do not exist. */
import { join } from "node:path";
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import type { Attributes, PlanJson } from "../terraform/plan";
import { planned } from "../terraform/plan";

export interface PolicyFinding {
  readonly issue: string;
  readonly detail: string;
  readonly resource: string;
}

export interface PolicyScan {
  /** The addresses of the policies that were read. */
  readonly scanned: readonly string[];
  /** Policies that the plan does not know yet: they name something that is only made by the apply. */
  readonly unknown: readonly string[];
  readonly findings: readonly PolicyFinding[];
}

/**
 * Lints each IAM policy of a plan.
 *
 * @param interpreter the Python environment `aws`
 */
export function lintPolicies(interpreter: string, plan: PlanJson): PolicyScan {
  const policies: { address: string; document: string }[] = [];
  const unknown: string[] = [];
  for (const { address, type, change } of planned(plan, /^aws_/)) {
    for (const name of ["policy", "assume_role_policy", "access_policy"]) {
      const document = (change.after as Attributes)[name];
      // AWS's resource policies and trust policies have no Resource, which parliament cannot read.
      if (typeof document === "string" && type.startsWith("aws_iam_") && name === "policy") {
        policies.push({ address, document: withRealArns(document) });
      } else if (change.after_unknown[name] === true) {
        unknown.push(`${address}.${name}`);
      }
    }
  }
  const results = lintDocuments(
    interpreter,
    policies.map((each) => each.document),
  );
  const findings = policies.flatMap(({ address }, index) =>
    (results[index] ?? []).map((finding) => ({ ...finding, resource: address })),
  );
  return { scanned: policies.map((each) => each.address), unknown, findings };
}

// The stand-ins of the mirror make every ARN of the type's words, and the partition a text like any other. A bucket's ARN has neither
// region nor account, nor a kind; those of backup vaults and instances have a colon after their kind.
function withRealArns(document: string): string {
  return document
    .replace(/\barn:(?!aws:)[^:"]*:/g, "arn:aws:")
    .replace(/arn:aws:s3:[a-z0-9-]+:\d{12}:bucket\/([0-9a-f]{12})/g, "arn:aws:s3:::$1")
    .replace(/(arn:aws:backup:[a-z0-9-]+:\d{12}:)[a-z-]*vault\//g, "$1backup-vault:")
    .replace(/arn:aws:db:([a-z0-9-]+:\d{12}):instance\//g, "arn:aws:rds:$1:db:");
}

/** @returns the findings of each document, in their order. */
export function lintDocuments(
  interpreter: string,
  documents: readonly string[],
): readonly { readonly issue: string; readonly detail: string }[][] {
  if (documents.length === 0) return [];
  const script = join(repository, "tools", "python", "lint_policies.py");
  const output = must(interpreter, [script], { input: JSON.stringify(documents) });
  return JSON.parse(output) as { issue: string; detail: string }[][];
}
