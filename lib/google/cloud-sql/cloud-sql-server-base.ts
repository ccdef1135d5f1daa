// A server that Terraform creates: an empty one, or one with restored data.

import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import type { SqlSslCert } from "@cdktf/provider-google/lib/sql-ssl-cert";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  Availability,
  Cloud,
  ConnectionBudget,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type DatabaseLogin,
  type DatabaseOptions,
  DeletionPolicy,
  type Endpoint,
  type IConnectGrant,
  type IDatabase,
  type IWorkloadIdentity,
  type MajorUpgradeProcedure,
  type Protection,
  type ReservedNames,
  type SqlRules,
  type TlsTrust,
} from "../../database";
import {
  checkAdminName,
  checkEngineSupport,
  checkIsAdopted,
  DEFAULT_RETENTION_DAYS,
  SynthChecks,
  secretVersion,
} from "../../database/private";
import { logDays } from "./cloud-sql-backup";
import { connectInstance } from "./cloud-sql-endpoint";
import { databaseFlags } from "./cloud-sql-flags";
import { type CloudSqlRestoreSource, createInstance } from "./cloud-sql-instance";
import { CloudSqlAdminLogin, CloudSqlLogins } from "./cloud-sql-logins";
import { cloudSqlMajorUpgrade } from "./cloud-sql-major-upgrade";
import { cloudSqlProtections, type ProtectedInstance } from "./cloud-sql-protection";
import type { CloudSqlServerProps, ICloudSqlServer } from "./cloud-sql-server";
import { grows } from "./cloud-sql-storage";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import { clientCertificateOf, createClientCertificate, TlsMode } from "./cloud-sql-tls";
import type { CloudSqlIamKind, CloudSqlUser } from "./cloud-sql-user";
import { checkVersion, databaseVersion } from "./cloud-sql-version";
import { CLOUD_SQL_SUPPORT } from "./data/engine-support";
import { RESERVED_NAMES } from "./data/names";
import { SQL_RULES } from "./data/sql-rules";
import { diskSizeOf, existingDiskSize } from "./source-disk-size";

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
  public readonly _diskSize: number;
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
      sourceDiskSize:
        restore && grows(props.storage)
          ? existingDiskSize(this, {
              instanceName: restore.instanceName,
              project: restore.project,
              provider: props.provider,
            })
          : undefined,
    });
    this.resource = resource;
    this._diskSize = diskSizeOf(resource);
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
      clientCertificate: this.clientCertificate && clientCertificateOf(this.clientCertificate),
    };
    this.connectionBudget = new ConnectionBudget(this, "CLOUDSQL", capacity);
    this.logins = new CloudSqlLogins(this, checks, {
      ...props,
      passwordVersion,
      databasesExist: restore !== undefined,
      dependsOn: [resource],
    });
    const admin = props.adminLogin ?? (restore ? undefined : CloudSqlAdminLogin.generated());
    if (admin?._exists) {
      checkIsAdopted(checks, this, "adminLogin");
      this.adminLogin = admin._login;
    } else if (admin?.username !== undefined) {
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

  /** Point-in-time recovery and automated backups of the server, with the commands of a restore. */
  public get protections(): readonly Protection[] {
    return cloudSqlProtections(this.described);
  }

  /** Major version upgrade by Cloud SQL, with the commands around it. */
  public get majorUpgrade(): MajorUpgradeProcedure {
    return cloudSqlMajorUpgrade(this.described, this.engine);
  }

  private get described(): ProtectedInstance {
    const props = this._replicaDefaults;
    return {
      family: this.engine.family,
      instanceName: this.instanceName,
      project: this.projectId,
      region: props.region,
      backupLocation: props.backupLocation,
      retainedBackups: props.backup?.retentionDays ?? DEFAULT_RETENTION_DAYS,
      logDays: logDays({ ...props, machine: this.machine }),
      retainedOnDelete: props.deletionPolicy !== DeletionPolicy.DELETE,
      resourceId: this.resource.friendlyUniqueId,
      path: this.node.path,
    };
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
