import { type AcceptedFinding, type AcceptedReport, acceptanceOf } from "./accepted-findings";
import { APPROVED_EFFECTS, EFFECTS } from "./data/effects";
import type { Finding, ResourceChange } from "./finding";
import { NotAPlanError, type Plan, type PlannedChange, readPlan } from "./plan/read-plan";
import { Configuration } from "./plan/references";
import { reasonOf, shownDifference } from "./plan/shown";
import { entry } from "./plan/values";
import { cleaned } from "./report/clean";
import { driftOf } from "./rules/drift";
import { type Judgement, judge } from "./rules/engine";
import { completed, findingsOf } from "./rules/findings";
import { type SecondOrder, secondOrder } from "./rules/second-order";
import { kindOf } from "./text";

/** Options of `reviewPlan`. */
export interface ReviewPlanOptions {
  /** Findings that the team accepts. @default - none */
  readonly acceptedFindings?: readonly AcceptedFinding[];
  /**
   * Effects that need an approval, of `data-loss`, `backup-loss`, `exposure`, `outage`, `failure`, `weaker`, `unknown`, `irreversible`, `slow`,
   * `cost`; or `any`.
   * @default - data-loss, backup-loss, exposure, outage, failure, weaker, unknown
   */
  readonly failOn?: readonly string[];
  /** The content of the `cdk.tf.json` that was planned; it has the connection budgets of the applications. @default - not compared */
  readonly stack?: unknown;
  /** Date on which accepted findings expire or not, and by which ends of support are told, as `2026-11-27`. @default - today */
  readonly today?: string;
}

/** Review of a plan. */
export interface PlanReview {
  /**
   * - `nothing to do`: the plan is complete and changes nothing.
   * - `changes`: no finding needs an approval.
   * - `approval needed`: at least one finding does.
   * - `incomplete`: the plan does not show everything that will change, or Terraform cannot apply it.
   */
  readonly verdict: string;
  /** Number of resources by action: `create`, `update`, `replace`, `replace-and-forget`, `destroy`, `forget`, and `import`, `move`, `defer`. */
  readonly counts: { readonly [action: string]: number };
  /** Effects that need an approval, the worst first. */
  readonly findings: readonly Finding[];
  /** Findings whose effects need no approval. */
  readonly notes: readonly Finding[];
  /** Findings that the team accepted. */
  readonly accepted: readonly Finding[];
  /** Entries of the accepted findings that expired or match nothing. */
  readonly acceptanceProblems: readonly string[];
  /** All changes of resources. */
  readonly changes: readonly ResourceChange[];
  /** Reasons why the plan is not the whole change. */
  readonly incomplete: readonly string[];
  /** `old address -> new address`. */
  readonly moved: readonly string[];
  /** Addresses of imported resources. */
  readonly imported: readonly string[];
  /** Addresses of deferred changes, with the reason. */
  readonly deferred: readonly string[];
  /**
   * Changes outside Terraform that this plan depends on, with the worst effect. Of a plan of the option `-refresh-only`, all of attributes
   * that the program sets or a rule knows; their effects are `findings` too.
   */
  readonly drift: readonly string[];
  /** Changed outputs: name and action. */
  readonly outputs: readonly string[];
  /** Failed checks: addresses. */
  readonly failedChecks: readonly string[];
}

/**
 * Review of a Terraform plan: what its changes do to data, backups, availability and exposure, with timing and source.
 *
 * Values are shown for an allow-list of attributes only; sensitive values never.
 *
 * @param plan the output of `terraform show -json` for a saved plan.
 * @param options accepted findings, effects that need an approval, and the synthesized stack.
 * @throws NotAPlanError for everything that is no plan of format version 1, and for a plan with errors or nested too deeply.
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function reviewPlan(plan: unknown, options: ReviewPlanOptions = {}): PlanReview {
  try {
    return reviewOf(readPlan(plan), options);
  } catch (error) {
    // The stack of calls is full.
    if (error instanceof RangeError) throw new NotAPlanError("Not reviewed: the plan is nested too deeply.");
    throw error;
  }
}

/**
 * Review of a plan that was read, with findings of another source beside those of the rules.
 *
 * @internal
 */
export function reviewOf(
  read: Plan,
  options: ReviewPlanOptions,
  more: readonly SecondOrder[] = [],
): PlanReview {
  const configuration = new Configuration(read.configuration);
  const judged = read.changes
    .filter(({ action }) => action !== "nothing" && action !== "read")
    .map((planned) => ({ planned, judgement: judge(planned, configuration.argumentsOf(planned.address)) }));
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const isRecord = isRefreshOnly(read);
  const drift = driftOf(read, configuration, isRecord);
  const all = allFindings(
    read,
    judged,
    configuration,
    { stack: options.stack, today },
    {
      found: drift.findings,
      second: more,
    },
  );
  const acceptance: AcceptedReport = acceptanceOf(all, options.acceptedFindings ?? [], today);
  const needsApproval = approves(options.failOn);
  const open = acceptance.open.filter(needsApproval);
  const changes = judged.map(({ planned }) => planned);
  const incomplete = reasonsOfIncompleteness(read, changes.length);
  const counts = countsOf(read, changes);
  const outputs = changedOutputs(read);
  return cleaned({
    verdict:
      incomplete.length > 0
        ? "incomplete"
        : open.length > 0
          ? "approval needed"
          : Object.values(counts).some((count) => count > 0) ||
              outputs.length > 0 ||
              (isRecord && drift.lines.length > 0)
            ? "changes"
            : "nothing to do",
    counts,
    findings: open,
    notes: acceptance.open.filter((finding) => !needsApproval(finding)),
    accepted: acceptance.accepted,
    acceptanceProblems: acceptance.problems,
    changes: judged.map(resourceChange),
    incomplete,
    moved: movedIn(read).map(({ previousAddress, address }) => `${previousAddress} -> ${address}`),
    imported: read.changes.filter(({ importing }) => importing).map(({ address }) => address),
    deferred: read.deferred.map(
      ({ change, reason }) => `${change.address} (${entry(DEFERRED, reason) ?? "reason not known"})`,
    ),
    drift: drift.lines,
    outputs,
    failedChecks: read.failedChecks,
  });
}

