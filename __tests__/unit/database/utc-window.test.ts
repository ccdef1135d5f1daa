import { TerraformVariable } from "cdktf";
import { type BackupWindow, DayOfWeek, type MaintenanceWindow } from "../../../lib/database";
import {
  checkWindows,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_MAINTENANCE_WINDOW,
  dailyRange,
  SynthChecks,
  weeklyRange,
} from "../../../lib/database/private";
import { problemsOf } from "../../support/synth";

const { SUNDAY, MONDAY, SATURDAY, WEDNESDAY } = DayOfWeek;

function problems(backup: BackupWindow, maintenance: MaintenanceWindow): string[] {
  return problemsOf((stack) => checkWindows(new SynthChecks(stack, ""), backup, maintenance));
}

describe("spelling", () => {
  test.each([
    [{ start: "03:00" }, "03:00-04:00"],
    [{ start: "23:30" }, "23:30-00:30"],
    [{ start: "00:00", minutes: 30 }, "00:00-00:30"],
    [{ start: "12:15", minutes: 1380 }, "12:15-11:15"],
  ])("daily %p is %s", (window, range) => {
    expect(dailyRange(window)).toBe(range);
  });

  test.each([
    [{ day: SUNDAY, start: "04:30" }, "sun:04:30-sun:05:30"],
    [{ day: SUNDAY, start: "23:30" }, "sun:23:30-mon:00:30"],
    [{ day: SATURDAY, start: "22:00", minutes: 1380 }, "sat:22:00-sun:21:00"],
    [{ day: MONDAY, start: "00:00", minutes: 30 }, "mon:00:00-mon:00:30"],
  ])("weekly %p is %s", (window, range) => {
    expect(weeklyRange(window)).toBe(range);
  });

  test("the defaults do not overlap", () => {
    expect(dailyRange(DEFAULT_BACKUP_WINDOW)).toBe("03:00-04:00");
    expect(weeklyRange(DEFAULT_MAINTENANCE_WINDOW)).toBe("sun:04:30-sun:05:30");
    expect(problems(DEFAULT_BACKUP_WINDOW, DEFAULT_MAINTENANCE_WINDOW)).toEqual([]);
  });
});

describe("overlaps", () => {
  const daily = (start: string, minutes?: number) => ({ start, minutes });
  const weekly = (day: DayOfWeek, start: string, minutes?: number) => ({ day, start, minutes });

  test.each([
    ["touching at its end", daily("03:00"), weekly(WEDNESDAY, "04:00")],
    ["touching at its start", daily("03:00"), weekly(WEDNESDAY, "02:00")],
    ["touching over the end of the week", daily("00:00"), weekly(SUNDAY, "23:00")],
    ["touching over midnight", daily("23:00"), weekly(WEDNESDAY, "00:00")],
    ["at the other end of the day", daily("03:00"), weekly(WEDNESDAY, "15:00")],
    ["filling the rest of the day", daily("03:00", 60), weekly(WEDNESDAY, "04:00", 1380)],
  ])("%s is none", (_, backup, maintenance) => {
    expect(problems(backup, maintenance)).toEqual([]);
  });

  test.each([
    ["the same", daily("03:00"), weekly(WEDNESDAY, "03:00")],
    ["one minute at its end", daily("03:00"), weekly(WEDNESDAY, "03:59")],
    ["one minute at its start", daily("03:00"), weekly(WEDNESDAY, "02:01")],
    ["maintenance around the backup", daily("03:00", 30), weekly(WEDNESDAY, "02:00", 180)],
    ["backup around maintenance", daily("02:00", 180), weekly(WEDNESDAY, "03:00", 30)],
    ["backup from the day before", daily("23:30"), weekly(WEDNESDAY, "00:15")],
    ["maintenance into Monday's backup", daily("00:15"), weekly(SUNDAY, "23:30")],
    ["Sunday's backup into Monday's maintenance", daily("23:30"), weekly(MONDAY, "00:00")],
    ["one minute more than the rest of the day", daily("03:00", 60), weekly(WEDNESDAY, "04:01", 1380)],
  ])("%s is one", (_, backup, maintenance) => {
    expect(problems(backup, maintenance)).toEqual([
      `maintenanceWindow must not overlap the backup window, ${dailyRange(backup)} UTC (got "${weeklyRange(maintenance)}"); move one of them`,
    ]);
  });
});

describe("wrong input", () => {
  test.each(["3:00", "24:00", "12:60", "0300", "03:00:00", " 03:00", "noon", ""])("start %p", (start) => {
    const rule = "must be a time in UTC such as 03:00";
    expect(problems({ start }, DEFAULT_MAINTENANCE_WINDOW)).toEqual([
      `backup.window.start ${rule} (got "${start}")`,
    ]);
    expect(problems(DEFAULT_BACKUP_WINDOW, { day: SUNDAY, start })).toEqual([
      `maintenanceWindow.start ${rule} (got "${start}")`,
    ]);
  });

  test.each([29, 0, -60, 1381, 45.5])("%d minutes", (minutes) => {
    const rule = "must be a whole number from 30 to 1380 minutes";
    expect(problems({ start: "10:00", minutes }, DEFAULT_MAINTENANCE_WINDOW)[0]).toBe(
      `backup.window.minutes ${rule} (got ${minutes})`,
    );
    expect(problems({ start: "10:00" }, { ...DEFAULT_MAINTENANCE_WINDOW, minutes })[0]).toBe(
      `maintenanceWindow.minutes ${rule} (got ${minutes})`,
    );
  });

  test("a day that is none", () => {
    expect(problems(DEFAULT_BACKUP_WINDOW, { day: "sunday" as DayOfWeek, start: "04:30" })).toEqual([
      'maintenanceWindow.day must be one of mon, tue, wed, thu, fri, sat, sun (got "sunday")',
    ]);
  });

  test("windows that only Terraform knows", () => {
    expect(
      problemsOf((stack) => {
        const v = new TerraformVariable(stack, "v", {});
        const checks = new SynthChecks(stack, "");
        checkWindows(
          checks,
          { start: v.stringValue },
          { day: SUNDAY, start: "04:30", minutes: v.numberValue },
        );
      }),
    ).toEqual([
      "backup.window must be known at synth (got not known at synth)",
      "maintenanceWindow must be known at synth (got not known at synth)",
    ]);
  });
});
