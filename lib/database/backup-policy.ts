import type { SynthChecks } from "./private/synth-checks";
import type { BackupWindow } from "./utc-window";

/** Automated backups of a server. Point-in-time recovery is enabled with them. */
export interface BackupPolicy {
  /**
   * Backup retention period in days, 1 to 35; on Cloud SQL the number of daily backups to retain, 2 to 365. Backups cannot be
   * disabled. @default 14
   */
  readonly retentionDays?: number;
  /** Daily backup window, in UTC; Azure chooses the time itself. @default - 03:00 to 04:00 UTC */
  readonly window?: BackupWindow;
}

/** Default retention period, in days. */
export const DEFAULT_RETENTION_DAYS = 14;

/**
 * Reports a retention period that the cloud refuses. A period of 0, which disables backups, is refused on every cloud.
 *
 * @param checks where to report.
 * @param policy the backup policy.
 * @param min the minimum with backups enabled, in days.
 * @param max the maximum, in days.
 */
export function checkBackup(
  checks: SynthChecks,
  policy: BackupPolicy | undefined,
  min: number,
  max: number,
): void {
  const days = policy?.retentionDays;
  checks.check(
    "backup.retentionDays",
    days,
    () => Number.isInteger(days) && (days as number) >= min && (days as number) <= max,
    `must be a whole number from ${min} to ${max} days; leave it out for ${DEFAULT_RETENTION_DAYS} days, and keep copies beyond ${max} days as snapshots or long-term backups; automated backups cannot be disabled`,
  );
}
