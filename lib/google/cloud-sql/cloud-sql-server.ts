import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import type { SqlSslCert } from "@cdktf/provider-google/lib/sql-ssl-cert";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  Availability,
  type BackupPolicy,
  Cloud,
  ConnectionBudget,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type DatabaseLogin,
  type DatabaseOptions,
  type Endpoint,
  type IConnectGrant,
  type IDatabase,
  type IDatabaseServer,
  type IWorkloadIdentity,
  type MachineSize,
  type ReservedNames,
  type SqlRules,
  type StorageProps,
  type TlsTrust,
} from "../../database";
import {
  checkAdminName,
  checkEngineSupport,
  requireProps,
  SynthChecks,
  secretVersion,
} from "../../database/private";
import type { ICloudSqlNetwork } from "../network/cloud-sql-network";
import { databaseFlags } from "./cloud-sql-flags";
import {
  type CloudSqlInstanceOptions,
  type CloudSqlRestoreSource,
  connectInstance,
  createInstance,
  type ICloudSqlInstance,
} from "./cloud-sql-instance";
import { CloudSqlAdminLogin, CloudSqlLogins } from "./cloud-sql-logins";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import { clientCertificateOf, createClientCertificate, TlsMode } from "./cloud-sql-tls";
import type { CloudSqlIamKind, CloudSqlUser } from "./cloud-sql-user";
import { checkVersion, databaseVersion } from "./cloud-sql-version";
import { CLOUD_SQL_SUPPORT } from "./data/engine-support";
import { RESERVED_NAMES } from "./data/names";
import { SQL_RULES } from "./data/sql-rules";
import { type CloudSqlServerAttributes, ImportedCloudSqlServer } from "./imported-cloud-sql-server";

/** A Cloud SQL server (primary instance), created here or existing. */
export interface ICloudSqlServer extends IDatabaseServer, ICloudSqlInstance {
  readonly engine: DatabaseEngine;
  readonly location: DatabaseLocation;
  readonly machine?: CloudSqlMachine;
  /** Connection name for the Auth Proxy and language connectors: `project:region:instance`. */
  readonly connectionName: string;
  /** Settings that a read replica takes over. @internal */
  readonly _replicaDefaults: Partial<CloudSqlServerProps>;

  /**
   * Creates the database user of a workload identity, for `database(name, { owner: grant.login })`. The user has no privileges
   * until they are granted in SQL, so the server needs an administrator. The same identity gets the same user.
   *
   * @param identity an identity with a Google service account (`GkeWorkloadIdentity`).
   */
  grantConnect(identity: IWorkloadIdentity): IConnectGrant;

  /**
   * Creates a user with IAM database authentication. The same address gets the same user.
   *
   * @param email e-mail address of the IAM principal; may be a token.
   * @param kind kind of IAM principal. @default CloudSqlIamKind.SERVICE_ACCOUNT
   * @param idSuffix end of the construct id; required if the address is not known at synth. @default - the address
   * @throws Error when the address is not known at synth and `idSuffix` is not set.
   */
  addIamUser(email: string, kind?: CloudSqlIamKind, idSuffix?: string): DatabaseLogin;
}

