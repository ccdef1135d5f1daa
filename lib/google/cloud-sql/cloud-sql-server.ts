import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import { SqlSslCert } from "@cdktf/provider-google/lib/sql-ssl-cert";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  type BackupPolicy,
  type ClientCertificate,
  Cloud,
  ConnectionBudget,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type DatabaseLogin,
  type DatabaseOptions,
  DatabaseProvisioning,
  type Endpoint,
  type IDatabase,
  type IDatabaseServer,
  type MachineClass,
  type MachineSize,
  SecretValue,
  type StorageProps,
  type TlsTrust,
} from "../../database";
import {
  checkAdminName,
  checkEngineSupport,
  getOrCreateDatabase,
  LogicalDatabase,
  SynthChecks,
  shortHash,
  terraformCall,
} from "../../database/private";
import type { GkeWorkloadIdentity } from "../identity/gke-workload-identity";
import { secretVersion } from "../secrets/secret-version";
import type { CloudSqlAdminLogin } from "./cloud-sql-admin-login";
import { databaseFlags } from "./cloud-sql-flags";
import { createInstance, type ICloudSqlInstance, reachInstance } from "./cloud-sql-instance";
import type { CloudSqlInstanceOptions } from "./cloud-sql-instance-options";
import { flagIntents } from "./cloud-sql-instance-spec";
import { CloudSqlLogins } from "./cloud-sql-logins";
import type { ICloudSqlNetwork } from "./cloud-sql-network";
import { TlsMode } from "./cloud-sql-tls";
import { CloudSqlIamKind, type CloudSqlUser } from "./cloud-sql-user";
import { checkVersion, databaseVersion } from "./cloud-sql-version";

/** Properties of a `CloudSqlServer`. */
export interface CloudSqlServerProps extends CloudSqlInstanceOptions {
  /** The engine and version. Cloud SQL upgrades a major version in place, and never goes back. */
  readonly engine: DatabaseEngine;
  /** How large the machine is. */
  readonly size: MachineSize;
  /** How much disk it has and how far that may grow. A larger disk has more IOPS. */
  readonly storage: StorageProps;
  /** How clients reach it. */
  readonly network: ICloudSqlNetwork;
  /** The region, such as `europe-west1`; may be a token. Changing it replaces the server. */
  readonly region: string;
  /** How it is backed up. `retentionDays` is 2 to 365 here, a number of daily backups. @default - 14 backups, from 03:00 UTC */
  readonly backup?: BackupPolicy;
  /**
   * The days for which every moment can be restored, below `backup.retentionDays`: 1 to 7, in Enterprise Plus to 35.
   * @default - as many as allowed, one less than the backups
   */
  readonly logRetentionDays?: number;
  /** Where backups are kept: a region, or `us`, `eu` or `asia`. @default - the multi-region nearest to the server */
  readonly backupLocation?: string;
  /** The version, such as `13`, whose paid extended support you accept. @default - none */
  readonly acceptExtendedSupport?: string;
  /**
   * The administrator who sets up databases in SQL, so that their owners have no rights beyond their database.
   * @default - none: Cloud SQL's API makes databases and owners, and such owners are members of `cloudsqlsuperuser`
   */
  readonly adminLogin?: CloudSqlAdminLogin;
  /** The number of all generated passwords and client certificates of the server: raise it to make new ones. @default 1 */
  readonly passwordVersion?: number;
}

