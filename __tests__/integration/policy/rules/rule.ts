/** Our own rules, for what no scanner has. One rule a file. */
import type { PlanJson } from "../../../support/terraform/plan";
import type { StackJson } from "../../../support/terraform/stacks";

export interface RuleInput {
  readonly stack: StackJson;
  /** The plan of the applied stack, in which every value is known. */
  readonly plan: PlanJson;
}

export interface Finding {
  readonly id: string;
  readonly resource: string;
  readonly message: string;
}

export interface RuleResult {
  readonly findings: readonly Finding[];
  /** What was looked at: a rule that saw nothing has shown nothing. */
  readonly scanned: number;
}

export type Rule = (input: RuleInput) => RuleResult;
