/**
 * `npm run review:peers`: writes docs/review-comparison.md by running reviewers of plans on the same ten plans.
 *
 * It needs Terraform and Go for the mirror, Python for checkov, and tf-summarize on PATH or in TF_SUMMARIZE
 * (`go install github.com/dineshba/tf-summarize@v0.3.20`). No test runs it: the other reviewers are no part of this repository.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reviewPlan } from "../../../lib/review";
import { findProgram, must } from "../../machine/processes";
import { python } from "../../machine/python-environment";
import { repository } from "../../machine/repository";
import { terraformWithMirror } from "../../machine/terraform";
import { Unavailable } from "../../machine/unavailable";
import { CHANGES } from "./changes";
import { type Answers, comparisonPage } from "./page";
import { type PlannedChange, pinned, planChange, versionOf } from "./planned";

const PAGE = join(repository, "docs", "review-comparison.md");
const CHECKOV = join(repository, "tools", "python", "checkov.txt");

function main(): void {
  const terraform = needed(terraformWithMirror());
  const interpreter = needed(python("checkov"));
  const summarize = process.env.TF_SUMMARIZE ?? findProgram(["tf-summarize"]);
  if (summarize === undefined) throw new Error("tf-summarize is neither on PATH nor in TF_SUMMARIZE");
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-peers-"));
  try {
    const answers = CHANGES.map((change): Answers => {
      const planned = planChange(terraform, change);
      const { findings, notes } = reviewPlan(JSON.parse(planned.json));
      return {
        change,
        terraform: changedLines(planned.text),
        summary: summaryOf(summarize, planned, folder),
        ...findingsOf(interpreter, planned, folder),
        ours: [...findings, ...notes],
      };
    });
    const versions = {
      day: new Date().toISOString().slice(0, 10),
      terraform: versionOf(must(terraform.program, ["version"])),
      summarize: versionOf(must(summarize, ["-v"])),
      checkov: pinned(CHECKOV, "checkov"),
    };
    writeFileSync(PAGE, comparisonPage(answers, versions));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function needed<T>(tool: T | Unavailable): T {
  if (tool instanceof Unavailable) throw new Error(tool.reason);
  return tool;
}

/** The lines of `terraform show` about changed attributes, and about a replacement. */
function changedLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/\s+/g, " "))
    .filter((line) => /^[~+] \w+ = /.test(line) || /must be replaced$/.test(line))
    .filter((line) => !/ \(known after apply\)$/.test(line));
}

/** Rows of its table: action and addresses. */
function summaryOf(program: string, { json }: PlannedChange, folder: string): string[] {
  const file = join(folder, "plan.json");
  writeFileSync(file, json);
  const rows = must(program, ["-md", file]).split("\n").slice(2);
  return rows.flatMap((row) => {
    const [, action = "", address = ""] = row.split("|").map((cell) => cell.trim());
    return address === "" ? [] : [`${action.replace(/ \(\d+\)$/, "")} ${address}`.trim()];
  });
}

interface CheckovFinding {
  readonly id: string;
  readonly title: string;
}

/** Failed checks of the change that did not fail before it, and the number of those that did. */
function findingsOf(
  interpreter: string,
  { first, json }: PlannedChange,
  folder: string,
): Pick<Answers, "checkov" | "checkovBefore"> {
  const files = [first, json].map((content, index) => {
    const file = join(folder, `checkov-${index}.json`);
    writeFileSync(file, content);
    return file;
  });
  const scan = join(repository, "tools", "python", "scan_plans.py");
  const [before = [], after = []] = must(interpreter, [scan], { input: `${files.join("\n")}\n` })
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { readonly findings: readonly CheckovFinding[] }).findings);
  const known = new Set(before.map(({ id }) => id));
  const fresh = after.filter(({ id }) => !known.has(id));
  return {
    checkov: [...new Set(fresh.map(({ id, title }) => `${id}: ${title}`))],
    checkovBefore: after.length - fresh.length,
  };
}

main();
