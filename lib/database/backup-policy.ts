import type { SynthChecks } from "./private/synth-checks";
import type { BackupWindow } from "./utc-window";

/** How a server is backed up. Restoring to a point in time is always possible while backups are on. */
export interface BackupPolicy {
  /**
   * How many days back the server can be restored, 1 to 35.
   * Cloud SQL counts backups, which it takes daily. @default 14
   */
  readonly retentionDays?: number;
  /** The daily time in which the backup starts; Azure chooses it itself. @default - 03:00 to 04:00 UTC */
  readonly window?: BackupWindow;
}

/** The retention of a server that names none, in days. */
export const DEFAULT_RETENTION_DAYS = 14;

/**
 * Reports a retention that the cloud refuses. No backups at all is refused everywhere: these servers hold other people's data.
 *
 * @param checks where to report.
 * @param policy what the user asks for.
 * @param min the least the cloud allows with backups on, in days.
 * @param max the most the cloud allows, in days.
 */
export function checkBackup(
  checks: SynthChecks,
  policy: BackupPolicy | undefined,
  min: number,
  max: number,
): void {
  checks.wholeNumber("backup.retentionDays", policy?.retentionDays, min, max, "days");
}