const SEVERITY: readonly string[] = [...EFFECTS.keys()];
const RANKS: ReadonlyMap<string, number> = new Map(SEVERITY.map((effect, rank) => [effect, rank]));

/** The worst effect of a finding; `none` without an effect. @internal */
export function worstEffect({ effects }: Finding): string {
  return SEVERITY[rankOf(effects)] ?? "none";
}

/** Rank of the worst of these effects; that of `none`, the last one, without any. */
function rankOf(effects: readonly string[]): number {
  return effects.reduce(
    (worst, effect) => Math.min(worst, RANKS.get(effect) ?? worst),
    RANKS.get("none") ?? 0,
  );
}

interface Judged {
  readonly planned: PlannedChange;
  readonly judgement: Judgement;
}

function allFindings(
  read: Plan,
  judged: readonly Judged[],
  configuration: Configuration,
  { stack, today }: ReviewPlanOptions,
  more: { readonly found: readonly Finding[]; readonly second: readonly SecondOrder[] },
): Finding[] {
  const single = judged.flatMap(({ planned, judgement }) => findingsOf(planned, judgement, configuration));
  const whole = secondOrder({ changes: read.changes, configuration, stack, today, findings: single });
  const completedOnes = [...whole, ...more.second].map((each) => completed(each, configuration));
  const findings = [...single, ...completedOnes, ...more.found];
  const unique = [...new Map(findings.map((finding) => [finding.id, finding])).values()];
  return unique
    .map((finding, index) => ({ finding, index, rank: rankOf(finding.effects) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ finding }) => finding);
}

function approves(failOn: readonly string[] = APPROVED_EFFECTS): (finding: Finding) => boolean {
  const wanted = new Set(failOn);
  return ({ effects }) =>
    wanted.has("any")
      ? effects.some((effect) => effect !== "none")
      : effects.some((effect) => wanted.has(effect));
}

function reasonsOfIncompleteness(plan: Plan, changes: number): string[] {
  return [
    ...(plan.deferred.length > 0
      ? [
          `${plan.deferred.length} ${plan.deferred.length === 1 ? "change is" : "changes are"} deferred to a later plan: review that one too`,
        ]
      : []),
    ...(plan.complete || plan.deferred.length > 0
      ? []
      : [
          "Terraform says that another plan is needed after this one (the option -target, or deferred changes): review that one too",
        ]),
    ...(plan.applyable === false && changes > 0 ? ["Terraform says that this plan cannot be applied"] : []),
  ];
}

function countsOf(plan: Plan, changes: readonly PlannedChange[]): { readonly [action: string]: number } {
  const counts: { [action: string]: number } = {};
  const add = (name: string, count: number) => {
    if (count > 0) counts[name] = count;
  };
  for (const action of ["create", "update", "replace", "replace-and-forget", "destroy", "forget"]) {
    add(action, changes.filter((each) => each.action === action).length);
  }
  add("import", plan.changes.filter(({ importing }) => importing).length);
  add("move", movedIn(plan).length);
  add("defer", plan.deferred.length);
  return counts;
}

function movedIn({ changes }: Plan): PlannedChange[] {
  return changes.filter(
    ({ previousAddress, address }) => previousAddress !== undefined && previousAddress !== address,
  );
}

function resourceChange({ planned, judgement }: Judged): ResourceChange {
  const { address, type, action, deposed, importing } = planned;
  const reason = [
    reasonOf(planned),
    deposed === undefined ? undefined : "deposed object of an earlier replacement",
    importing ? "imported" : undefined,
  ].filter((each) => each !== undefined);
  return {
    address,
    type,
    kind: kindOf(type).one,
    action,
    reason: reason.length > 0 ? reason.join("; ") : undefined,
    attributes: [...new Set(judgement.differences.map((pair) => shownDifference(type, pair)))],
  };
}

const DEFERRED: { readonly [reason: string]: string | undefined } = {
  instance_count_unknown: "count or for_each is known after the apply",
  resource_config_unknown: "its arguments are known after the apply",
  provider_config_unknown: "its provider's configuration is known after the apply",
  deferred_prereq: "it depends on a deferred change",
  absent_prereq: "a resource that it needs does not exist yet",
};

/**
 * A plan of the option `-refresh-only` changes nothing but the state: Terraform can apply it because of the drift alone.
 *
 * @see https://developer.hashicorp.com/terraform/cli/commands/plan#planning-modes
 */
function isRefreshOnly(plan: Plan): boolean {
  const { applyable, changes, drift } = plan;
  const isChange = ({ action, importing }: PlannedChange) =>
    importing || (action !== "nothing" && action !== "read");
  return applyable === true && drift.length > 0 && !changes.some(isChange) && movedIn(plan).length === 0;
}

function changedOutputs({ outputs }: Plan): string[] {
  return outputs.flatMap(({ name, change }) => {
    const actions = Array.isArray(change.actions) ? change.actions : [];
    const action = ["create", "update", "delete"].find((each) => actions.includes(each));
    return action === undefined
      ? []
      : [`${name}: ${{ create: "new", update: "changes", delete: "removed" }[action]}`];
  });
}
