import {
  type PostgresqlFlexibleServerAuthentication,
  PostgresqlFlexibleServer as PostgresqlServerResource,
} from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import { PostgresqlFlexibleServerActiveDirectoryAdministrator } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server-active-directory-administrator";
import { type ITerraformDependable, Op, type TerraformProvider } from "cdktf";
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
  type MajorUpgradeProcedure,
  type Protection,
  type ReservedNames,
  type SqlRules,
  type TlsTrust,
} from "../../database";
import { isResolved, requireProps, type SynthChecks } from "../../database/private";
import { AzureEnvironment } from "../private/azure-environment";
import { RESERVED_NAMES } from "./data/names";
import { POSTGRES_SQL_RULES } from "./data/sql-rules";
import { STORAGE_TIERS } from "./data/storage-limits";
import { flexibleDatabase, grantFlexibleConnect } from "./databases";
import { ExistingFlexibleServer, type FlexibleServerAttributes } from "./existing-flexible-server";
import type { FlexibleServerOptions, IFlexibleDatabaseServer, ServerOrigin } from "./flexible-server";
import { FlexibleServerSettings } from "./flexible-server-settings";
import { azurePostgresStorageMb, postgresStorageMb } from "./flexible-server-storage";
import { EntraPrincipalType } from "./logins";

/** An Azure Database for PostgreSQL flexible server, whether this program creates it or not. */
export interface IPostgresFlexibleServer extends IFlexibleDatabaseServer {
  /** The `authentication` block of the server, which a read replica takes over. */
  readonly authentication: PostgresqlFlexibleServerAuthentication;
}

/** Properties of a `PostgresFlexibleServer`. */
export interface PostgresFlexibleServerProps extends FlexibleServerOptions {
  /**
   * Performance tier of the storage, `P4` to `P80`; each storage size allows some. Azure changes it at most once in twelve hours.
   * @default - the lowest tier of the size
   * @see https://learn.microsoft.com/azure/virtual-machines/disks-change-performance
   */
  readonly storageTier?: string;
  /**
   * Server parameter `azure.extensions`: the extensions that databases may create, such as `pg_trgm`. Azure refuses all others.
   * @default - Azure's default
   * @see https://learn.microsoft.com/azure/postgresql/extensions/how-to-allow-extensions
   */
  readonly extensions?: string[];
  /**
   * Enables password authentication. Without it only Microsoft Entra principals can log in: `entraAdministrator` is required, and
   * the server has no administrator login to create databases. @default true
   *
   * @see https://learn.microsoft.com/azure/postgresql/security/security-entra-configure
   */
  readonly passwordAuthentication?: boolean;
}

/**
 * An Azure Database for PostgreSQL flexible server. By default it has private access, zone-redundant high availability,
 * geo-redundant backups, enforced TLS and a management lock.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/overview
 *
 * @example
 * const server = new PostgresFlexibleServer(this, "postgres", {
 *   engine: DatabaseEngine.postgres(PostgresVersion.V17),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 128, maxSizeGiB: 512 },
 *   network,
 *   vault,
 * });
 */
export class PostgresFlexibleServer extends Construct implements IPostgresFlexibleServer {
  public readonly reservedNames: ReservedNames = RESERVED_NAMES;
  public readonly sqlRules: SqlRules = POSTGRES_SQL_RULES;
  /**
   * A PostgreSQL flexible server that exists already.
   *
   * @param attributes resource ID, engine and region, and what is known beside.
   */
  public static fromServerAttributes(
    scope: Construct,
    id: string,
    attributes: FlexibleServerAttributes,
  ): IPostgresFlexibleServer {
    return new ExistingPostgresServer(scope, id, attributes);
  }

  /** The server resource. */
  public readonly resource: PostgresqlServerResource;
  public readonly authentication: PostgresqlFlexibleServerAuthentication;
  /** The Microsoft Entra administrator; not set without one. */
  public readonly entraAdministrator?: PostgresqlFlexibleServerActiveDirectoryAdministrator;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionBudget: ConnectionBudget;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica = false;
  public readonly adminLogin?: DatabaseLogin;
  public readonly acceptsCloudIdentity: boolean;
  public readonly dependables: ITerraformDependable[];
  public readonly serverId: string;
  public readonly serverName: string;
  public readonly resourceGroupName: string;
  public readonly machine?: MachineClass;
  public readonly provider?: TerraformProvider;
  public readonly serverProps?: FlexibleServerOptions;
  /** Server parameters that the program sets, by Azure's names. */
  public readonly parameters: { readonly [name: string]: string };
  private readonly settings: FlexibleServerSettings;
  private readonly passwordAuthentication: boolean;

