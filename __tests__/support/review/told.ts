/** What the review says about a planned pair, and what it has to say. */
import { holdsData, judge } from "../../../lib/review/rules/engine";
import type { PlannedPair } from "./planned-pairs";
import type { RulePair } from "./rule-pairs";

/** The action, the rules that hold, and the differences without a rule of types that hold data. */
export interface Told {
  readonly resource: string;
  readonly action: string;
  /** Ids of the rules that hold; of harmless ones, only those that the pair names. */
  readonly rules: readonly string[];
  readonly uncovered: readonly string[];
}

export function told({ pair, change, configured }: PlannedPair): Told {
  const { matches, uncovered } = judge(change, configured);
  const held = matches.filter(({ rule }) => rule.effects.length > 0 || pair.rules.includes(rule.id));
  return {
    resource: pair.type,
    action: change.action,
    rules: [...new Set(held.map(({ rule }) => rule.id))].sort(),
    uncovered: change.action === "update" && holdsData(change.type) ? uncovered.map(({ at }) => at) : [],
  };
}

export function expected({ type, action, rules }: RulePair): Told {
  return { resource: type, action, rules: [...rules].sort(), uncovered: [] };
}
