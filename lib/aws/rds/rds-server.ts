import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  Cloud,
  type ConnectGrantOptions,
  ConnectionBudget,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type DatabaseLogin,
  type DatabaseOptions,
  DatabaseProvisioning,
  DeletionPolicy,
  type Endpoint,
  type IConnectGrant,
  type IDatabase,
  type IDatabaseServer,
  type IWorkloadIdentity,
  type MachineClass,
  type MachineSize,
  type MajorUpgradeProcedure,
  type Protection,
  type ReservedNames,
  type SqlRules,
  type StorageProps,
  type TlsTrust,
} from "../../database";
import {
  alternatingSince,
  DEFAULT_BACKUP_WINDOW,
  DEFAULT_RETENTION_DAYS,
  dailyRange,
  getOrCreateDatabase,
  LogicalDatabase,
  passwordPreconditions,
  requireProps,
  SynthChecks,
  secretVersion,
} from "../../database/private";
import type { IDatabaseNetwork } from "../network/database-network";
import type { EncryptionKey, IEncryptionKey } from "../secrets/encryption-key";
import type { GeneratedSecret } from "../secrets/generated-secret";
import { capacityInForce } from "./capacity-in-force";
import { RESERVED_NAMES } from "./data/names";
import { PASSWORD_RULES } from "./data/passwords";
import { SQL_RULES } from "./data/sql-rules";
import { ImportedRdsServer, type RdsServerAttributes } from "./imported-rds-server";
import { RdsAdminLogin, rdsAdministrator } from "./rds-admin-login";
import type { IRdsInstance, RdsInstanceReference } from "./rds-instance";
import { RdsInstanceResources, rdsDeletion, rdsInstanceReference } from "./rds-instance-resources";
import { grantRdsConnect, RdsLogins } from "./rds-logins";
import { rdsMajorUpgrade } from "./rds-major-upgrade";
import type { RdsMonitoringRole } from "./rds-monitoring-role";
import type { RdsParameterGroup } from "./rds-parameter-group";
import { type ProtectedInstance, rdsProtections } from "./rds-protection";
import { checkRdsServer, isMultiAz, type RdsServerProps } from "./rds-server-props";
import { rdsStorage } from "./rds-storage";

/** A server of RDS, created here or existing. Replicas and replications of backups take this interface. */
export interface IRdsServer extends IDatabaseServer, IRdsInstance {
  /** VPC, subnets and security group of the server. */
  readonly network: IDatabaseNetwork;
  /** Machine size, as it was asked for. */
  readonly size: MachineSize;
  /** Storage, as it was asked for. */
  readonly storage: StorageProps;
  /** KMS key of the storage. */
  readonly encryptionKey: IEncryptionKey;

  /**
   * Lets a Kubernetes service account connect as one database user with IAM database authentication.
   *
   * @param identity the service account's IAM role (`IrsaIdentity`, `PodIdentity`).
   * @param options the database user. @default - a user with the name of the service account
   */
  grantConnect(identity: IWorkloadIdentity, options?: ConnectGrantOptions): IConnectGrant;
}

/**
 * A PostgreSQL or MySQL server on Amazon RDS. Private, Multi-AZ, encrypted, backed up, monitored and protected from deletion by
 * default.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Welcome.html
 *
 * @example
 * const server = new RdsServer(this, "postgres", {
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 * });
 */
export class RdsServer extends Construct implements IRdsServer {
  public readonly reservedNames: ReservedNames = RESERVED_NAMES;
  public readonly sqlRules: SqlRules = SQL_RULES;
  /**
   * A server that exists. Nothing of it is changed; what is not given is read with the data source `aws_db_instance`.
   *
   * @param scope the parent.
   * @param id the construct's id.
   * @param attributes description of the server.
   *
   * @example
   * const server = RdsServer.fromServerAttributes(this, "postgres", {
   *   identifier: "platform-postgres",
   *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
   *   size: MachineSize.general(4),
   *   storage: { sizeGiB: 100 },
   *   network,
   * });
   * new RdsReadReplica(this, "replica", { source: server });
   */
  public static fromServerAttributes(
    scope: Construct,
    id: string,
    attributes: RdsServerAttributes,
  ): IRdsServer {
    return new ImportedRdsServer(scope, id, attributes);
  }

