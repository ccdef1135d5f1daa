// Changes outside Terraform, by the rules of planned changes: what a person turned off in the console has the same effect as the same
// change in a plan, but it is in force already.

import { EFFECTS } from "../data/effects";
import type { Finding } from "../finding";
import type { Pair } from "../plan/differences";
import type { Plan, PlannedChange } from "../plan/read-plan";
import { type Configuration, plainAddress } from "../plan/references";
import { shownDifference } from "../plan/shown";
import { kindOf } from "../text";
import { holdsData, isConfigured, judge, type Match } from "./engine";
import { ofMatch } from "./findings";
import { withoutOwnRules } from "./security-group-drift";

/** Drift in words, and its effects. */
export interface Drift {
  /** `address: attribute before -> after`, with the worst effect. */
  readonly lines: readonly string[];
  /** Effects of a plan of the option `-refresh-only`; any other plan sets the values back, and its changes are judged as such. */
  readonly findings: readonly Finding[];
}

const NEXT =
  "Plan and apply the program to set it back, or write the value into the program. This plan only records it in the state.";

/**
 * The drift of a plan that matters.
 *
 * @param isRefreshOnly true for a plan of the option `-refresh-only`: all drift that matters is told, and not only that on which the plan depends.
 */
export function driftOf(plan: Plan, configuration: Configuration, isRefreshOnly: boolean): Drift {
  const lines: string[] = [];
  const findings: Finding[] = [];
  for (const found of plan.drift) {
    if (found.action === "destroy") {
      lines.push(`${found.address}: deleted outside Terraform`);
      if (isRefreshOnly) findings.push(deleted(found, configuration));
      continue;
    }
    const each = withoutOwnRules(found, plan.priorState);
    const configured = configuration.argumentsOf(each.address);
    const { matches, differences } = judge(each, configured);
    const telling = matches.filter((match) => match.pair !== undefined && match.rule.effects.length > 0);
    const isTold = ({ at }: Pair) => telling.some(({ pair }) => pair !== undefined && touches(pair.at, at));
    const isRelevant = isRefreshOnly
      ? // An attribute that only the provider computes, and no rule knows, is no drift that matters.
        (pair: Pair) => isTold(pair) || configured === undefined || isConfigured(configured, pair.path)
      : dependsOn(plan, each);
    const shown = differences.filter(isRelevant);
    if (shown.length === 0) continue;
    const texts = shown.map((pair) => withEffect(each.type, pair, telling));
    lines.push(`${each.address}: ${texts.join(", ")}`);
    if (isRefreshOnly) findings.push(...telling.map((match) => inForce(ofMatch(each, match, configuration))));
  }
  return { lines, findings };
}

/** Attributes that the plan's values come from. */
function dependsOn({ relevant }: Plan, { address }: PlannedChange): (pair: Pair) => boolean {
  const paths = [...(relevant.get(address) ?? []), ...(relevant.get(plainAddress(address)) ?? [])];
  return ({ path }) => paths.some((one) => touches(one, path));
}

function touches(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

function withEffect(type: string, pair: Pair, telling: readonly Match[]): string {
  const effects = telling
    .filter((match) => match.pair !== undefined && touches(match.pair.at, pair.at))
    .flatMap(({ rule }): readonly string[] => rule.effects);
  const worst = [...EFFECTS.keys()].find((effect) => effects.includes(effect));
  return `${shownDifference(type, pair)}${worst === undefined ? "" : ` (${worst})`}`;
}

function inForce(finding: Finding): Finding {
  return {
    ...finding,
    id: `DRIFT-${finding.id}`,
    rule: `DRIFT-${finding.rule}`,
    action: "drift",
    // The change has been made: nothing waits for a window any more.
    when: finding.when === "maintenance window" ? "now" : finding.when,
    next: NEXT,
  };
}

function deleted(found: PlannedChange, configuration: Configuration): Finding {
  const kind = kindOf(found.type).one;
  const hasData = holdsData(found.type);
  return {
    id: `DRIFT-DELETED:${found.address}`,
    rule: "DRIFT-DELETED",
    address: found.address,
    type: found.type,
    action: "drift",
    effects: [hasData ? "data-loss" : "outage"],
    when: "now",
    words: `The ${kind} was deleted outside Terraform. The next plan of the program creates it anew${hasData ? ", empty" : ""}.`,
    next: hasData
      ? "Restore it and import it, or let the program create an empty one."
      : "Plan and apply the program to create it again.",
    certainty: "known",
    affected: configuration.applicationsOf(found.address),
  };
}
