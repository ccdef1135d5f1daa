// The runbook of an upgrade as Markdown.

import { TerraformStack } from "cdktf";
import type { MajorUpgradeProcedure, RestoreStep } from "../../database";
import type { OutputValues } from "../private/output-values";
import { code, diagram, phaseSection, stepSection } from "../runbook/runbook-markdown";
import type { ProgramCommands } from "../runbook/scenario-steps";
import type { MajorUpgrade } from "./major-upgrade";
import { upgradePhases, wayBackSteps } from "./upgrade-steps";

/** All texts that may contain values of Terraform. @internal */
export function upgradeTexts(upgrade: MajorUpgrade): string[] {
  const program = programOf(upgrade);
  const steps: readonly RestoreStep[] = [
    ...upgradePhases(upgrade, program).flatMap((phase) => phase.steps),
    ...wayBackSteps(upgrade, program),
  ];
  return steps.flatMap((step) => [
    step.title,
    ...(step.commands ?? []),
    ...(step.beforePlan ?? []),
    ...(step.verify ?? []),
    ...(step.undo ?? []),
    ...(step.notes ?? []),
    step.programChange ?? "",
  ]);
}

/** @internal */
export function upgradeMarkdown(upgrade: MajorUpgrade, values: OutputValues, stackId: string): string {
  const { server, from, to } = upgrade;
  const program = programOf(upgrade);
  const phases = upgradePhases(upgrade, program);
  const { mechanism } = server.majorUpgrade as MajorUpgradeProcedure;
  const back = wayBackSteps(upgrade, program);
  return `${[
    `# Upgrade ${server.node.path} from ${from.label} to ${to.label}`,
    `Written by the program at every synthesis; changes by hand are lost. Stack: ${stackId}. Mechanism: ${mechanism}. No cloud has run these commands for the library: try them on a copy of the server.`,
    "## Before",
    code("bash", [
      '# In the folder of the program that synthesizes the stack.\nexport PROGRAM="$PWD"',
      `cd "$PROGRAM/${program.stackFolder}"\nterraform init -input=false`,
      ...values.assignments(upgradeTexts(upgrade)),
    ]),
    "## Steps",
    diagram(phases),
    ...phases.map((phase, i) => phaseSection(phase, i + 1, values)),
    "## Way back",
    "The old version comes back from the backup, without the changes since then. The upgraded server is kept until you delete it.",
    ...back.map((step, i) => stepSection(step, `${i + 1}`, values)),
  ].join("\n\n")}\n`;
}

function programOf(upgrade: MajorUpgrade): ProgramCommands {
  return {
    synthesize: upgrade._props.synthesize ?? "npx cdktf synth",
    stackFolder: `cdktf.out/stacks/${TerraformStack.of(upgrade).node.id}`,
  };
}
