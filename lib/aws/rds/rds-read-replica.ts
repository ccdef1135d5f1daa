import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { type ITerraformDependable, Op, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  Availability,
  type BackupPolicy,
  Cloud,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  DeletionPolicy,
  type Endpoint,
  type IReadReplica,
  type MachineClass,
  type MachineSize,
  type TlsTrust,
} from "../../database";
import {
  checkBackup,
  checkMinorVersion,
  checkReplicaEngine,
  checkWindows,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_MAINTENANCE_WINDOW,
  DEFAULT_RETENTION_DAYS,
  dailyRange,
  isResolved,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import type { IDatabaseNetwork } from "../network/database-network";
import type { EncryptionKey, IEncryptionKey } from "../secrets/encryption-key";
import type { IRdsInstance, RdsInstanceOptions, RdsInstanceReference } from "./rds-instance";
import {
  type RdsDeletion,
  RdsInstanceResources,
  rdsDeletion,
  rdsInstanceReference,
} from "./rds-instance-resources";
import type { RdsMonitoringRole } from "./rds-monitoring-role";
import type { RdsParameterGroup } from "./rds-parameter-group";
import type { IRdsServer } from "./rds-server";
import { rdsStorage } from "./rds-storage";

/** Properties of a `RdsReadReplica`. */
export interface RdsReadReplicaProps extends RdsInstanceOptions {
  /**
   * Source server, created here or existing (`RdsServer.fromServerAttributes`). It needs automated backups.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
   */
  readonly source: IRdsServer;
  /**
   * Engine and version of a MySQL replica. For a major version upgrade, set the new version here, with `applyImmediately`, and apply, then
   * upgrade the source: RDS wants all replicas first. For PostgreSQL leave it out, since RDS upgrades the replicas of the region
   * with their source. @default - the source's
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.MySQL.html
   */
  readonly engine?: DatabaseEngine;
  /**
   * VPC, subnets and security group of a cross-Region replica, created with the provider of that region. A replica in the source's
   * region is always in the source's network. @default - the source's
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html
   */
  readonly network?: IDatabaseNetwork;
  /**
   * Machine size. A replica smaller than its source falls behind. @default - the source's
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html
   */
  readonly size?: MachineSize;
  /**
   * Multi-AZ deployment of the replica, with a standby in another Availability Zone. @default Availability.ZONAL
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
   */
  readonly availability?: Availability;
  /**
   * Automated backups of the replica itself; 1 to 35 days. @default - none until it is promoted, then 14 days
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
   */
  readonly backup?: BackupPolicy;
  /**
   * Promotes the replica to a standalone server: replication from the source ends for good, and the instance accepts writes. Then put a
   * `RdsServer` with the same construct id in its place, which has databases and needs no source (docs/changing-rds.md). @default false
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html
   */
  readonly promoted?: boolean;
}

/**
 * A read replica of a server, in the same region or another one. Logins, passwords and databases are the source's.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
 *
 * @example
 * const replica = new RdsReadReplica(this, "replica", { source: server });
 */
export class RdsReadReplica extends Construct implements IRdsInstance, IReadReplica {
  /** The DB instance. */
  public readonly resource: DbInstance;
  public readonly instanceRef: RdsInstanceReference;
  public readonly identifier: string;
  public readonly engine: DatabaseEngine;
  public readonly machine: MachineClass;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly storageGiB: number;
  public readonly isReplica: boolean;
  public readonly replicaOf?: IRdsServer;
  public readonly performanceInsights: boolean;
  public readonly provider?: TerraformProvider;
  /** Address and port. */
  public readonly endpoint: Endpoint;
  /** CA certificates and TLS mode for clients. */
  public readonly tls: TlsTrust;
  /** Cloud and region. */
  public readonly location: DatabaseLocation;
  /** VPC, subnets and security group of the replica. */
  public readonly network: IDatabaseNetwork;
  /** KMS key of storage, Performance Insights and logs. */
  public readonly encryptionKey: IEncryptionKey;
  /** DB parameter group. */
  public readonly parameterGroup: RdsParameterGroup;
  /** KMS key created with the replica; not set in the source's region, or if `encryptionKey` was given. */
  public readonly ownKey?: EncryptionKey;
  /** IAM role of Enhanced Monitoring; not set if it is disabled. */
  public readonly monitoringRole?: RdsMonitoringRole;
  /** Log groups in CloudWatch Logs, one for each log that the replica exports. */
  public readonly logGroups: CloudwatchLogGroup[];
  private readonly checks: SynthChecks;
  private readonly props: RdsReadReplicaProps;

  public constructor(scope: Construct, id: string, props: RdsReadReplicaProps) {
    super(scope, id);
    requireProps(this.node.path, "RDS", props, { source: true });
    this.props = props;
    this.checks = new SynthChecks(this, "RDS");
    const { source } = props;
    const promoted = props.promoted ?? false;
    const deletionPolicy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
    this.network = props.network ?? source.network;
    const crossRegion = this.network !== source.network;
    this.provider = props.provider ?? this.network.provider;
    this.engine = props.engine ?? source.engine;
    this.check(crossRegion);
    const resources = new RdsInstanceResources(this, this.checks, {
      options: {
        ...props,
        port: props.port ?? source.endpoint.port,
        // In the source's region a replica is encrypted with the source's key.
        encryptionKey: props.encryptionKey ?? (crossRegion ? undefined : source.encryptionKey),
      },
      engine: this.engine,
      size: props.size ?? source.size,
      network: this.network,
      retainKey: deletionPolicy === DeletionPolicy.RETAIN,
    });
    this.identifier = resources.identifier;
    this.machine = resources.machine;
    this.performanceInsights = resources.performanceInsights;
    this.connectionCapacity = resources.capacity;
    this.storageGiB = source.storageGiB;
    this.isReplica = !promoted;
    this.replicaOf = promoted ? undefined : source;
    this.tls = resources.tls;
    this.location = { cloud: Cloud.AWS, region: resources.region };
    this.encryptionKey = resources.key;
    this.parameterGroup = resources.parameterGroup;
    this.ownKey = resources.ownKey;
    this.monitoringRole = resources.monitoringRole;
    this.logGroups = resources.logGroups;
    const { backupRetentionDays } = source;
    if (backupRetentionDays !== undefined && !isResolved(backupRetentionDays)) {
      resources.preconditions.push({
        condition: Op.gte(terraformCall("tonumber", backupRetentionDays), 1),
        errorMessage:
          "source must have automated backups to have a read replica: set its backup.retentionDays to 1 or more.",
      });
    }
    const base = resources.config();
    this.resource = new DbInstance(this, "Resource", {
      ...base,
      // Without it RDS takes the source's version at creation, and the replica keeps its own.
      ...(props.engine ? { engineVersion: props.engine.version, allowMajorVersionUpgrade: true } : {}),
      // The identifier in the source's region, the ARN in another one.
      replicateSourceDb: promoted
        ? undefined
        : crossRegion
          ? source.instanceRef.arn
          : source.instanceRef.identifier,
      // In the source's region the replica has the source's subnet group and key, and RDS refuses to set them.
      dbSubnetGroupName: crossRegion ? base.dbSubnetGroupName : undefined,
      kmsKeyId: crossRegion ? base.kmsKeyId : undefined,
      // The storage begins as the source's; it may grow as far and has to be as fast. RDS refuses a change of it within six hours of the
      // last one, or before its optimization has ended: no emulator does, and on a replica it was not tried [rec].
      // RDS takes a changed size and its IOPS together only; at creation the provider ignores the size.
      ...rdsStorage(source.engine, source.storage),
      multiAz: props.availability === Availability.ZONE_REDUNDANT,
      backupRetentionPeriod: this.retentionDays,
      backupWindow:
        this.retentionDays === 0 ? undefined : dailyRange(props.backup?.window ?? DEFAULT_BACKUP_WINDOW),
      ...this.deletion(deletionPolicy, resources),
      lifecycle: {
        preventDestroy: deletionPolicy === DeletionPolicy.RETAIN,
        precondition: resources.preconditions,
      },
      timeouts: { create: "180m", update: "120m", delete: "90m" },
    });
    this.instanceRef = rdsInstanceReference(this.resource);
    this.endpoint = {
      host: this.resource.address,
      port: props.port ?? source.endpoint.port,
      isPrivate: !(props.publiclyAccessible ?? false),
    };
    resources.addCertificatePrecondition();
    this.network.openPort(this.endpoint.port);
  }

  /** Resources that have to exist before a client connects. */
  public get dependables(): ITerraformDependable[] {
    return [this.resource, ...this.network.dependables];
  }

  private get retentionDays(): number {
    return this.props.backup?.retentionDays ?? ((this.props.promoted ?? false) ? DEFAULT_RETENTION_DAYS : 0);
  }

  private deletion(policy: DeletionPolicy, resources: RdsInstanceResources): RdsDeletion {
    if (this.props.promoted) {
      return rdsDeletion(this, this.checks, {
        policy,
        identifier: resources.identifier,
        replacedBy: { engine: this.engine.family, key: resources.key.arn },
        ownKey: resources.ownKey !== undefined,
      });
    }
    if (policy === DeletionPolicy.SNAPSHOT) {
      this.checks.fail(
        "deletionPolicy",
        policy,
        "must be retain or delete, since RDS takes no final snapshot of a read replica",
      );
    }
    if (policy === DeletionPolicy.DELETE) {
      this.checks.optOut(
        "deletionPolicy: the replica is deleted when it is removed from the program; the source stays",
      );
    }
    // The source has the data, so no final snapshot is needed; RDS refuses one, too.
    return { deletionProtection: policy === DeletionPolicy.RETAIN, skipFinalSnapshot: true };
  }

  private check(crossRegion: boolean): void {
    const { checks, props, network, provider } = this;
    const { source, backup } = props;
    checkBackup(checks, backup, 1, 35);
    if (props.engine) {
      checkReplicaEngine(checks, props.engine, source.engine);
      checkMinorVersion(checks, props.engine, {
        property: "autoMinorVersionUpgrade",
        enabled: props.autoMinorVersionUpgrade ?? true,
      });
      if (props.engine.majorVersion !== source.engine.majorVersion && props.applyImmediately !== true) {
        checks.fail(
          "applyImmediately",
          props.applyImmediately,
          "must be true with an engine newer than the source's, since the upgrade would wait for the maintenance window",
        );
      }
    }
    checkWindows(
      checks,
      backup?.window ?? DEFAULT_BACKUP_WINDOW,
      props.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW,
    );
    checks.check(
      "source",
      source.backupRetentionDays,
      () => (source.backupRetentionDays as number) >= 1,
      "must have automated backups to have a read replica; set its backup.retentionDays to 1 or more",
    );
    if (!crossRegion) {
      if (props.provider && props.provider !== source.provider) {
        checks.fail(
          "provider",
          props.provider.fqn,
          "must be the source's for a replica in the source's network; set network for a cross-Region replica",
        );
      }
      return;
    }
    if (provider === undefined || provider === source.provider) {
      checks.fail(
        "network",
        network.node.path,
        `must be created with an AWS provider of another region (an alias) for a cross-Region replica; in the source's region leave network out, since RDS keeps the replica in the source's VPC`,
      );
    }
    const region = props.region ?? network.region;
    if (isResolved(region) && isResolved(source.location.region) && region === source.location.region) {
      checks.fail(
        "network",
        region,
        `must be in another region than the source; in the source's region leave network out, since RDS keeps the replica in the source's VPC`,
      );
    }
  }
}
