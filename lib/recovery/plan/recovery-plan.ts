import { Construct } from "constructs";
import type { Protection, RecoveryKey, RecoveryScenario, ScheduledRehearsal } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import type { ApplicationRecovery, DataItem, IRecoverable } from "../inventory/data-inventory";
import type { RehearsalResult } from "../inventory/rehearsal-result";
import { OutputValues } from "../private/output-values";
import { covering, type DataCoverage, lostIn, type RecoveryGap, SCENARIOS } from "./coverage";
import { planJson, planMarkdown, planText } from "./plan-report";

/** Mechanism that protects one item of the inventory. */
export interface PlannedProtection {
  /** Id of the item. */
  readonly data: string;
  /** The mechanism, such as that of a backup construct. */
  readonly protection: Protection;
}

/** Rehearsal on a schedule that restores one item of the inventory. */
export interface PlannedRehearsal {
  /** Id of the item. */
  readonly data: string;
  /** The rehearsal, such as that of a `RestoreRehearsal`. */
  readonly rehearsal: ScheduledRehearsal;
}

/** Gap that the program accepts. Recorded as an opt-out. */
export interface AcceptedGap {
  /** Id of the item. */
  readonly data: string;
  /** Scenario that loses it. */
  readonly scenario: RecoveryScenario;
  /** Reason, for the review and the runbook. */
  readonly reason: string;
}

/** Properties of a `RecoveryPlan`. */
export interface RecoveryPlanProps {
  /** The application, which declares its data. */
  readonly application: IRecoverable;
  /** Data that the application does not know, such as repositories on its own machines. @default - none */
  readonly additionalData?: readonly DataItem[];
  /** Mechanisms beside those that the parts report themselves: backup constructs, backups outside the program. @default - none */
  readonly protections?: readonly PlannedProtection[];
  /** Gaps of user data that the program accepts, by item and scenario. Each is recorded as an opt-out. @default - none */
  readonly acceptedGaps?: readonly AcceptedGap[];
  /**
   * Rehearsals that run on a schedule, each of a mechanism that the item has. The reports name them with the commands that print their last
   * results. @default - none: "not rehearsed"
   */
  readonly scheduledRehearsals?: readonly PlannedRehearsal[];
  /** Results of rehearsals, from which measured times are stated. @default - none */
  readonly rehearsals?: readonly RehearsalResult[];
}

/**
 * Recovery plan of an application: for each piece of its data the place, the backup mechanisms, how far back they go, the loss to expect
 * and the keys that a restore needs. A scenario without a mechanism is a warning; if the item holds user data it is an error, unless
 * `acceptedGaps` names it. Creates no resources.
 *
 * @example
 * const plan = new RecoveryPlan(this, "recovery", {
 *   application,
 *   acceptedGaps: [
 *     { data: "database", scenario: RecoveryScenario.LOST_REGION, reason: "the platform is rebuilt empty in another region" },
 *   ],
 * });
 * process.stdout.write(plan.toText());
 */
export class RecoveryPlan extends Construct {
  /**
   * Gaps that a plan with these properties has, accepted or not; creates nothing.
   *
   * @param props the properties of the plan.
   */
  public static gapsOf(props: RecoveryPlanProps): RecoveryGap[] {
    const items = [...props.application.recovery.data, ...(props.additionalData ?? [])];
    return items.flatMap((item) => [...coverageOf(item, props).gaps]);
  }

  /** Data of the application and the steps of its restore. */
  public readonly application: ApplicationRecovery;
  /** Each piece of data with its mechanisms and gaps. */
  public readonly coverage: readonly DataCoverage[];
  private readonly checks: SynthChecks;

  public constructor(scope: Construct, id: string, props: RecoveryPlanProps) {
    super(scope, id);
    requireProps(this.node.path, "RECOVERY", props, { application: true });
    this.checks = new SynthChecks(this, "RECOVERY");
    this.application = props.application.recovery;
    const items = [...this.application.data, ...(props.additionalData ?? [])];
    this.checkReferences(items, props);
    this.coverage = items.map((item) => coverageOf(item, props));
    this.reportGaps(props.acceptedGaps ?? []);
  }

  /** Keys that restores need, each once. */
  public get keys(): RecoveryKey[] {
    const all = this.coverage.flatMap(({ item, protections }) => [
      ...(item.keys ?? []),
      ...protections.flatMap(({ keys }) => keys ?? []),
    ]);
    return all.filter(
      (key, i) => all.findIndex(({ name, location }) => name === key.name && location === key.location) === i,
    );
  }

  /** The plan as plain text, for a terminal. */
  public toText(): string {
    return planText(this, new OutputValues(this));
  }

  /** The plan as a Markdown table, for a page or a pull request. */
  public toMarkdown(): string {
    return planMarkdown(this, new OutputValues(this));
  }

  /** The plan as JSON text, for programs: an object with `application` and `data`. */
  public toJson(): string {
    return planJson(this, new OutputValues(this));
  }

