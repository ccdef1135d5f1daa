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
  type MachineClass,
  type TlsTrust,
} from "../../database";
import { SynthChecks } from "../../database/private";
import type { IFlexibleServer } from "./flexible-server";
import { FlexibleServerParts } from "./flexible-server-parts";
import type { MysqlFlexibleServer } from "./mysql-flexible-server";
import { checkReplica, type ReadReplicaOptions, replicaOptions } from "./read-replica-options";

/** Properties of a `MysqlReadReplica`. Azure makes it in its source's resource group. */
export interface MysqlReadReplicaProps extends ReadReplicaOptions {
  /** The server that it follows; not on a burstable machine. */
  readonly source: MysqlFlexibleServer;
}

/**
 * A copy of a server that follows it and answers queries, in the same region or another one. Logins, passwords, databases
 * and parameters are the source's. Azure needs some minutes, at times hours, before a new server can have one.
 *
 * @example
 * const replica = new MysqlReadReplica(this, "replica", { source: mysqlServer });
 */
export class MysqlReadReplica extends Construct implements IFlexibleServer {
  /** The server. */
  public readonly resource: MysqlServerResource;
  public readonly engine: DatabaseEngine;
  /** Where it listens. */
  public readonly endpoint: Endpoint;
  /** What a client needs to trust it. */
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica: boolean;
  public readonly dependables: ITerraformDependable[];
  public readonly serverId: string;
  public readonly serverName: string;
  public readonly resourceGroupName: string;
  public readonly machine?: MachineClass;
  public readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: MysqlReadReplicaProps) {
    super(scope, id);
    const { source } = props;
    const checks = new SynthChecks(this);
    const options = replicaOptions(checks, source._props, props, source.dependables);
    const parts = new FlexibleServerParts(this, {
      family: EngineFamily.MYSQL,
      options,
      passwordAuthentication: true,
      minRetentionDays: 1,
      origin: { createMode: "Replica", sourceServerId: source.serverId },
      replica: true,
    });
    checkReplica(checks, source.machine, parts.machine);
    const lifecycle = parts.lifecycle(["storage[0].size_gb"]);
    this.resource = new MysqlServerResource(this, "Resource", {
      ...parts.common,
      storage: {
        sizeGb: options.storage.sizeGiB,
        autoGrowEnabled: parts.autoGrow,
        iops: options.storage.iops,
        ioScalingEnabled: source._props.ioScaling ?? false,
      },
      publicNetworkAccess: parts.placement.delegatedSubnetId === undefined ? "Disabled" : undefined,
      replicationRole: props.promoted ? "None" : undefined,
      // Azure takes the retention over from the source, whatever is written here.
      lifecycle: { ...lifecycle, ignoreChanges: [...lifecycle.ignoreChanges, "backup_retention_days"] },
    });
    this.engine = source.engine;
    this.serverId = this.resource.id;
    this.serverName = parts.name;
    this.resourceGroupName = parts.resourceGroupName;
    this.machine = parts.machine;
    this.provider = parts.provider;
    this.endpoint = { host: this.resource.fqdn, port: source.endpoint.port, isPrivate: true };
    this.tls = source.tls;
    this.location = { cloud: Cloud.AZURE, region: parts.location };
    this.connectionCapacity = parts.capacity;
    this.isReplica = !(props.promoted ?? false);
    this.dependables = parts.complete({ id: this.resource.id, resource: this.resource });
  }
}
