// The rules of a schedule that are known at synth.

import {
  type CronSchedule,
  checkCron,
  checkTimeZone,
  isResolved,
  SynthChecks,
  UNIX_CRON,
} from "../../database/private";
import { checkLabels, PROJECT_ID, PROJECT_RULE } from "../resource-names";
import type { CloudSqlBackupSchedule, CloudSqlBackupScheduleProps } from "./cloud-sql-backup-schedule";

/** Sunday night: automated backups keep the days before. */
export const DEFAULT_SCHEDULE = "0 1 * * 0";
export const DEFAULT_KEEP = 12;
const DAY_MINUTES = 24 * 60;

/** Days of the alert: a day more than the longest gap. */
export function defaultOverdueDays(cron: CronSchedule): number {
  return Math.ceil(cron.longestGapMinutes / DAY_MINUTES) + 1;
}

/** Days that the kept backups reach back, right after a new one. */
export function keptDays(cron: CronSchedule, keep: number): number {
  return Math.floor(((keep - 1) * cron.averageGapMinutes) / DAY_MINUTES + 0.01);
}

/** Reports all mistakes. @returns the schedule, if it is known and valid. @internal */
export function checkBackupSchedule(
  scope: CloudSqlBackupSchedule,
  props: CloudSqlBackupScheduleProps,
): CronSchedule | undefined {
  const checks = new SynthChecks(scope, "CLOUDSQL-BACKUP");
  const { server, keep, overdueDays, timeoutMinutes, notificationChannels } = props;
  const schedule = props.schedule ?? DEFAULT_SCHEDULE;
  if (server.isReplica) {
    checks.fail(
      "server",
      server.node.path,
      "must not be a read replica, of which Cloud SQL makes no backups; back up its source",
    );
  }
  const cron = checkCron(checks, "schedule", schedule, UNIX_CRON);
  checkTimeZone(checks, props.timeZone);
  for (const [name, value] of Object.entries({ keep, overdueDays, timeoutMinutes })) {
    if (!isResolved(value)) checks.fail(name, value, "must be known at synth");
  }
  checks.wholeNumber("keep", keep, 1, 500, "backups");
  checks.wholeNumber("timeoutMinutes", timeoutMinutes, 10, 1440, "minutes");
  checkWatch(checks, { schedule, cron, overdueDays, notificationChannels });
  if (cron) {
    // A backup takes minutes to hours, and Cloud SQL runs one operation on an instance at a time.
    checks.check(
      "schedule",
      schedule,
      () => cron.averageGapMinutes >= 60,
      "must not run more often than once an hour on average",
    );
  }
  checkNames(checks, props);
  checkLabels(checks, scope, props.tags);
  noteScheduler(checks);
  return cron;
}

/** Notes what the service account of a schedule may do beside starting its workflow. @internal */
export function noteScheduler(checks: SynthChecks): void {
  checks.optOut(
    "scheduler: its service account can start every workflow of the project, since IAM conditions do not know workflows; set project to one that has no other workflows",
  );
}

/** Reports mistakes in the days and the channels of a schedule's alerts. @internal */
export function checkWatch(
  checks: SynthChecks,
  watch: {
    readonly schedule: string;
    readonly cron?: CronSchedule;
    readonly overdueDays?: number;
    readonly notificationChannels: string[];
  },
): void {
  const { schedule, cron, overdueDays, notificationChannels } = watch;
  checks.wholeNumber("overdueDays", overdueDays, 1, 400, "days");
  if (overdueDays === undefined && !isResolved(schedule)) {
    checks.fail(
      "overdueDays",
      overdueDays,
      "must be set, since the schedule is known only when Terraform runs",
    );
  }
  if (cron && overdueDays !== undefined && isResolved(overdueDays)) {
    checks.check(
      "overdueDays",
      overdueDays,
      () => overdueDays * DAY_MINUTES > cron.longestGapMinutes,
      `must be more than the longest time between two runs of the schedule, ${describe(cron.longestGapMinutes)}`,
    );
  }
  if (cron && overdueDays === undefined) {
    checks.check(
      "schedule",
      schedule,
      () => defaultOverdueDays(cron) <= 400,
      "must run at least once in 399 days",
    );
  }
  checks.check(
    "notificationChannels",
    notificationChannels,
    () => notificationChannels.length > 0,
    "must have at least one channel",
  );
  for (const channel of notificationChannels) {
    checks.matches(
      "notificationChannels",
      channel,
      /^projects\/[^/]+\/notificationChannels\/[^/]+$/,
      "must be projects/PROJECT/notificationChannels/ID",
    );
  }
}

function checkNames(checks: SynthChecks, props: CloudSqlBackupScheduleProps): void {
  if (!isResolved(props.workflowName)) {
    checks.fail(
      "workflowName",
      props.workflowName,
      "must be known at synth, since it marks the schedule's backups",
    );
  }
  checks.matches(
    "backupLocation",
    props.backupLocation,
    /^[a-z]+(-[a-z]+[0-9]+)?$/,
    "must be a region such as europe-west1, or a multi-region: us, eu or asia",
  );
  checkPlace(checks, props);
}

/** Reports mistakes in the name and the place of a workflow and its job. @internal */
export function checkPlace(
  checks: SynthChecks,
  place: { readonly workflowName?: string; readonly region?: string; readonly project?: string },
): void {
  checks.matches(
    "workflowName",
    place.workflowName,
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "must be 1 to 63 lower-case letters, digits and hyphens, with a letter first and no hyphen last",
  );
  checks.matches(
    "region",
    place.region,
    /^[a-z]+-[a-z]+[0-9]+$/,
    "must be a region of Cloud Scheduler and Workflows, such as europe-west1",
  );
  checks.matches("project", place.project, PROJECT_ID, PROJECT_RULE);
}

function describe(minutes: number): string {
  return minutes % DAY_MINUTES === 0 ? `${minutes / DAY_MINUTES} days` : `${minutes} minutes`;
}
