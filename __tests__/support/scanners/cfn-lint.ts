/**
 * cfn-lint knows, from AWS's own data, which engine versions and instance classes can be created today. It reads
 * CloudFormation, so each planned instance becomes a template with that one resource.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../../tools/machine/processes";
import type { Attributes, PlanJson } from "../terraform/plan";
import { planned } from "../terraform/plan";

export interface CfnLintFinding {
  readonly rule: string;
  readonly message: string;
  readonly resource: string;
}

/** The arguments of aws_db_instance that cfn-lint has rules for, and their names in CloudFormation. */
const PROPERTIES: Record<string, string> = {
  engine: "Engine",
  engine_version: "EngineVersion",
  instance_class: "DBInstanceClass",
  license_model: "LicenseModel",
  storage_type: "StorageType",
};

/** What cfn-lint says of one property of a template. */
export interface CfnLintMatch {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly string[] };
}

/** cfn-lint takes two seconds to start, and most stacks have the same instances. */
const answers = new Map<string, readonly CfnLintMatch[]>();

/** @param interpreter the Python environment `aws` */
export function cfnLint(interpreter: string, template: object, region: string): readonly CfnLintMatch[] {
  const question = JSON.stringify([region, template]);
  const answer = answers.get(question) ?? ask(interpreter, template, region);
  answers.set(question, answer);
  return answer;
}

function ask(interpreter: string, template: object, region: string): readonly CfnLintMatch[] {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-cfn-lint-"));
  try {
    const file = join(folder, "template.json");
    writeFileSync(file, JSON.stringify(template));
    const args = ["--regions", region, "--format", "json", "--template", file];
    // Its package cannot be run by the interpreter itself.
    const { code, stdout, stderr } = run(join(dirname(interpreter), "cfn-lint"), args, { cwd: folder });
    // Exit codes other than 0 stand for findings, or for a cfn-lint that did not run.
    if (code !== 0 && !stdout.trim().startsWith("[")) {
      throw new Error(`cfn-lint gave no JSON:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
    }
    return JSON.parse(stdout.trim() === "" ? "[]" : stdout) as CfnLintMatch[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param interpreter the Python environment `aws` */
export function lintDatabaseInstances(
  interpreter: string,
  plan: PlanJson,
  region: string,
): { readonly scanned: number; readonly findings: readonly CfnLintFinding[] } {
  const instances = planned(plan, "aws_db_instance");
  const findings = instances.flatMap(({ address, change }) =>
    cfnLint(interpreter, template(change.after ?? {}), region)
      .filter((match) => !isPrefixOfAVersion(match, change.after?.engine_version))
      .map(({ Rule, Message }) => ({
        rule: Rule.Id,
        // It goes on with every value that is allowed, which are hundreds.
        message: Message.slice(0, 200),
        resource: address,
      })),
  );
  return { scanned: instances.length, findings };
}

/**
 * The RDS API takes the beginning of a version, such as MySQL's 8.0, and chooses its newest minor one. Of PostgreSQL cfn-lint
 * lists the beginnings too; of MySQL, only whole versions. The beginning of none is still a finding.
 */
function isPrefixOfAVersion({ Rule, Message }: CfnLintMatch, version: unknown): boolean {
  return Rule.Id === "E3691" && typeof version === "string" && Message.includes(`'${version}.`);
}

function template(attributes: Attributes): Attributes {
  const properties: Attributes = {};
  for (const [argument, name] of Object.entries(PROPERTIES)) {
    if (attributes[argument] !== undefined && attributes[argument] !== null) {
      properties[name] = attributes[argument];
    }
  }
  const instance = { Type: "AWS::RDS::DBInstance", Properties: properties };
  // Rules on what surrounds an instance (I3011, W1011 and others) say nothing of these properties.
  const ignored = { "cfn-lint": { config: { ignore_checks: ["I", "W1", "E3003"] } } };
  return { AWSTemplateFormatVersion: "2010-09-09", Metadata: ignored, Resources: { Instance: instance } };
}
