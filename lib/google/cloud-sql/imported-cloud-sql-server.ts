import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  type ClientCertificate,
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
  type IWorkloadIdentity,
  type MachineSize,
  type ReservedNames,
  type SqlRules,
  type StorageProps,
  type TlsTrust,
} from "../../database";
import { checkEngineSupport, requireProps, SynthChecks } from "../../database/private";
import type { ICryptoKey } from "../kms/crypto-key";
import type { ICloudSqlNetwork } from "../network/cloud-sql-network";
import { checkLabels, PROJECT_ID } from "../resource-names";
import { cloudSqlConnectionCapacity } from "./cloud-sql-connections";
import { CloudSqlLogins } from "./cloud-sql-logins";
import type { CloudSqlServerProps, ICloudSqlServer } from "./cloud-sql-server";
import type { CloudSqlMachine } from "./cloud-sql-tier";
import { type CloudSqlEdition, machineOf } from "./cloud-sql-tier";
import { CloudSqlCertificateAuthority, TlsMode } from "./cloud-sql-tls";
import type { CloudSqlIamKind } from "./cloud-sql-user";
import { CLOUD_SQL_SUPPORT } from "./data/engine-support";
import { RESERVED_NAMES, SERVER_NAME } from "./data/names";
import { SQL_RULES } from "./data/sql-rules";

/** Attributes of an existing Cloud SQL server. */
export interface CloudSqlServerAttributes {
  /**
   * Instance ID, without the project.
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings
   */
  readonly instanceName: string;
  /**
   * Project of the instance; may be a token.
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project: string;
  /**
   * Region of the instance; may be a token.
   *
   * @see https://cloud.google.com/sql/docs/postgres/locations
   */
  readonly region: string;
  /**
   * Database engine and version.
   *
   * @see https://cloud.google.com/sql/docs/postgres/db-versions
   */
  readonly engine: DatabaseEngine;
  /**
   * Private IP address or DNS name of the instance; may be a token.
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-info
   */
  readonly host: string;
  /**
   * Server CA certificates as PEM text; may be a token.
   *
   * @see https://cloud.google.com/sql/docs/postgres/authorize-ssl
   */
  readonly caCertificatesPem: string;
  /**
   * Certificate authority of the server certificate. @default CloudSqlCertificateAuthority.PER_INSTANCE
   *
   * @see https://cloud.google.com/sql/docs/postgres/authorize-ssl
   */
  readonly certificateAuthority?: CloudSqlCertificateAuthority;
  /**
   * SSL mode of the instance. @default TlsMode.ENCRYPTED
   *
   * @see https://cloud.google.com/sql/docs/postgres/configure-ssl-instance
   */
  readonly tlsMode?: TlsMode;
  /**
   * Client certificate for clients; required with `TlsMode.MUTUAL`. @default - none
   *
   * @see https://cloud.google.com/sql/docs/postgres/configure-ssl-instance
   */
  readonly clientCertificate?: ClientCertificate;
  /**
   * True if IAM database authentication is enabled. @default false
   *
   * @see https://cloud.google.com/sql/docs/postgres/iam-authentication
   */
  readonly iamAuthentication?: boolean;
  /**
   * Flag `max_connections`. @default - derived from `size`
   *
   * @see https://cloud.google.com/sql/docs/postgres/flags#postgres-m
   */
  readonly maxConnections?: number;
  /**
   * Machine type; the default of read replicas. @default - not known
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings#machine-type-2ndgen
   */
  readonly size?: MachineSize;
  /**
   * Cloud SQL edition; needed only for a machine type that the library does not know. @default - the edition of the machine type
   *
   * @see https://cloud.google.com/sql/docs/postgres/editions-intro
   */
  readonly edition?: CloudSqlEdition;
  /**
   * Storage; the default of read replicas. @default - not known
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings#storage-capacity-2ndgen
   */
  readonly storage?: StorageProps;
  /**
   * Private connectivity; the default of read replicas. @default - not known
   *
   * @see https://cloud.google.com/sql/docs/postgres/private-ip
   */
  readonly network?: ICloudSqlNetwork;
  /**
   * Customer-managed encryption key; the default of read replicas in the same region. @default - none
   *
   * @see https://cloud.google.com/sql/docs/postgres/cmek
   */
  readonly encryptionKey?: ICryptoKey;
  /**
   * Database flags, by Cloud SQL's names; the default of read replicas. @default - not known
   *
   * @see https://cloud.google.com/sql/docs/postgres/flags
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * Number of retained daily backups; may be a token. @default - not known
   *
   * @see https://cloud.google.com/sql/docs/postgres/backup-recovery/backups
   */
  readonly backupRetentionDays?: number;
  /**
   * The administrator that creates databases in SQL.
   * @default - none: the Cloud SQL Admin API creates databases and owners, which are then members of `cloudsqlsuperuser`
   *
   * @see https://cloud.google.com/sql/docs/postgres/users
   */
  readonly adminLogin?: DatabaseLogin;
  /** True if the databases exist: `database()` then creates none. @default false */
  readonly databasesExist?: boolean;
  /** Password version; increment to rotate all passwords that are generated for the server's users. @default 1 */
  readonly passwordVersion?: number;
  /** The major version for which you accept paid extended support. @default - none */
  readonly acceptExtendedSupport?: string;
  /**
   * Labels of the secrets that are created for users. @default - none
   *
   * @see https://cloud.google.com/secret-manager/docs/add-labels-to-secrets
   */
  readonly tags?: { readonly [name: string]: string };
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a client connects. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** A server that exists. @internal */
export class ImportedCloudSqlServer extends Construct implements ICloudSqlServer {
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
  public readonly machine?: CloudSqlMachine;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica: boolean = false;
  public readonly instanceName: string;
  public readonly projectId: string;
  public readonly connectionName: string;
  public readonly parameters?: { readonly [name: string]: string };
  public readonly backupRetentionDays?: number;
  public readonly _replicaDefaults: Partial<CloudSqlServerProps>;
  private readonly logins: CloudSqlLogins;