  public constructor(scope: Construct, id: string, props: PostgresFlexibleServerProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-POSTGRES", props, {
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
    this.serverProps = props;
    this.passwordAuthentication = props.passwordAuthentication ?? true;
    const settings = new FlexibleServerSettings(this, {
      family: EngineFamily.POSTGRES,
      options: props,
      extensions: props.extensions,
      passwordAuthentication: this.passwordAuthentication,
      minRetentionDays: 7,
      origin: this._origin(props),
    });
    this.settings = settings;
    const entra = props.entraAdministrator;
    const tenantId = entra && (entra.tenantId ?? AzureEnvironment.of(this, settings.provider).tenantId);
    this.authentication = {
      activeDirectoryAuthEnabled: entra !== undefined,
      passwordAuthEnabled: this.passwordAuthentication,
      tenantId,
    };
    check(settings.checks, props, this.passwordAuthentication);
    if (!isResolved(props.storage.sizeGiB)) {
      settings.preconditions.push({
        condition: Op.and(Op.gte(props.storage.sizeGiB, 1), Op.lte(props.storage.sizeGiB, 32_767)),
        errorMessage: "The storage of an Azure PostgreSQL server must be 1 to 32767 GiB.",
      });
    }
    // Azure raises the tier when the disk grows; a lower one in the program would fail every plan.
    const grown = props.storageTier === undefined ? ["storage_mb"] : ["storage_mb", "storage_tier"];
    this.resource = new PostgresqlServerResource(this, "Resource", {
      ...settings.commonArguments,
      storageMb: postgresStorageMb(props.storage.sizeGiB),
      storageTier: props.storageTier,
      autoGrowEnabled: settings.autoGrow,
      publicNetworkAccessEnabled: false,
      authentication: this.authentication,
      lifecycle: settings.lifecycle(grown),
    });
    this.engine = props.engine;
    this.serverId = this.resource.id;
    this.serverName = settings.name;
    this.resourceGroupName = settings.resourceGroupName;
    this.machine = settings.machine;
    this.provider = settings.provider;
    this.parameters = Object.fromEntries(settings.parameters);
    this.endpoint = { host: this.resource.fqdn, port: props.engine.defaultPort, isPrivate: true };
    // Signed by public authorities (DigiCert Global Root G2, Microsoft RSA Root CA 2017), which every system trusts. The library
    // does not hand out copies, which would become stale when Azure changes its authorities.
    this.tls = { enforced: true, hostnameVerifiable: true };
    this.location = { cloud: Cloud.AZURE, region: settings.location };
    this.connectionCapacity = settings.capacity;
    this.connectionBudget = new ConnectionBudget(this, "AZURE-POSTGRES", settings.capacity);
    this.adminLogin = settings.adminLogin;
    this.acceptsCloudIdentity = entra !== undefined;
    const completed = settings.complete({ id: this.resource.id, resource: this.resource });
    if (entra) {
      this.entraAdministrator = new PostgresqlFlexibleServerActiveDirectoryAdministrator(
        this,
        "EntraAdministrator",
        {
          serverName: settings.name,
          resourceGroupName: settings.resourceGroupName,
          tenantId: tenantId as string,
          objectId: entra.objectId,
          principalName: entra.principalName,
          principalType: entra.principalType ?? EntraPrincipalType.GROUP,
          provider: settings.provider,
          // After the parameters: Azure accepts one change of a server at a time.
          dependsOn: completed,
        },
      );
    }
    this.dependables = this.entraAdministrator ? [...completed, this.entraAdministrator] : completed;
  }

  /** Automated and geo-redundant backups of the server, with the commands of a restore. */
  public get protections(): readonly Protection[] {
    return this.settings.protections(this.resource);
  }

  /** Major version upgrade by Azure, with the commands around it. */
  public get majorUpgrade(): MajorUpgradeProcedure {
    return this.settings.majorUpgrade(this.resource);
  }

  public database(name: string, options?: DatabaseOptions): IDatabase {
    const { passwordAuthentication } = this;
    const { checks, logins } = this.settings;
    return flexibleDatabase(this, name, options, { checks, logins, passwordAuthentication });
  }

  public grantConnect(identity: IWorkloadIdentity, options: ConnectGrantOptions = {}): IConnectGrant {
    return grantFlexibleConnect(this, this.settings.checks, identity, options);
  }

  /** Resources that exist before the server parameters are set. @internal */
  public get _beforeParameters(): ITerraformDependable[] {
    return this.settings.beforeParameters;
  }

  /** Sets the server parameters after a read replica has its own. @internal */
  public _waitForReplica(dependables: ITerraformDependable[]): void {
    this.settings.parameterResources?.waitFor(dependables);
  }

  /** The source of a restored server. @internal */
  protected _origin(_props: PostgresFlexibleServerProps): ServerOrigin | undefined {
    return undefined;
  }
}

class ExistingPostgresServer extends ExistingFlexibleServer implements IPostgresFlexibleServer {
  public readonly authentication: PostgresqlFlexibleServerAuthentication;

  public constructor(scope: Construct, id: string, attributes: FlexibleServerAttributes) {
    super(scope, id, EngineFamily.POSTGRES, attributes);
    const entra = attributes.entraAuthentication ?? false;
    this.authentication = {
      activeDirectoryAuthEnabled: entra,
      passwordAuthEnabled: attributes.passwordAuthentication ?? true,
      tenantId: entra ? AzureEnvironment.of(this, attributes.provider).tenantId : undefined,
    };
  }
}

function check(checks: SynthChecks, props: PostgresFlexibleServerProps, passwords: boolean): void {
  const { storage, storageTier, entraAdministrator } = props;
  const mb = isResolved(storage.sizeGiB) ? azurePostgresStorageMb(storage.sizeGiB) : undefined;
  const tiers = mb === undefined ? undefined : STORAGE_TIERS[mb];
  const all = [...new Set(Object.values(STORAGE_TIERS).flat())];
  checks.check(
    "storageTier",
    storageTier,
    () => (tiers ?? all).includes(storageTier as string),
    mb === undefined
      ? `must be one of ${all.join(", ")}`
      : `must be one of ${(tiers ?? []).join(", ")} for ${mb / 1024} GiB`,
  );
  if (!passwords) {
    checks.optOut(
      "passwordAuthentication: disables passwords; applications without Entra authentication cannot connect",
    );
    if (!entraAdministrator) {
      checks.fail(
        "entraAdministrator",
        entraAdministrator,
        "must be set where passwordAuthentication is false, since nothing else can log in",
      );
    }
  }
  if (entraAdministrator?.identityId !== undefined) {
    checks.fail(
      "entraAdministrator.identityId",
      entraAdministrator.identityId,
      "must not be set for PostgreSQL; only MySQL needs an identity to read the directory",
    );
  }
}
