// Names and limits of AWS Backup. Read 2026-11.

const API = "https://docs.aws.amazon.com/aws-backup/latest/devguide";

/** Backup vaults. @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html @internal */
export const VAULT_NAME = {
  pattern: /^[a-zA-Z0-9_-]{2,50}$/,
  rule: "must be 2 to 50 letters, digits, hyphens and underscores",
} as const;

/** Rules of plans. @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html @internal */
export const RULE_NAME = {
  pattern: /^[a-zA-Z0-9_.-]{1,50}$/,
  rule: "must be 1 to 50 letters, digits, hyphens, underscores and dots",
} as const;

/** Limits, in the units of the properties. @internal */
export const BACKUP_LIMITS = {
  /** Days that a continuous backup can go back. */
  continuousDays: 35,
  /** Days of retention: a hundred years. */
  retentionDays: 36_500,
  /** Minutes between two backups of a rule, and the shortest window. */
  minutes: 60,
  /** Days of the cooling-off period of a vault lock in compliance mode. */
  coolingOffDays: 3,
  source: `${API}/point-in-time-recovery.html, ${API}/API_PutBackupVaultLockConfiguration.html, ${API}/about-backup-plans.html`,
} as const;

/**
 * Restore testing, in the units of the properties.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingSelectionForCreate.html
 * @internal
 */
export const RESTORE_TESTING_LIMITS = {
  /** Characters of a name: letters, digits and underscores. */
  nameLength: 50,
  /** Selections of a plan and ARNs of a selection. */
  serversPerPlan: 30,
  /** Hours of the start window and the validation window. */
  windowHours: 168,
  /** Days back within which recovery points are taken. */
  selectionDays: 365,
} as const;
