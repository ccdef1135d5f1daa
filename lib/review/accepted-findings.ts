// Findings that a team accepts, from a file that it commits.

import { parse } from "yaml";
import type { Finding } from "./finding";
import { isMembers, textOf } from "./plan/values";

/** A finding that the team accepts. */
export interface AcceptedFinding {
  /** Id of the finding, such as `RDS-CLASS-LARGER:aws_db_instance.postgres:instance_class`. */
  readonly id: string;
  /** Reason, shown in the review. */
  readonly reason: string;
  /** Last day of the acceptance, as `2026-12-31`. @default - no end */
  readonly until?: string;
}

/** @internal */
export interface AcceptedReport {
  readonly open: readonly Finding[];
  readonly accepted: readonly Finding[];
  readonly problems: readonly string[];
}

/**
 * Reads a file of accepted findings: YAML or JSON, a list of entries with `id`, `reason` and `until`.
 *
 * @param text the content of the file.
 * @throws Error with all mistakes of the file.
 */
export function readAcceptedFindings(text: string): AcceptedFinding[] {
  let entries: unknown;
  try {
    entries = parse(text, { maxAliasCount: 0 });
  } catch {
    throw new Error("The accepted findings must be a list in YAML or JSON (got another text).");
  }
  if (entries === null || entries === undefined) return [];
  if (!Array.isArray(entries))
    throw new Error("The accepted findings must be a list of id, reason and until.");
  const mistakes = entries.flatMap((entry, index) =>
    mistakesOf(entry).map((mistake) => `entry ${index + 1}: ${mistake}`),
  );
  if (mistakes.length > 0) throw new Error(`The accepted findings have mistakes:\n${mistakes.join("\n")}`);
  return entries.map(({ id, reason, until }) => ({ id, reason, ...(until === undefined ? {} : { until }) }));
}

const FIELDS = new Set(["id", "reason", "until"]);

function mistakesOf(entry: unknown): string[] {
  if (!isMembers(entry)) return ["must be an object with id, reason and until"];
  const { id, reason, until } = entry;
  return [
    ...(textOf(id)?.includes(":")
      ? []
      : ["id must be the id of a finding, such as RDS-CLASS-LARGER:aws_db_instance.postgres:instance_class"]),
    ...(textOf(reason)?.trim() ? [] : ["reason must say why the finding is accepted"]),
    ...(until === undefined || isDay(until) ? [] : ["until must be a day, such as 2026-12-31"]),
    ...Object.keys(entry)
      .filter((name) => !FIELDS.has(name))
      .map(() => "must have no other fields than id, reason and until"),
  ];
}

function isDay(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** Divides findings into open and accepted ones, and names the entries that do nothing. @internal */
export function acceptanceOf(
  findings: readonly Finding[],
  accepted: readonly AcceptedFinding[],
  today: string,
): AcceptedReport {
  const inForce = accepted.filter(({ until }) => until === undefined || until >= today);
  const reasons = new Map(inForce.map(({ id, reason }) => [id, reason]));
  const ids = new Set(findings.map(({ id }) => id));
  return {
    open: findings.filter(({ id }) => !reasons.has(id)),
    accepted: findings.flatMap((finding) => {
      const reason = reasons.get(finding.id);
      return reason === undefined ? [] : [{ ...finding, accepted: reason }];
    }),
    problems: [
      ...accepted
        .filter((each) => !inForce.includes(each))
        .map(({ id, until }) => `${id}: expired on ${until}`),
      ...inForce
        .filter(({ id }) => !ids.has(id))
        .map(({ id }) => `${id}: matches no finding of this plan; ${wayOut(id, findings)}`),
      ...accepted
        .filter(({ id }, index) => accepted.findIndex((each) => each.id === id) !== index)
        .map(({ id }) => `${id}: is accepted twice; remove one entry`),
    ],
  };
}

/** The finding that an entry with a mistake may mean: of the same resource and attribute, or of the same rule. */
function wayOut(id: string, findings: readonly Finding[]): string {
  if (id.includes("*")) return "* is no wildcard: name each finding by its id";
  const [rule = "", ...rest] = id.split(":");
  const meant =
    findings.find((each) => rest.length > 0 && each.id.endsWith(`:${rest.join(":")}`)) ??
    findings.find((each) => each.rule === rule);
  return meant === undefined ? "remove it" : `did you mean ${meant.id}? Otherwise remove it`;
}
