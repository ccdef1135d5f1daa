// Scheduled on-demand backups as a protection. What becomes of on-demand backups with the instance, and where they are: Cloud SQL's pages
// on backups and on standard backups, read 2026-11. Not run against Google Cloud.

import { type EngineFamily, type Protection, RecoveryScenario } from "../../database";
import {
  type BackedUpInstance,
  cloudSqlPage,
  fromBackup,
  isMultiRegion,
} from "../cloud-sql/cloud-sql-protection";

/** Mechanism of scheduled on-demand backups. @internal */
export const SCHEDULED_BACKUPS = "Cloud SQL on-demand backups by Cloud Scheduler and Workflows";

/** A schedule, for the runbook. @internal */
export interface ScheduledBackups extends BackedUpInstance {
  readonly family: EngineFamily;
  readonly backupLocation?: string;
  /** Time between two backups in minutes. @default - not known */
  readonly longestGapMinutes?: number;
  readonly retentionDays?: number;
  readonly keep: number;
  readonly retainedOnDelete: boolean;
  /** Beginning of the descriptions of the schedule's backups. */
  readonly mark: string;
}

/** @internal */
export function scheduledBackupProtection(backups: ScheduledBackups): Protection {
  const { backupLocation, keep, retainedOnDelete, mark } = backups;
  const covered = [
    ...(retainedOnDelete ? [RecoveryScenario.LOST_DATABASE] : []),
    RecoveryScenario.BAD_MIGRATION,
  ];
  const steps = (otherRegion: boolean) => fromBackup(backups, otherRegion, mark);
  return {
    mechanism: SCHEDULED_BACKUPS,
    location: backupLocation ?? "the multi-region nearest to the server",
    region: backupLocation,
    retentionDays: backups.retentionDays,
    lossMinutes: backups.longestGapMinutes,
    procedures: [
      { scenarios: covered, steps: steps(false) },
      ...(isMultiRegion(backupLocation)
        ? [{ scenarios: [RecoveryScenario.LOST_REGION], steps: steps(true) }]
        : []),
    ],
    limits: [
      `The newest ${keep} backups; each restores the state at its own time, not any time between.`,
      retainedOnDelete
        ? "Kept after the deletion of the instance, since retain_backups_on_delete is set; nothing expires them from then on."
        : "Deleted together with the instance, unless retain_backups_on_delete is set on it or it is deleted with a final backup.",
    ],
    source: cloudSqlPage(backups.family, "backup-recovery/backups#on-demand-backups"),
  };
}
