import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SynthChecks } from "../../../lib/database/private";
import { checkCron, readCron } from "../../../lib/recovery/private/cron-schedule";
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
  expect(readCron(expression)).toEqual({ longestGapMinutes: minutes });
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