  public constructor(scope: Construct, id: string, attributes: CloudSqlServerAttributes) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL", attributes, {
      instanceName: true,
      project: true,
      region: true,
      engine: true,
      host: true,
      caCertificatesPem: true,
    });
    const { instanceName, project, region, engine } = attributes;
    const checks = new SynthChecks(this, "CLOUDSQL");
    checkAttributes(checks, attributes);
    checkLabels(checks, this, attributes.tags);
    checkEngineSupport(this, checks, engine, CLOUD_SQL_SUPPORT, attributes.acceptExtendedSupport);
    this.instanceName = instanceName;
    this.projectId = project;
    this.connectionName = `${project}:${region}:${instanceName}`;
    this.engine = engine;
    this.location = { cloud: Cloud.GOOGLE, region };
    this.endpoint = { host: attributes.host, port: engine.defaultPort, isPrivate: true };
    this.tls = {
      enforced: attributes.tlsMode !== TlsMode.OPTIONAL,
      caCertificatesPem: attributes.caCertificatesPem,
      hostnameVerifiable: (attributes.certificateAuthority ?? CloudSqlCertificateAuthority.PER_INSTANCE)
        .hostnameVerifiable,
      clientCertificate: attributes.clientCertificate,
    };
    this.adminLogin = attributes.adminLogin;
    this.acceptsCloudIdentity = attributes.iamAuthentication ?? false;
    this.machine = attributes.size && machineOf(checks, engine, attributes.size, attributes.edition);
    this.connectionCapacity = cloudSqlConnectionCapacity(engine, this.machine, attributes.maxConnections);
    this.connectionBudget = new ConnectionBudget(this, "CLOUDSQL", this.connectionCapacity);
    this.parameters = attributes.parameters;
    this.backupRetentionDays = attributes.backupRetentionDays;
    this.dependables = attributes.dependsOn ?? [];
    this._replicaDefaults = {
      region,
      project,
      engine,
      provider: attributes.provider,
      size: attributes.size,
      edition: attributes.edition,
      storage: attributes.storage,
      network: attributes.network,
      encryptionKey: attributes.encryptionKey,
      parameters: attributes.parameters,
      maxConnections: attributes.maxConnections,
      iamAuthentication: this.acceptsCloudIdentity,
      tlsMode: attributes.tlsMode,
      certificateAuthority: attributes.certificateAuthority,
    };
    this.logins = new CloudSqlLogins(this, checks, attributes);
  }

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

function checkAttributes(checks: SynthChecks, attributes: CloudSqlServerAttributes): void {
  const { project, region } = attributes;
  checks.matches("instanceName", attributes.instanceName, SERVER_NAME.pattern, SERVER_NAME.rule);
  checks.matches(
    "project",
    project,
    PROJECT_ID,
    "must be a project id: 6 to 30 lower-case letters, digits and hyphens, with a letter first",
  );
  checks.matches("region", region, /^[a-z]+-[a-z]+[0-9]+$/, "must be a region, such as europe-west1");
  checks.matches(
    "host",
    attributes.host,
    /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    "must be an IP address or a DNS name without a trailing dot",
  );
  checks.wholeNumber("backupRetentionDays", attributes.backupRetentionDays, 0, 365, "backups");
  checks.wholeNumber("maxConnections", attributes.maxConnections, 1, 262_143);
  checks.wholeNumber("passwordVersion", attributes.passwordVersion, 1, 2_147_483_647);
  if (attributes.tlsMode === TlsMode.MUTUAL && attributes.clientCertificate === undefined) {
    checks.fail("clientCertificate", undefined, "must be set with TlsMode.MUTUAL");
  }
}
