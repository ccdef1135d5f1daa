import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import type { TerraformProvider } from "cdktf";
import { type ITerraformDependable, Op } from "cdktf";
import { Construct } from "constructs";
import {
  Availability,
  type BackupPolicy,
  Cloud,
  type ConnectionCapacity,
  checkBackup,
  checkWindows,
  type DatabaseEngine,
  type DatabaseLocation,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_MAINTENANCE_WINDOW,
  DEFAULT_RETENTION_DAYS,
  DeletionPolicy,
  dailyRange,
  type Endpoint,
  type MachineClass,
  type MachineSize,
  type TlsTrust,
} from "../../database";
import { isResolved, SynthChecks, terraformCall } from "../../database/private";
import type { IDatabaseNetwork } from "../network/database-network-contract";
import type { EncryptionKey } from "../secrets/encryption-key";
import { type RdsDeletion, rdsDeletion } from "./rds-deletion";
import type { IRdsInstance } from "./rds-instance";
import type { RdsInstanceOptions } from "./rds-instance-options";
import { RdsInstanceParts } from "./rds-instance-parts";
import type { RdsMonitoringRole } from "./rds-monitoring-role";
import type { RdsParameterGroup } from "./rds-parameter-group";
import type { RdsServer } from "./rds-server";

/** Properties of a `RdsReadReplica`. */
export interface RdsReadReplicaProps extends RdsInstanceOptions {
  /** The server that it follows, which needs backups. */
  readonly source: RdsServer;
  /** Where the replica stands: for another region a network made with that region's provider. @default - beside the source */
  readonly network?: IDatabaseNetwork;
  /** The machine. A replica smaller than its source falls behind. @default - the source's */
  readonly size?: MachineSize;
  /** Whether the replica has a standby in another zone. @default Availability.ZONAL */
  readonly availability?: Availability;
  /** Backups of the replica itself; 1 to 35 days. @default - none until it is promoted, then 14 days */
  readonly backup?: BackupPolicy;
  /**
   * Whether the replica becomes a server of its own: it stops following its source for good, and takes writes.
   * @default false
   */
  readonly promoted?: boolean;
}

/**
 * A copy of a server that follows it and answers queries, in the same region or another one. Logins, passwords and
 * databases are the source's.
 *
 * @example
 * const replica = new RdsReadReplica(this, "replica", { source: server });
 */
export class RdsReadReplica extends Construct implements IRdsInstance {
  /** The instance. */
  public readonly resource: DbInstance;
  public readonly identifier: string;
  public readonly engine: DatabaseEngine;
  public readonly machine: MachineClass;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly storageGiB: number;
  public readonly isReplica: boolean;
  public readonly provider?: TerraformProvider;
  /** Where it listens. */
  public readonly endpoint: Endpoint;
  /** What a client needs to trust it. */
  public readonly tls: TlsTrust;
  /** Where it runs. */
  public readonly location: DatabaseLocation;
  /** The network. */
  public readonly network: IDatabaseNetwork;
  /** The KMS key of storage, insights and logs. */
  public readonly encryptionKeyArn: string;
  /** The parameters. */
  public readonly parameterGroup: RdsParameterGroup;
  /** The key of its own; not set beside its source, or when one was given. */
  public readonly encryptionKey?: EncryptionKey;
  /** The role of enhanced monitoring; not set when it was given up. */
  public readonly monitoringRole?: RdsMonitoringRole;
  /** The log groups, one for each log that the replica exports. */
  public readonly logGroups: CloudwatchLogGroup[];
  private readonly checks: SynthChecks;
  private readonly props: RdsReadReplicaProps;

