// The Markdown of a runbook.

import type { RecoveryScenario, RestoreInput, RestoreStep } from "../../database";
import { covering, rehearsing, SCENARIOS } from "../plan/coverage";
import {
  lossOf,
  measured,
  planMarkdown,
  rehearsalsMarkdown,
  rehearsalTexts,
  scheduledOf,
  scheduledText,
} from "../plan/plan-report";
import type { RecoveryPlan } from "../plan/recovery-plan";
import type { OutputValues } from "../private/output-values";
import { keySteps, otherWays, type Phase, type ProgramCommands, phasesOf, TITLES } from "./scenario-steps";

/** All texts that may contain values of Terraform. @internal */
export function runbookTexts(plan: RecoveryPlan, program: ProgramCommands): string[] {
  const steps = stepsOfAll(plan, program);
  const places = plan.coverage.flatMap(({ item, protections }) => [
    item.description,
    item.location,
    ...protections.flatMap(({ location, retentionDays }) => [location, `${retentionDays ?? ""}`]),
  ]);
  const keys = plan.keys.flatMap(({ name, location, check }) => [name, location, check ?? ""]);
  return [
    plan.application.namespace,
    ...scheduledOf(plan.coverage).flatMap(({ rehearsal }) => rehearsalTexts(rehearsal)),
    ...places,
    ...keys,
    ...steps.flatMap((step) => [
      step.title,
      ...(step.commands ?? []),
      ...(step.beforePlan ?? []),
      ...(step.verify ?? []),
      ...(step.undo ?? []),
      ...(step.notes ?? []),
      step.programChange ?? "",
    ]),
  ];
}

/** @internal */
export function runbookMarkdown(
  plan: RecoveryPlan,
  program: ProgramCommands,
  values: OutputValues,
  stackId: string,
): string {
  const { application } = plan.application;
  const sections = SCENARIOS.map((scenario) => scenarioSection(plan, scenario, program, values));
  return `${[
    `# Restore ${application}: stack ${stackId}`,
    "Written by the program at every synthesis; changes by hand are lost. Keep a copy, and one of `terraform output -json`, outside the region and the cluster that it restores.",
    "## Data and coverage",
    planMarkdown(plan, values).trimEnd(),
    limits(plan),
    "## Before each restore",
    code("bash", [
      '# In the folder of the program that synthesizes the stack.\nexport PROGRAM="$PWD"',
      `# Programs that are missing here.\nfor tool in ${toolsOf(plan, program).join(" ")}; do command -v "$tool" >/dev/null || echo "install $tool"; done`,
      `cd "$PROGRAM/${program.stackFolder}"\nterraform init -input=false\nterraform output -json > "$PROGRAM/outputs-before-restore-$(date -u +%Y%m%dT%H%M%SZ).json"`,
      ...values.assignments(runbookTexts(plan, program)),
      "# Must be the cluster of this stack: kubectl, helm and velero use this context.\nkubectl config current-context",
    ]),
    "Decide who restores and who decides on the loss. Fill in the variables that are empty (`NAME=''`). Note the time of each step: the sum is the measured recovery time (RTO). Run these commands and those of one scenario in one shell, in their order: the names are those before the restore. Without the state, take each from the copy of `terraform output -json`: `jq -r .restore_NAME.value COPY`.",
    rehearsalSection(plan, values),
    ...sections,
    otherSection(plan, program, values),
  ]
    .filter((text) => text !== "")
    .join("\n\n")}\n`;
}

function rehearsalSection(plan: RecoveryPlan, values: OutputValues): string {
  const rehearsals = rehearsalsMarkdown(plan, values);
  if (rehearsals === "") return "";
  return `## Last results of the rehearsals\n\nThey tell which recovery time and loss were measured, and whether the mechanism that a scenario begins with could be restored the last time. The commands read cloud, cluster and store with the credentials of the shell: run them where these can be reached. A rehearsal that has never passed has no result.\n\n${rehearsals}`;
}

const TOOLS = [
  "aws",
  "az",
  "curl",
  "gcloud",
  "helm",
  "jq",
  "kubectl",
  "mysql",
  "pg_restore",
  "psql",
  "rclone",
  "velero",
];

/** Programs of the commands, by name. */
function toolsOf(plan: RecoveryPlan, program: ProgramCommands): string[] {
  const commands = commandTexts(plan, program);
  const named = TOOLS.filter((tool) =>
    commands.some((text) => new RegExp(`(^|[\\s(|])${tool}\\s`, "m").test(text)),
  );
  return [...named, "terraform"];
}

/** Commands of all steps. */
function commandTexts(plan: RecoveryPlan, program: ProgramCommands): string[] {
  const rehearsals = scheduledOf(plan.coverage).flatMap(({ rehearsal }) => rehearsal.resultCommands);
  const steps = stepsOfAll(plan, program).flatMap((step) => [
    ...(step.commands ?? []),
    ...(step.beforePlan ?? []),
    ...(step.verify ?? []),
    ...(step.undo ?? []),
  ]);
  return [...rehearsals, ...steps];
}

function stepsOfAll(plan: RecoveryPlan, program: ProgramCommands): RestoreStep[] {
  return [
    ...SCENARIOS.flatMap((scenario) => phasesOf(plan, scenario, program)),
    ...otherWays(plan, program),
  ].flatMap((phase) => phase.steps);
}

function limits(plan: RecoveryPlan): string {
  const lines = plan.coverage.flatMap(({ protections }) =>
    protections.flatMap(({ mechanism, limits }) => (limits ?? []).map((limit) => `- ${mechanism}: ${limit}`)),
  );
  return lines.length === 0 ? "" : ["Limits:", "", ...new Set(lines)].join("\n");
}

