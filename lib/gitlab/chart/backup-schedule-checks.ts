// Kubernetes judges a schedule only half-way through the release, and the time of a backup is nothing to find out later.

import type { SynthChecks } from "../../database/private";
import { isResolved } from "../../database/private";
import type { GitlabBackupSchedule } from "../planning/gitlab-backup-coverage";

/** The ranges of the five fields, as Kubernetes reads them: it knows Sunday as 0 only. */
const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;
const NAMES = /^(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|SUN|MON|TUE|WED|THU|FRI|SAT)$/i;

/** Reports a schedule that Kubernetes refuses. @internal */
export function checkBackupSchedule(checks: SynthChecks, backups: GitlabBackupSchedule | undefined): void {
  if (!backups) return;
  checks.check(
    "backups.cron",
    backups.cron,
    () => isCron(backups.cron),
    "allowed are five fields: minute 0 to 59, hour 0 to 23, day 1 to 31, month 1 to 12, day of the week 0 to 6, such as 0 1 * * *",
  );
  if (backups.cron === undefined) {
    checks.fail("backups.cron", undefined, "say when, or leave backups out");
  }
  checks.wholeNumber("backups.diskGiB", backups.diskGiB, 1, 65_536, "GiB");
}

function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return (
    isResolved(text) &&
    fields.length === RANGES.length &&
    fields.every((field, index) => field.split(",").every((part) => isPart(part, index)))
  );
}

function isPart(part: string, index: number): boolean {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*" || range === "?") return true;
  const [min, max] = RANGES[index] as readonly [number, number];
  const ends = range.split("-");
  const legal = ends.every((end) =>
    /^\d+$/.test(end) ? Number(end) >= min && Number(end) <= max : index > 2 && NAMES.test(end),
  );
  const numbers = ends.map(Number);
  return legal && ends.length <= 2 && !((numbers[0] as number) > (numbers[1] ?? Number.POSITIVE_INFINITY));
}
