// The steps of a scenario in their order: keys, network, stop, databases, objects, secrets, release, checks.

import {
  type Protection,
  type RecoveryKey,
  RecoveryScenario,
  type RestoreProcedure,
  type RestoreStep,
} from "../../database";
import { DataKind } from "../inventory/data-inventory";
import { covering, type DataCoverage } from "../plan/coverage";
import type { RecoveryPlan } from "../plan/recovery-plan";

/** Phase of a restore. @internal */
export interface Phase {
  readonly title: string;
  readonly steps: RestoreStep[];
  /** Sentences about data that no step brings back, and about other mechanisms. */
  readonly remarks: readonly string[];
}

/** Commands around the program's Terraform run. @internal */
export interface ProgramCommands {
  /** Command that synthesizes the program, run in its folder. */
  readonly synthesize: string;
  /** Folder of the synthesized stack, from the folder of the program. */
  readonly stackFolder: string;
}

const { LOST_DATABASE, LOST_CLUSTER, LOST_REGION, BAD_MIGRATION, DELETED_OBJECTS } = RecoveryScenario;

/** Scenarios in which the application runs and has to be stopped first. */
const RUNNING: readonly RecoveryScenario[] = [LOST_DATABASE, BAD_MIGRATION, DELETED_OBJECTS];

/** Titles of the scenarios. @internal */
export const TITLES: { readonly [scenario in RecoveryScenario]: string } = {
  [LOST_DATABASE]: "Lost database",
  [LOST_CLUSTER]: "Lost cluster",
  [LOST_REGION]: "Lost region",
  [BAD_MIGRATION]: "Bad migration: back to a point in time",
  [DELETED_OBJECTS]: "Deleted objects",
};

const APPLY = "Apply the program";

const PHASES: readonly (readonly [string, readonly DataKind[]])[] = [
  ["Network and cluster", [DataKind.CLUSTER_CONFIGURATION]],
  ["Databases", [DataKind.DATABASE]],
  [
    "Objects, repositories and volumes",
    [DataKind.OBJECT_STORE, DataKind.REPOSITORIES, DataKind.IMAGE_REGISTRY, DataKind.VOLUMES],
  ],
  ["Secrets and application configuration", [DataKind.SECRETS, DataKind.APPLICATION_CONFIGURATION]],
];

/** @returns the phases with steps or remarks. @internal */
export function phasesOf(plan: RecoveryPlan, scenario: RecoveryScenario, given: ProgramCommands): Phase[] {
  const { application } = plan;
  const lost = plan.coverage.filter((each) => each.lostIn.includes(scenario));
  const running = RUNNING.includes(scenario);
  const program = scenario === LOST_REGION ? { ...given, stackFolder: "cdktf.out/stacks/$NEW_STACK" } : given;
  const [network, ...data] = PHASES.map(([title, kinds]) =>
    dataPhase(
      title,
      lost.filter(({ item }) => kinds.includes(item.kind)),
      scenario,
      program,
    ),
  );
  if (scenario === LOST_REGION) network?.steps.unshift(otherRegion());
  const keys: Phase = { title: "Keys", steps: keySteps(keysOf(lost, scenario)), remarks: [] };
  const stop: Phase = { title: "Stop the writes", steps: [...application.stop], remarks: [] };
  const version: Phase = {
    title: "Version of the release",
    steps: scenario === BAD_MIGRATION ? [...application.rollback] : [],
    remarks: [],
  };
  const start: Phase = { title: "Start", steps: [...application.start], remarks: [] };
  const checks: Phase = { title: "Checks", steps: [...application.checks], remarks: [] };
  const [databases, objects, secrets] = data as [Phase, Phase, Phase];
  const firstSteps = application.installsFirst ? [databases, secrets] : data;
  const applied = firstSteps.some(({ steps }) => steps.some(isApply));
  const install: Phase = {
    title: "Release",
    // A restore before may have applied the whole program.
    steps: [...(applied ? [] : [applyStep(program)]), ...application.release],
    remarks: [],
  };
  const startedEarly = !running && stopAfterFirstApply(firstSteps, stop.steps);
  const phases: Phase[] = running
    ? [keys, stop, version, databases, objects, secrets, start, checks]
    : application.installsFirst
      ? [keys, network as Phase, databases, secrets, install, stop, objects, start, checks]
      : [
          keys,
          network as Phase,
          databases,
          objects,
          secrets,
          install,
          ...(startedEarly ? [start] : []),
          checks,
        ];
  return phases.filter(({ steps, remarks }) => steps.length > 0 || remarks.length > 0);
}

