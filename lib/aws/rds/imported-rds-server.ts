// A server that exists already, as `RdsServer.fromServerAttributes` returns it.

import { DataAwsDbInstance } from "@cdktf/provider-aws/lib/data-aws-db-instance";
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
  type Endpoint,
  type IConnectGrant,
  type IDatabase,
  type IWorkloadIdentity,
  LoginAuthentication,
  type MachineClass,
  type MachineSize,
  type ReservedNames,
  type SqlRules,
  type StorageProps,
  type TlsTrust,
} from "../../database";
import {
  alternatingSince,
  checkEngineSupport,
  getOrCreateDatabase,
  LogicalDatabase,
  requireProps,
  SynthChecks,
  secretVersion,
  terraformCall,
} from "../../database/private";
import type { IDatabaseNetwork } from "../network/database-network";
import { checkEncryptionKey, type IEncryptionKey } from "../secrets/encryption-key";
import { RDS_SUPPORT } from "./data/engine-support";
import { RESERVED_NAMES, SERVER_NAME } from "./data/names";
import { SQL_RULES } from "./data/sql-rules";
import { rdsConnectionCapacity, rdsMachine } from "./instance-class";
import { RdsCertificateAuthority, rdsTls } from "./rds-certificates";
import type { RdsInstanceReference } from "./rds-instance";
import { grantRdsConnect, RdsLogins } from "./rds-logins";
import type { IRdsServer } from "./rds-server";

/** Description of a server that exists (`RdsServer.fromServerAttributes`). */
export interface RdsServerAttributes {
  /**
   * DB instance identifier; may be a token.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints
   */
  readonly identifier: string;
  /** Engine and version. */
  readonly engine: DatabaseEngine;
  /**
   * Machine size: the DB instance class as `MachineSize.of({ names: { aws: "db.m7g.large" } })`, or the size that it stands for.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html
   */
  readonly size: MachineSize;
  /**
   * Storage; replicas get the same upper limit, IOPS and throughput.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
   */
  readonly storage: StorageProps;
  /**
   * VPC, subnets and security group that the server has (see `DatabaseNetwork.fromDatabaseNetworkAttributes`).
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
   */
  readonly network: IDatabaseNetwork;
  /** AWS Region; may be a token. @default - the network's */
  readonly region?: string;
  /** Port; may be a token. @default - the engine's: 5432 or 3306 */
  readonly port?: number;
  /**
   * KMS key of the storage. @default - read from the server
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Retention of the automated backups, in days; may be a token. @default - read from the server
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html
   */
  readonly backupRetentionDays?: number;
  /**
   * Maximum number of connections (`max_connections`); may be a token. @default - derived from the memory, as RDS does
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
   */
  readonly maxConnections?: number;
  /**
   * Parameters of the server that applications ask for, by RDS's names. @default - not known
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * True if the server requires TLS. @default true
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
   */
  readonly tlsEnforced?: boolean;
  /**
   * True if IAM database authentication is enabled. @default false
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
   */
  readonly iamAuthentication?: boolean;
  /**
   * True if Performance Insights is enabled. @default - not known: `RdsAlarms` has no alarm of deadlocks
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.html
   */
  readonly performanceInsights?: boolean;
  /**
   * CA that signs the server certificate. @default RdsCertificateAuthority.RSA2048_G1
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html#UsingWithRDS.SSL.RegionCertificateAuthorities
   */
  readonly certificateAuthority?: RdsCertificateAuthority;
  /**
   * CA certificates that clients trust, as PEM text; may be a token. @default - the root certificates of all CAs of the region
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html
   */
  readonly caCertificatesPem?: string;
  /**
   * Administrator who creates databases and owners. @default - none: databases and owners exist already
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
   */
  readonly adminLogin?: DatabaseLogin;
  /** Version of the passwords generated for owners, 1 or more; increment it to rotate all of them. @default 1 */
  readonly passwordVersion?: number;
  /**
   * Lets two users of each owner with a generated password alternate (alternating users rotation), from this password version on. An
   * increment of `passwordVersion` then gives a new password to the user that is not in use, and applications change over to it; the other
   * one stays valid until the next increment, so that no connection is refused while pods are replaced. The second user is the owner's
   * name with `_clone`. Set it once: to the present `passwordVersion` of a running server, to 1 for a new one; then leave it.
   * Increment `passwordVersion` by one, and apply to the end before the next increment. @default - one user, whose old password ends with the rotation
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html#rotating-secrets-two-users
   */
  readonly alternatingUsersSince?: number;
  /**
   * Major version of a server on RDS Extended Support, such as `13`. @default - none
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html
   */
  readonly acceptExtendedSupport?: string;
  /**
   * True if the server has a public IP address. @default false
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Hiding
   */
  readonly publiclyAccessible?: boolean;
  /** AWS provider. @default - the network's, else the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/** @internal */
export class ImportedRdsServer extends Construct implements IRdsServer {
  public readonly reservedNames: ReservedNames = RESERVED_NAMES;
  public readonly sqlRules: SqlRules = SQL_RULES;
  public readonly instanceRef: RdsInstanceReference;
  public readonly identifier: string;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly adminLogin?: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly parameters?: { readonly [name: string]: string };
  public readonly machine?: MachineClass;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly storageGiB: number;
  public readonly isReplica = false;
  public readonly performanceInsights?: boolean;
  public readonly provider?: TerraformProvider;
  public readonly network: IDatabaseNetwork;
  public readonly size: MachineSize;
  public readonly storage: StorageProps;
  public readonly encryptionKey: IEncryptionKey;
  public readonly backupRetentionDays: number;
  private readonly checks: SynthChecks;
  private readonly logins: RdsLogins;

