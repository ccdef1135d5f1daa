// Cron expressions of five fields in two dialects. That of Kubernetes and Velero is the standard parser of robfig/cron v3, read 2026-11:
// 7 is no Sunday, and L, W and # mean nothing. Sources: github.com/robfig/cron v3.0.1 parser.go; Velero's
// pkg/controller/schedule_controller.go; Kubernetes' pkg/apis/batch/validation. That of Cloud Scheduler is unix-cron, where 7 is a Sunday
// and names are in capitals: cloud.google.com/scheduler/docs/configuring/cron-job-schedules, read 2026-11; forms that the page does not
// show are refused. croner only finds the days of an expression that has been read here, so that its dialect does not matter.

import { Cron } from "croner";
import { isResolved } from "../is-resolved";
import type { SynthChecks } from "../synth-checks";

/** Days with runs among which the longest gap is looked for: more than a year of them, so that every month is among them. */
const DAYS = 400;
/** Any first day gives the same longest gap; a fixed one gives the same message in every run. */
const FIRST_DAY = new Date("2025-12-31T12:00:00Z");

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}

const fieldsTo = (lastDayOfWeek: number): readonly Field[] => [
  { name: "minute", first: 0, last: 59 },
  { name: "hour", first: 0, last: 23 },
  { name: "day of month", first: 1, last: 31 },
  {
    name: "month",
    first: 1,
    last: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  {
    name: "day of week",
    first: 0,
    last: lastDayOfWeek,
    names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
  },
];

const DESCRIPTORS: { readonly [descriptor: string]: string } = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** A way to write cron expressions. @internal */
export interface CronDialect {
  /** The rule in words. */
  readonly rule: `must ${string}`;
  /** True if `@daily`, `@every 6h` and `?` are known, and a step may follow a single value. */
  readonly robfig: boolean;
  /** Fields and their values. */
  readonly fields: readonly Field[];
}

/** The dialect of CronJobs and of Velero. @internal */
export const KUBERNETES_CRON: CronDialect = {
  rule: "must be a cron expression of five fields (minute, hour, day of month, month, day of week from 0, Sunday, to 6), such as 0 1 * * *, or @daily, @weekly or @every 6h",
  robfig: true,
  fields: fieldsTo(6),
};

/** The dialect of Cloud Scheduler. @internal */
export const UNIX_CRON: CronDialect = {
  rule: "must be a unix-cron expression of five fields (minute, hour, day of month, month, day of week from 0, Sunday, to 7), such as 0 1 * * SUN",
  robfig: false,
  fields: fieldsTo(7),
};

/** A cron expression that its dialect accepts. @internal */
export interface CronSchedule {
  /** The longest time between two runs, in minutes. */
  readonly longestGapMinutes: number;
  /** The average time between two runs, in minutes. */
  readonly averageGapMinutes: number;
}

/**
 * Reports a cron expression that its dialect refuses, or that never runs.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param expression the expression; a token is not checked.
 * @param dialect dialect of the expression. @default - Kubernetes and Velero
 * @returns the schedule; undefined for a token or a wrong expression.
 *
 * @internal
 */
export function checkCron(
  checks: SynthChecks,
  property: string,
  expression: string | undefined,
  dialect: CronDialect = KUBERNETES_CRON,
): CronSchedule | undefined {
  // Programs without types hand over null where they mean nothing.
  if (expression === undefined || expression === null || !isResolved(expression)) return undefined;
  const read = readCron(expression, dialect);
  if (typeof read !== "string") return read;
  checks.fail(property, expression, `${dialect.rule}; ${read}`);
  return undefined;
}

/** Reads an expression. @returns the schedule, or the reason for which it is refused. @internal */
export function readCron(expression: string, dialect: CronDialect = KUBERNETES_CRON): CronSchedule | string {
  // CronJobs refuse a time zone in the expression and have a field for it. robfig/cron needs the zone's data in the image.
  if (/TZ=/.test(expression)) return "a time zone is not part of it: times are UTC";
  const text = (dialect.robfig ? DESCRIPTORS[expression] : undefined) ?? expression;
  if (dialect.robfig && text.startsWith("@")) return every(text);
  const fields = text.trim().split(/\s+/);
  if (fields.length !== dialect.fields.length || fields[0] === "") {
    return `it has ${fields[0] === "" ? 0 : fields.length} fields`;
  }
  const sets: (readonly number[])[] = [];
  const days: string[] = [];
  for (const [index, field] of dialect.fields.entries()) {
    const set = valuesOf(fields[index] as string, field, dialect);
    if (typeof set === "string") return set;
    sets.push(set.values);
    days.push(set.any ? "*" : set.values.join(","));
  }
  const times = (sets[1] as number[]).flatMap((hour) => (sets[0] as number[]).map((at) => hour * 60 + at));
  // robfig/cron runs on a day that matches either field unless one of the two is `*`, and so does croner.
  return longestGap(times, days.slice(2).join(" "));
}

function longestGap(times: readonly number[], days: string): CronSchedule | string {
  const dates = new Cron(`0 0 ${days}`, { utcOffset: 0, paused: true }).nextRuns(DAYS, FIRST_DAY);
  const [begin, end] = [times[0] as number, times.at(-1) as number];
  if (dates.length < 2) return "no day of the calendar matches it";
  const within = times.slice(1).map((time, index) => time - (times[index] as number));
  const between = dates
    .slice(1)
    .map((date, index) => (date.getTime() - (dates[index] as Date).getTime()) / 60_000 + begin - end);
  const span = ((dates.at(-1) as Date).getTime() - (dates[0] as Date).getTime()) / 60_000;
  return {
    longestGapMinutes: Math.max(...within, ...between),
    averageGapMinutes: span / ((dates.length - 1) * times.length),
  };
}

interface Values {
  readonly values: readonly number[];
  /** Every value, by `*` or `?`: the day fields are then not combined. */
  readonly any: boolean;
}

/** A list of numbers, names, ranges and steps. Forms that only robfig/cron reads, such as `*-5`, `+5` and an empty entry, are refused. */
function valuesOf(text: string, field: Field, { robfig }: CronDialect): Values | string {
  const found = new Set<number>();
  let any = false;
  for (const part of text.split(",")) {
    const match = /^(\*|\?|[A-Za-z0-9]+)(?:-([A-Za-z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return `"${part}" is no ${field.name}`;
    const [, from, to, stepText] = match;
    if (!robfig && unknownToScheduler(part, match)) return `"${part}" is no ${field.name} of unix-cron`;
    const open = from === "*" || from === "?";
    const step = stepText === undefined ? 1 : Number(stepText);
    const first = open ? field.first : numberOf(from as string, field);
    const last = to !== undefined ? numberOf(to, field) : open || stepText !== undefined ? field.last : first;
    if (first === undefined || last === undefined || (open && to !== undefined)) {
      return `"${part}" is no ${field.name}`;
    }
    if (first < field.first || last > field.last) {
      return `the ${field.name} is ${field.first} to ${field.last}`;
    }
    if (first > last) return `the range ${part} ends before it begins`;
    if (step < 1) return "a step is 1 or more";
    any ||= open && step === 1;
    // 7 is a Sunday, where it is allowed.
    for (let value = first; value <= last; value += step) found.add(field.last === 7 ? value % 7 : value);
  }
  return { values: [...found].sort((a, b) => a - b), any };
}

/** `?`, names that are not in capitals, and a step after a single value: Cloud Scheduler's page shows none of them. */
function unknownToScheduler(part: string, [, from, to, step]: RegExpExecArray): boolean {
  return part.includes("?") || /[a-z]/.test(part) || (from !== "*" && to === undefined && step !== undefined);
}

function numberOf(text: string, { names, first }: Field): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + first;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

// Go's time.ParseDuration, of which hours, minutes and seconds make sense here; robfig/cron rounds down to seconds.
function every(text: string): CronSchedule | string {
  const match = /^@every (?=\S)(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (!match) return `${text} is no descriptor; durations are such as 6h, 1h30m`;
  const [hours, minutes, seconds] = match.slice(1).map((number) => Number(number ?? 0)) as [
    number,
    number,
    number,
  ];
  const total = hours * 60 + minutes + seconds / 60;
  return total >= 1
    ? { longestGapMinutes: total, averageGapMinutes: total }
    : "it runs more than once a minute";
}
