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
 * Reports an illegal maintenance window. Overlap with the backup is not checked: Azure chooses and moves the backup's time.
 *
 * @internal
 */
export function checkMaintenanceWindow(checks: SynthChecks, window: MaintenanceWindow | undefined): void {
  checkWeeklyStart(checks, "maintenanceWindow", window);
  if (isResolved(window) && window?.minutes !== undefined && window.minutes !== 60) {
    checks.warn(
      "maintenanceWindow.minutes has no effect: maintenance windows of Azure last one hour",
      "maintenanceWindow.minutes",
    );
  }
}

/**
 * Reports an illegal day and time of the week.
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
    checks.fail(property, window, "must be known at synth");
    return;
  }
  checks.matches(`${property}.start`, window.start, TIME, "must be a time in UTC, such as 03:00");
  checks.check(
    `${property}.day`,
    window.day,
    () => DAYS.includes(window.day),
    `must be one of ${DAYS.join(", ")}`,
  );
}

/**
 * The `maintenance_window` block, which has a start only.
 *
 * @param window a window known at synth.
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-maintenance
 * @internal
 */
export function azureMaintenanceWindow(window: MaintenanceWindow) {
  if (!isResolved(window)) return undefined;
  const [startHour, startMinute] = window.start.split(":").map(Number);
  return { dayOfWeek: DAYS.indexOf(window.day), startHour, startMinute };
}
