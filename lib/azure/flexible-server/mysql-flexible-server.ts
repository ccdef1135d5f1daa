import { MysqlFlexibleServer as MysqlServerResource } from "@cdktf/provider-azurerm/lib/mysql-flexible-server";
import { MysqlFlexibleServerActiveDirectoryAdministrator } from "@cdktf/provider-azurerm/lib/mysql-flexible-server-active-directory-administrator";
import type { ITerraformDependable, Precondition, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  Cloud,
  ConnectionBudget,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type DatabaseLogin,
  type DatabaseOptions,
  type Endpoint,
  EngineFamily,
  type IDatabase,
  type IDatabaseServer,
  type MachineClass,
  TerraformData,
  type TlsTrust,
} from "../../database";
import { type SynthChecks, terraformCall } from "../../database/private";
import { checkResourceId } from "../network/virtual-network-checks";
import { AzureEnvironment } from "../private/azure-environment";
import { flexibleDatabase } from "./flexible-database";
import type { IFlexibleServer, ServerOrigin } from "./flexible-server";
import { type FlexibleServerOptions, StandbyPlacement } from "./flexible-server-options";
import { FlexibleServerParts } from "./flexible-server-parts";

/** Properties of a `MysqlFlexibleServer`. */
export interface MysqlFlexibleServerProps extends FlexibleServerOptions {
  /** Whether Azure scales I/O operations with the load, at a price by use; excludes `storage.iops`. @default false */
  readonly ioScaling?: boolean;
}

/**
 * An Azure Database for MySQL: private, with a standby in another zone, backups in two regions, TLS and a lock, unless told
 * otherwise. The standby is decided at creation, and needs a disk that grows (`storage.maxSizeGiB`).
 *
 * Tables without a primary key get an invisible one (`sql_generate_invisible_primary_key` is on at Azure).
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
export class MysqlFlexibleServer extends Construct implements IDatabaseServer, IFlexibleServer {
  /** The server. */
  public readonly resource: MysqlServerResource;
  /** The Entra administrator, when there is one. */
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
  /** What the server was made with, for its replicas. @internal */
  public readonly _props: MysqlFlexibleServerProps;
  private readonly parts: FlexibleServerParts;

  public constructor(scope: Construct, id: string, props: MysqlFlexibleServerProps) {
    super(scope, id);
    this._props = props;
    const parts = new FlexibleServerParts(this, {
      family: EngineFamily.MYSQL,
      options: props,
      passwordAuthentication: true,
      minRetentionDays: 1,
      origin: this._origin(props),
    });
    this.parts = parts;
    check(parts.checks, props, parts);
    parts.preconditions.push(standbyAtCreation(this, parts));
    this.resource = new MysqlServerResource(this, "Resource", {
      ...parts.common,
      storage: {
        sizeGb: props.storage.sizeGiB,
        autoGrowEnabled: parts.autoGrow,
        iops: props.storage.iops,
        ioScalingEnabled: props.ioScaling ?? false,
      },
      // In a delegated subnet Azure sets it, and nobody else may.
      publicNetworkAccess: parts.placement.delegatedSubnetId === undefined ? "Disabled" : undefined,
      lifecycle: parts.lifecycle(["storage[0].size_gb"]),
    });
    this.engine = props.engine;
    this.serverId = this.resource.id;
    this.serverName = parts.name;
    this.resourceGroupName = parts.resourceGroupName;
    this.machine = parts.machine;
    this.provider = parts.provider;
    this.endpoint = { host: this.resource.fqdn, port: props.engine.defaultPort, isPrivate: true };
    // Signed by public authorities, as for PostgreSQL.
    this.tls = { enforced: true, hostnameVerifiable: true };
    this.location = { cloud: Cloud.AZURE, region: parts.location };
    this.connectionCapacity = parts.capacity;
    this.connectionBudget = new ConnectionBudget(parts.checks, parts.capacity);
    this.adminLogin = parts.adminLogin;
    const completed = parts.complete({ id: this.resource.id, resource: this.resource });
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
          tenantId: entra.tenantId ?? AzureEnvironment.of(this, parts.provider).tenantId,
          provider: parts.provider,
          dependsOn: completed,
        },
      );
    }
    this.dependables = this.entraAdministrator ? [...completed, this.entraAdministrator] : completed;
  }

  /** What the program sets, by Azure's names. */
  public get parameters(): { readonly [name: string]: string } {
    return Object.fromEntries(this.parts.parameters);
  }

  public database(name: string, options?: DatabaseOptions): IDatabase {
    const { parts } = this;
    return flexibleDatabase(this, name, options, {
      checks: parts.checks,
      parts,
      passwordAuthentication: true,
    });
  }

  /** Reports for the server. @internal */
  public get _checks(): SynthChecks {
    return this.parts.checks;
  }

  /** What the server is made from; an empty one from nothing. @internal */
  protected _origin(_props: MysqlFlexibleServerProps): ServerOrigin | undefined {
    return undefined;
  }
}

/**
 * Azure lets a server have a standby only if it was made with one, and refuses a later change half-way through an apply. What
 * it was made with is kept in the state, so that Terraform refuses the change in its plan.
 */
function standbyAtCreation(scope: Construct, parts: FlexibleServerParts): Precondition {
  const standby = parts.common.highAvailability?.mode ?? "none";
  const { name, location, resourceGroupName, geoRedundantBackup } = parts;
  const creation = new TerraformData(scope, "Creation", {
    input: { standby },
    // What replaces the server, which then may have another standby.
    triggersReplace: { name, location, resourceGroupName, geoRedundantBackup },
    lifecycle: { ignoreChanges: ["input"] },
  });
  const wanted = standby === "none" ? ["none", "SameZone", "ZoneRedundant"] : STANDBY_FROM[standby];
  return {
    condition: terraformCall("contains", wanted, creation.output.lookup("standby")),
    errorMessage:
      "A MySQL server can't get a standby, or one in another zone, once it exists: restore it into a new one " +
      "(MysqlServerFromPointInTime) that has it from the beginning.",
  };
}

// The standby wanted, and those a server may have been made with.
const STANDBY_FROM: { readonly [wanted: string]: readonly string[] } = {
  [StandbyPlacement.OTHER_ZONE]: [StandbyPlacement.OTHER_ZONE],
  [StandbyPlacement.SAME_ZONE]: [StandbyPlacement.SAME_ZONE, StandbyPlacement.OTHER_ZONE],
};

function check(checks: SynthChecks, props: MysqlFlexibleServerProps, parts: FlexibleServerParts): void {
  const { storage, ioScaling, entraAdministrator } = props;
  if (parts.highlyAvailable && !parts.autoGrow) {
    checks.fail(
      "storage.maxSizeGiB",
      storage.maxSizeGiB,
      "a MySQL server with a standby needs a disk that grows: set it, or availability: Availability.ZONAL",
    );
  }
  if (ioScaling === true && storage.iops !== undefined) {
    checks.fail("storage.iops", storage.iops, "leave it out with ioScaling");
  }
  if (entraAdministrator && entraAdministrator.identityId === undefined) {
    checks.fail(
      "entraAdministrator.identityId",
      undefined,
      "MySQL looks people up by an identity of the server, which needs directory permissions; give its resource id",
    );
  }
  checkResourceId(
    checks,
    "entraAdministrator.identityId",
    entraAdministrator?.identityId,
    "userAssignedIdentities",
  );
}
