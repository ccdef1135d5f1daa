import { MysqlFlexibleServer as MysqlServerResource } from "@cdktf/provider-azurerm/lib/mysql-flexible-server";
import { PostgresqlFlexibleServer as PostgresqlServerResource } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import { type ITerraformDependable, type Precondition, type TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  Cloud,
  type ConnectionCapacity,
  type DatabaseEngine,
  type DatabaseLocation,
  type DeletionPolicy,
  type Endpoint,
  EngineFamily,
  type MachineClass,
  type MachineSize,
  type MaintenanceWindow,
  type StorageProps,
  TerraformData,
  type TlsTrust,
} from "../../database";
import { isResolved, requireProps, terraformCall } from "../../database/private";
import type { ServerEncryptionKey } from "../key-vault/encryption-key";
import type { IFlexibleServerNetwork } from "../network/flexible-server-network";
import { RECOVERY_PARAMETERS } from "./data/parameters";
import type { FlexibleServerOptions, IFlexibleServer } from "./flexible-server";
import { FlexibleServerSettings, serverSubject } from "./flexible-server-settings";
import { postgresStorageMb } from "./flexible-server-storage";
import type { IMysqlFlexibleServer } from "./mysql-flexible-server";
import { type IPostgresFlexibleServer, PostgresFlexibleServer } from "./postgres-flexible-server";

/** Properties that both kinds of read replica have. */
export interface ReadReplicaOptions {
  /**
   * Network of the replica. @default - the source's; required for a source that exists already
   *
   * @see https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas
   */
  readonly network?: IFlexibleServerNetwork;
  /**
   * Azure region. @default - the network's
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location?: string;
  /**
   * Compute size; not burstable. A PostgreSQL replica must be at least as large as its source, and a smaller MySQL replica falls behind.
   * To grow, set a larger size here and apply, then change the source: Azure wants the replicas first. To shrink, the source first.
   * @default - the source's; required for a source that exists already
   * @see https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas
   */
  readonly size?: MachineSize;
  /**
   * Storage; at least as large as the source's, with storage autogrow if the source has it. To grow or to enable autogrow, set it here
   * and apply, then change the source: Azure wants the replicas first.
   * @default - the source's; required for a source that exists already
   * @see https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas
   */
  readonly storage?: StorageProps;
  /**
   * Server name, 3 to 63 lower-case letters, digits and hyphens, globally unique.
   * @default - derived from the construct path, with a suffix that never changes
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftdbforpostgresql
   */
  readonly serverName?: string;
  /**
   * Availability zone at creation: `1`, `2` or `3`. Later changes are ignored. @default - Azure chooses
   *
   * @see https://learn.microsoft.com/azure/reliability/reliability-postgresql-flexible-server
   */
  readonly zone?: string;
  /**
   * Maintenance window of one hour, weekly. @default - Sunday, 04:30 UTC
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-maintenance
   */
  readonly maintenanceWindow?: MaintenanceWindow;
  /**
   * Deletion of the replica; see the source's. @default DeletionPolicy.RETAIN
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Enables the management lock of RETAIN. @default true
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
   */
  readonly deletionLock?: boolean;
  /**
   * Server parameters that differ from the source's, by Azure's names. Azure copies the source's when it creates the replica, not
   * later. @default - the source's
   *
   * @see https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas
   */
  readonly parameters?: { readonly [name: string]: string };
  /**
   * Customer-managed key, for a source with one. @default - the source's, in the region of the source
   *
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/security-data-encryption
   */
  readonly encryptionKey?: ServerEncryptionKey;
  /**
   * Promotes the replica to an independent server: replication stops for good, and the server accepts writes. For an existing
   * replica only: Azure refuses it in the apply that creates the replica. @default false
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-read-replicas-promote
   */
  readonly promoted?: boolean;
  /** Major version whose paid extended support you accept. @default - the source's */
  readonly acceptExtendedSupport?: string;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the network's */
  readonly provider?: TerraformProvider;
  /** The random provider, which generates the suffix of the name. @default - the source's, else the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist before the replica, beside the source's. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

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
export class PostgresReadReplica extends Construct implements IFlexibleServer {
  /** The server resource. */
  public readonly resource: PostgresqlServerResource;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
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
    checkPostgresReplica(settings, source, fromSource, props.parameters ?? {});
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
    this.dependables = settings.complete({ id: this.resource.id, resource: this.resource });
    if (together) source._waitForReplica(this.dependables);
  }
}

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
export class MysqlReadReplica extends Construct implements IFlexibleServer {
  /** The server resource. */
  public readonly resource: MysqlServerResource;
  public readonly engine: DatabaseEngine;
  public readonly endpoint: Endpoint;
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
    this.dependables = settings.complete({ id: this.resource.id, resource: this.resource });
  }
}

