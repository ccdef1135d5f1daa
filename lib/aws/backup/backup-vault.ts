import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration";
import { BackupVaultPolicy } from "@cdktf/provider-aws/lib/backup-vault-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy } from "../../database";
import {
  checkUniqueName,
  isResolved,
  namingPath,
  physicalName,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { type PolicyStatement, policyDocument } from "../private/policy-document";
import { checkTags } from "../private/tags";
import { checkEncryptionKey, EncryptionKey, type IEncryptionKey } from "../secrets/encryption-key";
import { BACKUP_LIMITS, VAULT_NAME } from "./data/backup-limits";

/**
 * Mode of a vault lock.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
 */
export enum AwsBackupVaultLockMode {
  /** Identities with the right to do so can change and remove the lock. */
  GOVERNANCE = "governance",
  /** After the cooling-off period no identity can change or remove the lock, the root user and AWS included. */
  COMPLIANCE = "compliance",
}

/** Lock of a backup vault: recovery points cannot be deleted before their retention ends. */
export interface AwsBackupVaultLock {
  /**
   * Mode of the lock.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
   */
  readonly mode: AwsBackupVaultLockMode;
  /** Minimum retention, in days, 1 to 36500: jobs with a shorter one fail. */
  readonly minRetentionDays: number;
  /** Maximum retention, in days, 1 to 36500: jobs with a longer one fail. @default - not limited */
  readonly maxRetentionDays?: number;
  /**
   * Cooling-off period of `AwsBackupVaultLockMode.COMPLIANCE`, in days from the creation of the lock, 3 or more.
   * @default - none; required in compliance mode, refused in governance mode
   */
  readonly changeableForDays?: number;
}

/**
 * A backup vault of AWS Backup: one of the library's (`AwsBackupVault`) or one that exists (`AwsBackupVault.fromVaultArn`).
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vaults.html
 */
export interface IAwsBackupVault {
  /** Name of the vault; may be a token. */
  readonly vaultName: string;
  /** ARN of the vault; may be a token. */
  readonly arn: string;
  /** Region of the vault; may be a token. */
  readonly region: string;
  /** ID of the account of the vault; may be a token. @default - that of the program's provider */
  readonly accountId?: string;
  /** KMS key of the vault. @default - not known */
  readonly encryptionKey?: IEncryptionKey;
  /** Lock of the vault. @default - none, or not known */
  readonly lock?: AwsBackupVaultLock;
  /** Resources that have to exist before something is backed up to the vault. */
  readonly dependables: ITerraformDependable[];
}

/** Properties of an `AwsBackupVault`. */
export interface AwsBackupVaultProps {
  /**
   * Name of the vault: 2 to 50 letters, digits, hyphens and underscores. Changing it replaces the vault. @default - the construct's path
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html
   */
  readonly vaultName?: string;
  /**
   * KMS key of the vault, in its region. Changing it replaces the vault. Backups of S3, and copies of RDS snapshots, are encrypted with
   * it; RDS snapshots of the vault's own region keep the key of their server. @default - a key created with the vault (see `EncryptionKey`)
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Vault lock. Every change of it removes the lock and creates it again. @default - none
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
   */
  readonly lock?: AwsBackupVaultLock;
  /**
   * Denies every identity to delete recovery points and to shorten their retention, by the vault's access policy. The end of their
   * retention deletes them all the same. @default true
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
   */
  readonly denyDeletion?: boolean;
  /**
   * IDs of other accounts of the organization that may copy backups into the vault; may be tokens. @default - none
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
   */
  readonly copyFromAccounts?: string[];
  /**
   * Deletion policy of the vault when it is removed from the program: with DELETE its recovery points are deleted with it, and there is no
   * SNAPSHOT. @default DeletionPolicy.RETAIN
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-vault.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A backup vault of AWS Backup, encrypted with a customer managed key; its access policy denies the deletion of recovery points.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vaults.html
 *
 * @example
 * const vault = new AwsBackupVault(this, "vault", {
 *   lock: { mode: AwsBackupVaultLockMode.GOVERNANCE, minRetentionDays: 14, maxRetentionDays: 400 },
 * });
 */
export class AwsBackupVault extends Construct implements IAwsBackupVault {
  /**
   * A vault that exists, such as one of another account. Its access policy has to let this account copy into it
   * (`backup:CopyIntoBackupVault`).
   *
   * @param arn ARN of the vault; may be a token.
   *
   * @example
   * const vault = AwsBackupVault.fromVaultArn("arn:aws:backup:eu-central-1:210987654321:backup-vault:copies");
   */
  public static fromVaultArn(arn: string): IAwsBackupVault {
    const part = (index: number): string =>
      isResolved(arn)
        ? (arn.split(":")[index] ?? "")
        : terraformCall("element", terraformCall("split", ":", arn), index);
    return { arn, vaultName: part(6), region: part(3), accountId: part(4), dependables: [] };
  }

  /** The backup vault. */
  public readonly resource: BackupVault;
  /** The vault lock; not set without `lock`. */
  public readonly lockConfiguration?: BackupVaultLockConfiguration;
  /** The access policy; not set if it would be empty. */
  public readonly policy?: BackupVaultPolicy;
  public readonly vaultName: string;
  public readonly arn: string;
  public readonly region: string;
  public readonly encryptionKey: IEncryptionKey;
  /** KMS key created with the vault; not set if `encryptionKey` was given. */
  public readonly ownKey?: EncryptionKey;
  public readonly lock?: AwsBackupVaultLock;
  /** AWS provider of the vault's region. @default - the stack's only AWS provider */
  public readonly provider?: TerraformProvider;
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: AwsBackupVaultProps = {}) {
    super(scope, id);
    const { provider, tags, dependsOn, lock } = props;
    const checks = new SynthChecks(this, "AWS-BACKUP-VAULT");
    const name = props.vaultName ?? physicalName(this, 50);
    this.provider = provider;
    this.region = AwsEnvironment.of(this, provider).lookUpRegion();
    checkVault(checks, props, this.region);
    checkTags(checks, this, tags);
    checkUniqueName(checks, this, {
      kind: `backup vault of ${this.region}`,
      property: "vaultName",
      name,
    });
    const retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    if (props.encryptionKey === undefined) {
      const description = `Backup vault ${namingPath(this)}`;
      this.ownKey = new EncryptionKey(this, "Key", { description, retain, tags, provider, dependsOn });
    }
    this.encryptionKey = props.encryptionKey ?? (this.ownKey as EncryptionKey);
    this.resource = new BackupVault(this, "Resource", {
      name,
      kmsKeyArn: this.encryptionKey.arn,
      forceDestroy: !retain,
      lifecycle: { preventDestroy: retain },
      tags,
      provider,
      dependsOn,
    });
    this.vaultName = this.resource.name;
    this.arn = this.resource.arn;
    this.lock = lock;
    if (lock) {
      this.lockConfiguration = new BackupVaultLockConfiguration(this, "Lock", {
        backupVaultName: this.vaultName,
        minRetentionDays: lock.minRetentionDays,
        maxRetentionDays: lock.maxRetentionDays,
        changeableForDays: lock.changeableForDays,
        provider,
      });
    }
    const statements = this.statements(props);
    if (statements.length > 0) {
      this.policy = new BackupVaultPolicy(this, "Policy", {
        backupVaultName: this.vaultName,
        policy: policyDocument(...statements),
        provider,
      });
    }
    this.dependables = [this.resource, this.lockConfiguration, this.policy].filter(
      (each) => each !== undefined,
    );
  }

  private statements(props: AwsBackupVaultProps): PolicyStatement[] {
    const accounts = props.copyFromAccounts ?? [];
    const partition = accounts.length > 0 ? AwsEnvironment.of(this, props.provider).lookUpPartition() : "";
    const deny: PolicyStatement = {
      Sid: "NoDeletion",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: [
        "backup:DeleteRecoveryPoint",
        "backup:DisassociateRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
      ],
      Resource: "*",
    };
    const copies: PolicyStatement = {
      Sid: "CopiesOfOtherAccounts",
      Effect: "Allow",
      Principal: { AWS: accounts.map((account) => `arn:${partition}:iam::${account}:root`) },
      Action: "backup:CopyIntoBackupVault",
      Resource: "*",
    };
    return [...((props.denyDeletion ?? true) ? [deny] : []), ...(accounts.length > 0 ? [copies] : [])];
  }
}

/** Reports props that AWS Backup refuses, and records the opt-outs. */
function checkVault(checks: SynthChecks, props: AwsBackupVaultProps, region: string): void {
  checks.matches("vaultName", props.vaultName, VAULT_NAME.pattern, VAULT_NAME.rule);
  checkEncryptionKey(checks, props.encryptionKey, region);
  for (const [i, account] of (props.copyFromAccounts ?? []).entries()) {
    checks.matches(`copyFromAccounts[${i}]`, account, /^\d{12}$/, "must be an account ID of 12 digits");
  }
  checks.check(
    "deletionPolicy",
    props.deletionPolicy,
    () => props.deletionPolicy !== DeletionPolicy.SNAPSHOT,
    "must be RETAIN or DELETE, since a vault has no snapshot",
  );
  if (props.denyDeletion === false) {
    checks.optOut("denyDeletion: identities with the right to do so can delete the recovery points");
  }
  if (props.deletionPolicy === DeletionPolicy.DELETE) {
    checks.optOut("deletionPolicy: the recovery points are deleted with the vault");
  }
  if (props.lock) checkLock(checks, props.lock);
}

function checkLock(checks: SynthChecks, lock: AwsBackupVaultLock): void {
  const { mode, minRetentionDays: min, maxRetentionDays: max, changeableForDays } = lock;
  const days = BACKUP_LIMITS.retentionDays;
  checks.wholeNumber("lock.minRetentionDays", min, 1, days, "days");
  checks.wholeNumber("lock.maxRetentionDays", max, 1, days, "days");
  checks.check(
    "lock.maxRetentionDays",
    max,
    () => !isResolved(min) || (max as number) >= min,
    `must be at least lock.minRetentionDays, ${min}`,
  );
  if (mode === AwsBackupVaultLockMode.GOVERNANCE) {
    checks.check(
      "lock.changeableForDays",
      changeableForDays,
      () => false,
      "must not be set in governance mode, since AWS Backup takes any value of it for compliance mode; leave it out",
    );
    return;
  }
  if (changeableForDays === undefined) {
    checks.fail(
      "lock.changeableForDays",
      changeableForDays,
      `must be set in compliance mode: ${BACKUP_LIMITS.coolingOffDays} or more days in which the lock can still be removed`,
    );
  }
  checks.wholeNumber("lock.changeableForDays", changeableForDays, BACKUP_LIMITS.coolingOffDays, days, "days");
  checks.note(
    "lock: after changeableForDays days the lock cannot be changed or removed, and the vault stays until its last recovery point expires",
    "lock",
  );
}
