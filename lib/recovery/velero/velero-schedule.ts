import { type CronSchedule, checkCron, type SynthChecks } from "../../database/private";
import { checkLabelName } from "../../kubernetes/private";

import { DEFAULT_LOCATION } from "./velero-location";

/** Scheduled backups (`Schedule`). */
export interface VeleroSchedule {
  /**
   * Cron expression in UTC, as Kubernetes reads them: five fields, with 0 to 6 as the days of the week, or `@daily`, `@every 6h`.
   *
   * @see https://velero.io/docs/v1.18/api-types/schedule/
   */
  readonly cron: string;
  /**
   * Namespaces that are backed up. Required: a backup of everything would include Velero's own keys.
   *
   * @see https://velero.io/docs/v1.18/resource-filtering/
   */
  readonly namespaces: string[];
  /**
   * Retention of the backups (`ttl`) in days, 1 to 3650; must exceed the longest gap between two runs. @default 30
   *
   * @see https://velero.io/docs/v1.18/how-velero-works/#set-a-backup-to-expire
   */
  readonly retentionDays?: number;
  /**
   * Enables file-system backup of all pod volumes; false for those only that an annotation of the pod names
   * (`backup.velero.io/backup-volumes`). @default true
   *
   * @see https://velero.io/docs/v1.18/file-system-backup/
   */
  readonly volumes?: boolean;
  /**
   * Resources that are left out, such as `events`. @default - none
   *
   * @see https://velero.io/docs/v1.18/resource-filtering/
   */
  readonly excludedResources?: string[];
  /** Name of the location, `default` or one of `locations`. @default "default" */
  readonly location?: string;
  /**
   * Pauses the schedule. @default false
   *
   * @see https://velero.io/docs/v1.18/api-types/schedule/
   */
  readonly paused?: boolean;
}

/** Default retention of backups, that of Velero (720h). @internal */
export const DEFAULT_RETENTION_DAYS = 30;

/** A schedule with the gap between its runs; undefined for an expression that is wrong or not known at synth. @internal */
export interface ReadSchedule {
  readonly schedule: VeleroSchedule;
  readonly cron?: CronSchedule;
}

/**
 * Reads the schedules and reports those that Velero refuses or that leave times without a backup.
 *
 * @internal
 */
export function readSchedules(
  checks: SynthChecks,
  schedules: { readonly [key: string]: VeleroSchedule },
  fullName: string,
  namespace: string,
  locations: readonly string[],
): Map<string, ReadSchedule> {
  const read = new Map<string, ReadSchedule>();
  for (const [key, schedule] of Object.entries(schedules)) {
    const property = `schedules.${key}`;
    checkLabelName(checks, property, `${fullName}-${key}`);
    const cron = checkCron(checks, `${property}.cron`, schedule.cron);
    const days = schedule.retentionDays ?? DEFAULT_RETENTION_DAYS;
    checks.wholeNumber(`${property}.retentionDays`, schedule.retentionDays, 1, 3650, "days");
    if (cron) {
      checks.check(
        `${property}.retentionDays`,
        days,
        () => days * 24 * 60 > cron.longestGapMinutes,
        `must exceed the longest gap between two runs, ${gapText(cron)}; otherwise the last backup expires before the next one is made`,
      );
    }
    if (schedule.namespaces.length === 0) {
      checks.fail(`${property}.namespaces`, [], "must have at least one namespace", "schedules.namespaces");
    }
    for (const each of schedule.namespaces) {
      checkLabelName(checks, `${property}.namespaces`, each);
      checks.check(
        `${property}.namespaces`,
        each,
        () => each !== namespace,
        "must not include Velero's namespace, whose Secrets open the backups",
      );
    }
    checks.check(
      `${property}.location`,
      schedule.location,
      () => [DEFAULT_LOCATION, ...locations].includes(schedule.location as string),
      `must be one of ${[DEFAULT_LOCATION, ...locations].join(", ")}`,
    );
    read.set(key, { schedule, cron });
  }
  return read;
}

/** A gap for messages. @internal */
export function gapText({ longestGapMinutes: minutes }: CronSchedule): string {
  return minutes % (24 * 60) === 0 ? `${minutes / (24 * 60)} days` : `${Math.ceil(minutes)} minutes`;
}

/** A schedule as a value of the chart. @internal */
export function scheduleValues(
  schedule: VeleroSchedule,
  paused: boolean,
): { readonly [key: string]: unknown } {
  return {
    schedule: schedule.cron,
    paused: paused || (schedule.paused ?? false),
    // A deleted schedule would otherwise take its backups along.
    useOwnerReferencesInBackup: false,
    template: {
      ttl: `${(schedule.retentionDays ?? DEFAULT_RETENTION_DAYS) * 24}h0m0s`,
      storageLocation: schedule.location ?? DEFAULT_LOCATION,
      includedNamespaces: schedule.namespaces,
      excludedResources: schedule.excludedResources,
      defaultVolumesToFsBackup: schedule.volumes ?? true,
      snapshotVolumes: false,
    },
  };
}
