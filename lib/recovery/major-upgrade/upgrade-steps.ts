// The steps of a major version upgrade in their order: checks, replicas, stop, backup, upgrade, replicas again, start, end.

import {
  type DatabaseEngine,
  EngineFamily,
  type IReadReplica,
  type MajorUpgradeProcedure,
  ReplicaUpgrade,
  type RestoreStep,
} from "../../database";
import { applyStep, type Phase, type ProgramCommands } from "../runbook/scenario-steps";
import type { MajorUpgrade } from "./major-upgrade";

/** @returns the phases with steps. @internal */
export function upgradePhases(upgrade: MajorUpgrade, program: ProgramCommands): Phase[] {
  const { server, to } = upgrade;
  const procedure = server.majorUpgrade as MajorUpgradeProcedure;
  const { plan } = upgrade._props;
  const { application } = plan ?? {};
  const [removed, first, together] = [
    ReplicaUpgrade.REMOVED,
    ReplicaUpgrade.BEFORE_SOURCE,
    ReplicaUpgrade.WITH_SOURCE,
  ].map((way) => upgrade.replicas.filter((replica) => wayOf(replica, upgrade, procedure) === way)) as [
    IReadReplica[],
    IReadReplica[],
    IReadReplica[],
  ];
  const phases: Phase[] = [
    {
      title: "Checks",
      steps: [
        ...(procedure.checks ?? []),
        {
          ...applyStep(program),
          title: "Apply the program with the old version, which looks for what stops the upgrade",
        },
      ],
      remarks: [
        "The program before the upgrade fails with everything that it finds. Change it, and apply again. Try the upgrade on a copy of the server first: how long it takes depends on the number of tables, and what the program does not know shows there.",
      ],
    },
    {
      title: "Read replicas before the upgrade",
      steps: [
        ...(removed.length > 0 ? [removeReplicas(removed), applyStep(program)] : []),
        ...(first.length > 0 ? [upgradeReplicas(first, to), applyStep(program)] : []),
      ],
      remarks: together.map(
        ({ node }) => `${node.path} is upgraded by the service, together with the server.`,
      ),
    },
    { title: "Stop the writes", steps: [...(application?.stop ?? [])], remarks: [] },
    { title: "Backup", steps: [procedure.backup], remarks: [] },
    {
      title: "Upgrade",
      steps: [
        {
          title: `Change the version of ${server.node.path}`,
          programChange: [
            `// ${server.node.path}`,
            `engine: ${engineCode(to)},`,
            ...(procedure.switches ?? []),
          ].join("\n"),
          permissions: procedure.permissions,
          source: procedure.source,
        },
        applyStep(program, [], procedure.verify),
      ],
      remarks: [
        "The plan changes the server in place. If it says that the server is replaced or destroyed, stop.",
        "After the upgrade the same apply runs the program that updates extensions and gathers statistics. If it fails, apply again: it begins anew.",
        ...(procedure.limits ?? []),
      ],
    },
    {
      title: "Read replicas after the upgrade",
      steps: removed.length > 0 ? [addReplicas(removed), applyStep(program)] : [],
      remarks: [],
    },
    { title: "Start", steps: [...(application?.start ?? [])], remarks: [] },
    { title: "Checks of the application", steps: [...(application?.checks ?? [])], remarks: [] },
    { title: "End", steps: [end(upgrade, procedure), applyStep(program)], remarks: [] },
  ];
  return phases.filter(({ steps, remarks }) => steps.length > 0 || remarks.length > 0);
}

/** @internal */
export function wayBackSteps(upgrade: MajorUpgrade, program: ProgramCommands): RestoreStep[] {
  const { application } = upgrade._props.plan ?? {};
  const steps = (upgrade.server.majorUpgrade as MajorUpgradeProcedure).wayBack.flatMap((step) =>
    step.programChange === undefined
      ? [step]
      : [{ ...step, verify: undefined }, applyStep(program, step.beforePlan, step.verify)],
  );
  return [
    ...(application?.stop ?? []),
    ...steps,
    ...(application?.start ?? []),
    ...(application?.checks ?? []),
  ];
}

function wayOf(
  replica: IReadReplica,
  { server }: MajorUpgrade,
  procedure: MajorUpgradeProcedure,
): ReplicaUpgrade {
  const { location } = replica as { readonly location?: { readonly region?: string } };
  const elsewhere = location?.region !== server.location.region;
  return (elsewhere ? procedure.replicasOfOtherRegions : undefined) ?? procedure.replicas;
}

/** An engine as a program writes it. */
function engineCode({ family, majorVersion }: DatabaseEngine): string {
  const constant = `V${majorVersion.replace(".", "_")}`;
  return family === EngineFamily.POSTGRES
    ? `DatabaseEngine.postgres(PostgresVersion.${constant})`
    : `DatabaseEngine.mysql(MysqlVersion.${constant})`;
}

const paths = (replicas: readonly IReadReplica[]): string =>
  replicas.map(({ node }) => `// ${node.path}`).join("\n");

function removeReplicas(replicas: readonly IReadReplica[]): RestoreStep {
  return {
    title: "Remove the read replicas",
    programChange: `${paths(replicas)}\n// First apply: deletionPolicy: DeletionPolicy.DELETE. Second apply: without the construct.`,
    notes: [
      "The service does not replicate between these versions. Direct their clients to the server before; it must have connections and capacity for them.",
    ],
  };
}

function addReplicas(replicas: readonly IReadReplica[]): RestoreStep {
  return {
    title: "Create the read replicas again",
    programChange: `${paths(replicas)}\n// The constructs as they were, with their ids.`,
    notes: ["They copy the whole server; direct their clients to them when they have caught up."],
  };
}

function upgradeReplicas(replicas: readonly IReadReplica[], to: DatabaseEngine): RestoreStep {
  return {
    title: "Upgrade the read replicas first",
    programChange: `${paths(replicas)}\nengine: ${engineCode(to)},\napplyImmediately: true, // RDS only`,
    notes: ["A replica reads from an older server, not from a newer one."],
  };
}

function end({ node, server }: MajorUpgrade, { switches = [] }: MajorUpgradeProcedure): RestoreStep {
  return {
    title: "Remove what belongs to the upgrade",
    programChange: [
      `// ${node.path}: remove the construct MajorUpgrade.`,
      ...(switches.length > 0 ? [`// ${server.node.path}: remove these lines.`, ...switches] : []),
    ].join("\n"),
    notes: ["The plan destroys the objects of the program after the upgrade, and nothing else."],
  };
}