  public constructor(scope: Construct, id: string, props: RdsReadReplicaProps) {
    super(scope, id);
    this.props = props;
    this.checks = new SynthChecks(this);
    const { source } = props;
    const promoted = props.promoted ?? false;
    const deletionPolicy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
    this.network = props.network ?? source.network;
    const elsewhere = this.network !== source.network;
    this.provider = props.provider ?? this.network.provider;
    this.engine = source.engine;
    this.check(elsewhere);
    const parts = new RdsInstanceParts(this, this.checks, {
      options: {
        ...props,
        port: props.port ?? source.endpoint.port,
        // In its own region a replica has the storage key of its source.
        encryptionKeyArn: props.encryptionKeyArn ?? (elsewhere ? undefined : source.encryptionKeyArn),
      },
      engine: source.engine,
      size: props.size ?? source.size,
      network: this.network,
      retainKey: deletionPolicy === DeletionPolicy.RETAIN,
    });
    this.identifier = parts.identifier;
    this.machine = parts.machine;
    this.connectionCapacity = parts.capacity;
    this.storageGiB = source.storageGiB;
    this.isReplica = !promoted;
    this.tls = parts.tls;
    this.location = { cloud: Cloud.AWS, region: parts.region };
    this.encryptionKeyArn = parts.keyArn;
    this.parameterGroup = parts.parameterGroup;
    this.encryptionKey = parts.ownKey;
    this.monitoringRole = parts.monitoringRole;
    this.logGroups = parts.logGroups;
    if (!isResolved(source.backupRetentionDays)) {
      parts.preconditions.push({
        condition: Op.gte(terraformCall("tonumber", source.backupRetentionDays), 1),
        errorMessage: "A server without backups can have no replica: its retention has to be 1 day or more.",
      });
    }
    const base = parts.config();
    this.resource = new DbInstance(this, "Resource", {
      ...base,
      // A name in the region, an ARN from another one.
      replicateSourceDb: promoted ? undefined : elsewhere ? source.resource.arn : source.resource.identifier,
      // Beside its source it has the source's subnet group and storage key, which RDS then refuses to be told.
      dbSubnetGroupName: elsewhere ? base.dbSubnetGroupName : undefined,
      kmsKeyId: elsewhere ? base.kmsKeyId : undefined,
      // The disk begins as the source's, and may grow and has to write as fast.
      maxAllocatedStorage: source.storage.maxSizeGiB,
      iops: source.storage.iops,
      storageThroughput: source.storage.throughputMiBps,
      multiAz: props.availability === Availability.ZONE_REDUNDANT,
      backupRetentionPeriod: this.retentionDays,
      backupWindow:
        this.retentionDays === 0 ? undefined : dailyRange(props.backup?.window ?? DEFAULT_BACKUP_WINDOW),
      ...this.deletion(deletionPolicy, parts),
      lifecycle: {
        preventDestroy: deletionPolicy === DeletionPolicy.RETAIN,
        precondition: parts.preconditions,
      },
      timeouts: { create: "180m", update: "120m", delete: "90m" },
    });
    this.endpoint = {
      host: this.resource.address,
      port: props.port ?? source.endpoint.port,
      isPrivate: !(props.publiclyAccessible ?? false),
    };
    this.network.openPort(this.endpoint.port);
  }

  /** What has to exist before anybody connects. */
  public get dependables(): ITerraformDependable[] {
    return [this.resource, ...this.network.dependables];
  }

  private get retentionDays(): number {
    return this.props.backup?.retentionDays ?? ((this.props.promoted ?? false) ? DEFAULT_RETENTION_DAYS : 0);
  }

  private deletion(policy: DeletionPolicy, parts: RdsInstanceParts): RdsDeletion {
    if (this.props.promoted) {
      return rdsDeletion(this, this.checks, {
        policy,
        identifier: parts.identifier,
        replacedBy: { engine: this.engine.family, key: parts.keyArn },
        ownKey: parts.ownKey !== undefined,
      });
    }
    if (policy === DeletionPolicy.SNAPSHOT) {
      this.checks.fail(
        "deletionPolicy",
        policy,
        "RDS takes no last snapshot of a replica; allowed are retain and delete",
      );
    }
    if (policy === DeletionPolicy.DELETE) {
      this.checks.optOut(
        "deletionPolicy: the replica is deleted when it leaves the program; the source stays",
      );
    }
    // The source has the data, so a last snapshot is not missed; it is refused, too.
    return { deletionProtection: policy === DeletionPolicy.RETAIN, skipFinalSnapshot: true };
  }

  private check(elsewhere: boolean): void {
    const { checks, props, network, provider } = this;
    const { source, backup } = props;
    checkBackup(checks, backup, 1, 35);
    checkWindows(
      checks,
      backup?.window ?? DEFAULT_BACKUP_WINDOW,
      props.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW,
    );
    checks.check(
      "source",
      source.backupRetentionDays,
      () => source.backupRetentionDays >= 1,
      "a server without backups can have no replica; set its backup.retentionDays to 1 or more",
    );
    if (!elsewhere) {
      if (props.provider && props.provider !== source.provider) {
        checks.fail(
          "provider",
          props.provider.fqn,
          "a replica in another region needs a network there; set network",
        );
      }
      return;
    }
    if (provider === undefined || provider === source.provider) {
      checks.fail(
        "network",
        network.node.path,
        "a replica in another region needs a network made with a provider of that region (an alias); " +
          "in the same region leave network out, since RDS keeps the replica in the source's VPC",
      );
    }
    const region = props.region ?? network.region;
    if (isResolved(region) && isResolved(source.location.region) && region === source.location.region) {
      checks.fail(
        "network",
        region,
        "it is the source's region, where a replica stands in the source's network; leave it out",
      );
    }
  }
}
