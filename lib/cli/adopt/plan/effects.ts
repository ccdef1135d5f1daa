// Effects of differences, by the rules of the review.

import { compareStacks, type Finding } from "../../../review";
import type { AdoptedConstruct, AdoptedResource } from "../adopted-construct";
import { isMembers, type Members } from "../state/members";
import type { Difference } from "./differences";

/** An adopted resource with what a program would change of it. */
export interface Planned {
  /** Constant of the construct. */
  readonly construct: string;
  readonly resource: AdoptedResource;
  /** Terraform resource type. */
  readonly type: string;
  /** Terraform resource name. */
  readonly name: string;
  /** Present values. */
  readonly before: Members;
  readonly differences: readonly Difference[];
}

/** A change for later: what an argument becomes when its line is removed from the program. */
export interface LaterChange {
  /** Path of the resource in the construct. */
  readonly path: string;
  /** The argument, or the resource that is created. */
  readonly argument: string;
  /** Property that sets it; undefined for an argument that is held. */
  readonly property?: string;
  /** Present value, as JSON. */
  readonly now: string;
  /** Value of the library, as JSON. */
  readonly planned: string;
  /** Effects with their time, the worst first; empty if the review has no rule for the change. */
  readonly effects: readonly string[];
}

/** Effects that the first plan must not have. */
const REFUSED_EFFECTS = [
  "data-loss",
  "backup-loss",
  "exposure",
  "outage",
  "failure",
  "irreversible",
  "unknown",
];

/** Rules that every change of a server has, whatever the argument. */
const OF_EVERY_CHANGE = ["PLAN-REPEATS-UNTIL-WINDOW", "EXTENDED-SUPPORT-CHARGED"];

/** Changes from what is there to what the library does, one by one. */
export function laterChanges(
  { constant, absent, properties }: AdoptedConstruct,
  planned: readonly Planned[],
): LaterChange[] {
  const changes = planned
    .filter(({ construct }) => construct === constant)
    .flatMap((each) =>
      each.differences
        .filter(
          ({ isPlanned, isSensitive, path }) => isPlanned && !isSensitive && !isHarmless(each.resource, path),
        )
        .map((difference) => ({
          path: each.resource.path,
          argument: difference.path,
          property: each.resource.path === "Resource" ? properties[difference.path] : undefined,
          now: shown(difference.now),
          planned: plannedText(difference),
          effects: wordsOf(findingsOf(each, [difference])),
        })),
    );
  const created = Object.entries(absent).map(([path, effect]) => ({
    path,
    argument: "count",
    now: "not there",
    planned: "created",
    effects: [effect],
  }));
  return [...changes, ...created];
}

/** Effects of the first plan that nothing holds back: `construct, resource: words`. */
export function remainingEffects(planned: readonly Planned[]): string[] {
  return planned.flatMap((each) =>
    findingsOf(
      each,
      each.differences.filter(({ path }) => !isHarmless(each.resource, path)),
    )
      .filter(({ effects }) => effects.some((effect) => REFUSED_EFFECTS.includes(effect)))
      .map(
        ({ words, change, rule }) =>
          `${each.construct} ${each.resource.path}: ${change === undefined ? "" : `${change}: `}${words} [${rule}]`,
      ),
  );
}

function findingsOf(planned: Planned, differences: readonly Difference[]): Finding[] {
  if (differences.length === 0) return [];
  const before = withoutSensitive(planned.before, planned.resource.state?.sensitive);
  const after = differences
    .filter(({ isSensitive }) => !isSensitive)
    .reduce<unknown>(
      (values, { path, planned: value, isPlanned }) =>
        changed(values, path.split("."), value === undefined && isPlanned ? "${later.value.id}" : value),
      before,
    );
  const stack = (values: unknown) => ({
    terraform: {},
    resource: { [planned.type]: { [planned.name]: values } },
  });
  const { findings, notes } = compareStacks(stack(before), stack(after));
  return [...findings, ...notes];
}

/** Values with another one at a path; a block that occurs once is a list of one in a state. */
function changed(values: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(values)) {
    const index = /^\d+$/.test(name) ? Number(name) : 0;
    const inner = /^\d+$/.test(name) ? rest : [name, ...rest];
    const items = values.length === 0 ? [{}] : values;
    return items.map((each, at) => (at === index ? changed(each, inner, value) : each));
  }
  const members = isMembers(values) ? values : {};
  const result = { ...members, [name]: changed(members[name], rest, value) };
  return result;
}

function withoutSensitive(values: Members, sensitive: unknown): Members {
  if (!isMembers(sensitive)) return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => sensitive[name] !== true));
}

function wordsOf(findings: readonly Finding[]): string[] {
  const lines = findings

    .filter(({ rule }) => !OF_EVERY_CHANGE.includes(rule))
    .map(
      ({ effects, words, when, rule, source }) =>
        `${effects.length === 0 ? "" : `${effects.join(", ")}: `}${words} When: ${when}. [${rule}]${source === undefined ? "" : ` ${source}`}`,
    );
  return [...new Set(lines)];
}

/** Tags, and arguments that act on the state or on a destruction only. */
export function isHarmless({ harmless = [] }: AdoptedResource, path: string): boolean {
  return harmless.includes(path) || /^(tags|labels|settings\.user_labels)(\.|$)/.test(path);
}

function plannedText({ planned, isPlanned }: Difference): string {
  return planned === undefined && isPlanned ? "known after apply" : shown(planned);
}

function shown(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}
