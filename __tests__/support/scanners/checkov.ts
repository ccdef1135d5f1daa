/** checkov: a scanner of plans. It gets plan JSON, as it does not see lists of blocks in a stack's own file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../tools/machine/processes";
import type { PlanJson } from "../terraform/plan";

export interface CheckovFinding {
  readonly id: string;
  readonly title: string;
  /** The address of the resource. */
  readonly resource: string;
}

export interface CheckovResult {
  readonly findings: readonly CheckovFinding[];
  /** How many checks were done and passed: none means that nothing was scanned. */
  readonly passed: number;
  readonly resources: number;
}

interface Output {
  readonly results?: { readonly failed_checks: readonly Attribute[] };
  readonly summary?: {
    readonly passed: number;
    readonly resource_count: number;
    readonly parsing_errors: number;
  };
}

interface Attribute {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
}

/** @param interpreter the Python environment `checkov` */
export function checkov(interpreter: string, plan: PlanJson): CheckovResult {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-checkov-"));
  try {
    const file = join(folder, "plan.json");
    writeFileSync(file, JSON.stringify(plan));
    const args = ["--file", file, "--framework", "terraform_plan", "--skip-download", "--quiet"];
    const done = run(interpreter, ["-m", "checkov.main", ...args, "--output", "json"], { cwd: folder });
    const output = parse(done.stdout, done.stderr);
    if (output.summary === undefined) {
      return { findings: [], passed: 0, resources: 0 };
    }
    if (output.summary.parsing_errors > 0) {
      throw new Error("checkov could not read the plan");
    }
    return {
      findings: (output.results?.failed_checks ?? []).map((each) => ({
        id: each.check_id,
        title: each.check_name,
        resource: each.resource,
      })),
      passed: output.summary.passed,
      resources: output.summary.resource_count,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parse(stdout: string, stderr: string): Output {
  try {
    return JSON.parse(stdout) as Output;
  } catch {
    throw new Error(`checkov gave no JSON:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  }
}
