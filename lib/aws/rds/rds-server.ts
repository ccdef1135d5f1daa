import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  Availability,
  Cloud,
  ConnectionBudget,
  type ConnectionCapacity,
  checkBackup,
  checkStorage,
  checkWindows,
  type DatabaseEngine,
  type DatabaseLocation,
  type DatabaseLogin,
  type DatabaseOptions,
  DatabaseProvisioning,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_MAINTENANCE_WINDOW,
  DEFAULT_RETENTION_DAYS,
  DeletionPolicy,
  dailyRange,
  type Endpoint,
  type IDatabase,
  type IDatabaseServer,
  type IWorkloadIdentity,
  type MachineClass,
  type MachineSize,
  type StorageProps,
  type TlsTrust,
} from "../../database";
import {
  checkEngineSupport,
  getOrCreateDatabase,
  LogicalDatabase,
  passwordPreconditions,
  SynthChecks,
} from "../../database/private";
import type { IDatabaseNetwork } from "../network/database-network-contract";
import type { EncryptionKey } from "../secrets/encryption-key";
import type { GeneratedSecret } from "../secrets/generated-secret";
import { grantRdsConnect } from "./connect-grant";
import { RdsAdminLogin } from "./rds-admin-login";
import { rdsAdministrator } from "./rds-administrator";
import { rdsDeletion } from "./rds-deletion";
import type { IRdsInstance } from "./rds-instance";
import { RdsInstanceParts } from "./rds-instance-parts";
import { RdsLogins } from "./rds-logins";
import type { RdsMonitoringRole } from "./rds-monitoring-role";
import type { RdsParameterGroup } from "./rds-parameter-group";
import type { RdsServerProps } from "./rds-server-props";

/**
 * PostgreSQL or MySQL on RDS: private, in two zones, encrypted, backed up, watched and protected from deletion.
 *
 * @example
 * const server = new RdsServer(this, "postgres", {
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 * });
 */
export class RdsServer extends Construct implements IDatabaseServer, IRdsInstance {
  /** The instance. */
  public readonly resource: DbInstance;
  public readonly identifier: string;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly adminLogin: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly machine: MachineClass;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly storageGiB: number;
  public readonly isReplica = false;
  public readonly provider?: TerraformProvider;
  /** The network. */
  public readonly network: IDatabaseNetwork;
  /** The machine as it was asked for. */
  public readonly size: MachineSize;
  /** The disk as it was asked for. */
  public readonly storage: StorageProps;
  /** The KMS key of storage, insights, secrets and logs. */
  public readonly encryptionKeyArn: string;
  /** How many days back the server can be restored; may be a token. */
  public readonly backupRetentionDays: number;
  /** The parameters. */
  public readonly parameterGroup: RdsParameterGroup;
  /** The key of its own; not set when one was given. */
  public readonly encryptionKey?: EncryptionKey;
  /** The role of enhanced monitoring; not set when it was given up. */
  public readonly monitoringRole?: RdsMonitoringRole;
  /** The log groups, one for each log that the server exports. */
  public readonly logGroups: CloudwatchLogGroup[];
  /** Collects what is wrong with the server's properties. @internal */
  protected readonly _checks: SynthChecks;
  /** @internal */
  protected readonly _parts: RdsInstanceParts;
  private readonly props: RdsServerProps;
  private readonly logins: RdsLogins;

  public constructor(scope: Construct, id: string, props: RdsServerProps) {
    super(scope, id);
    this.props = props;
    const { engine, network, storage, backup } = props;
    const checks = new SynthChecks(this);
    this._checks = checks;
    const deletionPolicy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
    const parts = new RdsInstanceParts(this, checks, {
      options: props,
      engine,
      size: props.size,
      network,
      retainKey: deletionPolicy === DeletionPolicy.RETAIN,
    });
    this._parts = parts;
    this.engine = engine;
    this.network = network;
    this.size = props.size;
    this.storage = storage;
    this.identifier = parts.identifier;
    this.machine = parts.machine;
    this.connectionCapacity = parts.capacity;
    this.storageGiB = storage.sizeGiB;
    this.provider = props.provider ?? network.provider;
    this.logins = new RdsLogins(this, props, parts.keyArn);
    this.encryptionKeyArn = parts.keyArn;
    this.parameterGroup = parts.parameterGroup;
    this.encryptionKey = parts.ownKey;
    this.monitoringRole = parts.monitoringRole;
    this.logGroups = parts.logGroups;
    this.tls = parts.tls;
    this.location = { cloud: Cloud.AWS, region: parts.region };
    this.acceptsCloudIdentity = props.iamAuthentication ?? true;
    this.backupRetentionDays = backup?.retentionDays ?? DEFAULT_RETENTION_DAYS;
    this.connectionBudget = new ConnectionBudget(checks, parts.capacity);
    this.check();
    const source = props.adminLogin ?? RdsAdminLogin.generated();
    const administrator = rdsAdministrator(this, checks, {
      source,
      keyArn: parts.keyArn,
      provider: this.provider,
      generate: (child) => this.logins.generate(child, source.username),
    });
    this.resource = new DbInstance(this, "Resource", {
      ...parts.config(),
      ...administrator.config,
      engine: engine.family,
      engineVersion: engine.version,
      engineLifecycleSupport:
        props.acceptExtendedSupport === undefined
          ? "open-source-rds-extended-support-disabled"
          : "open-source-rds-extended-support",
      allowMajorVersionUpgrade: props.allowMajorVersionUpgrade,
      allocatedStorage: storage.sizeGiB,
      maxAllocatedStorage: storage.maxSizeGiB,
      iops: storage.iops,
      storageThroughput: storage.throughputMiBps,
      multiAz: this.zoneRedundant,
      backupRetentionPeriod: this.backupRetentionDays,
      backupWindow: dailyRange(backup?.window ?? DEFAULT_BACKUP_WINDOW),
      ...rdsDeletion(this, checks, {
        policy: deletionPolicy,
        identifier: parts.identifier,
        replacedBy: { engine: engine.family, key: parts.keyArn, username: source.username },
        ownKey: parts.ownKey !== undefined,
      }),
      lifecycle: {
        preventDestroy: deletionPolicy === DeletionPolicy.RETAIN,
        // RDS takes it at creation only and ignores a change without a word, so that the plan would show it for ever
        // (hashicorp/terraform-provider-aws#40870).
        ignoreChanges: ["engine_lifecycle_support"],
        precondition: parts.preconditions,
      },
      // Multi-AZ servers and large disks take longer than the provider's 40 minutes.
      timeouts: { create: "90m", update: "120m", delete: "90m" },
    });
    this.endpoint = {
      host: this.resource.address,
      port: props.port ?? engine.defaultPort,
      isPrivate: !(props.publiclyAccessible ?? false),
    };
    this.adminLogin = administrator.login(this.resource);
    const { password } = this.adminLogin;
    if (source._source !== "managed" && password) {
      parts.preconditions.push(...passwordPreconditions(password, Cloud.AWS, engine));
    }
    network.openPort(this.endpoint.port);
  }