  private checkReferences(items: readonly DataItem[], props: RecoveryPlanProps): void {
    const { checks } = this;
    const ids = items.map(({ id }) => id);
    for (const [i, item] of items.entries()) {
      checks.matches(
        `data[${i}].id`,
        item.id,
        /^[a-z][a-z0-9-]*$/,
        "must be lower-case letters, digits and hyphens, a letter first",
      );
      checks.check(
        `data[${i}].id`,
        item.id,
        () => ids.indexOf(item.id) === i,
        "must be the id of one item; rename one of the two",
      );
      const protections = protectionsOf(item, props);
      const keys = [...(item.keys ?? []), ...protections.flatMap((protection) => protection.keys ?? [])];
      for (const key of keys) {
        checks.check(
          `${item.id}.keys.location`,
          key.location,
          () => key.location.trim() !== "" && key.name.trim() !== "",
          `must be the place of the key ${key.name} outside the data that it opens; without it no restore can read ${item.id}`,
        );
      }
      for (const { mechanism, retentionDays } of protections) {
        checks.check(
          `${item.id}.retentionDays`,
          retentionDays,
          () => (retentionDays as number) > 0,
          `must be more than 0 days; leave out a mechanism that keeps nothing: ${mechanism}`,
        );
      }
    }
    const named: [string, readonly { readonly data: string }[]][] = [
      ["protections", props.protections ?? []],
      ["acceptedGaps", props.acceptedGaps ?? []],
      ["scheduledRehearsals", props.scheduledRehearsals ?? []],
      ["rehearsals", props.rehearsals ?? []],
    ];
    for (const [property, list] of named) {
      for (const [i, { data }] of list.entries()) {
        checks.check(
          `${property}[${i}].data`,
          data,
          () => ids.includes(data),
          `must be the id of an item: ${ids.join(", ")}`,
        );
      }
    }
    for (const [i, { data, rehearsal }] of (props.scheduledRehearsals ?? []).entries()) {
      const item = items.find(({ id }) => id === data);
      if (item === undefined) continue;
      const has = protectionsOf(item, props).map(({ mechanism }) => mechanism);
      if (!rehearsal.mechanisms.some((mechanism) => has.includes(mechanism))) {
        checks.fail(
          `scheduledRehearsals[${i}].mechanisms`,
          rehearsal.mechanisms.join(", "),
          `must have a mechanism of ${data}: ${has.join(", ") || "there is none"}; add its protection to protections, or name the data that the rehearsal restores`,
        );
      }
    }
    for (const [i, result] of (props.rehearsals ?? []).entries()) {
      checks.check(
        `rehearsals[${i}].finishedAt`,
        result.finishedAt,
        () => !Number.isNaN(Date.parse(result.finishedAt)),
        "must be an ISO 8601 time, such as 2026-11-27T04:12:00Z",
      );
    }
  }

  private reportGaps(accepted: readonly AcceptedGap[]): void {
    const { checks } = this;
    const gaps = this.coverage.flatMap((each) => each.gaps);
    for (const [i, { data, scenario, reason }] of accepted.entries()) {
      checks.matches(`acceptedGaps[${i}].reason`, reason, /\S/, "must be the reason, in words");
      const known = this.coverage.some(({ item }) => item.id === data);
      if (known && !gaps.some((gap) => gap.data === data && gap.scenario === scenario)) {
        checks.fail(
          `acceptedGaps[${i}]`,
          `${data}: ${scenario}`,
          "must be a gap, and this scenario is covered or does not lose the data; remove the entry",
        );
      }
    }
    for (const gap of gaps) {
      const { data, scenario } = gap;
      if (gap.acceptedBecause !== undefined) {
        checks.optOut(`acceptedGaps: ${data} is lost in the scenario ${scenario}: ${gap.acceptedBecause}`);
      } else if (gap.holdsUserData) {
        const why = gap.unknown ? ", of whose backups the program knows nothing" : "";
        checks.fail(
          "protections",
          `none for ${data}: ${scenario}`,
          `must cover the loss of user data${why}; add a backup construct or a protection for "${data}", or accept the gap with acceptedGaps`,
        );
      } else {
        checks.warn(
          `protections: nothing covers ${data} in the scenario ${scenario}; it has to be rebuilt`,
          "protections.gap",
        );
      }
    }
  }
}

function addedTo<T extends { readonly data: string }>(
  item: DataItem,
  planned: readonly T[] | undefined,
): readonly T[] {
  return (planned ?? []).filter(({ data }) => data === item.id);
}

function protectionsOf(item: DataItem, props: RecoveryPlanProps): Protection[] {
  return [
    ...(item.protections ?? []),
    ...addedTo(item, props.protections).map(({ protection }) => protection),
  ];
}

function coverageOf(item: DataItem, props: RecoveryPlanProps): DataCoverage {
  const protections = protectionsOf(item, props);
  const scenarios = lostIn(item);
  const gaps: RecoveryGap[] = scenarios
    .filter((scenario) => covering({ item, protections }, scenario).length === 0)
    .map((scenario) => ({
      data: item.id,
      scenario,
      holdsUserData: item.holdsUserData,
      unknown: item.protections === undefined && protections.length === 0,
      acceptedBecause: props.acceptedGaps?.find((gap) => gap.data === item.id && gap.scenario === scenario)
        ?.reason,
    }));
  return {
    item,
    lostIn: SCENARIOS.filter((scenario) => scenarios.includes(scenario)),
    protections,
    gaps,
    scheduledRehearsals: addedTo(item, props.scheduledRehearsals).map(({ rehearsal }) => rehearsal),
    rehearsals: addedTo(item, props.rehearsals),
  };
}
