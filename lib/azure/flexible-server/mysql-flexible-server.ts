import { MysqlFlexibleServer as MysqlServerResource } from "@cdktf/provider-azurerm/lib/mysql-flexible-server";
import { MysqlFlexibleServerActiveDirectoryAdministrator } from "@cdktf/provider-azurerm/lib/mysql-flexible-server-active-directory-administrator";
import type { ITerraformDependable, Precondition, TerraformProvider } from "cdktf";
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
  TerraformData,
  type TlsTrust,
} from "../../database";
import { requireProps, type SynthChecks, terraformCall } from "../../database/private";
import { AzureEnvironment } from "../private/azure-environment";
import { checkResourceId } from "../private/resource-checks";
import { RESERVED_NAMES } from "./data/names";
import { MYSQL_SQL_RULES } from "./data/sql-rules";
import { flexibleDatabase, grantFlexibleConnect } from "./databases";
import { ExistingFlexibleServer, type FlexibleServerAttributes } from "./existing-flexible-server";
import {
  type FlexibleServerOptions,
  type IFlexibleDatabaseServer,
  type ServerOrigin,
  StandbyPlacement,
} from "./flexible-server";
import { FlexibleServerSettings } from "./flexible-server-settings";

/** An Azure Database for MySQL flexible server, whether this program creates it or not. */
export interface IMysqlFlexibleServer extends IFlexibleDatabaseServer {
  /** True if autoscale IOPS is enabled; not set where it is not known. */
  readonly ioScaling?: boolean;
}

/** Properties of a `MysqlFlexibleServer`. */
export interface MysqlFlexibleServerProps extends FlexibleServerOptions {
  /**
   * Enables autoscale IOPS, which is charged by use; excludes `storage.iops`. @default false
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-service-tiers-storage
   */
  readonly ioScaling?: boolean;
}

/**
 * An Azure Database for MySQL flexible server. By default it has private access, zone-redundant high availability, geo-redundant
 * backups, enforced TLS and a management lock. Zone-redundant high availability is decided at creation, and high availability
 * requires storage autogrow (`storage.maxSizeGiB`).
 *
 * Tables without a primary key get an invisible one (`sql_generate_invisible_primary_key` is on at Azure).
 *
 * @see https://learn.microsoft.com/azure/mysql/flexible-server/overview
 *
 * @example
 * const server = new MysqlFlexibleServer(this, "mysql", {
 *   engine: DatabaseEngine.mysql(MysqlVersion.V8_4),
 *   size: MachineSize.general(4),
 *   storage: { sizeGiB: 100, maxSizeGiB: 500 },
 *   network,
 *   vault,
 * });
 */
export class MysqlFlexibleServer extends Construct implements IMysqlFlexibleServer {
  public readonly reservedNames: ReservedNames = RESERVED_NAMES;
  public readonly sqlRules: SqlRules = MYSQL_SQL_RULES;
  /**
   * A MySQL flexible server that exists already.
   *
   * @param attributes resource ID, engine and region, and what is known beside.
   */
  public static fromServerAttributes(
    scope: Construct,
    id: string,
    attributes: FlexibleServerAttributes,
  ): IMysqlFlexibleServer {
    return new ExistingFlexibleServer(scope, id, EngineFamily.MYSQL, attributes);
  }

  /** The server resource. */
  public readonly resource: MysqlServerResource;
  /** The Microsoft Entra administrator; not set without one. */
  public readonly entraAdministrator?: MysqlFlexibleServerActiveDirectoryAdministrator;
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
  public readonly ioScaling?: boolean;
  /** Server parameters that the program sets, by Azure's names. */
  public readonly parameters: { readonly [name: string]: string };
  private readonly settings: FlexibleServerSettings;

