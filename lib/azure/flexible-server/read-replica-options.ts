// What both kinds of read replica take.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { DeletionPolicy, MachineClass, MachineSize, MaintenanceWindow } from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import type { IAzureDatabaseNetwork } from "../network/azure-database-network";
import type { FlexibleServerOptions } from "./flexible-server-options";
import type { ServerEncryptionKey } from "./server-key";

/** Properties that both kinds of read replica have. */
export interface ReadReplicaOptions {
  /** How the replica is reached. @default - as its source is */
  readonly network?: IAzureDatabaseNetwork;
  /** The region. @default - the network's */
  readonly location?: string;
  /** The machine; not a burstable one. A replica smaller than its source falls behind. @default - the source's */
  readonly size?: MachineSize;
  /** The replica's name, 3 to 63 lower-case letters, digits and hyphens, unique in all of Azure. @default - the construct's path and a suffix that never changes */
  readonly serverName?: string;
  /** The zone, `1`, `2` or `3`; not looked at once it exists. @default - Azure chooses */
  readonly zone?: string;
  /** The weekly time in which Azure may change the replica. @default - Sunday, from 04:30 UTC */
  readonly maintenanceWindow?: MaintenanceWindow;
  /** What happens when the replica leaves the program. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** Whether RETAIN makes a lock. @default true */
  readonly deletionLock?: boolean;
  /** Server parameters that differ from the source's, by Azure's names. @default - the source's */
  readonly parameters?: { readonly [name: string]: string };
  /** The key that encrypts the replica, for a source with a key. @default - the source's, in the source's region */
  readonly encryptionKey?: ServerEncryptionKey;
  /**
   * Whether the replica becomes a server of its own: it stops following its source for good, and takes writes. Only for a
   * replica that exists: Azure refuses it in the run that makes the replica. @default false
   */
  readonly promoted?: boolean;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the network's */
  readonly provider?: TerraformProvider;
  /** The provider of the name's suffix. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/** What a replica's options come to, as options of a server. @internal */
export function replicaOptions(
  checks: SynthChecks,
  source: FlexibleServerOptions,
  replica: ReadReplicaOptions,
  dependables: ITerraformDependable[],
): FlexibleServerOptions {
  const network = replica.network ?? source.network;
  const location = replica.location ?? network.location;
  const sourceLocation = source.location ?? source.network.location;
  const elsewhere = isResolved([location, sourceLocation]) && location !== sourceLocation;
  if (source.encryptionKey && !replica.encryptionKey && elsewhere) {
    checks.fail(
      "encryptionKey",
      undefined,
      `its source has a key of yours, and a replica in ${location} needs one in a vault there`,
    );
  }
  const key = replica.encryptionKey ?? (elsewhere ? undefined : source.encryptionKey);
  return {
    engine: source.engine,
    size: replica.size ?? source.size,
    storage: source.storage,
    network,
    location,
    resourceGroupName: source.resourceGroupName ?? source.network.resourceGroupName,
    serverName: replica.serverName,
    zone: replica.zone,
    maintenanceWindow: replica.maintenanceWindow,
    deletionPolicy: replica.deletionPolicy,
    deletionLock: replica.deletionLock,
    acceptExtendedSupport: source.acceptExtendedSupport,
    parameters: replica.parameters,
    maxConnections: source.maxConnections,
    // A replica has no backups, so no copies of them to encrypt.
    encryptionKey: key && { ...key, geoBackup: undefined },
    tags: replica.tags,
    provider: replica.provider,
    randomProvider: replica.randomProvider ?? source.randomProvider,
    dependsOn: [...dependables, ...(replica.dependsOn ?? [])],
  };
}

/** Reports machines that have no replicas. @internal */
export function checkReplica(
  checks: SynthChecks,
  source: MachineClass | undefined,
  replica: MachineClass | undefined,
): void {
  if (source?.burstable) {
    checks.fail(
      "source",
      source.name,
      "burstable machines have no replicas; take a larger size for the source",
    );
  } else if (replica?.burstable) {
    checks.fail("size", replica.name, "a replica can't be on a burstable machine; take a larger size");
  }
}
