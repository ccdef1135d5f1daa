// Effects on database servers that depend on the date, or on other findings of the server.

import { SERVER_SUPPORT, type ServerSupport } from "../data/server-support";
import { pairsAt, rootOf } from "../plan/differences";
import type { PlannedChange } from "../plan/read-plan";
import { entry, member, textOf } from "../plan/values";
import type { SecondOrder, WholePlan } from "./second-order";

const CHANGING: readonly string[] = ["create", "update", "replace", "replace-and-forget"];

/** Servers of the plan whose major version is past its standard support: what the cloud charges, or does instead. */
export function endedSupport({ changes, today }: WholePlan): SecondOrder[] {
  return changes.flatMap((planned): SecondOrder[] => {
    const support = entry(SERVER_SUPPORT, planned.type);
    if (support === undefined || today === undefined || !CHANGING.includes(planned.action)) return [];
    const after = member(planned.change, "after");
    const ends = supportEnds(support, after);
    if (ends === undefined || ends[0] >= today) return [];
    const [standard, extended] = ends;
    const isNew = planned.action !== "update" || versionChanges(planned, support);
    const verb = isNew ? "gets" : "keeps";
    const version = `The server ${verb} a major version whose standard support ended on ${standard}`;
    const about = { of: planned, source: support.source, ...(isNew ? { path: support.version } : {}) };
    const { refusal } = support;
    if (refusal !== undefined && member(after, refusal.path) === refusal.value) {
      const isCreated = planned.action !== "update";
      return [
        {
          ...about,
          rule: "SUPPORT-ENDED",
          effects: [isCreated ? "failure" : "outage"],
          when: isCreated ? "now" : "later",
          // From a snapshot or a point in time, RDS restores and upgrades.
          certainty: "likely",
          words: isCreated
            ? `${version}, and ${refusal.path} refuses extended support: RDS does not create it; a restored server it upgrades to a newer major version.`
            : `${version}, and ${refusal.path} refuses extended support: RDS upgrades it to a newer major version, with an outage.`,
          next: "Choose a newer major version.",
        },
      ];
    }
    const isOver = extended < today;
    return [
      {
        ...about,
        rule: "EXTENDED-SUPPORT-CHARGED",
        effects: isOver ? ["cost", "outage"] : ["cost"],
        when: isOver ? "later" : "now",
        certainty: isOver ? "likely" : "known",
        words: isOver
          ? `${version}; extended support ended on ${extended}: the cloud upgrades the server to a newer major version.`
          : `${version}: extended support is charged by vCPU and hour, for a standby too, until ${extended} at the latest.`,
        next: "Upgrade to a newer major version; a restored copy shows first whether the applications work with it.",
      },
    ];
  });
}

function versionChanges({ change }: PlannedChange, { version }: ServerSupport): boolean {
  return pairsAt(rootOf(change), version).some(({ before, after }) => before !== after);
}

/** Last days of standard and extended support of a server, from its arguments. */
export function supportEnds(support: ServerSupport, values: unknown): readonly [string, string] | undefined {
  const found = engineMajor(support, values);
  return found && entry(found.ends, found.major);
}

/** Major version of a server, with the dates of its engine's versions. */
export function engineMajor(
  support: ServerSupport,
  values: unknown,
): { readonly major: string; readonly ends: ServerSupport["ends"][string] } | undefined {
  const version = textOf(member(values, support.version)) ?? "";
  // Cloud SQL: POSTGRES_17, MYSQL_8_0.
  const engine =
    support.engine === undefined
      ? /^[A-Z]+/.exec(version)?.[0].toLowerCase()
      : textOf(member(values, support.engine));
  const [first = "", second = ""] = version.match(/\d+/g) ?? [];
  const ends = entry(support.ends, engine ?? "");
  return ends && { major: engine === "mysql" ? `${first}.${second}` : first, ends };
}

/** Servers whose changes wait for the maintenance window: the next plans show them again. */
export function waitingChanges({ changes, findings }: WholePlan): SecondOrder[] {
  const waiting = new Set(
    findings.filter(({ when }) => when === "maintenance window").map(({ address }) => address),
  );
  return changes
    .filter(
      ({ type, action, address }) => WITH_WINDOW.has(type) && action === "update" && waiting.has(address),
    )
    .map(
      (planned): SecondOrder => ({
        rule: "PLAN-REPEATS-UNTIL-WINDOW",
        of: planned,
        effects: [],
        when: "maintenance window",
        words:
          "The apply only registers the change; until the maintenance window, each plan shows the same difference again, and the outage comes without a run of Terraform.",
        next: "Announce the window. An apply with apply_immediately = true makes all waiting changes at once.",
        certainty: "likely",
        source:
          "https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/website/docs/r/db_instance.html.markdown",
      }),
    );
}

const WITH_WINDOW = new Set(["aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance"]);
