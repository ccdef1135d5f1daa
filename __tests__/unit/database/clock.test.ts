import type { TerraformStack } from "cdktf";
import { TODAY_CONTEXT, today } from "../../../lib/database/private";
import { synthesize } from "../../support/synth";

function todayWith(value: unknown): Date {
  let date = new Date(0);
  synthesize(
    (stack: TerraformStack) => {
      date = today(stack);
    },
    { context: { [TODAY_CONTEXT]: value } },
  );
  return date;
}

afterEach(() => jest.useRealTimers());

test("takes the date from the context", () => {
  expect(todayWith("2026-11-22")).toEqual(new Date("2026-11-22T00:00:00Z"));
  expect(todayWith("2028-02-29")).toEqual(new Date("2028-02-29T00:00:00Z"));
});

test("takes the machine's day, whatever the hour, when the context has none", () => {
  jest.useFakeTimers().setSystemTime(new Date("2027-03-04T23:59:59Z"));
  expect(todayWith(undefined)).toEqual(new Date("2027-03-04T00:00:00Z"));
});

test.each(["2026-02-30", "2026-11", "22.11.2026", "tomorrow", "", 20261122, true, ["2026-11-22"]])(
  "refuses %p",
  (value) => {
    expect(() => todayWith(value)).toThrow(
      `DB-TODAY: context cdktf-devplatforms/today must be a date such as "2026-11-22" (got ${JSON.stringify(value)})`,
    );
  },
);
