import { MysqlFlexibleServer as MysqlServerResource } from "@cdktf/provider-azurerm/lib/mysql-flexible-server";
import { PostgresqlFlexibleServer as PostgresqlServerResource } from "@cdktf/provider-azurerm/lib/postgresql-flexible-server";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
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
  type TlsTrust,
} from "../../database";
import { isResolved, requireProps } from "../../database/private";
import type { ServerEncryptionKey } from "../key-vault/encryption-key";
import type { IFlexibleServerNetwork } from "../network/flexible-server-network";
import type { FlexibleServerOptions, IFlexibleServer } from "./flexible-server";
import { FlexibleServerSettings, serverSubject } from "./flexible-server-settings";
import { postgresStorageMb } from "./flexible-server-storage";
import type { IMysqlFlexibleServer } from "./mysql-flexible-server";
import type { IPostgresFlexibleServer } from "./postgres-flexible-server";

/** Properties that both kinds of read replica have. */
export interface ReadReplicaOptions {
  /** Network of the replica. @default - the source's; required for a source that exists already */
  readonly network?: IFlexibleServerNetwork;
  /** Azure region. @default - the network's */
  readonly location?: string;
  /** Compute size; not burstable. A replica smaller than its source falls behind. @default - the source's; required for a source that exists already */
  readonly size?: MachineSize;
  /** Storage; at least as large as the source's. @default - the source's; required for a source that exists already */
  readonly storage?: StorageProps;
  /** Server name, 3 to 63 lower-case letters, digits and hyphens, globally unique. @default - derived from the construct path, with a suffix that never changes */
  readonly serverName?: string;
  /** Availability zone at creation: `1`, `2` or `3`. Later changes are ignored. @default - Azure chooses */
  readonly zone?: string;
  /** Maintenance window of one hour, weekly. @default - Sunday, 04:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** Removal of the replica from the program. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** Enables the management lock of RETAIN. @default true */
  readonly deletionLock?: boolean;
  /** Server parameters that differ from the source's, by Azure's names. @default - the source's */
  readonly parameters?: { readonly [name: string]: string };
  /** Customer-managed key, for a source with one. @default - the source's, in the region of the source */
  readonly encryptionKey?: ServerEncryptionKey;
  /**
   * Promotes the replica to an independent server: replication stops for good, and the server accepts writes. For an existing
   * replica only: Azure refuses it in the apply that creates the replica. @default false
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-read-replicas-promote
   */
  readonly promoted?: boolean;
  /** Major version whose paid extended support you accept. @default - the source's */
  readonly acceptExtendedSupport?: string;
  /** Tags of all resources. @default - none */
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
  /** Source server; its SKU is not burstable. */
  readonly source: IPostgresFlexibleServer;
  /** Name of the resource group. @default - the source's */
  readonly resourceGroupName?: string;
}

/**
 * A read replica of an Azure Database for PostgreSQL flexible server, in the same or another region. Logins, passwords, databases
 * and server parameters are the source's.
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
    const fromSource = replicaOptions(this, source, props);
    const settings = new FlexibleServerSettings(this, {
      family: EngineFamily.POSTGRES,
      options: { ...fromSource, resourceGroupName: props.resourceGroupName ?? fromSource.resourceGroupName },
      passwordAuthentication: true,
      minRetentionDays: 7,
      origin: { createMode: "Replica", sourceServerId: source.serverId },
      replica: true,
    });
    checkReplica(settings, source, props);
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
  }
}

/** Properties of a `MysqlReadReplica`, which Azure creates in the resource group of its source. */
export interface MysqlReadReplicaProps extends ReadReplicaOptions {
  /** Source server; its SKU is not burstable. */
  readonly source: IMysqlFlexibleServer;
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
      options,
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
