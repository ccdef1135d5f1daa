import { DayOfWeek, type MaintenanceWindow } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";

// Azure's week begins on Sunday.
const DAYS = [
  DayOfWeek.SUNDAY,
  DayOfWeek.MONDAY,
  DayOfWeek.TUESDAY,
  DayOfWeek.WEDNESDAY,
  DayOfWeek.THURSDAY,
  DayOfWeek.FRIDAY,
  DayOfWeek.SATURDAY,
];
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Reports a badly written window. It can't overlap the backup, whose time Azure chooses and moves by itself.
 *
 * @internal
 */
export function checkMaintenanceWindow(checks: SynthChecks, window: MaintenanceWindow | undefined): void {
  checkWeeklyStart(checks, "maintenanceWindow", window);
  if (isResolved(window) && window?.minutes !== undefined && window.minutes !== 60) {
    checks.warn("maintenanceWindow.minutes: Azure's windows last an hour, so it has no effect");
  }
}

/**
 * Reports a time of the week that is none.
 *
 * @internal
 */
export function checkWeeklyStart(
  checks: SynthChecks,
  property: string,
  window: MaintenanceWindow | undefined,
): void {
  if (window === undefined) return;
  if (!isResolved(window)) {
    checks.fail(property, window, "it has to be known at synth");
    return;
  }
  checks.matches(`${property}.start`, window.start, TIME, "allowed is a time such as 03:00, in UTC");
  checks.check(
    `${property}.day`,
    window.day,
    () => DAYS.includes(window.day),
    `allowed are ${DAYS.join(", ")}`,
  );
}

/**
 * A weekly window as Azure writes it; it knows a start only.
 *
 * @param window a window known at synth.
 * @internal
 */
export function azureMaintenanceWindow(window: MaintenanceWindow) {
  if (!isResolved(window)) return undefined;
  const [startHour, startMinute] = window.start.split(":").map(Number);
  return { dayOfWeek: DAYS.indexOf(window.day), startHour, startMinute };
}
