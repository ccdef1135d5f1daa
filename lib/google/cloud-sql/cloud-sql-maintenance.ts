import type {
  SqlDatabaseInstanceSettingsDenyMaintenancePeriod,
  SqlDatabaseInstanceSettingsMaintenanceWindow,
} from "@cdktf/provider-google/lib/sql-database-instance";
import { DayOfWeek, type MaintenanceWindow } from "../../database";
import { DEFAULT_MAINTENANCE_WINDOW, isResolved, type SynthChecks } from "../../database/private";
import { DENY_MAINTENANCE_DAYS } from "./data/limits";

/**
 * Order of update: how long after Google's announcement an instance is updated.
 *
 * @see https://cloud.google.com/sql/docs/postgres/maintenance
 */
export enum MaintenanceTrack {
  /** Week 1 of the rollout (`canary`), for test instances. */
  EARLY = "canary",
  /** Week 2, one week after EARLY. */
  STABLE = "stable",
  /** Week 5. */
  WEEK5 = "week5",
}

/**
 * Deny maintenance period, such as the end of the year; 1 to 90 days.
 *
 * @see https://cloud.google.com/sql/docs/postgres/maintenance#deny-maintenance
 */
export interface DenyMaintenancePeriod {
  /** Start date as `YYYY-MM-DD`, or `MM-DD` for every year. */
  readonly startDate: string;
  /** End date, in the same form as the start date. */
  readonly endDate: string;
  /** Time of day at which the period starts and ends, as `HH:MM` in UTC. @default 00:00 */
  readonly time?: string;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const DATE = /^(?:(\d{4})-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DAY_MS = 86_400_000;
// Monday is 1 for Cloud SQL, and first here.
const DAYS = Object.values(DayOfWeek);

/** The `maintenance_window` block; Cloud SQL starts maintenance on the hour. @internal */
export function maintenanceWindow(
  window: MaintenanceWindow | undefined,
  track: MaintenanceTrack,
): SqlDatabaseInstanceSettingsMaintenanceWindow {
  const { day, start } = window ?? DEFAULT_MAINTENANCE_WINDOW;
  const at = TIME.exec(start);
  // The next full hour, so that a window after the backup stays after it.
  const hour = at ? Number(at[1]) + (at[2] === "00" ? 0 : 1) : 0;
  return {
    day: ((DAYS.indexOf(day) + (hour === 24 ? 1 : 0)) % 7) + 1,
    hour: hour % 24,
    updateTrack: track,
  };
}

/** The `deny_maintenance_period` block. @internal */
export function denyMaintenance(
  period: DenyMaintenancePeriod | undefined,
): SqlDatabaseInstanceSettingsDenyMaintenancePeriod | undefined {
  return (
    period && { startDate: period.startDate, endDate: period.endDate, time: `${period.time ?? "00:00"}:00` }
  );
}

/** Refuses windows that Cloud SQL refuses, and warns where Cloud SQL's window differs from the property. @internal */
export function checkMaintenance(
  checks: SynthChecks,
  window: MaintenanceWindow | undefined,
  period: DenyMaintenancePeriod | undefined,
): void {
  if (window && !isResolved(window)) {
    checks.fail(
      "maintenanceWindow",
      undefined,
      "must be known at synth, since Cloud SQL takes the day as a number",
    );
  } else if (window) {
    checks.matches("maintenanceWindow.start", window.start, TIME, "must be a time in UTC, such as 03:00");
    checks.check(
      "maintenanceWindow.day",
      window.day,
      () => DAYS.includes(window.day),
      `must be ${DAYS.join(", ")}`,
    );
    if (TIME.test(window.start) && !window.start.endsWith(":00")) {
      const { day, hour } = maintenanceWindow(window, MaintenanceTrack.STABLE);
      checks.warn(
        `maintenanceWindow.start is ${window.start}: Cloud SQL starts maintenance on the hour, so the window begins ${DAYS[(day as number) - 1]} ${String(hour).padStart(2, "0")}:00 UTC`,
        "maintenanceWindow.start",
      );
    }
    checks.wholeNumber("maintenanceWindow.minutes", window.minutes, 30, 1439, "minutes");
    if (window.minutes !== undefined && window.minutes !== 60) {
      checks.warn(
        `maintenanceWindow.minutes is ${window.minutes}: Cloud SQL starts maintenance within one hour, and the length cannot be set`,
        "maintenanceWindow.minutes",
      );
    }
  }
  if (period) checkDeny(checks, period);
}

function checkDeny(checks: SynthChecks, period: DenyMaintenancePeriod): void {
  const rule = "must be a date such as 2026-12-15, or 12-15 for every year";
  checks.matches("denyMaintenance.startDate", period.startDate, DATE, rule);
  checks.matches("denyMaintenance.endDate", period.endDate, DATE, rule);
  checks.matches("denyMaintenance.time", period.time, TIME, "must be a time in UTC, such as 00:00");
  if (!isResolved([period.startDate, period.endDate])) return;
  const [start, end] = [DATE.exec(period.startDate), DATE.exec(period.endDate)];
  if (!start || !end) return;
  if ((start[1] === undefined) !== (end[1] === undefined)) {
    checks.fail(
      "denyMaintenance.endDate",
      period.endDate,
      "must have a year if the start date has one, and none otherwise",
    );
    return;
  }
  const moment = (parts: RegExpExecArray, year: number) =>
    Date.UTC(year, Number(parts[2]) - 1, Number(parts[3]));
  // A yearly period may cross New Year; 2027 and 2028 cover both lengths of February.
  const from = moment(start, Number(start[1] ?? 2027));
  let to = moment(end, Number(end[1] ?? 2027));
  if (start[1] === undefined && to < from) to = moment(end, 2028);
  const days = Math.round((to - from) / DAY_MS);
  checks.check(
    "denyMaintenance",
    `${period.startDate} to ${period.endDate}`,
    () => days >= 1 && days <= DENY_MAINTENANCE_DAYS,
    `must be 1 to ${DENY_MAINTENANCE_DAYS} days, with the end after the start`,
  );
}