/**
 * A Cloud SQL server for PostgreSQL or MySQL: private, zone-redundant, encrypted, backed up to any moment of the last
 * days, and protected against deletion. Needs the google and the random provider, and Terraform or OpenTofu 1.11.
 *
 * Generated passwords are in no state. See `GeneratedPassword` for what to do after a run that stopped half-way.
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
export class CloudSqlServer extends Construct implements IDatabaseServer, ICloudSqlInstance {
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly adminLogin?: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly dependables: ITerraformDependable[];
  public readonly resource: SqlDatabaseInstance;
  public readonly machine: MachineClass;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica: boolean = false;
  /** The client certificate; only with `TlsMode.MUTUAL`. Its private key is in Terraform's state. */
  public readonly clientCertificate?: SqlSslCert;
  /** The administrator's user; only with `adminLogin`. */
  public readonly adminUser?: CloudSqlUser;
  /** What the server was made from. @internal */
  public readonly _props: CloudSqlServerProps;
  /** Where mistakes are reported. @internal */
  public readonly _checks: SynthChecks;
  /** Who logs in. @internal */
  public readonly _logins: CloudSqlLogins;

  public constructor(scope: Construct, id: string, props: CloudSqlServerProps) {
    super(scope, id);
    this._props = props;
    const { engine, network, region } = props;
    const checks = new SynthChecks(this);
    this._checks = checks;
    checkEngineSupport(this, checks, engine, Cloud.GOOGLE, props.acceptExtendedSupport);
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
      backups: props,
    });
    this.resource = resource;
    this.engine = engine;
    this.location = { cloud: Cloud.GOOGLE, region };
    this.acceptsCloudIdentity = props.iamAuthentication ?? true;
    this.machine = machine;
    this.connectionCapacity = capacity;
    const reach = reachInstance(this, resource, { options: props, engine, network, region });
    this.endpoint = reach.endpoint;
    this.dependables = [resource, ...reach.dependables];
    if (props.tlsMode === TlsMode.MUTUAL) {
      this.clientCertificate = this.createClientCertificate(passwordVersion);
      this.dependables.push(this.clientCertificate);
    }
    this.tls = {
      ...reach.tls,
      clientCertificate:
        this.clientCertificate && clientCertificateOf(this.clientCertificate, passwordVersion),
    };
    this.connectionBudget = new ConnectionBudget(checks, capacity);
    this._logins = new CloudSqlLogins(this, checks, { ...props, passwordVersion });
    if (props.adminLogin) {
      checkAdminName(checks, "adminLogin", Cloud.GOOGLE, props.adminLogin.username);
      this.adminUser = this._logins.createUser("Admin", props.adminLogin.username, props.adminLogin._login);
      this.adminLogin = this.adminUser.login;
      this.dependables.push(...this.adminUser.dependables);
    }
  }

  /** The flags that are set, by Cloud SQL's names. */
  public get parameters(): { readonly [name: string]: string } {
    const flags = databaseFlags(flagIntents(this.engine, this._props));
    return Object.fromEntries(flags.map(({ name, value }) => [name, value]));
  }

  /** The instance as the Auth Proxy and Google's connectors name it: `project:region:name`. */
  public get connectionName(): string {
    return this.resource.connectionName;
  }

  /**
   * A logical database with its own owner. Without an `adminLogin` Cloud SQL's API makes both, with one they are set up
   * in SQL. Neither is dropped when it leaves the program; one that the API made has to be imported when it comes back.
   *
   * @param name the database's name; known at synth.
   * @param options the owner. @default - a login with the database's name and a generated password
   */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    return getOrCreateDatabase(this, name, options, (id) => {
      const owner = options?.owner ?? this._logins.ownerOf(name, options);
      const dependables = [...this.dependables];
      const provisioning = this.adminLogin ? DatabaseProvisioning.SQL_JOB : DatabaseProvisioning.CLOUD_API;
      const database = new LogicalDatabase(this, id, {
        server: this,
        databaseName: name,
        owner,
        provisioning,
        // Filled below: some of what has to exist are the database's own children.
        dependables,
      });
      dependables.push(...this._logins.dependablesOf(owner, name));
      if (provisioning === DatabaseProvisioning.CLOUD_API && !this._logins.databasesExist)
        dependables.push(this._logins.createDatabase(database, name));
      return database;
    });
  }

  /**
   * Lets a workload log in by its Google identity: makes the database user and gives back its login, for
   * `database(name, { owner })`. The user has no rights until SQL grants them, so the server needs an `adminLogin`.
   *
   * @param identity the workload.
   */
  public grantConnect(identity: GkeWorkloadIdentity): DatabaseLogin {
    return this.addIamUser(identity.email, CloudSqlIamKind.SERVICE_ACCOUNT, shortHash(identity.node.path));
  }

  /**
   * A user who logs in by a Google identity. Asking again for the same address gives the same user.
   *
   * @param email the e-mail address of the identity.
   * @param kind who it is. @default CloudSqlIamKind.SERVICE_ACCOUNT
   * @param constructIdFor what stands for the address in the construct's id; needed for a token. @default - the address
   * @throws Error when the address is not known at synth and no `constructIdFor` is given.
   */
  public addIamUser(email: string, kind?: CloudSqlIamKind, constructIdFor?: string): DatabaseLogin {
    return this._logins.iamUser(email, kind, constructIdFor);
  }

  private createClientCertificate(version: number): SqlSslCert {
    this._checks.optOut(
      "tlsMode: the private key of the client certificate is in Terraform's state; protect the state",
    );
    const { project, provider } = this._props;
    return new SqlSslCert(this, "ClientCertificate", {
      instance: this.resource.name,
      commonName: `clients-${version}`,
      // The new one is there before the old one stops working.
      lifecycle: { createBeforeDestroy: true },
      project,
      provider,
    });
  }
}

function clientCertificateOf(certificate: SqlSslCert, version: number): ClientCertificate {
  return {
    certificatePem: terraformCall("nonsensitive", certificate.cert),
    privateKeyPem: SecretValue.fromEphemeral(certificate.privateKey, { version, dependables: [certificate] }),
  };
}
