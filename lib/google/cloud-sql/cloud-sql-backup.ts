// Cloud SQL counts backups, which it takes daily, and beside them keeps logs for restoring to any moment of the last
// days. Which field switches the logs on depends on the engine, and the provider refuses the other one.

import type { SqlDatabaseInstanceSettingsBackupConfiguration } from "@cdktf/provider-google/lib/sql-database-instance";
import { Op, type Precondition, Token } from "cdktf";
import {
  type BackupPolicy,
  checkBackup,
  type DatabaseEngine,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_RETENTION_DAYS,
  type MachineClass,
} from "../../database";
import { isResolved, type SynthChecks, terraformCall } from "../../database/private";
import { isMysql } from "./cloud-sql-edition";
import { LOG_DAYS, RETAINED_BACKUPS } from "./data/cloud-sql-limits";

/** How a server is to be backed up. @internal */
export interface BackupOptions {
  readonly backup?: BackupPolicy;
  readonly logRetentionDays?: number;
  readonly backupLocation?: string;
}

/** What a server's backups follow from. @internal */
export interface BackupIntents extends BackupOptions {
  readonly engine: DatabaseEngine;
  readonly machine: MachineClass;
}

/** The provider's settings for backups, which are never off. @internal */
export function backupConfiguration(intents: BackupIntents): SqlDatabaseInstanceSettingsBackupConfiguration {
  const { engine, backup, backupLocation } = intents;
  const logs = isMysql(engine) ? { binaryLogEnabled: true } : { pointInTimeRecoveryEnabled: true };
  return {
    enabled: true,
    startTime: (backup?.window ?? DEFAULT_BACKUP_WINDOW).start,
    location: backupLocation,
    ...logs,
    transactionLogRetentionDays: logDays(intents),
    backupRetentionSettings: {
      retainedBackups: backup?.retentionDays ?? DEFAULT_RETENTION_DAYS,
      retentionUnit: "COUNT",
    },
  };
}

/** Reports what Cloud SQL refuses. @internal */
export function checkBackups(checks: SynthChecks, intents: BackupIntents): void {
  const { backup, logRetentionDays, backupLocation } = intents;
  checkBackup(checks, backup, RETAINED_BACKUPS.min, RETAINED_BACKUPS.max);
  checks.matches(
    "backup.window.start",
    backup?.window?.start,
    /^([01]\d|2[0-3]):[0-5]\d$/,
    "allowed is a time such as 03:00, in UTC",
  );
  checks.wholeNumber(
    "logRetentionDays",
    logRetentionDays,
    1,
    mostLogDays(intents),
    `days in ${intents.machine.edition}`,
  );
  const retention = backup?.retentionDays ?? DEFAULT_RETENTION_DAYS;
  if (isResolved(retention)) {
    checks.check(
      "logRetentionDays",
      logRetentionDays,
      () => (logRetentionDays as number) < retention,
      `it has to stay below backup.retentionDays, ${retention}, since a moment is restored from a backup before it`,
    );
  }
  checks.matches(
    "backupLocation",
    backupLocation,
    /^[a-z]+(-[a-z]+[0-9]+)?$/,
    "allowed is a region such as europe-west1 or a multi-region: us, eu or asia",
  );
}

/** The same rules for what only Terraform knows. @internal */
export function backupPreconditions(intents: BackupIntents): Precondition[] {
  const retention = intents.backup?.retentionDays;
  const conditions: Precondition[] = [];
  if (retention !== undefined && !isResolved(retention)) {
    conditions.push({
      condition: Op.and(Op.gte(retention, RETAINED_BACKUPS.min), Op.lte(retention, RETAINED_BACKUPS.max)),
      errorMessage: `backup.retentionDays has to be ${RETAINED_BACKUPS.min} to ${RETAINED_BACKUPS.max} on Cloud SQL.`,
    });
  }
  const logs = intents.logRetentionDays;
  if (logs !== undefined && !isResolved([logs, retention])) {
    conditions.push({
      condition: Op.and(Op.lte(logs, mostLogDays(intents)), Op.lt(logs, retention ?? DEFAULT_RETENTION_DAYS)),
      errorMessage: `logRetentionDays has to be at most ${mostLogDays(intents)} and below backup.retentionDays.`,
    });
  }
  return conditions;
}

function logDays(intents: BackupIntents): number {
  if (intents.logRetentionDays !== undefined) return intents.logRetentionDays;
  const retention = intents.backup?.retentionDays ?? DEFAULT_RETENTION_DAYS;
  const most = mostLogDays(intents);
  if (isResolved(retention)) return Math.max(1, Math.min(retention - 1, most));
  return Token.asNumber(terraformCall("min", Op.sub(retention, 1), most));
}

function mostLogDays(intents: BackupIntents): number {
  return LOG_DAYS[intents.machine.edition ?? ""]?.max ?? 7;
}