  /** The DB instance. */
  public readonly resource: DbInstance;
  public readonly instanceRef: RdsInstanceReference;
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
  public readonly performanceInsights: boolean;
  public readonly provider?: TerraformProvider;
  public readonly network: IDatabaseNetwork;
  public readonly size: MachineSize;
  public readonly storage: StorageProps;
  /** KMS key of storage, Performance Insights, secrets and logs. */
  public readonly encryptionKey: IEncryptionKey;
  /** Retention of the automated backups, in days; may be a token. */
  public readonly backupRetentionDays: number;
  /** DB parameter group. */
  public readonly parameterGroup: RdsParameterGroup;
  /** KMS key created with the server; not set if `encryptionKey` was given. */
  public readonly ownKey?: EncryptionKey;
  /** IAM role of Enhanced Monitoring; not set if it is disabled. */
  public readonly monitoringRole?: RdsMonitoringRole;
  /** Log groups in CloudWatch Logs, one for each log that the server exports. */
  public readonly logGroups: CloudwatchLogGroup[];
  /** @internal */
  protected readonly _checks: SynthChecks;
  private readonly logins: RdsLogins;

  public constructor(scope: Construct, id: string, props: RdsServerProps) {
    super(scope, id);
    requireProps(this.node.path, "RDS", props, { engine: true, size: true, storage: true, network: true });
    const { engine, network, storage, backup } = props;
    const checks = new SynthChecks(this, "RDS");
    this._checks = checks;
    const deletionPolicy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
    const resources = new RdsInstanceResources(this, checks, {
      options: props,
      engine,
      size: props.size,
      network,
      retainKey: deletionPolicy === DeletionPolicy.RETAIN,
    });
    this.engine = engine;
    this.network = network;
    this.size = props.size;
    this.storage = storage;
    this.identifier = resources.identifier;
    this.machine = resources.machine;
    this.performanceInsights = resources.performanceInsights;
    this.storageGiB = storage.sizeGiB;
    this.provider = props.provider ?? network.provider;
    const passwordVersion = secretVersion(checks, "passwordVersion", props.passwordVersion);
    const alternatingUsersSince = alternatingSince(checks, props.alternatingUsersSince, passwordVersion);
    this.logins = new RdsLogins(this, { ...props, passwordVersion, alternatingUsersSince }, resources.key);
    this.encryptionKey = resources.key;
    this.ownKey = resources.ownKey;
    this.parameterGroup = resources.parameterGroup;
    this.monitoringRole = resources.monitoringRole;
    this.logGroups = resources.logGroups;
    this.tls = resources.tls;
    this.location = { cloud: Cloud.AWS, region: resources.region };
    this.acceptsCloudIdentity = props.iamAuthentication ?? true;
    this.backupRetentionDays = backup?.retentionDays ?? DEFAULT_RETENTION_DAYS;
    checkRdsServer(this, checks, props, resources);
    const source = props.adminLogin ?? RdsAdminLogin.generated();
    const administrator = rdsAdministrator(this, checks, {
      source,
      key: resources.key,
      provider: this.provider,
      generate: (child) => this.logins.generate(child, source.username),
    });
    this.resource = new DbInstance(this, "Resource", {
      ...resources.config(),
      ...administrator.config,
      engine: engine.family,
      engineVersion: engine.version,
      engineLifecycleSupport:
        props.acceptExtendedSupport === undefined
          ? "open-source-rds-extended-support-disabled"
          : "open-source-rds-extended-support",
      allowMajorVersionUpgrade: props.allowMajorVersionUpgrade,
      ...rdsStorage(engine, storage),
      multiAz: isMultiAz(props),
      backupRetentionPeriod: this.backupRetentionDays,
      backupWindow: dailyRange(backup?.window ?? DEFAULT_BACKUP_WINDOW),
      ...rdsDeletion(this, checks, {
        policy: deletionPolicy,
        identifier: resources.identifier,
        replacedBy: { engine: engine.family, key: resources.key.arn, username: source.username },
        ownKey: resources.ownKey !== undefined,
      }),
      lifecycle: {
        preventDestroy: deletionPolicy === DeletionPolicy.RETAIN,
        // RDS takes it at creation only and silently ignores a change, so that every plan would show it
        // (hashicorp/terraform-provider-aws#40870).
        ignoreChanges: ["engine_lifecycle_support"],
        precondition: resources.preconditions,
      },
      // Multi-AZ deployments and large volumes take longer than the provider's default of 40 minutes.
      timeouts: { create: "90m", update: "120m", delete: "90m" },
    });
    this.instanceRef = rdsInstanceReference(this.resource);
    this.connectionCapacity = capacityInForce(this, checks, resources.capacity, {
      restartVersion: props.restartVersion,
      instance: this.instanceRef,
    });
    this.connectionBudget = new ConnectionBudget(this, "RDS", this.connectionCapacity);
    this.endpoint = {
      host: this.resource.address,
      port: props.port ?? engine.defaultPort,
      isPrivate: !(props.publiclyAccessible ?? false),
    };
    this.adminLogin = administrator.login(this.resource);
    const { password } = this.adminLogin;
    if (source._source !== "managed" && password) {
      resources.preconditions.push(...passwordPreconditions(password, PASSWORD_RULES[engine.family]));
    }
    resources.addCertificatePrecondition();
    network.openPort(this.endpoint.port);
  }

