import type { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import type { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import { dependable, type ITerraformDependable, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy, type IGrant, type IWorkloadIdentity, SecretValue } from "../../database";
import { checkUniqueName, constructIdFor, GrowingDependables, SynthChecks } from "../../database/private";
import { ObjectStoreKey } from "../../storage";
import { EncryptionKeyAccess, type KeyVaultKey } from "../key-vault/encryption-key";
import type { IDatabaseNetwork } from "../network/database-network";
import { GlobalName } from "../private/global-name";
import { deletionLock } from "../private/resource-checks";
import { BlobContainer, type IBlobStorage } from "./blob-container";
import { type BlobLockState, versionLock } from "./blob-lock";
import { checkBlobStorage } from "./blob-storage-checks";
import { BlobDelegation } from "./delegation";
import { ExistingBlobStorage, type StorageAccountAttributes } from "./existing-blob-storage";
import {
  DEFAULT_REPLICATION,
  DEFAULT_SOFT_DELETE_DAYS,
  storageAccountArguments,
  storageLifecycle,
} from "./storage-account";

/** Properties of a `BlobStorage`. */
export interface BlobStorageProps {
  /**
   * The network in which the storage account gets its private endpoint. @default - none: allowedSubnetIds or allowedIpRanges give access
   *
   * @see https://learn.microsoft.com/azure/storage/common/storage-private-endpoints
   */
  readonly network?: IDatabaseNetwork;
  /**
   * Name of the resource group. @default - the network's; required without one
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName?: string;
  /**
   * Azure region. @default - the network's; required without one
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location?: string;
  /**
   * Name of the storage account, 3 to 24 lower-case letters and digits, globally unique.
   * @default - derived from the construct path, with a suffix that never changes
   *
   * @see https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name
   */
  readonly accountName?: string;
  /**
   * Resource IDs of subnets with the service endpoint `Microsoft.Storage` that the firewall allows. @default - none
   * @see https://learn.microsoft.com/azure/storage/common/storage-network-security
   */
  readonly allowedSubnetIds?: string[];
  /**
   * Public IP addresses or CIDR ranges (up to /30) that the firewall allows. @default - none
   *
   * @see https://learn.microsoft.com/azure/storage/common/storage-network-security
   */
  readonly allowedIpRanges?: string[];
  /**
   * Redundancy: `GZRS` (three zones and the paired region), `GRS` for regions without zones, `ZRS`, `RAGRS` or `RAGZRS`.
   * @default GZRS
   * @see https://learn.microsoft.com/azure/storage/common/storage-redundancy
   */
  readonly replication?: string;
  /**
   * Expiration of blobs, in days after their last modification, 1 to 36500; for all containers. @default - never
   *
   * @see https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview
   */
  readonly expireDays?: number;
  /**
   * Soft delete: retention of deleted blobs, containers and previous versions, 7 to 365 days. @default 30
   * @see https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
   */
  readonly softDeleteDays?: number;
  /**
   * Version-level immutability policy of the account: days after its creation during which no version of a blob can be deleted or changed, 1 to
   * 146000. Blobs can be overwritten and deleted: their versions stay. Decided at creation, since azurerm replaces the account when the
   * policy is added or removed. @default - none
   * @see https://learn.microsoft.com/azure/storage/blobs/immutable-version-level-worm-policies
   */
  readonly lockDays?: number;
  /**
   * State of the immutability policy. Azure creates it unlocked: set LOCKED in a later apply. @default BlobLockState.UNLOCKED
   * @see https://learn.microsoft.com/azure/storage/blobs/immutable-time-based-retention-policy-overview
   */
  readonly lockState?: BlobLockState;
  /**
   * Customer-managed key of data encryption. @default - a Microsoft-managed key
   *
   * @see https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
   */
  readonly encryptionKey?: KeyVaultKey;
  /**
   * Enables Shared Key authorization, for applications without Microsoft Entra authentication. An access key gives access to the
   * whole account, and the provider keeps the keys in the state (in any case; while this is false they give no access).
   * @default false
   * @see https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent
   */
  readonly sharedKeyAccess?: boolean;
  /**
   * Deletion of the account. RETAIN: `prevent_destroy` and a management lock; removing the construct is not refused, and removes the
   * lock too. DELETE deletes all objects; Azure has no SNAPSHOT. @default DeletionPolicy.RETAIN
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
   */
  readonly deletionPolicy?: DeletionPolicy;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider, with `storage_use_azuread`. @default - the network's, else the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** The random provider, which generates the suffix of the name. @default - the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist before the account. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A storage account for blob containers: no public access, infrastructure encryption, versioning, soft delete and geo-redundancy.
 * The provider must use Microsoft Entra authorization (`storage_use_azuread = true`).
 *
 * @see https://learn.microsoft.com/azure/storage/common/storage-account-overview
 *
 * @example
 * const storage = new BlobStorage(this, "objects", { network });
 * storage.container("artifacts").grantReadWrite(identity);
 * storage.container("uploads").grantReadWrite(identity);
 */
export class BlobStorage extends Construct implements IBlobStorage {
  /**
   * A storage account that exists already, for `BlobContainer` and `BlobContainer.fromContainerAttributes`.
   *
   * @param attributes resource ID and region.
   */
  public static fromStorageAccountAttributes(
    scope: Construct,
    id: string,
    attributes: StorageAccountAttributes,
  ): IBlobStorage {
    return new ExistingBlobStorage(scope, id, attributes);
  }

  /** The storage account resource. */
  public readonly resource: StorageAccount;
  public readonly accountId: string;
  public readonly accountName: string;
  public readonly location: string;
  public readonly endpoint: string;
  public readonly provider?: TerraformProvider;
  public readonly retain: boolean;
  public readonly replication: string;
  public readonly softDeleteDays: number;
  public readonly lockDays?: number;
  private readonly checks: SynthChecks;
  private readonly lock?: ManagementLock;
  private readonly sharedKeyAccess: boolean;
  private readonly waitFor = new GrowingDependables();
  private readonly delegation: BlobDelegation;

  public constructor(scope: Construct, id: string, props: BlobStorageProps) {
    super(scope, id);
    this.checks = new SynthChecks(this, "BLOB");
    checkBlobStorage(this, this.checks, props);
    const { network, tags, dependsOn, allowedIpRanges, allowedSubnetIds } = props;
    this.provider = props.provider ?? network?.provider;
    const { provider } = this;
    if (props.accountName !== undefined) {
      checkUniqueName(this.checks, this, {
        kind: "storage account",
        property: "accountName",
        name: props.accountName,
      });
    }
    this.retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    this.replication = props.replication ?? DEFAULT_REPLICATION;
    this.softDeleteDays = props.softDeleteDays ?? DEFAULT_SOFT_DELETE_DAYS;
    this.lockDays = props.lockDays;
    this.sharedKeyAccess = props.sharedKeyAccess ?? false;
    const resourceGroupName = props.resourceGroupName ?? network?.resourceGroupName ?? "";
    this.location = props.location ?? network?.location ?? "";
    this.accountName =
      props.accountName ??
      new GlobalName(this, "Name", { maxLength: 24, hyphens: false, randomProvider: props.randomProvider })
        .value;
    const common = { resourceGroupName, location: this.location, tags, provider, dependsOn };
    const key =
      props.encryptionKey &&
      new EncryptionKeyAccess(this, "Key", props.encryptionKey, this.checks, {
        ...common,
        geoRedundantBackup: false,
      });
    const settings = {
      ...common,
      accountName: this.accountName,
      replication: props.replication,
      softDeleteDays: props.softDeleteDays,
      key,
      retain: this.retain,
    };
    this.resource = new StorageAccount(this, "Resource", {
      ...storageAccountArguments(settings),
      immutabilityPolicy: versionLock(props),
      sharedAccessKeyEnabled: this.sharedKeyAccess,
      publicNetworkAccessEnabled: (allowedIpRanges?.length ?? 0) + (allowedSubnetIds?.length ?? 0) > 0,
      networkRules: {
        defaultAction: "Deny",
        bypass: ["AzureServices"],
        ipRules: allowedIpRanges,
        virtualNetworkSubnetIds: allowedSubnetIds,
      },
    });
    this.accountId = this.resource.id;
    this.endpoint = this.resource.primaryBlobHost;
    storageLifecycle(this, this.resource, settings, props.expireDays);
    if (this.retain) {
      const notes = "Holds objects. Set deletionPolicy to DELETE in the program before deleting it.";
      this.lock = deletionLock(this, this.accountName, this.resource.id, notes, { provider, dependsOn: [] });
    }
    const endpoint = network?.connect(this, "blob", this.resource.id, this.accountName, { tags, provider });
    this.waitFor.addFirst(this.resource, ...(endpoint ?? []));
    this.delegation = new BlobDelegation(this, this.checks, this.waitFor);
  }

  /**
   * A container of the account. The same name gives the same container.
   *
   * @param name the container's name: 3 to 63 lower-case letters, digits and single hyphens.
   */
  public container(name: string): BlobContainer {
    const id = `Container-${constructIdFor(this, name)}`;
    return (
      (this.node.tryFindChild(id) as BlobContainer | undefined) ??
      new BlobContainer(this, id, { storage: this, containerName: name })
    );
  }

  /**
   * The first access key of the account, for applications without Microsoft Entra authentication; requires `sharedKeyAccess`. It
   * gives access to every container, and is in Terraform's state.
   *
   * @param version version of the key, 1 or more; increment after the key was rotated in Azure. @default 1
   */
  public accessKey(version = 1): ObjectStoreKey {
    if (!this.sharedKeyAccess) {
      this.checks.fail(
        "sharedKeyAccess",
        false,
        "must be true for accessKey; without it the keys give no access",
      );
    }
    const secret = SecretValue.fromEphemeral(this.resource.primaryAccessKey, {
      version,
      dependables: [this.resource],
    });
    return ObjectStoreKey.azureBlob(this.accountName, secret);
  }

  public protect(container: StorageContainer): void {
    const lock = this.lock;
    if (lock) lock.dependsOn = [...(lock.dependsOn ?? []), dependable(container)];
  }

  public get dependables(): ITerraformDependable[] {
    return this.waitFor.all;
  }

  public grantDelegation(identity: IWorkloadIdentity): IGrant {
    return this.delegation.grant(identity);
  }
}