/** Properties of a `CloudSqlServer`. */
export interface CloudSqlServerProps extends CloudSqlInstanceOptions {
  /**
   * Database engine and version. Cloud SQL upgrades the major version in place; it cannot be downgraded.
   *
   * @see https://cloud.google.com/sql/docs/postgres/upgrade-major-db-version-inplace
   */
  readonly engine: DatabaseEngine;
  /** Machine type. */
  readonly size: MachineSize;
  /** SSD storage capacity, and the limit of automatic storage increase. IOPS and throughput grow with the capacity. */
  readonly storage: StorageProps;
  /** Private connectivity: `DatabaseNetwork` or `PrivateServiceConnect`. */
  readonly network: ICloudSqlNetwork;
  /** Region, such as `europe-west1`; may be a token. Changing it replaces the server. */
  readonly region: string;
  /**
   * Availability type: ZONE_REDUNDANT is high availability (regional), with a standby instance in another zone.
   * @default Availability.ZONE_REDUNDANT
   *
   * @see https://cloud.google.com/sql/docs/postgres/high-availability
   */
  readonly availability?: Availability;
  /**
   * Automated backups; `retentionDays` is 2 to 365, the number of daily backups to retain. @default - 14 backups, from 03:00 UTC
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups
   */
  readonly backup?: BackupPolicy;
  /**
   * Days of transaction logs for point-in-time recovery, less than `backup.retentionDays`: 1 to 7, in Enterprise Plus 1 to 35.
   * @default - as many as allowed
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
   */
  readonly transactionLogRetentionDays?: number;
  /** Backup location: a region, or `us`, `eu` or `asia`. @default - the multi-region nearest to the server */
  readonly backupLocation?: string;
  /**
   * The major version, such as `13`, for which you accept paid extended support. @default - none
   *
   * @see https://cloud.google.com/sql/docs/postgres/extended-support
   */
  readonly acceptExtendedSupport?: string;
  /**
   * The administrator that creates databases in SQL, so that their owners have no rights beyond their database.
   * @default CloudSqlAdminLogin.generated()
   */
  readonly adminLogin?: CloudSqlAdminLogin;
  /** Password version; increment to rotate all generated passwords and client certificates of the server. @default 1 */
  readonly passwordVersion?: number;
}

/** A server that Terraform creates, empty or with restored data. */
export abstract class CloudSqlServerBase extends Construct implements ICloudSqlServer {
  public readonly reservedNames: ReservedNames = RESERVED_NAMES;
  public readonly sqlRules: SqlRules = SQL_RULES;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly adminLogin?: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly dependables: ITerraformDependable[];
  public readonly machine: CloudSqlMachine;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica: boolean = false;
  public readonly instanceName: string;
  public readonly projectId: string;
  public readonly connectionName: string;
  /** Database flags of the instance, by Cloud SQL's names. */
  public readonly parameters: { readonly [name: string]: string };
  /** The instance. */
  public readonly resource: SqlDatabaseInstance;
  /** The client certificate; only with `TlsMode.MUTUAL`. Terraform's state contains its private key. */
  public readonly clientCertificate?: SqlSslCert;
  /** The administrator's user; not set without an administrator. */
  public readonly adminUser?: CloudSqlUser;
  /** @internal */
  public readonly _replicaDefaults: CloudSqlServerProps;
  /** @internal */
  protected readonly _checks: SynthChecks;
  private readonly logins: CloudSqlLogins;

  /** @param restore source of the data; users then are created by the Cloud SQL Admin API by default. */
  protected constructor(
    scope: Construct,
    id: string,
    props: CloudSqlServerProps,
    restore?: CloudSqlRestoreSource,
  ) {
    super(scope, id);
    this._replicaDefaults = props;
    const { engine, network, region } = props;
    const checks = new SynthChecks(this, "CLOUDSQL");
    this._checks = checks;
    checkEngineSupport(this, checks, engine, CLOUD_SQL_SUPPORT, props.acceptExtendedSupport);
    checkVersion(checks, engine);
    const passwordVersion = secretVersion(checks, "passwordVersion", props.passwordVersion);
    const { resource, machine, capacity } = createInstance(this, checks, {
      engine,
      databaseVersion: databaseVersion(engine),
      size: props.size,
      storage: props.storage,
      network,
      region,
      options: props,
      regional: (props.availability ?? Availability.ZONE_REDUNDANT) === Availability.ZONE_REDUNDANT,
      backups: props,
      restore,
    });
    this.resource = resource;
    this.instanceName = resource.name;
    this.projectId = resource.project;
    this.connectionName = resource.connectionName;
    this.engine = engine;
    this.location = { cloud: Cloud.GOOGLE, region };
    this.acceptsCloudIdentity = props.iamAuthentication ?? true;
    this.machine = machine;
    this.connectionCapacity = capacity;
    this.parameters = Object.fromEntries(
      databaseFlags(engine, props).map(({ name, value }) => [name, value]),
    );
    const connection = connectInstance(this, resource, { options: props, engine, network, region });
    this.endpoint = connection.endpoint;
    this.dependables = [resource, ...connection.dependables];
    if (props.tlsMode === TlsMode.MUTUAL) {
      checks.optOut(
        "tlsMode: Terraform's state contains the private key of the client certificate; protect the state",
      );
      this.clientCertificate = createClientCertificate(this, resource, passwordVersion, props);
      this.dependables.push(this.clientCertificate);
    }
    this.tls = {
      ...connection.tls,
      clientCertificate:
        this.clientCertificate && clientCertificateOf(this.clientCertificate, passwordVersion),
    };
    this.connectionBudget = new ConnectionBudget(this, "CLOUDSQL", capacity);
    this.logins = new CloudSqlLogins(this, checks, {
      ...props,
      passwordVersion,
      databasesExist: restore !== undefined,
      dependsOn: [resource],
    });
    const admin = props.adminLogin ?? (restore ? undefined : CloudSqlAdminLogin.generated());
    if (admin?.username !== undefined) {
      checkAdminName(checks, "adminLogin", admin.username, RESERVED_NAMES);
      this.adminUser = this.logins.createUser("Admin", admin.username, admin._login);
      this.adminLogin = this.adminUser.login;
      this.dependables.push(...this.adminUser.dependables);
    } else if (admin) {
      checks.optOut(
        "adminLogin: the Cloud SQL Admin API creates databases and their owners, which are members of cloudsqlsuperuser",
      );
    }
  }

