// The rules of a rehearsal that are known at synth.

import {
  type CronSchedule,
  checkCron,
  checkTimeZone,
  isResolved,
  physicalName,
  resourcesOfType,
  SynthChecks,
  UNIX_CRON,
} from "../../database/private";
import { checkLabels } from "../resource-names";
import { checkPlace, checkWatch, noteScheduler } from "./backup-schedule-checks";
import type { CloudSqlRestoreRehearsal, CloudSqlRestoreRehearsalProps } from "./cloud-sql-restore-rehearsal";

/** Sunday night, a few hours after the automated backup of that night. */
export const DEFAULT_REHEARSAL_SCHEDULE = "0 4 * * 0";
/** A backup a day, in a window of four hours, and two hours that it may take. */
export const DEFAULT_MAX_BACKUP_AGE_HOURS = 30;
export const DEFAULT_TIMEOUT_MINUTES = 360;
/** Attempts at a restore and a deletion while Cloud SQL is busy, and the deletion, in minutes. */
const DELETION_MINUTES = 180;
/** `project:instance` has at most 98 characters, and a project 30; the date and the execution take 17. */
const PREFIX = /^[a-z][a-z0-9-]{3,47}-$/;

/** Names of the instances of the program, as far as they are known; generated ones begin with the name of their path. */
function namesOfInstances(
  scope: CloudSqlRestoreRehearsal,
): { readonly name: string; readonly path: string }[] {
  return resourcesOfType(scope, "google_sql_database_instance").flatMap((resource) => {
    const server = resource.node.scope as CloudSqlRestoreRehearsal;
    const { nameInput } = resource as { readonly nameInput?: string };
    const name = isResolved(nameInput) ? nameInput : physicalName(server, 58);
    return name === undefined ? [] : [{ name, path: server.node.path }];
  });
}

/** Hours after which a copy is a leftover: no execution that made it can still need it. */
export function defaultLeftoverHours(timeoutMinutes: number): number {
  return Math.ceil((timeoutMinutes + DELETION_MINUTES) / 60);
}

/** Reports all mistakes. @returns the schedule, if it is known and valid. @internal */
export function checkRehearsal(
  scope: CloudSqlRestoreRehearsal,
  props: CloudSqlRestoreRehearsalProps,
  sourceName: string,
  copyPrefix: string,
): CronSchedule | undefined {
  const checks = new SynthChecks(scope, "CLOUDSQL-REHEARSAL");
  const { server, overdueDays, timeoutMinutes, maxBackupAgeHours, leftoverHours } = props;
  const schedule = props.schedule ?? DEFAULT_REHEARSAL_SCHEDULE;
  const timeout = timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES;
  if (server.isReplica) {
    checks.fail(
      "server",
      server.node.path,
      "must not be a read replica, of which Cloud SQL makes no backups; rehearse its source",
    );
  }
  for (const [name, value] of Object.entries({
    overdueDays,
    timeoutMinutes,
    maxBackupAgeHours,
    leftoverHours,
    copyPrefix: props.copyPrefix,
    workflowName: props.workflowName,
    databases: props.databases,
  })) {
    if (!isResolved(value)) checks.fail(name, value, "must be known at synth");
  }
  const cron = checkCron(checks, "schedule", schedule, UNIX_CRON);
  checkTimeZone(checks, props.timeZone);
  checks.wholeNumber("timeoutMinutes", timeoutMinutes, 30, 1440, "minutes");
  checks.wholeNumber("maxBackupAgeHours", maxBackupAgeHours, 1, 9_600, "hours");
  checks.wholeNumber("leftoverHours", leftoverHours, 1, 168, "hours");
  if (isResolved(timeout) && isResolved(leftoverHours)) {
    checks.check(
      "leftoverHours",
      leftoverHours,
      () => (leftoverHours as number) >= defaultLeftoverHours(timeout),
      `must be at least ${defaultLeftoverHours(timeout)} hours: timeoutMinutes and the time of retries and of the deletion, so that no running rehearsal loses its copy`,
    );
  }
  if (cron && isResolved(timeout)) {
    checks.check(
      "schedule",
      schedule,
      () => cron.averageGapMinutes >= timeout + DELETION_MINUTES,
      `must leave at least ${timeout + DELETION_MINUTES} minutes between two rehearsals on average: timeoutMinutes and the time of retries and of the deletion`,
    );
  }
  checks.matches(
    "copyPrefix",
    props.copyPrefix,
    PREFIX,
    "must be 5 to 49 lower-case letters, digits and hyphens, with a letter first and a hyphen last",
  );
  checks.check(
    "copyPrefix",
    sourceName,
    () => !isResolved(copyPrefix) || !`${sourceName}-`.startsWith(copyPrefix),
    "must not be the beginning of the server's name, so that the right to delete copies does not include the server",
  );
  checks.whenComplete(() => {
    if (!isResolved(copyPrefix)) return;
    for (const { name, path } of namesOfInstances(scope)) {
      // The server itself is compared above.
      if (path === server.node.path || !`${name}-`.startsWith(copyPrefix)) continue;
      checks.fail(
        "copyPrefix",
        name,
        `must not be the beginning of the name of ${path}, so that the right to delete copies does not include it`,
      );
    }
  });
  checks.matches(
    "tier",
    props.tier,
    /^db-[a-zA-Z0-9-]+$/,
    "must be a machine type of Cloud SQL, such as db-custom-2-8192",
  );
  for (const database of isResolved(props.databases) ? (props.databases ?? []) : []) {
    checks.matches(
      "databases",
      database,
      /^[A-Za-z0-9_-]{1,63}$/,
      "must be names of databases: 1 to 63 letters, digits, underscores and hyphens",
    );
  }
  checkPlace(checks, props);
  checkWatch(checks, { schedule, cron, overdueDays, notificationChannels: props.notificationChannels });
  checkLabels(checks, scope, props.tags);
  noteScheduler(checks);
  checks.optOut(
    "reader: the workflow's service account reads the settings of all Cloud SQL instances of the project and the names of their databases, since lists and operations belong to the project",
  );
  return cron;
}
