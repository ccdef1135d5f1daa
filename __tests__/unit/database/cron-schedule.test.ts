import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkCron, readCron, SynthChecks, UNIX_CRON } from "../../../lib/database/private";
import { problemsOf } from "../../support/synth";

interface Judged {
  readonly spec: string;
  readonly error?: string;
  readonly next?: readonly string[];
}

/** Written by a program with robfig/cron v3.0.1, `cron.ParseStandard` and four calls of `Next` from 2026-01-01, 2026-11-27. */
const judged: Judged[] = readFileSync(join(__dirname, "fixtures", "robfig-cron.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

/** Read by robfig/cron, and refused here: oddities of its parser, time zones, and runs of more than one a minute. */
const STRICTER = ["CRON_TZ=", "TZ=", "1,,2", "+5", "*-5", "*,", "1, ", "@every 30s"];

test("no expression is accepted that robfig/cron refuses", () => {
  const wrong = judged.filter(({ error, spec }) => error !== undefined && typeof readCron(spec) !== "string");
  expect(wrong).toEqual([]);
  expect(judged.filter(({ error }) => error !== undefined).length).toBeGreaterThan(30);
});

test("an expression that robfig/cron reads and runs is accepted, but for its oddities", () => {
  const refused = judged
    .filter(({ next, spec }) => next !== undefined && typeof readCron(spec) === "string")
    .map(({ spec }) => spec);
  expect(refused.filter((spec) => !STRICTER.some((odd) => spec.includes(odd)))).toEqual([]);
  expect(judged.filter(({ next }) => next !== undefined).length - refused.length).toBeGreaterThan(25);
});

test("the longest gap is never shorter than one that robfig/cron makes", () => {
  for (const { spec, next } of judged) {
    const read = readCron(spec);
    if (next === undefined || typeof read === "string") continue;
    const times = next.map((time) => Date.parse(time) / 60_000);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect([spec, read.longestGapMinutes]).toEqual([spec, expect.any(Number)]);
    expect(read.longestGapMinutes).toBeGreaterThanOrEqual(Math.max(...gaps));
  }
});

test.each([
  ["0 1 * * *", 24 * 60],
  ["*/15 * * * *", 15],
  ["0 */6 * * *", 6 * 60],
  ["0 0,20 * * *", 20 * 60],
  ["0 0,4 * * *", 20 * 60],
  ["30 2 * * 0", 7 * 24 * 60],
  ["30 2 * * 1-5", 3 * 24 * 60],
  ["0 0 1 * *", 31 * 24 * 60],
  ["0 0 31 * *", 61 * 24 * 60],
  ["0 0 1 1 *", 366 * 24 * 60],
  ["0 0 13 * 5", 7 * 24 * 60],
  ["0 0 29 2 *", (8 * 365 + 1) * 24 * 60],
  ["@daily", 24 * 60],
  ["@every 1h30m", 90],
])("%s leaves a gap of %d minutes at most", (expression, minutes) => {
  expect(readCron(expression)).toMatchObject({ longestGapMinutes: minutes });
});

test.each([
  ["0 0 * * 7", "the day of week is 0 to 6"],
  ["0 1 * *", "it has 4 fields"],
  ["", "it has 0 fields"],
  ["0 0 30 2 *", "no day of the calendar matches it"],
  ["CRON_TZ=Europe/Berlin 0 1 * * *", "a time zone is not part of it: times are UTC"],
  ["5-1 * * * *", "the range 5-1 ends before it begins"],
  ["*/0 * * * *", "a step is 1 or more"],
  ["0 0 L * *", `"L" is no day of month`],
  ["@reboot", "@reboot is no descriptor; durations are such as 6h, 1h30m"],
])("%j is refused: %s", (expression, reason) => {
  expect(readCron(expression)).toBe(reason);
});

test.each([
  ["0 1 * * *", 24 * 60, 24 * 60],
  ["0 1 * * 7", 7 * 24 * 60, 7 * 24 * 60],
  ["0 1 * * SUN", 7 * 24 * 60, 7 * 24 * 60],
  ["0 1 * * 5-7", 5 * 24 * 60, (7 * 24 * 60) / 3],
  ["0 0 1-31/2 * *", 2 * 24 * 60, undefined],
  ["0 0,12 * JAN-DEC *", 12 * 60, 12 * 60],
])("Cloud Scheduler reads %s, with a gap of %d minutes at most", (expression, longest, average) => {
  const read = readCron(expression, UNIX_CRON);
  expect(read).toMatchObject({ longestGapMinutes: longest });
  if (average !== undefined && typeof read !== "string") {
    expect(read.averageGapMinutes).toBeGreaterThan(average * 0.99);
    expect(read.averageGapMinutes).toBeLessThan(average * 1.01);
  }
});

test.each([
  ["@daily", "it has 1 fields"],
  ["@every 6h", "it has 2 fields"],
  ["every 24 hours", "it has 3 fields"],
  ["0 1 ? * *", `"?" is no day of month of unix-cron`],
  ["0 1 * * sun", `"sun" is no day of week of unix-cron`],
  ["0 1/2 * * *", `"1/2" is no hour of unix-cron`],
  ["0 1 L * *", `"L" is no day of month`],
  ["0 1 * * 8", "the day of week is 0 to 7"],
  ["0 0 0 1 * *", "it has 6 fields"],
])("Cloud Scheduler's dialect has no %j: %s", (expression, reason) => {
  expect(readCron(expression, UNIX_CRON)).toBe(reason);
});

test("the message names the property, the value and the way out", () => {
  const problems = problemsOf((scope) => {
    checkCron(new SynthChecks(scope, "VELERO"), "schedules.daily.cron", "0 25 * * *");
    checkCron(new SynthChecks(scope, "VELERO"), "schedules.daily.cron", undefined);
  });
  expect(problems).toEqual([
    expect.stringContaining(
      'VELERO-SCHEDULES-DAILY-CRON: schedules.daily.cron must be a cron expression of five fields (minute, hour, day of month, month, day of week from 0, Sunday, to 6), such as 0 1 * * *, or @daily, @weekly or @every 6h (got "0 25 * * *"); the hour is 0 to 23',
    ),
  ]);
});
