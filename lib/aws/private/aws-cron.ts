// Cron expressions as AWS Backup and EventBridge read them: six fields, `?` in one of the two day fields, 1 to 7 from Sunday, and L, W
// and #. Five fields, or both day fields, are refused by the API at apply only. croner finds the days of an expression that has been
// read here. Source, read 2026-11: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html

import { Cron } from "croner";
import { isResolved, type SynthChecks } from "../../database/private";

/** Days with runs among which gaps are looked for: more than a year of them, so that every month is among them. */
const DAYS = 400;
/** Any first day gives the same gaps; a fixed one gives the same message in every run. */
const FIRST_DAY = new Date("2025-12-31T12:00:00Z");
const DAY_MINUTES = 24 * 60;
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const RULE =
  "must be a cron expression of AWS with six fields (minute, hour, day of month, month, day of week from 1, Sunday, to 7, year), one of the two days as ?, such as cron(0 3 * * ? *)";

/** A cron expression that AWS accepts. @internal */
export interface AwsCronSchedule {
  /** The longest time between two runs, in minutes. */
  readonly longestGapMinutes: number;
  /** The shortest time between two runs, in minutes. */
  readonly shortestGapMinutes: number;
}

/**
 * Reports a cron expression that AWS refuses, or that ends.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param expression the expression; a token is not checked.
 * @returns the schedule; undefined for a token or a wrong expression.
 *
 * @internal
 */
export function checkAwsCron(
  checks: SynthChecks,
  property: string,
  expression: string | undefined,
): AwsCronSchedule | undefined {
  if (expression === undefined || expression === null || !isResolved(expression)) return undefined;
  const read = readAwsCron(expression);
  if (typeof read !== "string") return read;
  checks.fail(property, expression, `${RULE}; ${read}`);
  return undefined;
}

/** Reads an expression. @returns the schedule, or the reason for which it is refused. @internal */
export function readAwsCron(expression: string): AwsCronSchedule | string {
  const body = /^cron\(([^()]*)\)$/.exec(expression)?.[1];
  if (body === undefined) return "it is written as cron(...); rate(...) is not accepted by AWS Backup";
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6) return `it has ${fields.length} fields`;
  const [minute, hour, day, month, weekday, year] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if ((day === "?") === (weekday === "?")) {
    return "one of day of month and day of week is ?, and the other is not";
  }
  // A schedule with years ends, and backups with it; AWS reports nothing.
  if (year !== "*") return "the year is *, since backups would end after the last year";
  const minutes = numbersOf(minute, "minute", 0, 59);
  const hours = numbersOf(hour, "hour", 0, 23);
  const days = day === "?" ? "*" : dayOfMonth(day);
  const months = numbersOf(month, "month", 1, 12, MONTHS);
  const weekdays = weekday === "?" ? "*" : dayOfWeek(weekday);
  for (const wrong of [minutes, hours, months]) if (typeof wrong === "string") return wrong;
  for (const wrong of [days, weekdays]) if (wrong.startsWith("the ")) return wrong;
  const times = (hours as number[]).flatMap((h) => (minutes as number[]).map((m) => h * 60 + m));
  return gaps(times, `${days} ${(months as number[]).join(",")} ${weekdays}`);
}

function gaps(times: readonly number[], days: string): AwsCronSchedule | string {
  const dates = new Cron(`0 0 ${days}`, { utcOffset: 0, paused: true }).nextRuns(DAYS, FIRST_DAY);
  if (dates.length < 2) return "no day of the calendar matches it";
  const [begin, end] = [times[0] as number, times.at(-1) as number];
  const within = times.slice(1).map((time, i) => time - (times[i] as number));
  const between = dates
    .slice(1)
    .map((date, i) => (date.getTime() - (dates[i] as Date).getTime()) / 60_000 + begin - end);
  const all = [...within, ...between];
  return { longestGapMinutes: Math.max(...all), shortestGapMinutes: Math.min(...all, DAY_MINUTES * DAYS) };
}

/** A list of numbers, names, ranges and steps. */
function numbersOf(
  text: string,
  field: string,
  first: number,
  last: number,
  names: readonly string[] = [],
): readonly number[] | string {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(?:(\*)|([A-Za-z]+|\d+)(?:-([A-Za-z]+|\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return `the ${field} "${part}" is none`;
    const [, any, from, to, stepText] = match;
    const begin = any ? first : numberOf(from as string, names, first);
    const end = any || (to === undefined && stepText) ? last : numberOf((to ?? from) as string, names, first);
    const step = stepText === undefined ? 1 : Number(stepText);
    if (begin === undefined || end === undefined || begin < first || end > last) {
      return `the ${field} is ${first} to ${last}`;
    }
    if (begin > end) return `the ${field} ${part} ends before it begins`;
    if (step < 1) return `the step of the ${field} is 1 or more`;
    for (let value = begin; value <= end; value += step) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function numberOf(text: string, names: readonly string[], first: number): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const named = names.indexOf(text.toUpperCase());
  return named < 0 ? undefined : named + first;
}

function dayOfMonth(text: string): string {
  if (/^L$|^LW$/i.test(text)) return text.toUpperCase();
  const near = /^(\d+)W$/i.exec(text)?.[1];
  if (near !== undefined) {
    return Number(near) >= 1 && Number(near) <= 31 ? `${near}W` : "the day of month is 1 to 31";
  }
  const days = numbersOf(text, "day of month", 1, 31);
  return typeof days === "string" ? days : days.join(",");
}

/** croner's days of the week begin with 0. */
function dayOfWeek(text: string): string {
  if (/^L$/i.test(text)) return "SAT";
  const nth = /^([A-Za-z]+|\d)(?:#([1-5])|L)$/i.exec(text);
  if (nth) {
    const name = WEEKDAYS[(numberOf(nth[1] as string, WEEKDAYS, 1) ?? 0) - 1];
    return name === undefined ? "the day of week is 1 to 7" : `${name}#${nth[2] ?? "L"}`;
  }
  const days = numbersOf(text, "day of week", 1, 7, WEEKDAYS);
  return typeof days === "string" ? days : days.map((each) => WEEKDAYS[each - 1]).join(",");
}
