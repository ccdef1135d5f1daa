import { BackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { type ITerraformDependable, Op, type Precondition, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Protection } from "../../database";
import {
  isResolved,
  namingPath,
  physicalName,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { checkTags } from "../private/tags";
import { type IRdsServer, RdsServer } from "../rds/rds-server";
import type { IS3Bucket } from "../s3/s3-bucket";
import { EncryptionKey } from "../secrets/encryption-key";
import { bucketBackups, ruleMechanism, serverBackups } from "./backup-protection";
import { backupRole, backupStatements, bucketRestoreStatements } from "./backup-role";
import { type AwsBackupRule, type ReadRule, readRules } from "./backup-rule";
import type { IAwsBackupVault } from "./backup-vault";

/** Properties of an `AwsBackupPlan`. */
export interface AwsBackupPlanProps {
  /**
   * Vault of the backups, in the region of the servers and buckets.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vaults.html
   */
  readonly vault: IAwsBackupVault;
  /**
   * Rules by name: schedule, retention and copies.
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
   */
  readonly rules: { readonly [name: string]: AwsBackupRule };
  /** Servers that are backed up, created here or existing. @default - none */
  readonly servers?: readonly IRdsServer[];
  /**
   * Buckets that are backed up, with versioning. AWS Backup enables events of the buckets to EventBridge. @default - none
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html
   */
  readonly buckets?: readonly IS3Bucket[];
  /**
   * ARN of the policy that is the permissions boundary of the roles. @default - none
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * Tags of all resources. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** AWS provider. @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A backup plan of AWS Backup with its selection, by ARN, and a role that may back up those servers and buckets and nothing else.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/about-backup-plans.html
 *
 * @example
 * const ireland = new AwsProvider(this, "ireland", { alias: "ireland", region: "eu-west-1" });
 * const plan = new AwsBackupPlan(this, "backups", {
 *   vault: new AwsBackupVault(this, "vault"),
 *   servers: [server],
 *   rules: {
 *     daily: {
 *       schedule: "cron(0 1 * * ? *)",
 *       retentionDays: 35,
 *       copies: [{ vault: new AwsBackupVault(this, "copies", { provider: ireland }) }],
 *     },
 *   },
 * });
 */
export class AwsBackupPlan extends Construct {
  /** The backup plan. */
  public readonly resource: BackupPlan;
  /** The selection of servers and buckets. */
  public readonly selection: BackupSelection;
  /** Role that AWS Backup assumes to back up. */
  public readonly role: IamRole;
  /** Role for restores into the buckets, which a restore job takes; not set without buckets. */
  public readonly restoreRole?: IamRole;
  /** Vault of the backups. */
  public readonly vault: IAwsBackupVault;
  /** Servers that are backed up. */
  public readonly servers: readonly IRdsServer[];
  /** Buckets that are backed up. */
  public readonly buckets: readonly IS3Bucket[];
  private readonly rules: readonly ReadRule[];

  public constructor(scope: Construct, id: string, props: AwsBackupPlanProps) {
    super(scope, id);
    requireProps(this.node.path, "AWS-BACKUP-PLAN", props, { vault: true, rules: true });
    const { vault, provider, tags, dependsOn } = props;
    const checks = new SynthChecks(this, "AWS-BACKUP-PLAN");
    checkTags(checks, this, tags);
    this.vault = vault;
    this.servers = props.servers ?? [];
    this.buckets = props.buckets ?? [];
    this.rules = readRules(checks, props.rules, vault);
    this.check(checks);
    const name = physicalName(this, 50);
    const environment = AwsEnvironment.of(this, provider);
    const copies = [
      ...new Set(this.rules.flatMap(({ rule }) => (rule.copies ?? []).map((copy) => copy.vault))),
    ];
    const statements = backupStatements({
      servers: this.servers,
      buckets: this.buckets,
      copies,
      vault,
      continuous: this.rules.some(({ rule }) => rule.continuous),
      partition: environment.lookUpPartition(),
    });
    const { permissionsBoundaryArn } = props;
    const rest = { permissionsBoundaryArn, tags, provider, dependsOn };
    const description = `Lets AWS Backup run the plan ${namingPath(this)}`;
    const { role, policy } = backupRole(this, "Role", { description, statements, ...rest });
    this.role = role;
    if (this.buckets.length > 0) {
      this.restoreRole = backupRole(this, "RestoreRole", {
        description: `Lets AWS Backup restore objects of the plan ${namingPath(this)}`,
        statements: bucketRestoreStatements(this.buckets),
        ...rest,
      }).role;
    }
    this.resource = new BackupPlan(this, "Resource", {
      name,
      rule: this.rules.map((read) => this.ruleOf(read)),
      lifecycle: this.preconditions(environment),
      tags,
      provider,
      dependsOn: [...vault.dependables, ...copies.flatMap((copy) => copy.dependables), ...(dependsOn ?? [])],
    });
    this.selection = new BackupSelection(this, "Selection", {
      planId: this.resource.id,
      name,
      iamRoleArn: role.arn,
      resources: [
        ...this.servers.map((server) => server.instanceRef.arn),
        ...this.buckets.map(({ arn }) => arn),
      ],
      provider,
      // A backup that begins before the role has its rights fails.
      dependsOn: [policy],
    });
  }

  /**
   * Backups and copies of a server of the plan as protections, for a `RecoveryPlan`.
   *
   * @param server the server.
   * @throws Error if the plan does not back it up.
   */
  public serverProtections(server: IRdsServer): Protection[] {
    this.requirePart("server", server.node.path, this.servers.includes(server));
    return serverBackups(this.rules, this.vault, server);
  }

  /**
   * Backups and copies of a bucket of the plan as protections, for a `RecoveryPlan`.
   *
   * @param bucket the bucket.
   * @throws Error if the plan does not back it up.
   */
  public bucketProtections(bucket: IS3Bucket): Protection[] {
    this.requirePart("bucket", bucket.node.path, this.buckets.includes(bucket));
    return bucketBackups(this.rules, this.vault, bucket, this.restoreRole?.arn as string);
  }

  /** Mechanisms whose recovery points are in the vault of the plan. @internal */
  public get _mechanisms(): string[] {
    return this.rules.map(({ name }) => ruleMechanism(name));
  }

  /** Age that the latest backup reaches before the next one is complete, in minutes, of the rule with the youngest; 0 if no schedule is known. @internal */
  public get oldestBackupMinutes(): number {
    const ages = this.rules.flatMap(({ cron, startWindowMinutes, completionWindowMinutes }) =>
      cron ? [cron.longestGapMinutes + startWindowMinutes + completionWindowMinutes] : [],
    );
    return ages.length === 0 ? 0 : Math.min(...ages);
  }

  private requirePart(kind: string, path: string, found: boolean): void {
    if (!found) {
      throw new Error(
        `AWS-BACKUP-PLAN-PROTECTIONS: ${this.node.path}: ${kind} must be one of ${kind}s of the plan (got ${path})`,
      );
    }
  }

  private ruleOf({ name, rule, startWindowMinutes, completionWindowMinutes }: ReadRule) {
    return {
      ruleName: name,
      targetVaultName: this.vault.vaultName,
      schedule: rule.schedule,
      startWindow: startWindowMinutes,
      completionWindow: completionWindowMinutes,
      enableContinuousBackup: rule.continuous ?? false,
      lifecycle: { deleteAfter: rule.retentionDays },
      copyAction: (rule.copies ?? []).map((copy) => ({
        destinationVaultArn: copy.vault.arn,
        lifecycle: { deleteAfter: copy.retentionDays ?? rule.retentionDays },
      })),
    };
  }

  private check(checks: SynthChecks): void {
    const { servers, buckets, vault } = this;
    if (servers.length + buckets.length === 0) {
      checks.fail(
        "servers",
        servers,
        "must have a server, or buckets a bucket; the plan would back up nothing",
      );
    }
    for (const [i, server] of servers.entries()) {
      this.checkResource(checks, `servers[${i}]`, servers.indexOf(server) === i, server.location.region);
      this.checkServer(checks, `servers[${i}]`, server);
    }
    for (const [i, bucket] of buckets.entries()) {
      this.checkResource(checks, `buckets[${i}]`, buckets.indexOf(bucket) === i, bucket.region);
      if (!bucket.versioned) {
        checks.fail(`buckets[${i}]`, bucket, "must have versioning enabled, which AWS Backup requires");
      }
    }
    if (vault.accountId !== undefined && isResolved(vault.arn) && vault.dependables.length === 0) {
      checks.note(
        `vault: ${vault.vaultName} is not created here; it has to be in the account of the plan`,
        "vault",
      );
    }
  }

  private checkResource(
    checks: SynthChecks,
    property: string,
    first: boolean,
    region: string | undefined,
  ): void {
    if (!first) checks.fail(property, region, "must be in the list once; remove the other entry");
    checks.check(
      property,
      region,
      () => !isResolved(this.vault.region) || region === this.vault.region,
      `must be in the region of the vault, ${this.vault.region}; copies of a rule go to other regions`,
    );
  }

  private checkServer(checks: SynthChecks, property: string, server: IRdsServer): void {
    const key = server.encryptionKey;
    for (const { name, rule } of this.rules) {
      if (rule.continuous && server instanceof RdsServer) {
        // RDS: "You can leave BackupRetentionPeriod blank, or you can specify it only with the current value"
        // (github.com/crossplane-contrib/provider-aws/issues/1356, hashicorp/terraform-provider-aws#33465).
        checks.fail(
          `rules["${name}"].continuous`,
          true,
          `must be false for ${server.node.path}: AWS Backup would take over the retention and window of its automated backups, and RDS would refuse those of the program; set backup.retentionDays of the server up to 35 for point-in-time recovery, and back up buckets by a plan without servers`,
        );
      }
      for (const [i, copy] of (rule.copies ?? []).entries()) {
        if (!copy.otherAccount) continue;
        const at = `rules["${name}"].copies[${i}]`;
        if (copy.otherRegion ?? true) {
          checks.fail(
            `${at}.otherRegion`,
            true,
            `must be false with otherAccount, since AWS Backup copies RDS snapshots (${property}) to another region or to another account; make two copies`,
          );
        }
        const { accountId } = copy.vault;
        checks.check(
          `${at}.vault`,
          accountId,
          () => !(key instanceof EncryptionKey) || key.sharedAccountIds.includes(accountId as string),
          `must be of an account that may use the KMS key of ${server.node.path}; set sharedAccountIds of an EncryptionKey, and give it to the server as encryptionKey`,
        );
      }
    }
  }

  /** Compares at apply time what is not known at synth. */
  private preconditions(environment: AwsEnvironment): { precondition: Precondition[] } | undefined {
    const precondition: Precondition[] = [];
    for (const server of this.servers) {
      if (server instanceof RdsServer || isResolved(server.encryptionKey.arn)) continue;
      precondition.push({
        // CDKTF renders 0 and an empty text as undefined in an operation.
        condition: Op.gte(terraformCall("length", server.encryptionKey.arn), 1),
        errorMessage: `servers: ${server.node.path} must be encrypted at rest: AWS Backup keeps its snapshots under the key of the server. Restore an encrypted copy of it first.`,
      });
    }
    for (const { name, rule } of this.rules) {
      for (const copy of rule.copies ?? []) {
        const { region, vaultName, accountId } = copy.vault;
        if (!isResolved([region, this.vault.region])) {
          const regions = terraformCall("length", terraformCall("distinct", [region, this.vault.region]));
          precondition.push({
            condition: Op.eq(regions, (copy.otherRegion ?? true) ? 2 : 1),
            errorMessage: `rules[${name}].copies: the vault must be in ${(copy.otherRegion ?? true) ? "another region than" : "the region of"} the plan's vault; otherRegion says so.`,
          });
        }
        if (copy.otherAccount && accountId !== undefined) {
          precondition.push({
            condition: Op.neq(accountId, environment.lookUpAccountId()),
            errorMessage: `rules[${name}].copies: the vault ${isResolved(vaultName) ? `${vaultName} ` : ""}must be in another account; otherAccount says so.`,
          });
        }
      }
    }
    return precondition.length > 0 ? { precondition } : undefined;
  }
}
