import { PostgresqlFlexibleServer as PostgresqlServerResource } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import { type ITerraformDependable, type Precondition, type TerraformProvider, TerraformStack } from "cdktf";
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
  TerraformData,
  type TlsTrust,
} from "../../database";
import { isResolved, requireProps, terraformCall } from "../../database/private";
import { RECOVERY_PARAMETERS } from "./data/parameters";
import type { IFlexibleServer } from "./flexible-server";
import { FlexibleServerSettings } from "./flexible-server-settings";
import { postgresStorageMb } from "./flexible-server-storage";
import { type IPostgresFlexibleServer, PostgresFlexibleServer } from "./postgres-flexible-server";
import { checkReplica, type ReadReplicaOptions, replicaOptions } from "./read-replica-options";

/** Properties of a `PostgresReadReplica`. */
export interface PostgresReadReplicaProps extends ReadReplicaOptions {
  /**
   * Source server; its SKU is not burstable.
   *
   * @see https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas
   */
  readonly source: IPostgresFlexibleServer;
  /**
   * Server parameter `max_connections`, not below the source's: with less the replica's recovery stops. The same holds for
   * `max_locks_per_transaction`, `max_prepared_transactions`, `max_wal_senders` and `max_worker_processes` in `parameters`. The library
   * sets these on replicas before it sets them on the source, which is right for raising them. To lower one, first set the old value
   * here and apply the lower one to the source; then remove it here.
   * @default - the source's
   * @see https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas
   */
  readonly maxConnections?: number;
  /**
   * Name of the resource group. @default - the source's
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName?: string;
}

/**
 * A read replica of an Azure Database for PostgreSQL flexible server, in the same or another region. Logins, passwords, databases
 * and server parameters are the source's. For a major upgrade of the source Azure wants the replicas deleted first; Terraform refuses
 * the plan while they are in the program.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-read-replicas
 *
 * @example
 * const replica = new PostgresReadReplica(this, "replica", { source: server });
 */
export class PostgresReadReplica extends Construct implements IFlexibleServer, IReadReplica {
  /** The server resource. */
  public readonly resource: PostgresqlServerResource;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
  public readonly tls: TlsTrust;
  public readonly location: DatabaseLocation;
  public readonly connectionCapacity?: ConnectionCapacity;
  public readonly isReplica: boolean;
  public readonly replicaOf?: IPostgresFlexibleServer;
  public readonly dependables: ITerraformDependable[];
  public readonly serverId: string;
  public readonly serverName: string;
  public readonly resourceGroupName: string;
  public readonly machine?: MachineClass;
  public readonly provider?: TerraformProvider;

  public constructor(scope: Construct, id: string, props: PostgresReadReplicaProps) {
    super(scope, id);
    requireProps(this.node.path, "AZURE-POSTGRES", props, { source: true });
    const { source } = props;
    const recovery = recoveryParameters(source);
    const fromSource = replicaOptions(this, source, props);
    // The parameters of the source wait for those of the replica, so the replica cannot wait for them.
    const together = hasOrder(this, source, recovery);
    const settings = new FlexibleServerSettings(this, {
      family: EngineFamily.POSTGRES,
      options: {
        ...fromSource,
        resourceGroupName: props.resourceGroupName ?? fromSource.resourceGroupName,
        maxConnections: props.maxConnections ?? fromSource.maxConnections,
        dependsOn: together
          ? [...source._beforeParameters, ...(props.dependsOn ?? [])]
          : fromSource.dependsOn,
      },
      passwordAuthentication: true,
      minRetentionDays: 7,
      origin: { createMode: "Replica", sourceServerId: source.serverId },
      replica: true,
      recoveryParameters: recovery,
    });
    checkReplica(settings, source, props);
    checkPostgresReplica(settings, source, props.parameters ?? {});
    settings.preconditions.push(sameMajorVersion(this, settings.version));
    this.resource = new PostgresqlServerResource(this, "Resource", {
      ...settings.commonArguments,
      storageMb: postgresStorageMb(fromSource.storage.sizeGiB),
      autoGrowEnabled: settings.autoGrow,
      publicNetworkAccessEnabled: false,
      authentication: source.authentication,
      replicationRole: props.promoted ? "None" : undefined,
      lifecycle: settings.lifecycle(["storage_mb"]),
    });
    this.engine = source.engine;
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
    if (together) source._waitForReplica(this.dependables);
  }
}

/** The recovery parameters that the program sets on a source. */
function recoveryParameters(source: IPostgresFlexibleServer): { [name: string]: string } {
  const set = Object.entries(source.parameters ?? {});
  return Object.fromEntries(set.filter(([name]) => RECOVERY_PARAMETERS.includes(name)));
}

/** True if the source's parameters must and can wait for those of the replica. */
function hasOrder(
  scope: Construct,
  source: IPostgresFlexibleServer,
  recovery: { readonly [name: string]: string },
): source is PostgresFlexibleServer {
  return (
    source instanceof PostgresFlexibleServer &&
    TerraformStack.of(source) === TerraformStack.of(scope) &&
    Object.keys(recovery).length > 0
  );
}

function checkPostgresReplica(
  settings: FlexibleServerSettings,
  source: IPostgresFlexibleServer,
  own: { readonly [name: string]: string },
): void {
  const { checks, machine, parameters } = settings;
  for (const [name, least] of Object.entries(recoveryParameters(source))) {
    const property = name in own ? `parameters.${name}` : "maxConnections";
    const value = parameters.get(name);
    checks.check(
      property,
      isResolved([value, least]) ? value : undefined,
      () => Number(value) >= Number(least),
      `must be at least ${least}, the source's, without which the replica's recovery stops; to lower it, apply the source first`,
    );
  }
  const from = source.machine;
  const smaller = (a: number | undefined, b: number | undefined) =>
    a !== undefined && b !== undefined && a < b;
  if (machine && (smaller(machine.vcpu, from?.vcpu) || smaller(machine.memoryGiB, from?.memoryGiB))) {
    checks.fail(
      "size",
      machine.name,
      `must be at least as large as the source's, ${from?.name}; Azure refuses to scale a source above its smallest replica`,
    );
  }
}

/**
 * Refuses a major upgrade of a source that has read replicas, which Azure refuses in the middle of an apply. The state keeps the version
 * with which the replica was created.
 *
 * @see https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-major-version-upgrade
 */
function sameMajorVersion(scope: Construct, version: string): Precondition {
  const creation = new TerraformData(scope, "Creation", {
    input: { version },
    lifecycle: { ignoreChanges: ["input"] },
  });
  return {
    condition: terraformCall("contains", [version], creation.inputs.lookup("version")),
    errorMessage:
      "Azure upgrades a PostgreSQL server to another major version only without read replicas: set deletionPolicy to DELETE and apply, remove " +
      "the replica and apply, upgrade the server, and add the replica again.",
  };
}
