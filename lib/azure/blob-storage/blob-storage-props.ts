import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { DeletionPolicy } from "../../database";
import type { VaultKey } from "../flexible-server/server-key";
import type { DatabaseNetwork } from "../network/database-network";

/** Properties of a `BlobStorage`. */
export interface BlobStorageProps {
  /** The network in which the account gets its private endpoint. @default - none: allowedSubnetIds or allowedIpRanges say who reaches it */
  readonly network?: DatabaseNetwork;
  /** The resource group. @default - the network's; required without one */
  readonly resourceGroupName?: string;
  /** The region. @default - the network's; required without one */
  readonly location?: string;
  /** The account's name, 3 to 24 lower-case letters and digits, unique in all of Azure. @default - the construct's path and a suffix that never changes */
  readonly accountName?: string;
  /** The resource ids of subnets with the service endpoint `Microsoft.Storage` that reach the account's public address. @default - none */
  readonly allowedSubnetIds?: string[];
  /** The public addresses or CIDR ranges (up to /30) that reach the account's public address. @default - none */
  readonly allowedIpRanges?: string[];
  /** Where copies are: `GZRS` in three zones and the paired region, `GRS` where a region has no zones, `ZRS`, `RAGRS` or `RAGZRS`. @default GZRS */
  readonly replication?: string;
  /** After how many days an object is deleted, 1 to 36500; for all containers. @default - never */
  readonly deleteAfterDays?: number;
  /** How long deleted and overwritten objects can be recovered, 7 to 365 days. @default 30 */
  readonly recoverDays?: number;
  /** The key that encrypts the objects. @default - a key of Microsoft's */
  readonly encryptionKey?: VaultKey;
  /**
   * Whether the account's keys work, for applications that know no identities: each opens the whole account, and the provider
   * keeps them in the state. (They are there in any case; while this is false they open nothing.) @default false
   */
  readonly sharedKeys?: boolean;
  /** What happens on destroy; DELETE takes all objects along, and there is no SNAPSHOT. With RETAIN a lock stops everybody else, too. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the network's, else the stack's only azurerm provider; it needs `storage_use_azuread` */
  readonly provider?: TerraformProvider;
  /** The provider of `random_id`, for the name's suffix. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