/** The properties of a read replica as properties of a server. */
function replicaOptions(
  scope: Construct,
  source: IFlexibleServer,
  replica: ReadReplicaOptions,
): FlexibleServerOptions {
  const created = source.serverProps;
  const parts = {
    network: replica.network ?? created?.network,
    size: replica.size ?? created?.size,
    storage: replica.storage ?? created?.storage,
  } as Pick<FlexibleServerOptions, "network" | "size" | "storage">;
  // A source that exists already has no properties to take them from.
  requireProps(scope.node.path, serverSubject(source.engine.family), parts, {
    network: true,
    size: true,
    storage: true,
  });
  const { network, size, storage } = parts;
  const key = replica.encryptionKey ?? (isElsewhere(source, replica) ? undefined : created?.encryptionKey);
  return {
    engine: source.engine,
    size,
    storage,
    network,
    location: replica.location ?? network.location,
    resourceGroupName: source.resourceGroupName,
    serverName: replica.serverName,
    zone: replica.zone,
    maintenanceWindow: replica.maintenanceWindow,
    deletionPolicy: replica.deletionPolicy,
    deletionLock: replica.deletionLock,
    acceptExtendedSupport: replica.acceptExtendedSupport ?? created?.acceptExtendedSupport,
    parameters: replica.parameters,
    maxConnections: created?.maxConnections,
    // A replica has no backups, so there are no geo-redundant copies to encrypt.
    encryptionKey: key && { ...key, geoBackup: undefined },
    tags: replica.tags,
    provider: replica.provider,
    randomProvider: replica.randomProvider ?? created?.randomProvider,
    dependsOn: [...source.dependables, ...(replica.dependsOn ?? [])],
  };
}

/** True if the replica is in another region than its source, as far as known at synth. */
function isElsewhere(source: IFlexibleServer, replica: ReadReplicaOptions): boolean {
  const location = replica.location ?? (replica.network ?? source.serverProps?.network)?.location;
  return isResolved([location, source.location.region]) && location !== source.location.region;
}

function checkReplica(
  { checks, machine, location }: FlexibleServerSettings,
  source: IFlexibleServer,
  replica: ReadReplicaOptions,
): void {
  if (source.serverProps?.encryptionKey && !replica.encryptionKey && isElsewhere(source, replica)) {
    checks.fail(
      "encryptionKey",
      undefined,
      `must be set to a key in ${location}, since the source in another region has a customer-managed key`,
    );
  }
  if (source.machine?.burstable) {
    checks.fail(
      "source",
      source.machine.name,
      "must not be on a burstable SKU, which has no read replicas; take a larger size for the source",
    );
  } else if (machine?.burstable) {
    checks.fail("size", machine.name, "must not be a burstable SKU; take a larger size");
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
  replica: FlexibleServerOptions,
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
  const storage = source.serverProps?.storage;
  if (!storage) return;
  checks.check(
    "storage.sizeGiB",
    isResolved(storage.sizeGiB) ? replica.storage.sizeGiB : undefined,
    () => replica.storage.sizeGiB >= storage.sizeGiB,
    `must be at least ${storage.sizeGiB}, the source's`,
  );
  if (storage.maxSizeGiB !== undefined && replica.storage.maxSizeGiB === undefined) {
    checks.fail(
      "storage.maxSizeGiB",
      undefined,
      "must be set where the source has storage autogrow, which its replicas must have too",
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
