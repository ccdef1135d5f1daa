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
  type Endpoint,
  EngineFamily,
  type IConnectGrant,
  type IDatabase,
  type IWorkloadIdentity,
  type MachineClass,
  type MachineSize,
  type ReservedNames,
  type SqlRules,
  type TlsTrust,
} from "../../database";
import {
  alternatingSince,
  checkEngineSupport,
  isResolved,
  requireProps,
  type SynthChecks,
  secretVersion,
  terraformCall,
} from "../../database/private";
import type { ISecretVault } from "../key-vault/secret-vault";
import { checkResourceId } from "../private/resource-checks";
import { AZURE_SUPPORT } from "./data/engine-support";
import { RESERVED_NAMES } from "./data/names";
import { MYSQL_SQL_RULES, POSTGRES_SQL_RULES } from "./data/sql-rules";
import { flexibleDatabase, grantFlexibleConnect } from "./databases";
import type { IFlexibleDatabaseServer } from "./flexible-server";
import { serverChecks, serverSubject } from "./flexible-server-settings";
import { GeneratedLogins } from "./logins";
import { flexibleServerConnectionCapacity, machineSku } from "./machine-sku";

/** Attributes of a flexible server that exists already. */
export interface FlexibleServerAttributes {
  /**
   * Resource ID of the server; may be a token.
   *
   * @see https://learn.microsoft.com/cli/azure/postgres/flexible-server#az-postgres-flexible-server-show
   */
  readonly serverId: string;
  /**
   * Engine and version that the server runs.
   *
   * @see https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-supported-versions
   */
  readonly engine: DatabaseEngine;
  /**
   * Azure region.
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location: string;
  /**
   * Host name. @default - `<server name>.postgres.database.azure.com` or `<server name>.mysql.database.azure.com`
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
   */
  readonly host?: string;
  /**
   * Compute size, from which the connection limit follows. @default - not known
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute
   */
  readonly size?: MachineSize;
  /**
   * Server parameter `max_connections`; may be a token. @default - Azure's default for the SKU
   *
   * @see https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits
   */
  readonly maxConnections?: number;
  /**
   * Server parameters, as far as applications ask for them. @default - not known
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-server-parameters
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * Backup retention in days; may be a token. @default - not known
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore
   */
  readonly backupRetentionDays?: number;
  /**
   * True if public network access is disabled. @default true
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private-link
   */
  readonly isPrivate?: boolean;
  /**
   * Administrator login with its password, which creates databases and owners. @default - none: databases and owners exist
   *
   * @see https://learn.microsoft.com/azure/postgresql/security/security-manage-database-users
   */
  readonly adminLogin?: DatabaseLogin;
  /**
   * True if the server has a Microsoft Entra administrator. @default false
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-azure-ad-authentication
   */
  readonly entraAuthentication?: boolean;
  /**
   * True if the server accepts passwords. @default true
   *
   * @see https://learn.microsoft.com/azure/postgresql/security/security-entra-configure
   */
  readonly passwordAuthentication?: boolean;
  /**
   * Key vault of the passwords that are generated for database owners. @default - none: each owner must be given
   *
   * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
   */
  readonly vault?: ISecretVault;
  /** Password version; increment to rotate the generated passwords of owners. @default 1 */
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
   * True if the server is a read replica. @default false
   *
   * @see https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas
   */
  readonly isReplica?: boolean;
  /** Major version whose paid extended support you accept, such as `8.0`. @default - none */
  readonly acceptExtendedSupport?: string;
  /**
   * Tags of the resources that are created. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** The random provider, which generates passwords. @default - the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist before a client connects. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** A flexible server that exists already. It creates no server, only the secrets of generated passwords. @internal */
export class ExistingFlexibleServer extends Construct implements IFlexibleDatabaseServer {
  public readonly reservedNames: ReservedNames = RESERVED_NAMES;
  public readonly sqlRules: SqlRules;
  public readonly serverId: string;
  public readonly serverName: string;
  public readonly resourceGroupName: string;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust = { enforced: true, hostnameVerifiable: true };
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly machine?: MachineClass;
  public readonly adminLogin?: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly parameters?: { readonly [name: string]: string };
  public readonly backupRetentionDays?: number;
  public readonly isReplica: boolean;
  public readonly provider?: TerraformProvider;
  public readonly dependables: ITerraformDependable[];
  private readonly checks: SynthChecks;
  private readonly logins: GeneratedLogins;
  private readonly passwordAuthentication: boolean;