/**
 * Stops the application after the first apply, which starts it, if data is restored later: a running application writes to a database
 * that is overwritten, and creates the volumes that a restore then leaves out.
 *
 * @returns true if steps were added.
 */
function stopAfterFirstApply(phases: readonly Phase[], stop: readonly RestoreStep[]): boolean {
  const phase = phases.find(({ steps }) => steps.some(isApply));
  const steps = phases.flatMap((each) => each.steps);
  if (phase === undefined || steps.slice(steps.findIndex(isApply) + 1).every(isApply)) return false;
  phase.steps.splice(phase.steps.findIndex(isApply) + 1, 0, ...stop);
  return stop.length > 0;
}

function isApply({ title }: RestoreStep): boolean {
  return title === APPLY;
}

function appliedLater({ appliesProgram, programChange }: RestoreStep): boolean {
  return appliesProgram === true || programChange !== undefined;
}

/** Other mechanism of some data, for the case that the first one fails. @internal */
export interface OtherWay {
  readonly mechanism: string;
  /** Ids of the items that it brings back. */
  readonly data: string[];
  readonly keys: readonly RecoveryKey[];
  readonly steps: RestoreStep[];
}

/**
 * Procedures that are named as a second way, that no scenario begins with, and that have steps: one mechanism may have others for a lost
 * region, which it alone outlives, than for a lost database.
 *
 * @internal
 */
export function otherWays(plan: RecoveryPlan, program: ProgramCommands): OtherWay[] {
  const first = new Set<RestoreProcedure>();
  const ways = new Map<RestoreProcedure, OtherWay>();
  for (const each of plan.coverage) {
    for (const scenario of each.lostIn) {
      const [main, ...others] = covering(each, scenario);
      const began = main && procedureOf(main, scenario);
      if (began) first.add(began);
      for (const other of others) {
        const procedure = procedureOf(other, scenario);
        if (procedure === undefined) continue;
        const way = ways.get(procedure) ?? {
          mechanism: other.mechanism,
          data: [],
          keys: other.keys ?? [],
          steps: stepsOf(other, scenario, program),
        };
        if (!way.data.includes(each.item.id)) way.data.push(each.item.id);
        ways.set(procedure, way);
      }
    }
  }
  return [...ways]
    .filter(([procedure, { steps }]) => !first.has(procedure) && steps.length > 0)
    .map(([, way]) => way);
}

function procedureOf({ procedures }: Protection, scenario: RecoveryScenario): RestoreProcedure | undefined {
  return procedures.find(({ scenarios }) => scenarios.includes(scenario));
}

/** Steps of a mechanism in a scenario, with the runs of the program between them. */
function stepsOf(
  protection: Protection,
  scenario: RecoveryScenario,
  program: ProgramCommands,
): RestoreStep[] {
  const { source } = protection;
  return (procedureOf(protection, scenario)?.steps ?? []).flatMap((step) => {
    if (!appliedLater(step)) return [{ source, ...step }];
    // What an apply brings about is there after it only.
    return [{ source, ...step, verify: undefined }, applyStep(program, step.beforePlan, step.verify)];
  });
}

/** Keys that a scenario needs, each once. @internal */
export function keysOf(lost: readonly DataCoverage[], scenario: RecoveryScenario): RecoveryKey[] {
  const all = lost.flatMap((each) => [
    ...(each.item.keys ?? []),
    ...covering(each, scenario)
      .slice(0, 1)
      .flatMap(({ keys }) => keys ?? []),
  ]);
  return all.filter(
    (key, i) => all.findIndex(({ name, location }) => name === key.name && location === key.location) === i,
  );
}