  public constructor(scope: Construct, id: string, props: MysqlFlexibleServerProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-MYSQL", props, {
      engine: true,
      size: true,
      storage: true,
      network: true,
    });
    this.serverProps = props;
    this.ioScaling = props.ioScaling ?? false;
    const settings = new FlexibleServerSettings(this, {
      family: EngineFamily.MYSQL,
      options: props,
      passwordAuthentication: true,
      minRetentionDays: 1,
      origin: this._origin(props),
    });
    this.settings = settings;
    check(settings.checks, props, settings);
    if (!this._origin(props)) settings.preconditions.push(standbyAtCreation(this, settings));
    this.resource = new MysqlServerResource(this, "Resource", {
      ...settings.commonArguments,
      storage: {
        sizeGb: props.storage.sizeGiB,
        autoGrowEnabled: settings.autoGrow,
        iops: props.storage.iops,
        ioScalingEnabled: this.ioScaling,
      },
      // In a delegated subnet Azure sets it, and refuses a value.
      publicNetworkAccess: settings.placement.delegatedSubnetId === undefined ? "Disabled" : undefined,
      lifecycle: settings.lifecycle(["storage[0].size_gb"]),
    });
    this.engine = props.engine;
    this.serverId = this.resource.id;
    this.serverName = settings.name;
    this.resourceGroupName = settings.resourceGroupName;
    this.machine = settings.machine;
    this.provider = settings.provider;
    this.parameters = Object.fromEntries(settings.parameters);
    this.endpoint = { host: this.resource.fqdn, port: props.engine.defaultPort, isPrivate: true };
    // Signed by public authorities, as for PostgreSQL.
    this.tls = { enforced: true, hostnameVerifiable: true };
    this.location = { cloud: Cloud.AZURE, region: settings.location };
    this.connectionCapacity = settings.capacity;
    this.connectionBudget = new ConnectionBudget(this, "AZURE-MYSQL", settings.capacity);
    this.adminLogin = settings.adminLogin;
    const completed = settings.complete({ id: this.resource.id, resource: this.resource });
    const entra = props.entraAdministrator;
    this.acceptsCloudIdentity = entra !== undefined;
    if (entra) {
      this.entraAdministrator = new MysqlFlexibleServerActiveDirectoryAdministrator(
        this,
        "EntraAdministrator",
        {
          serverId: this.resource.id,
          identityId: entra.identityId ?? "",
          login: entra.principalName,
          objectId: entra.objectId,
          tenantId: entra.tenantId ?? AzureEnvironment.of(this, settings.provider).tenantId,
          provider: settings.provider,
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
    const { checks, logins } = this.settings;
    return flexibleDatabase(this, name, options, { checks, logins, passwordAuthentication: true });
  }

  public grantConnect(identity: IWorkloadIdentity, options: ConnectGrantOptions = {}): IConnectGrant {
    return grantFlexibleConnect(this, this.settings.checks, identity, options);
  }

  /** The source of a restored server. @internal */
  protected _origin(_props: MysqlFlexibleServerProps): ServerOrigin | undefined {
    return undefined;
  }
}

/**
 * A new MySQL server can get a zone-redundant standby only if it was created with one, and Azure refuses a later change in the middle of
 * an apply. The state keeps the standby at creation, so that Terraform refuses the change in its plan. A same-zone standby can be added
 * later. For a restored server the standby of its source decides, which only Azure knows.
 *
 * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-high-availability-faq
 */
function standbyAtCreation(scope: Construct, settings: FlexibleServerSettings): Precondition {
  const standby = settings.commonArguments.highAvailability?.mode ?? "none";
  // A restored server has a zone-redundant standby if its source was created with one.
  const { originalName: name, location, resourceGroupName, geoRedundantBackup } = settings;
  const creation = new TerraformData(scope, "Creation", {
    input: { standby },
    // Changes that replace the server, after which it may have another standby.
    triggersReplace: { name, location, resourceGroupName, geoRedundantBackup },
    lifecycle: { ignoreChanges: ["input"] },
  });
  const allowed =
    standby === StandbyPlacement.OTHER_ZONE
      ? [StandbyPlacement.OTHER_ZONE]
      : ["none", StandbyPlacement.SAME_ZONE, StandbyPlacement.OTHER_ZONE];
  return {
    condition: terraformCall("contains", allowed, creation.output.lookup("standby")),
    errorMessage:
      "A MySQL server can have a zone-redundant standby only if it was created with one: set standby to SAME_ZONE, or create a new server " +
      "and migrate the data.",
  };
}

function check(checks: SynthChecks, props: MysqlFlexibleServerProps, settings: FlexibleServerSettings): void {
  const { storage, ioScaling, entraAdministrator } = props;
  if (settings.highlyAvailable && !settings.autoGrow) {
    checks.fail(
      "storage.maxSizeGiB",
      storage.maxSizeGiB,
      "must be set for a MySQL server with high availability, which requires storage autogrow; or set availability: Availability.ZONAL",
    );
  }
  if (ioScaling === true && storage.iops !== undefined) {
    checks.fail("storage.iops", storage.iops, "must not be set together with ioScaling");
  }
  if (entraAdministrator && entraAdministrator.identityId === undefined) {
    checks.fail(
      "entraAdministrator.identityId",
      undefined,
      "must be set for MySQL, to the resource ID of an identity with directory permissions",
    );
  }
  checkResourceId(
    checks,
    "entraAdministrator.identityId",
    entraAdministrator?.identityId,
    "userAssignedIdentities",
  );
}
