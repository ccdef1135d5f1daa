// Automated backups and point-in-time recovery. Cloud SQL counts backups, of which it takes one a day, and retains transaction
// logs of the last days. The argument that enables the logs depends on the engine, and the provider refuses the other one.

import type { SqlDatabaseInstanceSettingsBackupConfiguration } from "@cdktf/provider-google/lib/sql-database-instance";
import { Op, type Precondition, Token } from "cdktf";
import type { BackupPolicy, DatabaseEngine } from "../../database";
import {
  checkBackup,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_RETENTION_DAYS,
  isResolved,
  type SynthChecks,
  terraformCall,
} from "../../database/private";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import { isMysql } from "./cloud-sql-version";
import { LOG_DAYS, RETAINED_BACKUPS } from "./data/limits";

/** Backup properties of a server. @internal */
export interface BackupOptions {
  readonly backup?: BackupPolicy;
  readonly transactionLogRetentionDays?: number;
  readonly backupLocation?: string;
}

/** Backup properties with the engine and machine type that limit them. @internal */
export interface BackupSpec extends BackupOptions {
  readonly engine: DatabaseEngine;
  readonly machine: CloudSqlMachine;
}

/** The `backup_configuration` block; backups are always enabled. @internal */
export function cloudSqlBackupConfiguration(
  spec: BackupSpec,
): SqlDatabaseInstanceSettingsBackupConfiguration {
  const { engine, backup, backupLocation } = spec;
  const logs = isMysql(engine) ? { binaryLogEnabled: true } : { pointInTimeRecoveryEnabled: true };
  return {
    enabled: true,
    startTime: (backup?.window ?? DEFAULT_BACKUP_WINDOW).start,
    location: backupLocation,
    ...logs,
    transactionLogRetentionDays: logDays(spec),
    backupRetentionSettings: {
      retainedBackups: backup?.retentionDays ?? DEFAULT_RETENTION_DAYS,
      retentionUnit: "COUNT",
    },
  };
}

/** Refuses backup settings that Cloud SQL refuses. @internal */
export function checkBackups(checks: SynthChecks, spec: BackupSpec): void {
  const { backup, transactionLogRetentionDays: logs, backupLocation } = spec;
  checkBackup(checks, backup, RETAINED_BACKUPS.min, RETAINED_BACKUPS.max);
  checks.matches(
    "backup.window.start",
    backup?.window?.start,
    /^([01]\d|2[0-3]):[0-5]\d$/,
    "must be a time in UTC, such as 03:00",
  );
  checks.wholeNumber(
    "transactionLogRetentionDays",
    logs,
    1,
    maxLogDays(spec),
    `days in ${spec.machine.edition}`,
  );
  const retention = backup?.retentionDays ?? DEFAULT_RETENTION_DAYS;
  if (isResolved(retention)) {
    checks.check(
      "transactionLogRetentionDays",
      logs,
      () => (logs as number) < retention,
      `must be less than backup.retentionDays, ${retention}, since point-in-time recovery starts from an older backup`,
    );
  }
  checks.matches(
    "backupLocation",
    backupLocation,
    /^[a-z]+(-[a-z]+[0-9]+)?$/,
    "must be a region such as europe-west1, or a multi-region: us, eu or asia",
  );
}

/** Preconditions of backup settings that only Terraform knows. @internal */
export function backupPreconditions(spec: BackupSpec): Precondition[] {
  const retention = spec.backup?.retentionDays;
  const conditions: Precondition[] = [];
  if (retention !== undefined && !isResolved(retention)) {
    conditions.push({
      condition: Op.and(Op.gte(retention, RETAINED_BACKUPS.min), Op.lte(retention, RETAINED_BACKUPS.max)),
      errorMessage: `backup.retentionDays must be ${RETAINED_BACKUPS.min} to ${RETAINED_BACKUPS.max} on Cloud SQL.`,
    });
  }
  const logs = spec.transactionLogRetentionDays;
  if (logs !== undefined && !isResolved([logs, retention])) {
    conditions.push({
      condition: Op.and(Op.lte(logs, maxLogDays(spec)), Op.lt(logs, retention ?? DEFAULT_RETENTION_DAYS)),
      errorMessage: `transactionLogRetentionDays must be at most ${maxLogDays(spec)} and less than backup.retentionDays.`,
    });
  }
  return conditions;
}

/** Days of transaction logs. @internal */
export function logDays(spec: BackupSpec): number {
  if (spec.transactionLogRetentionDays !== undefined) return spec.transactionLogRetentionDays;
  const retention = spec.backup?.retentionDays ?? DEFAULT_RETENTION_DAYS;
  const max = maxLogDays(spec);
  if (isResolved(retention)) return Math.max(1, Math.min(retention - 1, max));
  return Token.asNumber(terraformCall("min", Op.sub(retention, 1), max));
}

function maxLogDays(spec: BackupSpec): number {
  return LOG_DAYS[spec.machine.edition ?? ""]?.max ?? 7;
}