/** @internal */
export function keySteps(keys: readonly RecoveryKey[]): RestoreStep[] {
  return keys.map(({ name, location, check }) => ({
    title: `Make sure that ${name} is there: ${location}`,
    verify: check === undefined ? undefined : [check],
    notes: check === undefined ? ["Without it the restored data cannot be read."] : undefined,
  }));
}

function dataPhase(
  title: string,
  lost: readonly DataCoverage[],
  scenario: RecoveryScenario,
  program: ProgramCommands,
): Phase {
  const steps: RestoreStep[] = [];
  const verifyLater: string[] = [];
  const remarks: string[] = [];
  for (const each of lost) {
    const [main, ...others] = covering(each, scenario);
    if (!main) {
      const gap = each.gaps.find((found) => found.scenario === scenario);
      const because = gap?.acceptedBecause === undefined ? "" : ` Accepted: ${gap.acceptedBecause}.`;
      remarks.push(
        `**Not covered**: ${each.item.description}. Nothing brings it back in this scenario.${because}`,
      );
      continue;
    }
    const procedure = main.procedures.find(({ scenarios }) => scenarios.includes(scenario));
    for (const step of procedure?.steps ?? []) {
      // Items on one server or in one store share their steps.
      const same = steps.some(
        (other) => other.title === step.title && `${other.commands}` === `${step.commands}`,
      );
      if (same) continue;
      const late = appliedLater(step) ? [...(step.verify ?? [])] : [];
      steps.push({ source: main.source, ...step, verify: late.length > 0 ? undefined : step.verify });
      if (step.appliesProgram) steps.push(applyStep(program, step.beforePlan, late));
      else verifyLater.push(...late);
    }
    remarks.push(`${each.item.description} (\`${each.item.id}\`) comes back from ${main.mechanism}.`);
    for (const other of others) {
      remarks.push(`If that fails: ${each.item.id} is also in ${other.mechanism} (${other.location}).`);
    }
  }
  if (steps.some(({ programChange }) => programChange !== undefined)) {
    steps.push(
      applyStep(
        program,
        steps.filter(({ appliesProgram }) => !appliesProgram).flatMap((step) => step.beforePlan ?? []),
        verifyLater,
      ),
    );
  }
  return { title, steps, remarks };
}

/** The stack of another region has a state that the lost one's does not touch. */
function otherRegion(): RestoreStep {
  return {
    title: "Add a stack of the other region to the program",
    inputs: [{ name: "NEW_STACK", description: "Construct id of the new stack", example: "recovery" }],
    notes: [
      "It has another construct id, and so another state, and the region, cluster and network of the other region. The stack of the lost region stays as it is: Terraform must not be run on it until the region is back.",
      "Read the phase of the objects first. The new stack takes the stores that outlive the region by their names, instead of creating its own, and a failover of a storage account is done before the first apply.",
    ],
  };
}

/** Synthesizes, plans and applies the program. @internal */
export function applyStep(
  { synthesize, stackFolder }: ProgramCommands,
  beforePlan: readonly string[] = [],
  verify: readonly string[] = [],
): RestoreStep {
  return {
    title: APPLY,
    commands: [
      `(cd "$PROGRAM" && ${synthesize})`,
      `cd "$PROGRAM/${stackFolder}"`,
      // A new stack and a fresh checkout have no providers yet; otherwise it changes nothing.
      "terraform init -input=false",
      ...beforePlan,
      "terraform plan -out=restore.tfplan",
      "terraform show -no-color restore.tfplan | grep -E '^ *# .* (will be destroyed|must be replaced|will be replaced)' || true",
      "terraform apply restore.tfplan",
    ],
    permissions: ["the permissions of every apply"],
    notes: [
      "Pass the variables of every apply, as `TF_VAR_...` or `-var-file`; those that are ephemeral are needed at plan and at apply.",
      "The command before the apply must print nothing that holds data: a server, a bucket, a key or a namespace. If it does, stop and compare the program with its last applied version.",
      "The plan behind the apply must say `No changes`.",
    ],
    // `No changes`, and exit code 0.
    verify: ["terraform plan -detailed-exitcode", ...verify],
    source: "https://developer.hashicorp.com/terraform/cli/commands/plan",
  };
}
