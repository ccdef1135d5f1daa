// Weekly and daily windows in UTC. The clouds spell them differently; times are computed in this file only.

import { isResolved } from "./private/is-resolved";
import type { SynthChecks } from "./private/synth-checks";

/** A day of the week. */
export enum DayOfWeek {
  /** Monday. */
  MONDAY = "mon",
  /** Tuesday. */
  TUESDAY = "tue",
  /** Wednesday. */
  WEDNESDAY = "wed",
  /** Thursday. */
  THURSDAY = "thu",
  /** Friday. */
  FRIDAY = "fri",
  /** Saturday. */
  SATURDAY = "sat",
  /** Sunday. */
  SUNDAY = "sun",
}

const DAYS = Object.values(DayOfWeek);
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const MIN_MINUTES = 30;
const MAX_MINUTES = DAY_MINUTES - 60;

/** Daily backup window. */
export interface BackupWindow {
  /** Start as `HH:MM` in UTC. */
  readonly start: string;
  /** Length in minutes, 30 to 1,380. @default 60 */
  readonly minutes?: number;
}

/** Weekly maintenance window. */
export interface MaintenanceWindow {
  /** Day of the week, in UTC. */
  readonly day: DayOfWeek;
  /** Start as `HH:MM` in UTC. */
  readonly start: string;
  /** Length in minutes, 30 to 1,380. @default 60 */
  readonly minutes?: number;
}

/** Default backup window: 03:00 to 04:00 UTC. */
export const DEFAULT_BACKUP_WINDOW: BackupWindow = { start: "03:00" };

/** Default maintenance window: Sunday 04:30 to 05:30 UTC, after the backup. */
export const DEFAULT_MAINTENANCE_WINDOW: MaintenanceWindow = { day: DayOfWeek.SUNDAY, start: "04:30" };

/**
 * Reports windows that are malformed or overlap; RDS refuses overlapping windows (AWS API reference, CreateDBInstance). Adjacent
 * windows are valid. Both must be known at synth, because their ends are computed and each cloud spells them differently.
 *
 * @param checks where to report.
 * @param backup the daily window.
 * @param maintenance the weekly window.
 */
export function checkWindows(
  checks: SynthChecks,
  backup: BackupWindow,
  maintenance: MaintenanceWindow,
): void {
  const known = [
    checkStart(checks, "backup.window", backup),
    checkStart(checks, "maintenanceWindow", maintenance),
  ];
  checks.check(
    "maintenanceWindow.day",
    maintenance.day,
    () => DAYS.includes(maintenance.day),
    `must be one of ${DAYS.join(", ")}`,
  );
  if (!known.every(Boolean) || !DAYS.includes(maintenance.day)) return;
  const weekly = minuteOf(maintenance.start) + DAYS.indexOf(maintenance.day) * DAY_MINUTES;
  const daily = minuteOf(backup.start);
  const overlaps = DAYS.some((_, day) =>
    overlap(weekly, maintenance.minutes ?? 60, daily + day * DAY_MINUTES, backup.minutes ?? 60),
  );
  if (overlaps) {
    checks.fail(
      "maintenanceWindow",
      weeklyRange(maintenance),
      `must not overlap the backup window, ${dailyRange(backup)} UTC; move one of them`,
    );
  }
}

/**
 * A window in the spelling of RDS, such as `03:00-04:00`.
 *
 * @param window a window known at synth.
 */
export function dailyRange(window: BackupWindow): string {
  const start = minuteOf(window.start);
  return `${window.start}-${timeOf(start + (window.minutes ?? 60))}`;
}

/**
 * A window in the spelling of RDS, such as `sun:04:30-sun:05:30`.
 *
 * @param window a window known at synth.
 */
export function weeklyRange(window: MaintenanceWindow): string {
  const end = minuteOf(window.start) + (window.minutes ?? 60);
  const endDay = DAYS[(DAYS.indexOf(window.day) + Math.floor(end / DAY_MINUTES)) % 7];
  return `${window.day}:${window.start}-${endDay}:${timeOf(end)}`;
}

/** Returns true if the start is valid, so that the window can be compared. */
function checkStart(checks: SynthChecks, property: string, window: BackupWindow): boolean {
  if (!isResolved(window)) {
    checks.fail(property, window, "must be known at synth");
    return false;
  }
  const { start, minutes } = window;
  checks.matches(`${property}.start`, start, TIME, "must be a time in UTC such as 03:00");
  checks.wholeNumber(`${property}.minutes`, minutes, MIN_MINUTES, MAX_MINUTES, "minutes");
  return TIME.test(start);
}

function minuteOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

function timeOf(minute: number): string {
  const of = minute % DAY_MINUTES;
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(of / 60))}:${two(of % 60)}`;
}

function overlap(a: number, aLength: number, b: number, bLength: number): boolean {
  // On a circle of one week, two stretches overlap when either start lies inside the other.
  const gap = (from: number, to: number) => (((to - from) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;
  return gap(a, b) < aLength || gap(b, a) < bLength;
}
