import { DbInstanceAutomatedBackupsReplication } from "@cdktf/provider-aws/lib/db-instance-automated-backups-replication";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type Protection, RecoveryScenario } from "../../database";
import { namingPath, requireProps, SynthChecks } from "../../database/private";
import { AwsEnvironment } from "../private/aws-environment";
import { checkTags } from "../private/tags";
import { checkEncryptionKey, EncryptionKey, type IEncryptionKey } from "../secrets/encryption-key";
import { rdsKey } from "./rds-protection";
import type { IRdsServer } from "./rds-server";

/** Properties of a `RdsBackupReplication`. */
export interface RdsBackupReplicationProps {
  /**
   * Server whose automated backups are replicated.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
   */
  readonly server: IRdsServer;
  /** AWS provider of the destination region: an alias other than the server's provider. */
  readonly provider: TerraformProvider;
  /**
   * Retention of the replicated backups, in days, 1 to 35. @default - the server's backup retention
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
   */
  readonly retentionDays?: number;
  /**
   * KMS key of the replicated backups, in the destination region. @default - a key created there (see `EncryptionKey`)
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /** Prevents Terraform from destroying the key created here; the backups cannot be restored without it. @default true */
  readonly retainKey?: boolean;
  /**
   * Tags. @default - the provider's default tags only
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
   */
  readonly tags?: { readonly [name: string]: string };
  /** Resources that have to exist first. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Cross-Region automated backups of a server, from which it can be restored in the destination region to any point in time
 * (`RdsServerFromPointInTime` with `sourceAutomatedBackupsArn`).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
 *
 * @example
 * const copies = new RdsBackupReplication(this, "backup-copies", {
 *   server,
 *   provider: new AwsProvider(this, "ireland", { alias: "ireland", region: "eu-west-1" }),
 * });
 */
export class RdsBackupReplication extends Construct {
  /** The replication. */
  public readonly resource: DbInstanceAutomatedBackupsReplication;
  /** KMS key of the replicated backups. */
  public readonly encryptionKey: IEncryptionKey;
  private readonly server: IRdsServer;
  private readonly retentionDays?: number;

  public constructor(scope: Construct, id: string, props: RdsBackupReplicationProps) {
    super(scope, id);
    requireProps(this.node.path, "RDS-BACKUP-REPLICATION", props, { server: true, provider: true });
    const { server, provider, tags, dependsOn } = props;
    const checks = new SynthChecks(this, "RDS-BACKUP-REPLICATION");
    checks.wholeNumber("retentionDays", props.retentionDays, 1, 35, "days");
    checkEncryptionKey(checks, props.encryptionKey);
    checkTags(checks, this, props.tags);
    if (provider === server.provider || (!server.provider && provider.alias === undefined)) {
      checks.fail(
        "provider",
        provider.fqn,
        "must be an AWS provider of another region than the server's; give one with an alias and that region",
      );
    }
    this.encryptionKey =
      props.encryptionKey ??
      new EncryptionKey(this, "Key", {
        description: `Copies of the backups of RDS ${namingPath(server)}`,
        retain: props.retainKey,
        tags,
        provider,
        dependsOn,
      });
    this.server = server;
    this.retentionDays = props.retentionDays ?? server.backupRetentionDays;
    this.resource = new DbInstanceAutomatedBackupsReplication(this, "Resource", {
      // Created in the destination region, so with its provider.
      sourceDbInstanceArn: server.instanceRef.arn,
      kmsKeyId: this.encryptionKey.arn,
      retentionPeriod: this.retentionDays,
      provider,
      dependsOn,
    });
  }

  /** The replicated backups as a protection of the server, for a `RecoveryPlan`. */
  public protection(): Protection {
    const { server } = this;
    const region = AwsEnvironment.of(this, this.resource.provider).lookUpRegion();
    return {
      mechanism: "RDS cross-Region automated backups",
      location: `${region}, storage of RDS`,
      region,
      retentionDays: this.retentionDays,
      keys: [rdsKey(this.encryptionKey.arn, region)],
      procedures: [
        {
          scenarios: [RecoveryScenario.LOST_REGION],
          steps: [
            {
              title: `Find the replicated backups of ${server.identifier}`,
              commands: [
                `aws rds describe-db-instance-automated-backups --region "${region}" --query "DBInstanceAutomatedBackups[?DBInstanceIdentifier=='${server.identifier}'].[DBInstanceAutomatedBackupsArn,RestoreWindow.EarliestTime,RestoreWindow.LatestTime]" --output table`,
              ],
              permissions: ["rds:DescribeDBInstanceAutomatedBackups"],
            },
            {
              title: `Restore ${server.identifier} in ${region}`,
              programChange: [
                "// In the stack of the other region.",
                'new RdsServerFromPointInTime(this, "postgres", {',
                "  ...serverProps,",
                '  sourceAutomatedBackupsArn: "arn:aws:rds:...:auto-backup:ab-...", // the ARN of the step before',
                "  useLatestRestorableTime: true,",
                "});",
              ].join("\n"),
              permissions: ["rds:RestoreDBInstanceToPointInTime", "kms:CreateGrant", "kms:DescribeKey"],
              notes: [
                "The master user and the owners have the passwords of the lost server: give them as `adminLogin`, or let the apply set new ones.",
              ],
            },
          ],
        },
      ],
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html",
    };
  }
}