  public constructor(scope: Construct, id: string, attributes: RdsServerAttributes) {
    super(scope, id);
    requireProps(this.node.path, "RDS", attributes, {
      identifier: true,
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
    const { engine, network, size, storage, identifier } = attributes;
    const checks = new SynthChecks(this, "RDS");
    this.checks = checks;
    checks.matches("identifier", identifier, SERVER_NAME.pattern, SERVER_NAME.rule);
    checkEngineSupport(this, checks, engine, RDS_SUPPORT, attributes.acceptExtendedSupport);
    checkEncryptionKey(checks, attributes.encryptionKey);
    checks.wholeNumber("port", attributes.port, 1150, 65_535);
    checks.wholeNumber("backupRetentionDays", attributes.backupRetentionDays, 0, 35, "days");
    checks.wholeNumber("maxConnections", attributes.maxConnections, 1, 262_143);
    const passwordVersion = secretVersion(checks, "passwordVersion", attributes.passwordVersion);
    this.provider = attributes.provider ?? network.provider;
    const region = attributes.region ?? network.region;
    const tls = rdsTls(this, checks, {
      region,
      authority: attributes.certificateAuthority ?? RdsCertificateAuthority.RSA2048_G1,
      enforced: attributes.tlsEnforced ?? true,
      caCertificatesPem: attributes.caCertificatesPem,
    });
    const instance = new DataAwsDbInstance(this, "Resource", {
      dbInstanceIdentifier: identifier,
      provider: this.provider,
      lifecycle: {
        precondition: tls.precondition && [tls.precondition],
        postcondition: [
          {
            condition: `\${self.engine == ${JSON.stringify(engine.family)}}`,
            errorMessage: `The engine of the server must be ${engine.family}, as in its attributes.`,
          },
          {
            condition: terraformCall("contains", "${self.vpc_security_groups}", network.securityGroupId),
            errorMessage:
              "The server must have the security group of network: give the network that it is in.",
          },
        ],
      },
    });
    this.tls = tls.trust;
    this.identifier = identifier;
    this.engine = engine;
    this.network = network;
    this.size = size;
    this.storage = storage;
    this.storageGiB = storage.sizeGiB;
    this.machine = rdsMachine(checks, size, engine);
    this.connectionCapacity = rdsConnectionCapacity(engine, this.machine, attributes.maxConnections);
    this.connectionBudget = new ConnectionBudget(this, "RDS", this.connectionCapacity);
    this.location = { cloud: Cloud.AWS, region };
    this.performanceInsights = attributes.performanceInsights;
    this.adminLogin = attributes.adminLogin;
    this.acceptsCloudIdentity = attributes.iamAuthentication ?? false;
    this.parameters = attributes.parameters;
    this.encryptionKey = attributes.encryptionKey ?? { arn: instance.kmsKeyId };
    this.backupRetentionDays = attributes.backupRetentionDays ?? instance.backupRetentionPeriod;
    this.instanceRef = {
      identifier: instance.dbInstanceIdentifier,
      arn: instance.dbInstanceArn,
      resourceId: instance.resourceId,
    };
    this.endpoint = {
      host: instance.address,
      port: attributes.port ?? engine.defaultPort,
      isPrivate: !(attributes.publiclyAccessible ?? false),
    };
    const alternatingUsersSince = alternatingSince(checks, attributes.alternatingUsersSince, passwordVersion);
    this.logins = new RdsLogins(
      this,
      { ...attributes, passwordVersion, alternatingUsersSince },
      this.encryptionKey,
    );
    network.openPort(this.endpoint.port);
  }

  public get dependables(): ITerraformDependable[] {
    return this.network.dependables;
  }

  /**
   * A logical database on the server. Without an administrator it has to exist, together with its owner.
   *
   * @param name name of the database.
   * @param options the owner; required without an administrator.
   * @throws Error without an administrator and an owner, since no password can be set.
   */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    return getOrCreateDatabase(this, name, options, (id) => {
      const byIdentity = options?.ownerAuthentication === LoginAuthentication.CLOUD_IDENTITY;
      if (!this.adminLogin && !options?.owner && !byIdentity) {
        throw new Error(
          `[${this.node.path}] RDS-OWNER: options.owner of database "${name}" must be set on an existing server without adminLogin ` +
            "(got not set); give DatabaseLogin.withPassword(name, secret)",
        );
      }
      return new LogicalDatabase(this, id, {
        server: this,
        databaseName: name,
        owner: options?.owner ?? this.logins.ownerOf(name, options),
        provisioning: this.adminLogin ? DatabaseProvisioning.SQL_JOB : DatabaseProvisioning.CLOUD_API,
      });
    });
  }

  public grantConnect(identity: IWorkloadIdentity, options?: ConnectGrantOptions): IConnectGrant {
    const target = {
      scope: this,
      instanceRef: this.instanceRef,
      adminUsername: this.adminLogin?.username,
      iamAuthentication: this.acceptsCloudIdentity,
      logins: this.logins,
    };
    return grantRdsConnect(this.checks, target, identity, options);
  }
}