  public constructor(
    scope: Construct,
    id: string,
    family: EngineFamily,
    attributes: FlexibleServerAttributes,
  ) {
    super(scope, id);
    requireProps(this.node.path, serverSubject(family), attributes, {
      serverId: true,
      engine: true,
      location: true,
    });
    const { serverId, engine } = attributes;
    this.checks = serverChecks(this, family);
    this.checks.check(
      "engine",
      engine.label,
      () => engine.family === family,
      `must be of the family ${family}`,
    );
    checkEngineSupport(this, this.checks, engine, AZURE_SUPPORT, attributes.acceptExtendedSupport);
    checkResourceId(this.checks, "serverId", serverId, "flexibleServers");
    this.checks.wholeNumber("maxConnections", attributes.maxConnections, 1, 43_690);
    this.checks.wholeNumber("backupRetentionDays", attributes.backupRetentionDays, 1, 35, "days");
    this.serverId = serverId;
    // /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.DBforPostgreSQL/flexibleServers/<name>
    this.serverName = segment(serverId, 8);
    this.resourceGroupName = segment(serverId, 4);
    this.engine = engine;
    this.sqlRules = family === EngineFamily.POSTGRES ? POSTGRES_SQL_RULES : MYSQL_SQL_RULES;
    this.endpoint = {
      host: attributes.host ?? `${this.serverName}.${family}.database.azure.com`,
      port: engine.defaultPort,
      isPrivate: attributes.isPrivate ?? true,
    };
    this.location = { cloud: Cloud.AZURE, region: attributes.location };
    this.machine = attributes.size && machineSku(attributes.size, engine);
    this.connectionCapacity = flexibleServerConnectionCapacity(
      engine,
      this.machine,
      attributes.maxConnections,
    );
    const subject = family === EngineFamily.POSTGRES ? "AZURE-POSTGRES" : "AZURE-MYSQL";
    this.connectionBudget = new ConnectionBudget(this, subject, this.connectionCapacity);
    this.adminLogin = attributes.adminLogin;
    this.acceptsCloudIdentity = attributes.entraAuthentication ?? false;
    this.passwordAuthentication = attributes.passwordAuthentication ?? true;
    this.parameters = attributes.parameters;
    this.backupRetentionDays = attributes.backupRetentionDays;
    this.isReplica = attributes.isReplica ?? false;
    this.provider = attributes.provider;
    this.dependables = attributes.dependsOn ?? [];
    const version = secretVersion(this.checks, "passwordVersion", attributes.passwordVersion);
    this.logins = new GeneratedLogins(this, this.checks, {
      ...attributes,
      serverName: this.serverName,
      version,
      alternatingUsersSince: alternatingSince(this.checks, attributes.alternatingUsersSince, version),
    });
  }

  public database(name: string, options?: DatabaseOptions): IDatabase {
    const { checks, logins, passwordAuthentication } = this;
    return flexibleDatabase(this, name, options, { checks, logins, passwordAuthentication });
  }

  public grantConnect(identity: IWorkloadIdentity, options: ConnectGrantOptions = {}): IConnectGrant {
    return grantFlexibleConnect(this, this.checks, identity, options);
  }
}

/** A segment of a resource ID, which may be a token. */
function segment(id: string, index: number): string {
  if (isResolved(id)) return id.split("/")[index] ?? "";
  return terraformCall("element", terraformCall("split", "/", id), index);
}
