// Findings of a planned change: the rules that hold, and what has to be said where no rule knows the effect.

import { EFFECTS } from "../data/effects";
import type { Finding } from "../finding";
import { differencesOf, type Pair, rootOf } from "../plan/differences";
import type { PlannedChange } from "../plan/read-plan";
import type { Configuration } from "../plan/references";
import { reasonOf, shownDifference } from "../plan/shown";
import { kindOf } from "../text";
import { holdsData, type Judgement, type Match } from "./engine";
import type { SecondOrder } from "./second-order";

/** The findings of one change. */
export function findingsOf(
  planned: PlannedChange,
  judgement: Judgement,
  configuration: Configuration,
): Finding[] {
  // A harmless change is listed among the changes; without an effect and later, it is a finding: "nothing until a restart".
  const telling = judgement.matches.filter(({ rule, when }) => rule.effects.length > 0 || when !== "now");
  const matched = telling.map((match) => ofMatch(planned, match, configuration));
  if (!holdsData(planned.type)) return matched;
  return [
    ...generic(planned, judgement, configuration),
    ...matched,
    ...notKnown(planned, judgement, configuration),
  ];
}

/** A finding of several resources in the form of all others. */
export function completed(second: SecondOrder, configuration: Configuration): Finding {
  const {
    rule,
    of: planned,
    path,
    effects,
    when,
    words,
    next,
    certainty = "known",
    source,
    affected,
  } = second;
  const pair =
    path === undefined ? undefined : differencesOf(rootOf(planned.change)).find((each) => each.path === path);
  return {
    ...base(planned, rule, pair, configuration),
    effects,
    when,
    words,
    next,
    certainty,
    source,
    ...(affected === undefined ? {} : { affected }),
  };
}

function base(planned: PlannedChange, rule: string, pair: Pair | undefined, configuration: Configuration) {
  const { address, type, action, deposed } = planned;
  const cause = pair ? shownDifference(type, pair) : action === "forget" ? undefined : reasonOf(planned);
  return {
    id: `${rule}:${address}${deposed === undefined ? "" : `:${deposed}`}${pair ? `:${pair.at}` : ""}`,
    rule,
    address,
    type,
    action,
    change: cause,
    affected: configuration.applicationsOf(address),
  };
}

/** The finding of a rule that holds. */
export function ofMatch(
  planned: PlannedChange,
  { rule, when, pair }: Match,
  configuration: Configuration,
): Finding {
  return {
    ...base(planned, rule.id, pair, configuration),
    effects: rule.effects,
    when,
    words: rule.words,
    next: rule.next ?? nextOf(rule.effects),
    certainty: rule.certainty ?? "known",
    source: rule.source,
  };
}

function nextOf(effects: readonly string[]): string {
  return EFFECTS.get(effects[0] ?? "none")?.next ?? "";
}

/** Destruction of data where no rule says what the action does: a bucket that is deleted only if it is empty loses none. */
function generic(planned: PlannedChange, { matches }: Judgement, configuration: Configuration): Finding[] {
  const { type, action } = planned;
  const kind = kindOf(type).one;
  const isSaid = matches.some(({ pair }) => pair === undefined);
  if (isSaid || (action !== "destroy" && action !== "replace")) return [];
  const words =
    action === "replace"
      ? `The ${kind} is destroyed with the data in it and created anew, empty.`
      : `The ${kind} is destroyed with the data in it.`;
  return [
    {
      ...base(planned, action === "replace" ? "REPLACED" : "DESTROYED", undefined, configuration),
      effects: ["data-loss"],
      when: "now",
      words,
      next: nextOf(["data-loss"]),
      certainty: "known",
    },
  ];
}

/** A changed attribute of a type that holds data, without a rule: never silence. */
function notKnown(planned: PlannedChange, { uncovered }: Judgement, configuration: Configuration): Finding[] {
  return uncovered.map((pair) => ({
    ...base(planned, "EFFECT-NOT-KNOWN", pair, configuration),
    effects: ["unknown"],
    when: "now",
    words: pair.unknown
      ? "The new value is known after the apply only, so its effect is not known."
      : "This review has no rule for this change of the attribute, so its effect is not known.",
    next: nextOf(["unknown"]),
    certainty: "likely",
  }));
}