  /** What the parameter group sets, by RDS's names. */
  public get parameters(): { readonly [name: string]: string } {
    return this.parameterGroup.parameters;
  }

  /** What has to exist before anybody connects: the server and the rules that let its clients in. */
  public get dependables(): ITerraformDependable[] {
    return [this.resource, ...this.network.dependables];
  }

  /**
   * A logical database with an owner of its own. Its password is kept in Secrets Manager beside the administrator's.
   *
   * @param name the database's name.
   * @param options the owner. @default - a login with the database's name and a generated password
   */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    return getOrCreateDatabase(this, name, options, (id) => {
      const owner = options?.owner ?? this.logins.ownerOf(name, options);
      return new LogicalDatabase(this, id, {
        server: this,
        databaseName: name,
        owner,
        provisioning: DatabaseProvisioning.SQL_JOB,
      });
    });
  }

  /**
   * Lets a Kubernetes service account log in as a user, and as no other. Call it before the construct whose pods do so,
   * which then waits for the permission.
   *
   * @param identity the service account's role (`IrsaIdentity`, `PodIdentity`).
   * @param login the user, who logs in with an AWS identity; never the administrator.
   */
  public grantConnect(identity: IWorkloadIdentity, login: DatabaseLogin): void {
    grantRdsConnect(this._checks, {
      instance: this.resource,
      identity,
      login,
      adminUsername: this.adminLogin.username,
      iamAuthentication: this.acceptsCloudIdentity,
    });
  }

  /**
   * The secret with the password that the library generated for a user, for those who read it from Secrets Manager; none
   * for a user with an AWS identity or a password from elsewhere.
   *
   * @param username the user's name, such as that of a database's owner or of `adminLogin`.
   */
  public secretOf(username: string): GeneratedSecret | undefined {
    return this.logins.secretOf(username);
  }

  private get zoneRedundant(): boolean {
    return (this.props.availability ?? Availability.ZONE_REDUNDANT) === Availability.ZONE_REDUNDANT;
  }

  private check(): void {
    const { props, _checks: checks, engine } = this;
    const { storage, backup } = props;
    checkEngineSupport(this, checks, engine, Cloud.AWS, props.acceptExtendedSupport);
    checkStorage(checks, Cloud.AWS, engine, storage);
    checkBackup(checks, backup, 1, 35);
    checkWindows(
      checks,
      backup?.window ?? DEFAULT_BACKUP_WINDOW,
      props.maintenanceWindow ?? DEFAULT_MAINTENANCE_WINDOW,
    );
    checks.wholeNumber("passwordVersion", props.passwordVersion, 1, 2_147_483_647);
    if (!this.zoneRedundant) {
      checks.optOut("availability: the server does not survive the loss of its zone");
    } else if (this.machine.burstable) {
      checks.fail(
        "size",
        this.machine.name,
        "a burstable machine is slow once its CPU credits are used up, so it is no zone-redundant server; " +
          "take MachineSize.general(2) or larger, or for a trial availability: Availability.ZONAL",
      );
    }
    this._parts.checkLater("backup.retentionDays", backup?.retentionDays, 1, 35);
    // Smaller gp3 volumes have fixed IOPS and throughput, and RDS refuses to be told any.
    const provisioned = storage.iops !== undefined || storage.throughputMiBps !== undefined;
    this._parts.checkLater("storage.sizeGiB", storage.sizeGiB, provisioned ? 400 : 20, 65_536);
  }
}
