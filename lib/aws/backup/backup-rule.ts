// Rules of a backup plan: schedule, retention, copies, and their checks.

import { isResolved, type SynthChecks } from "../../database/private";
import { type AwsCronSchedule, checkAwsCron } from "../private/aws-cron";
import type { AwsBackupVaultLock, IAwsBackupVault } from "./backup-vault";
import { BACKUP_LIMITS, RULE_NAME } from "./data/backup-limits";

/** Copy of the backups of a rule in another vault. */
export interface AwsBackupCopy {
  /**
   * Vault that receives the copies, in another region, or in another account of the organization.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
   */
  readonly vault: IAwsBackupVault;
  /** Retention of the copies, in days, 1 to 36500. @default - that of the rule */
  readonly retentionDays?: number;
  /**
   * True if the vault is in another region than the backups, which covers the loss of the region; checked at synth, or by the plan.
   * @default true
   */
  readonly otherRegion?: boolean;
  /**
   * True if the vault is in another account of the organization. The organization's management account enables cross-account backup, and
   * the KMS key of a server has to be shared with the account (`EncryptionKeyProps.sharedAccountIds`). RDS snapshots cannot be copied to
   * another region and another account at once. @default false
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
   */
  readonly otherAccount?: boolean;
}

/** Rule of a backup plan. Neither RDS nor S3 has cold storage in AWS Backup. */
export interface AwsBackupRule {
  /**
   * Schedule in UTC as AWS writes cron, not more often than every hour, such as `cron(0 1 * * ? *)`. Backups of RDS wait for the server's
   * backup window and maintenance window to pass: keep an hour clear of them.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
   */
  readonly schedule: string;
  /**
   * Retention of the backups, in days: 1 to 36500, up to 35 for continuous ones, and longer than the time between two of them.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
   */
  readonly retentionDays: number;
  /**
   * Enables continuous backups, for point-in-time recovery: one recovery point that AWS Backup keeps up to date. For buckets and for servers
   * that the program does not create. `RdsServer` has point-in-time recovery by its automated backups; AWS Backup would take over their
   * retention and window, after which RDS refuses those of the program. @default false
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
   */
  readonly continuous?: boolean;
  /** Copies of the backups; those of continuous backups are snapshots. @default - none */
  readonly copies?: readonly AwsBackupCopy[];
  /**
   * Minutes after the scheduled time in which a backup has to start, 60 or more. @default 60
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
   */
  readonly startWindowMinutes?: number;
  /** Minutes after its start in which a backup has to be complete; not less than `startWindowMinutes`. @default 1440 */
  readonly completionWindowMinutes?: number;
}

/** A rule that has been read. @internal */
export interface ReadRule {
  readonly name: string;
  readonly rule: AwsBackupRule;
  readonly startWindowMinutes: number;
  readonly completionWindowMinutes: number;
  /** Not set if the schedule is not known at synth, or wrong. */
  readonly cron?: AwsCronSchedule;
}

/** Reads the rules of a plan, and reports what AWS Backup refuses or what would leave gaps. @internal */
export function readRules(
  checks: SynthChecks,
  rules: { readonly [name: string]: AwsBackupRule },
  vault: IAwsBackupVault,
): ReadRule[] {
  const names = Object.keys(rules);
  if (names.length === 0)
    checks.fail("rules", rules, "must have a rule, such as { daily: { schedule: ... } }");
  const continuous = names.filter((name) => rules[name]?.continuous === true);
  if (continuous.length > 1) {
    checks.fail(
      "rules",
      continuous,
      "must have one continuous rule at most, since AWS Backup keeps one continuous backup of a resource; remove the others",
      "continuous",
    );
  }
  return names.map((name) => readRule(checks, name, rules[name] as AwsBackupRule, vault));
}