function scenarioSection(
  plan: RecoveryPlan,
  scenario: RecoveryScenario,
  program: ProgramCommands,
  values: OutputValues,
): string {
  const lost = plan.coverage.filter((each) => each.lostIn.includes(scenario));
  const phases = phasesOf(plan, scenario, program);
  const head = `## ${TITLES[scenario]}`;
  if (lost.length === 0) return `${head}\n\nThis stack has no data that is lost in this scenario.`;
  const expected = lost.map((each) => {
    const [main, ...others] = covering(each, scenario);
    const results = each.rehearsals.filter((result) => result.scenario === scenario);
    const loss = main ? `loss to expect: ${lossOf(main)}` : "**not covered**";
    const rehearsed = others.flatMap((other) =>
      rehearsing(each, other).map((rehearsal) => `; ${other.mechanism}: ${scheduledText(rehearsal)}`),
    );
    const time = `${measured(results, main ? rehearsing(each, main) : [])}${rehearsed.join("")}`;
    return `- \`${each.item.id}\`: ${loss}; recovery time: ${values.prose(time)}`;
  });
  return [
    head,
    expected.join("\n"),
    diagram(phases),
    ...phases.map((phase, i) => phaseSection(phase, i + 1, values)),
    wayBack(phases, values),
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** Steps of the mechanisms that are named as a second way. */
function otherSection(plan: RecoveryPlan, program: ProgramCommands, values: OutputValues): string {
  const ways = otherWays(plan, program);
  if (ways.length === 0) return "";
  return [
    "## Other ways",
    "Where a scenario says *if that fails*, these steps take the place of those of its phase.",
    ...ways.map(({ mechanism, data, keys, steps }, i) =>
      [
        `### ${i + 1}. ${mechanism}: ${data.map((id) => `\`${id}\``).join(", ")}`,
        ...[...keySteps(keys), ...steps].map((step, j) => stepSection(step, `${i + 1}.${j + 1}`, values)),
      ].join("\n\n"),
    ),
  ].join("\n\n");
}

/** A picture of the order: the phases, with their steps. @internal */
export function diagram(phases: readonly Phase[]): string {
  const nodes = phases.map(({ title, steps }, i) => {
    const names = steps.length === 1 ? " (1 step)" : steps.length > 1 ? ` (${steps.length} steps)` : "";
    return `  p${i + 1}["${i + 1}. ${title.replace(/"/g, "'")}${names}"]`;
  });
  const arrows = phases.slice(1).map((_, i) => `  p${i + 1} --> p${i + 2}`);
  return ["```mermaid", "flowchart LR", ...nodes, ...arrows, "```"].join("\n");
}

/** @internal */
export function phaseSection({ title, steps, remarks }: Phase, number: number, values: OutputValues): string {
  return [
    `### ${number}. ${title}`,
    ...(remarks.length > 0 ? [remarks.map((remark) => `- ${values.prose(remark)}`).join("\n")] : []),
    ...steps.map((step, i) => stepSection(step, `${number}.${i + 1}`, values)),
  ].join("\n\n");
}

/** @internal */
export function stepSection(step: RestoreStep, number: string, values: OutputValues): string {
  const parts = [`#### ${number} ${values.prose(step.title)}`];
  if (step.permissions?.length)
    parts.push(`Needs: ${step.permissions.map((each) => `\`${each}\``).join(", ")}.`);
  for (const note of step.notes ?? []) parts.push(values.prose(note));
  parts.push(...commandBlocks(step, values));
  if (step.programChange !== undefined) {
    parts.push("Change the program:", code("ts", [values.command(step.programChange)]));
  }
  if (step.verify?.length)
    parts.push(
      "Verify:",
      code(
        "bash",
        step.verify.map((text) => values.command(text)),
      ),
    );
  if (step.source !== undefined) parts.push(`See <${step.source}>.`);
  return parts.join("\n\n");
}

/**
 * The commands, with the values that the reader fills in before the first command that takes them: what prints a value comes first, and
 * no block that is pasted whole runs with an empty one.
 */
function commandBlocks({ inputs = [], commands = [] }: RestoreStep, values: OutputValues): string[] {
  const parts: string[] = [];
  const open = [...inputs];
  let block: string[] = [];
  const close = () => {
    if (block.length > 0) parts.push(code("bash", block));
    block = [];
  };
  const fillIn = (due: readonly RestoreInput[]) => {
    if (due.length === 0) return;
    close();
    // Empty until the reader fills it in: commands that are pasted whole must not restore to the time of an example.
    const lines = due.map(
      ({ name, description, example }) => `# ${description}, such as ${example}\n${name}=''`,
    );
    parts.push("Fill in:", code("bash", lines));
    for (const each of due) open.splice(open.indexOf(each), 1);
  };
  for (const text of commands) {
    fillIn(open.filter(({ name }) => new RegExp(`\\$${name}\\b`).test(text)));
    block.push(values.command(text));
  }
  close();
  fillIn([...open]);
  return parts;
}

function wayBack(phases: readonly Phase[], values: OutputValues): string {
  const undo = phases
    .flatMap(({ steps }) => steps)
    .reverse()
    .flatMap((step) => step.undo ?? [])
    .map((text) => values.command(text));
  if (undo.length === 0) return "";
  const changed = phases.some(({ steps }) => steps.some(({ programChange }) => programChange !== undefined));
  const program = changed ? "\n\nThen take the change of the program back, and apply it as above." : "";
  return `### Way back\n\nThe old data is kept until you delete it. To return to it:\n\n${code("bash", undo)}${program}`;
}

/** @internal */
export function code(language: string, blocks: readonly string[]): string {
  return `\`\`\`${language}\n${blocks.join("\n")}\n\`\`\``;
}
