import type {
  SqlDatabaseInstanceSettingsDenyMaintenancePeriod,
  SqlDatabaseInstanceSettingsMaintenanceWindow,
} from "@cdktf/provider-google/lib/sql-database-instance";
import { DayOfWeek, DEFAULT_MAINTENANCE_WINDOW, type MaintenanceWindow } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { DENY_MAINTENANCE_DAYS } from "./data/cloud-sql-limits";

/** When a server gets an update of Cloud SQL, after Google announces it. */
export enum MaintenanceTrack {
  /** In the second week, which is the first for servers that others test with. */
  EARLY = "canary",
  /** A week after EARLY. */
  STABLE = "stable",
  /** In the fifth week. */
  WEEK5 = "week5",
}

/** A time in which a server is not updated, such as a year's end; at most 90 days. */
export interface DenyMaintenancePeriod {
  /** The first day as `YYYY-MM-DD`, or `MM-DD` for every year. */
  readonly startDate: string;
  /** The last day, written like the first. */
  readonly endDate: string;
  /** The time of day at which it starts and ends, as `HH:MM` in UTC. @default 00:00 */
  readonly time?: string;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const DATE = /^(?:(\d{4})-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DAY_MS = 86_400_000;
// Monday is 1 for Cloud SQL, and first here.
const DAYS = Object.values(DayOfWeek);

/** The provider's settings for a window; Cloud SQL starts at full hours. @internal */
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

/** The provider's settings for a time without updates. @internal */
export function denyMaintenance(
  period: DenyMaintenancePeriod | undefined,
): SqlDatabaseInstanceSettingsDenyMaintenancePeriod | undefined {
  return (
    period && { startDate: period.startDate, endDate: period.endDate, time: `${period.time ?? "00:00"}:00` }
  );
}

/** Reports windows that Cloud SQL refuses, and says where they differ from what was asked for. @internal */
export function checkMaintenance(
  checks: SynthChecks,
  window: MaintenanceWindow | undefined,
  period: DenyMaintenancePeriod | undefined,
): void {
  if (window && !isResolved(window)) {
    checks.fail(
      "maintenanceWindow",
      undefined,
      "it has to be known at synth, since Cloud SQL takes a number for the day",
    );
  } else if (window) {
    checks.matches("maintenanceWindow.start", window.start, TIME, "allowed is a time such as 03:00, in UTC");
    checks.check(
      "maintenanceWindow.day",
      window.day,
      () => DAYS.includes(window.day),
      `allowed are ${DAYS.join(", ")}`,
    );
    if (TIME.test(window.start) && !window.start.endsWith(":00")) {
      const { day, hour } = maintenanceWindow(window, MaintenanceTrack.STABLE);
      checks.warn(
        `maintenanceWindow starts at ${window.start}: Cloud SQL takes full hours, so it is ${DAYS[(day as number) - 1]} ${String(hour).padStart(2, "0")}:00 UTC`,
      );
    }
    checks.wholeNumber("maintenanceWindow.minutes", window.minutes, 30, 1439, "minutes");
    if (window.minutes !== undefined && window.minutes !== 60) {
      checks.warn(
        `maintenanceWindow.minutes is ${window.minutes}: Cloud SQL starts maintenance within an hour and takes no length`,
      );
    }
  }
  if (period) checkDeny(checks, period);
}

function checkDeny(checks: SynthChecks, period: DenyMaintenancePeriod): void {
  const rule = "allowed is a day such as 2026-12-15, or 12-15 for every year";
  checks.matches("denyMaintenance.startDate", period.startDate, DATE, rule);
  checks.matches("denyMaintenance.endDate", period.endDate, DATE, rule);
  checks.matches("denyMaintenance.time", period.time, TIME, "allowed is a time such as 00:00, in UTC");
  if (!isResolved([period.startDate, period.endDate])) return;
  const [start, end] = [DATE.exec(period.startDate), DATE.exec(period.endDate)];
  if (!start || !end) return;
  if ((start[1] === undefined) !== (end[1] === undefined)) {
    checks.fail("denyMaintenance.endDate", period.endDate, "both days have a year, or neither has");
    return;
  }
  const moment = (parts: RegExpExecArray, year: number) =>
    Date.UTC(year, Number(parts[2]) - 1, Number(parts[3]));
  // Of a period for every year, one that goes over New Year counts; 2027 and 2028 show both lengths of February.
  const from = moment(start, Number(start[1] ?? 2027));
  let to = moment(end, Number(end[1] ?? 2027));
  if (start[1] === undefined && to < from) to = moment(end, 2028);
  const days = Math.round((to - from) / DAY_MS);
  checks.check(
    "denyMaintenance",
    `${period.startDate} to ${period.endDate}`,
    () => days >= 1 && days <= DENY_MAINTENANCE_DAYS,
    `allowed are 1 to ${DENY_MAINTENANCE_DAYS} days, with the end after the start`,
  );
}
