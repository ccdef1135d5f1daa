// The rules of an export that are known at synth.

import { Op, Token } from "cdktf";
import type { IDatabase } from "../../database";
import {
  type CronSchedule,
  checkCron,
  checkTimeZone,
  isResolved,
  SynthChecks,
  terraformCall,
  UNIX_CRON,
} from "../../database/private";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import type { ICloudSqlServer } from "../cloud-sql/cloud-sql-server";
import { checkLabels } from "../resource-names";
import { checkPlace, checkWatch, keptDays, noteScheduler } from "./backup-schedule-checks";
import type { CloudSqlExport, CloudSqlExportProps } from "./cloud-sql-export";

/** Every night, an hour after the default of scheduled backups: Cloud SQL runs one operation on an instance at a time. */
export const DEFAULT_EXPORT_SCHEDULE = "0 2 * * *";
export const DEFAULT_EXPORT_KEEP = 14;
export const DEFAULT_EXPORT_TIMEOUT_MINUTES = 360;
/** Names that are part of the names of objects, and of expressions of Workflows. */
const DATABASE_NAME = /^[A-Za-z0-9_-]{1,63}$/;

const OTHER_REGION =
  "must not be the server's region, with which the exports are lost; take another region, a dual-region or a multi-region, or set otherRegion to false";

/** The database that is exported: the one behind the pooler, if there is one. @internal */
export function exportedDatabase(database: IDatabase): IDatabase {
  return database.pooling?.direct ?? database;
}

/** True if two names are the same location; false if they differ, or if one is not known. @internal */
export function sameLocation(one: string | undefined, other: string | undefined): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    isResolved([one, other]) &&
    one.toLowerCase() === other.toLowerCase()
  );
}

/** Reports all mistakes. @returns the schedule, if it is known and valid. @internal */
export function checkExport(scope: CloudSqlExport, props: CloudSqlExportProps): CronSchedule | undefined {
  const checks = new SynthChecks(scope, "CLOUDSQL-EXPORT");
  const { server, bucket, keep, overdueDays, timeoutMinutes, notificationChannels } = props;
  const schedule = props.schedule ?? DEFAULT_EXPORT_SCHEDULE;
  if (server.isReplica) {
    checks.fail(
      "server",
      server.node.path,
      "must not be a read replica; export its source, whose load a serverless export leaves alone",
    );
  }
  const cron = checkCron(checks, "schedule", schedule, UNIX_CRON);
  checkTimeZone(checks, props.timeZone);
  for (const [name, value] of Object.entries({
    keep,
    overdueDays,
    timeoutMinutes,
    workflowName: props.workflowName,
    otherRegion: props.otherRegion,
    serverless: props.serverless,
    "bucket.lockDays": bucket.lockDays,
  })) {
    if (!isResolved(value)) checks.fail(name, value, "must be known at synth");
  }
  checks.wholeNumber("keep", keep, 1, 500, "exports");
  checks.wholeNumber("timeoutMinutes", timeoutMinutes, 10, 1440, "minutes");
  if (cron) {
    checks.check(
      "schedule",
      schedule,
      () => cron.averageGapMinutes >= 60,
      "must not run more often than once an hour on average",
    );
  }
  checkDatabases(checks, server, props.databases);
  checkBucket(checks, props, cron);
  checkWatch(checks, { schedule, cron, overdueDays, notificationChannels });
  checkPlace(checks, props);
  checkLabels(checks, scope, props.tags);
  noteScheduler(checks);
  checks.optOut(
    "reader: the workflow's service account reads the settings of all Cloud SQL instances of the project, since operations belong to the project",
  );
  if (props.serverless === false) {
    checks.optOut("serverless: the export runs on the instance and slows down its clients");
  }
  return cron;
}

function checkDatabases(checks: SynthChecks, server: ICloudSqlServer, databases: readonly IDatabase[]): void {
  checks.check(
    "databases",
    databases,
    () => databases.length > 0,
    "must have at least one database: Cloud SQL exports all databases of an instance in one call for MySQL only",
  );
  const names = databases.map((database) => exportedDatabase(database).databaseName);
  for (const [index, database] of databases.map(exportedDatabase).entries()) {
    const at = `databases[${index}]`;
    checks.check(
      at,
      database.node.path,
      () => database.server === server,
      "must be a database of server; give each server its export",
    );
    checks.matches(
      at,
      database.databaseName,
      DATABASE_NAME,
      "must have a name of 1 to 63 letters, digits, underscores and hyphens, which is part of the object's name",
    );
    checks.check(
      at,
      database.databaseName,
      () => names.indexOf(database.databaseName) === index,
      "must be named once",
    );
  }
}

function checkBucket(
  checks: SynthChecks,
  { bucket, server, otherRegion, keep }: CloudSqlExportProps,
  cron: CronSchedule | undefined,
): void {
  checks.check(
    "bucket",
    bucket.node.path,
    () => bucket.kind === ObjectStoreKind.GCS && bucket.projectId !== undefined,
    "must be a bucket of Cloud Storage, to which alone Cloud SQL exports; use a BackupBucket or GcsBucket, or a LogicalBackup for other stores",
  );
  if (otherRegion !== false) {
    checks.check(
      "bucket.region",
      bucket.region,
      () => !sameLocation(bucket.region, server.location.region),
      OTHER_REGION,
    );
  }
  const { lockDays } = bucket;
  if (lockDays === undefined || !cron || !isResolved([lockDays, keep])) return;
  const days = keptDays(cron, keep ?? DEFAULT_EXPORT_KEEP);
  if (lockDays < days) {
    checks.fail(
      "bucket.lockDays",
      lockDays,
      `must be at least ${days}, the days for which keep keeps an export; otherwise the last exports can be deleted while they are needed: lock the bucket for longer, or keep fewer`,
    );
  } else if (lockDays > days) {
    checks.note(
      `bucket.lockDays: exports stay until their lock ends, up to ${lockDays - days} days longer than keep says`,
      "bucket.lockLonger",
    );
  }
}

/** Precondition for locations that only Terraform knows. @internal */
export function otherRegionPreconditions(
  bucket: IObjectStore,
  server: ICloudSqlServer,
): { readonly condition: string; readonly errorMessage: string }[] {
  const { region } = server.location;
  if (region === undefined || isResolved([bucket.region, region])) return [];
  return [
    {
      condition: Token.asString(
        Op.neq(terraformCall("lower", bucket.region), terraformCall("lower", region)),
      ),
      errorMessage: `bucket.region ${OTHER_REGION}`,
    },
  ];
}
