import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import { EncryptionKeyAccess, type KeyVaultKey } from "../key-vault/encryption-key";
import type { IDatabaseNetwork } from "../network/database-network";
import { GlobalName } from "../private/global-name";
import { checkDeletionPolicy, deletionLock } from "../private/resource-checks";
import { checkStorageAccount, storageAccountArguments, storageLifecycle } from "./storage-account";

/** Properties of a `BackupStorage`. */
export interface BackupStorageProps {
  /**
   * The network in which the storage account gets its private endpoint.
   *
   * @see https://learn.microsoft.com/azure/storage/common/storage-private-endpoints
   */
  readonly network: IDatabaseNetwork;
  /**
   * Name of the storage account, 3 to 24 lower-case letters and digits, globally unique.
   * @default - derived from the construct path, with a suffix that never changes
   *
   * @see https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name
   */
  readonly accountName?: string;
  /**
   * Name of the container, 3 to 63 lower-case letters, digits and single hyphens. @default backups
   *
   * @see https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#container-names
   */
  readonly containerName?: string;
  /**
   * Name of the resource group. @default - the network's
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
   */
  readonly resourceGroupName?: string;
  /**
   * Azure region. @default - the network's
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location?: string;
  /**
   * Redundancy: `GZRS` (three zones and the paired region), `ZRS`, `GRS`, `RAGRS` or `RAGZRS`. @default GZRS
   * @see https://learn.microsoft.com/azure/storage/common/storage-redundancy
   */
  readonly replication?: string;
  /**
   * Expiration of blobs, in days after their last modification, 1 to 36500. @default - never
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
   * Customer-managed key of data encryption. @default - a Microsoft-managed key
   *
   * @see https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
   */
  readonly encryptionKey?: KeyVaultKey;
  /**
   * Object IDs of principals that get the role Storage Blob Data Contributor on the account, by a name of your choice. On an account
   * the role includes signing URLs (`velero backup download`). @default - none
   *
   * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage#storage-blob-data-contributor
   */
  readonly writerObjectIds?: { readonly [name: string]: string };
  /**
   * Deletion of the storage. RETAIN: `prevent_destroy` and a management lock; removing the construct is not refused, and removes the
   * lock too. DELETE deletes the backups; Azure has no SNAPSHOT. @default DeletionPolicy.RETAIN
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
  /** The azurerm provider, with `storage_use_azuread`. @default - the network's */
  readonly provider?: TerraformProvider;
  /** The random provider, which generates the suffix of the name. @default - the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist before the account. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A storage account with one container for backups and exports: private endpoint, no Shared Key authorization, versioning and soft
 * delete. The provider must use Microsoft Entra authorization (`storage_use_azuread = true`).
 *
 * @see https://learn.microsoft.com/azure/storage/blobs/data-protection-overview
 *
 * @example
 * const storage = new BackupStorage(this, "backups", { network, writerObjectIds: { velero: identity.principalId } });
 */
export class BackupStorage extends Construct {
  /** The storage account. */
  public readonly account: StorageAccount;
  /** The container. */
  public readonly container: StorageContainer;
  /** Name of the storage account; may be a token. */
  public readonly accountName: string;
  /** Name of the container. */
  public readonly containerName: string;
  /** Resources that must exist before a backup is written. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: BackupStorageProps) {
    super(scope, id);
    requireProps(this.node.path, "BLOB", props, { network: true });
    const { network, tags, dependsOn } = props;
    const provider = props.provider ?? network.provider;
    const retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    const resourceGroupName = props.resourceGroupName ?? network.resourceGroupName;
    const location = props.location ?? network.location;
    const checks = new SynthChecks(this, "BLOB");
    checkStorageAccount(this, checks, props);
    checkDeletionPolicy(checks, props.deletionPolicy, "the account and its backups");
    this.accountName =
      props.accountName ??
      new GlobalName(this, "Name", { maxLength: 24, hyphens: false, randomProvider: props.randomProvider })
        .value;
    this.containerName = props.containerName ?? "backups";
    const common = { resourceGroupName, location, tags, provider, dependsOn };
    const key =
      props.encryptionKey &&
      new EncryptionKeyAccess(this, "Key", props.encryptionKey, checks, {
        ...common,
        geoRedundantBackup: false,
      });
    const settings = {
      ...common,
      accountName: this.accountName,
      replication: props.replication,
      softDeleteDays: props.softDeleteDays,
      key,
      retain,
    };
    this.account = new StorageAccount(this, "Account", storageAccountArguments(settings));
    this.container = new StorageContainer(this, "Container", {
      name: this.containerName,
      storageAccountId: this.account.id,
      containerAccessType: "private",
      lifecycle: retain ? { preventDestroy: true } : undefined,
      provider,
    });
    storageLifecycle(this, this.account, settings, props.expireDays);
    if (retain) {
      const notes = "Holds backups. Set deletionPolicy to DELETE in the program before deleting it.";
      deletionLock(this, this.accountName, this.account.id, notes, { provider, dependsOn: [this.container] });
    }
    const roles = Object.entries(props.writerObjectIds ?? {}).map(
      ([name, principalId]) =>
        new RoleAssignment(this, `Writer-${name}`, {
          scope: this.account.id,
          roleDefinitionName: "Storage Blob Data Contributor",
          principalId,
          provider,
        }),
    );
    const endpoint = network.connect(this, "blob", this.account.id, this.accountName, { tags, provider });
    this.dependables = [this.container, ...roles, ...endpoint];
  }
}
