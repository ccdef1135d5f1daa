import { MysqlFlexibleServer as MysqlServerResource } from "@cdktf/provider-azurerm/lib/mysql-flexible-server";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  Cloud,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type Endpoint,
  EngineFamily,
  type IReadReplica,
  type MachineClass,
  type TlsTrust,
} from "../../database";
import { checkReplicaEngine, requireProps } from "../../database/private";
import type { IFlexibleServer } from "./flexible-server";
import { FlexibleServerSettings } from "./flexible-server-settings";
import type { IMysqlFlexibleServer } from "./mysql-flexible-server";
import { checkReplica, type ReadReplicaOptions, replicaOptions } from "./read-replica-options";

/** Properties of a `MysqlReadReplica`, which Azure creates in the resource group of its source. */
export interface MysqlReadReplicaProps extends ReadReplicaOptions {
  /**
   * Source server; its SKU is not burstable.
   *
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-read-replicas
   */
  readonly source: IMysqlFlexibleServer;
  /**
   * Engine and version. For a major upgrade, set the new version here and apply, then upgrade the source: a replica can read from an
   * older source, not from a newer one. @default - the source's
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/how-to-upgrade
   */
  readonly engine?: DatabaseEngine;
}

/**
 * A read replica of an Azure Database for MySQL flexible server, in the same or another region. Logins, passwords, databases and
 * server parameters are the source's. A new server can have a replica only after some minutes, at times hours.
 *
 * @see https://learn.microsoft.com/azure/mysql/flexible-server/concepts-read-replicas
 *
 * @example
 * const replica = new MysqlReadReplica(this, "replica", { source: mysqlServer });
 */
export class MysqlReadReplica extends Construct implements IFlexibleServer, IReadReplica {
  /** The server resource. */
  public readonly resource: MysqlServerResource;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica: boolean;
  public readonly replicaOf?: IMysqlFlexibleServer;
  public readonly dependables: ITerraformDependable[];
  public readonly serverId: string;
  public readonly serverName: string;
  public readonly resourceGroupName: string;
  public readonly machine?: MachineClass;
  public readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: MysqlReadReplicaProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-MYSQL", props, { source: true });
    const { source } = props;
    const options = replicaOptions(this, source, props);
    const settings = new FlexibleServerSettings(this, {
      family: EngineFamily.MYSQL,
      options: { ...options, engine: props.engine ?? options.engine },
      passwordAuthentication: true,
      minRetentionDays: 1,
      origin: { createMode: "Replica", sourceServerId: source.serverId },
      replica: true,
    });
    checkReplica(settings, source, props);
    if (props.engine) checkReplicaEngine(settings.checks, props.engine, source.engine);
    const lifecycle = settings.lifecycle(["storage[0].size_gb"]);
    this.resource = new MysqlServerResource(this, "Resource", {
      ...settings.commonArguments,
      storage: {
        sizeGb: options.storage.sizeGiB,
        autoGrowEnabled: settings.autoGrow,
        iops: options.storage.iops,
        ioScalingEnabled: source.ioScaling ?? false,
      },
      publicNetworkAccess: settings.placement.delegatedSubnetId === undefined ? "Disabled" : undefined,
      replicationRole: props.promoted ? "None" : undefined,
      // Azure takes the backup retention from the source, whatever the argument says.
      lifecycle: { ...lifecycle, ignoreChanges: [...lifecycle.ignoreChanges, "backup_retention_days"] },
    });
    this.engine = props.engine ?? source.engine;
    this.serverId = this.resource.id;
    this.serverName = settings.name;
    this.resourceGroupName = settings.resourceGroupName;
    this.machine = settings.machine;
    this.provider = settings.provider;
    this.endpoint = { host: this.resource.fqdn, port: source.endpoint.port, isPrivate: true };
    this.tls = source.tls;
    this.location = { cloud: Cloud.AZURE, region: settings.location };
    this.connectionCapacity = settings.capacity;
    this.isReplica = !(props.promoted ?? false);
    this.replicaOf = this.isReplica ? props.source : undefined;
    this.dependables = settings.complete({ id: this.resource.id, resource: this.resource });
  }
}
