import { readAwsCron } from "../../../lib/aws/private/aws-cron";

const DAY = 24 * 60;

describe("cron expressions of AWS", () => {
  test.each([
    ["cron(0 3 * * ? *)", DAY, DAY],
    ["cron(0 3,15 ? * * *)", DAY / 2, DAY / 2],
    ["cron(30 1 ? * SUN *)", 7 * DAY, 7 * DAY],
    ["cron(30 1 ? * 1 *)", 7 * DAY, 7 * DAY],
    ["cron(0 5 ? * MON-FRI *)", 3 * DAY, DAY],
    ["cron(0 5 ? * 2-6 *)", 3 * DAY, DAY],
    ["cron(0 * * * ? *)", 60, 60],
    ["cron(0/30 * * * ? *)", 30, 30],
    ["cron(0 0 1 * ? *)", 31 * DAY, 28 * DAY],
    ["cron(0 0 L * ? *)", 31 * DAY, 28 * DAY],
    ["cron(0 0 ? * 1#1 *)", 35 * DAY, 28 * DAY],
    ["cron(0 0 ? * 6L *)", 35 * DAY, 28 * DAY],
    ["cron(0 0 1 JAN,JUL ? *)", 184 * DAY, 181 * DAY],
  ])("%s: gaps of %d and %d minutes", (expression, longestGapMinutes, shortestGapMinutes) => {
    expect(readAwsCron(expression)).toEqual({ longestGapMinutes, shortestGapMinutes });
  });

  test.each([
    ["0 3 * * *", /written as cron/],
    ["rate(1 day)", /rate\(\.\.\.\) is not accepted/],
    ["cron(0 3 * * *)", /5 fields/],
    ["cron(0 3 * * * *)", /one of day of month and day of week is \?/],
    ["cron(0 3 ? * ? *)", /one of day of month and day of week is \?/],
    ["cron(0 3 * * ? 2027)", /the year is \*/],
    ["cron(60 3 * * ? *)", /minute is 0 to 59/],
    ["cron(0 24 * * ? *)", /hour is 0 to 23/],
    ["cron(0 3 ? * 0 *)", /day of week is 1 to 7/],
    ["cron(0 3 ? * 8 *)", /day of week is 1 to 7/],
    ["cron(0 3 ? * 9#1 *)", /day of week is 1 to 7/],
    ["cron(0 3 32 * ? *)", /day of month is 1 to 31/],
    ["cron(0 3 30 2 ? *)", /no day of the calendar/],
    ["cron(0 5-3 * * ? *)", /ends before it begins/],
    ["cron(0/0 3 * * ? *)", /step of the minute/],
    ["cron(a 3 * * ? *)", /minute/],
    ["", /written as cron/],
  ])("refuses %s", (expression, reason) => {
    expect(readAwsCron(expression)).toMatch(reason);
  });
});
