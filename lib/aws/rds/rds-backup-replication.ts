import { DbInstanceAutomatedBackupsReplication } from "@cdktf/provider-aws/lib/db-instance-automated-backups-replication";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SynthChecks } from "../../database/private";
import { EncryptionKey } from "../secrets/encryption-key";
import type { RdsServer } from "./rds-server";

/** Properties of a `RdsBackupReplication`. */
export interface RdsBackupReplicationProps {
  /** The server whose backups are copied. */
  readonly server: RdsServer;
  /** The provider of the region that the copies go to: an alias other than the server's. */
  readonly provider: TerraformProvider;
  /** How long copies are kept, 1 to 35 days. @default - as long as the server's backups */
  readonly retentionDays?: number;
  /** The KMS key of the copies, in their region. @default - a key of its own there (see `EncryptionKey`) */
  readonly encryptionKeyArn?: string;
  /** Whether Terraform refuses to destroy that key of its own: with it go the copies. @default true */
  readonly retainKey?: boolean;
  /** Tags. @default - none but the provider's default tags */
  readonly tags?: { readonly [name: string]: string };
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Copies of a server's automated backups in another region, from which it can be restored there to any point in time
 * (`RdsServerFromPointInTime` with `sourceAutomatedBackupsArn`).
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
  /** The KMS key of the copies. */
  public readonly encryptionKeyArn: string;

  public constructor(scope: Construct, id: string, props: RdsBackupReplicationProps) {
    super(scope, id);
    const { server, provider, tags, dependsOn } = props;
    const checks = new SynthChecks(this);
    checks.wholeNumber("retentionDays", props.retentionDays, 1, 35, "days");
    if (provider === server.provider || (!server.provider && provider.alias === undefined)) {
      checks.fail(
        "provider",
        provider.fqn,
        "copies go to another region: give an AWS provider with an alias and that region",
      );
    }
    this.encryptionKeyArn =
      props.encryptionKeyArn ??
      new EncryptionKey(this, "Key", {
        description: `Copies of the backups of RDS ${server.node.path}`,
        retain: props.retainKey,
        tags,
        provider,
        dependsOn,
      }).arn;
    this.resource = new DbInstanceAutomatedBackupsReplication(this, "Resource", {
      // Made where the copies are, so with that region's provider.
      sourceDbInstanceArn: server.resource.arn,
      kmsKeyId: this.encryptionKeyArn,
      retentionPeriod: props.retentionDays ?? server.backupRetentionDays,
      provider,
      dependsOn,
    });
  }
}