function readRule(checks: SynthChecks, name: string, rule: AwsBackupRule, vault: IAwsBackupVault): ReadRule {
  const at = `rules["${name}"]`;
  const startWindowMinutes = rule.startWindowMinutes ?? BACKUP_LIMITS.minutes;
  const completionWindowMinutes = rule.completionWindowMinutes ?? Math.max(1440, startWindowMinutes);
  checks.matches(at, name, RULE_NAME.pattern, RULE_NAME.rule);
  const cron = checkAwsCron(checks, `${at}.schedule`, rule.schedule);
  checks.check(
    `${at}.schedule`,
    rule.schedule,
    () => cron === undefined || cron.shortestGapMinutes >= BACKUP_LIMITS.minutes,
    "must run at most every hour, the shortest interval of AWS Backup",
  );
  const most = rule.continuous ? BACKUP_LIMITS.continuousDays : BACKUP_LIMITS.retentionDays;
  checkRetention(checks, `${at}.retentionDays`, rule.retentionDays, most, cron, vault.lock);
  checks.wholeNumber(`${at}.startWindowMinutes`, rule.startWindowMinutes, BACKUP_LIMITS.minutes, 100_000);
  checks.check(
    `${at}.completionWindowMinutes`,
    rule.completionWindowMinutes,
    () => (rule.completionWindowMinutes as number) >= startWindowMinutes,
    `must be at least startWindowMinutes, ${startWindowMinutes}`,
  );
  for (const [i, copy] of (rule.copies ?? []).entries()) {
    const property = `${at}.copies[${i}]`;
    const days = copy.retentionDays ?? rule.retentionDays;
    checkRetention(
      checks,
      `${property}.retentionDays`,
      days,
      BACKUP_LIMITS.retentionDays,
      cron,
      copy.vault.lock,
    );
    checkCopy(checks, property, copy, vault, rule.copies ?? []);
  }
  return { name, rule, startWindowMinutes, completionWindowMinutes, cron };
}

function checkRetention(
  checks: SynthChecks,
  property: string,
  days: number,
  most: number,
  cron: AwsCronSchedule | undefined,
  lock: AwsBackupVaultLock | undefined,
): void {
  checks.wholeNumber(property, days, 1, most, "days");
  checks.check(
    property,
    days,
    () => cron === undefined || days * 24 * 60 > cron.longestGapMinutes,
    `must be longer than the time between two backups, ${hours(cron?.longestGapMinutes ?? 0)}, or no backup is left at times; raise it or run the schedule more often`,
  );
  const min = lock?.minRetentionDays;
  const max = lock?.maxRetentionDays;
  checks.check(
    property,
    days,
    () => !isResolved(min) || min === undefined || days >= min,
    `must be at least ${min}, the minimum retention of the vault's lock, which fails shorter jobs`,
  );
  checks.check(
    property,
    days,
    () => !isResolved(max) || max === undefined || days <= max,
    `must be at most ${max}, the maximum retention of the vault's lock, which fails longer jobs`,
  );
}

function hours(minutes: number): string {
  return minutes % 1440 === 0 ? `${minutes / 1440} days` : `${Math.round(minutes / 60)} hours`;
}

function checkCopy(
  checks: SynthChecks,
  property: string,
  copy: AwsBackupCopy,
  vault: IAwsBackupVault,
  all: readonly AwsBackupCopy[],
): void {
  const other = copy.vault;
  const [otherRegion, otherAccount] = [copy.otherRegion ?? true, copy.otherAccount ?? false];
  checks.matches(
    `${property}.vault`,
    other.arn,
    /^arn:[a-z-]+:backup:[a-z0-9-]+:\d{12}:backup-vault:[a-zA-Z0-9_-]{2,50}$/,
    "must have the ARN of a backup vault, such as arn:aws:backup:eu-west-1:123456789012:backup-vault:copies",
  );
  if (other === vault || (isResolved([other.arn, vault.arn]) && other.arn === vault.arn)) {
    checks.fail(`${property}.vault`, other.vaultName, "must be another vault than that of the plan");
    return;
  }
  if (!otherRegion && !otherAccount) {
    checks.fail(
      `${property}.otherRegion`,
      false,
      "must be true unless otherAccount is, since a copy in the same region and account is lost with the backups",
    );
  }
  const same = other.region === vault.region;
  if (same || isResolved([other.region, vault.region])) {
    if (otherRegion === same) {
      checks.fail(
        `${property}.vault`,
        other.region,
        same
          ? `must be in another region than the plan's vault, ${vault.region}; give one with a provider of another region, or set otherRegion to false`
          : `must be in ${vault.region}, since otherRegion is false; leave otherRegion out`,
      );
    }
  }
  if (otherAccount && other.accountId === undefined) {
    checks.fail(
      `${property}.vault`,
      other.vaultName,
      "must be a vault of another account: AwsBackupVault.fromVaultArn(...)",
    );
  }
  const first = all.findIndex((each) => each.vault === other || each.vault.arn === other.arn);
  if (all[first] !== copy) {
    checks.fail(
      `${property}.vault`,
      other.vaultName,
      "must be the vault of one copy of the rule; remove one",
    );
  }
}
