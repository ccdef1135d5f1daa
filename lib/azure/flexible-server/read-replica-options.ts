import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { DeletionPolicy, MachineSize, MaintenanceWindow, StorageProps } from "../../database";
import { isResolved, requireProps } from "../../database/private";
import type { ServerEncryptionKey } from "../key-vault/encryption-key";
import type { IFlexibleServerNetwork } from "../network/flexible-server-network";
import type { FlexibleServerOptions, IFlexibleServer } from "./flexible-server";
import { type FlexibleServerSettings, serverSubject } from "./flexible-server-settings";

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

/** The properties of a read replica as properties of a server. @internal */
export function replicaOptions(
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

/** Refuses keys and sizes that no read replica can have. @internal */
export function checkReplica(
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
  const storage = source.serverProps?.storage;
  const own = replica.storage;
  if (!storage || !own) return;
  checks.check(
    "storage.sizeGiB",
    isResolved(storage.sizeGiB) ? own.sizeGiB : undefined,
    () => own.sizeGiB >= storage.sizeGiB,
    `must be at least ${storage.sizeGiB}, the source's`,
  );
  if (storage.maxSizeGiB !== undefined && own.maxSizeGiB === undefined) {
    checks.fail(
      "storage.maxSizeGiB",
      undefined,
      "must be set where the source has storage autogrow, which its replicas must have too",
    );
  }
}
