import { PostgresqlFlexibleServer as PostgresqlServerResource } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
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
import { type PostgresFlexibleServer, postgresStorageMb } from "./postgres-flexible-server";
import { checkReplica, type ReadReplicaOptions, replicaOptions } from "./read-replica-options";

/** Properties of a `PostgresReadReplica`. */
export interface PostgresReadReplicaProps extends ReadReplicaOptions {
  /** The server that it follows; not on a burstable machine. */
  readonly source: PostgresFlexibleServer;
  /** The resource group. @default - the source's */
  readonly resourceGroupName?: string;
}

/**
 * A copy of a server that follows it and answers queries, in the same region or another one. Logins, passwords, databases
 * and parameters are the source's.
 *
 * @example
 * const replica = new PostgresReadReplica(this, "replica", { source: server });
 */
export class PostgresReadReplica extends Construct implements IFlexibleServer {
  /** The server. */
  public readonly resource: PostgresqlServerResource;
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

  public constructor(scope: Construct, id: string, props: PostgresReadReplicaProps) {
    super(scope, id);
    const { source } = props;
    const checks = new SynthChecks(this);
    const fromSource = replicaOptions(checks, source._props, props, source.dependables);
    const parts = new FlexibleServerParts(this, {
      family: EngineFamily.POSTGRES,
      options: { ...fromSource, resourceGroupName: props.resourceGroupName ?? fromSource.resourceGroupName },
      passwordAuthentication: true,
      minRetentionDays: 7,
      origin: { createMode: "Replica", sourceServerId: source.serverId },
      replica: true,
    });
    checkReplica(checks, source.machine, parts.machine);
    this.resource = new PostgresqlServerResource(this, "Resource", {
      ...parts.common,
      storageMb: postgresStorageMb(fromSource.storage.sizeGiB),
      autoGrowEnabled: parts.autoGrow,
      publicNetworkAccessEnabled: false,
      authentication: source.authentication,
      replicationRole: props.promoted ? "None" : undefined,
      lifecycle: parts.lifecycle(["storage_mb"]),
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