  /** Parameters that the DB parameter group sets, by RDS's names. */
  public get parameters(): { readonly [name: string]: string } {
    return this.parameterGroup.parameters;
  }

  /** Automated backups of the server, with the commands of a restore. */
  public get protections(): readonly Protection[] {
    return rdsProtections(this.described);
  }

  /** Major version upgrade by RDS, with the commands around it. */
  public get majorUpgrade(): MajorUpgradeProcedure {
    return rdsMajorUpgrade(this.described, this.engine);
  }

  private get described(): ProtectedInstance {
    return {
      identifier: this.identifier,
      region: this.location.region as string,
      keyArn: this.encryptionKey.arn,
      retentionDays: this.backupRetentionDays,
      address: `${this.resource.terraformResourceType}.${this.resource.friendlyUniqueId}`,
      path: this.node.path,
    };
  }

  /** Resources that have to exist before a client connects: the instance and the rules that let its clients in. */
  public get dependables(): ITerraformDependable[] {
    return [this.resource, ...this.network.dependables];
  }

  /**
   * A logical database with its owner. The owner's password is kept in Secrets Manager, beside that of the master user.
   *
   * @param name name of the database.
   * @param options the owner. @default - a login with the name of the database and a generated password
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

  public grantConnect(identity: IWorkloadIdentity, options?: ConnectGrantOptions): IConnectGrant {
    const target = {
      scope: this.resource,
      instanceRef: this.instanceRef,
      adminUsername: this.adminLogin.username,
      iamAuthentication: this.acceptsCloudIdentity,
      logins: this.logins,
    };
    return grantRdsConnect(this._checks, target, identity, options);
  }

  /**
   * Secret with the password that the library generated for a user, for consumers that read it from Secrets Manager; undefined for
   * a user with an IAM identity or a password that was given.
   *
   * @param username name of the user, such as a database's owner or the master user.
   */
  public secretOf(username: string): GeneratedSecret | undefined {
    return this.logins.secretOf(username);
  }
}