  /**
   * A logical database with its own owner. They are created in SQL by the administrator; without one, by the Cloud SQL Admin API.
   * Neither is dropped when it is removed from the program; one that the API created must be imported when it is added again.
   *
   * @param name name of the database; known at synth.
   * @param options the owner. @default - a login with the database's name and a generated password
   */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    return this.logins.database(name, options);
  }

  public grantConnect(identity: IWorkloadIdentity): IConnectGrant {
    return this.logins.grantConnect(identity);
  }

  public addIamUser(email: string, kind?: CloudSqlIamKind, idSuffix?: string): DatabaseLogin {
    return this.logins.iamUser(email, kind, idSuffix);
  }
}

/**
 * A Cloud SQL server for PostgreSQL or MySQL: private, highly available (regional), encrypted, with automated backups,
 * point-in-time recovery and deletion protection. Needs the google and the random provider, and Terraform or OpenTofu 1.11.
 *
 * Generated passwords are in no state. See `GeneratedPassword` for what to do after a run that stopped half-way.
 *
 * @see https://cloud.google.com/sql/docs/postgres/create-instance
 *
 * @example
 * const server = new CloudSqlServer(this, "postgres", {
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 *   region: "europe-west1",
 * });
 */
export class CloudSqlServer extends CloudSqlServerBase {
  /**
   * An existing server. Creates no instance; read replicas, alerts, databases and grants can be added to it.
   *
   * @param scope the parent construct.
   * @param id the construct's id.
   * @param attributes the server.
   *
   * @example
   * const server = CloudSqlServer.fromServerAttributes(this, "postgres", {
   *   instanceName: "coder-postgres-1a2b3c4d",
   *   project: "platform",
   *   region: "europe-west1",
   *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
   *   host: "10.20.0.3",
   *   caCertificatesPem: "-----BEGIN CERTIFICATE-----...",
   * });
   * new CloudSqlReadReplica(this, "replica", { source: server, network, size: MachineSize.general(4), storage: { sizeGiB: 100 } });
   */
  public static fromServerAttributes(
    scope: Construct,
    id: string,
    attributes: CloudSqlServerAttributes,
  ): ICloudSqlServer {
    return new ImportedCloudSqlServer(scope, id, attributes);
  }

  public constructor(scope: Construct, id: string, props: CloudSqlServerProps) {
    requireProps(`${scope.node.path}/${id}`, "CLOUDSQL", props, {
      engine: true,
      size: true,
      storage: true,
      network: true,
      region: true,
    });
    super(scope, id, props);
  }
}
