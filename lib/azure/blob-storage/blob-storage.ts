import type { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import type { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import { dependable, type ITerraformDependable, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy, SecretValue } from "../../database";
import { checkUniqueName, constructIdFor, SynthChecks } from "../../database/private";
import { ObjectStoreKey } from "../../storage";
import { KeyAccess } from "../flexible-server/server-key";
import { GlobalName } from "../private/global-name";
import { BlobContainer, type IBlobStorage } from "./blob-container";
import { checkBlobStorage } from "./blob-storage-checks";
import type { BlobStorageProps } from "./blob-storage-props";
import { deletionLock, storageAccountSettings, storageLifecycle } from "./storage-account-settings";

/**
 * A storage account for the containers of an application: private, encrypted twice, with versions and deletes that can be
 * undone, copied to the paired region. The provider has to work with Entra identities (`storage_use_azuread = true`).
 *
 * @example
 * const storage = new BlobStorage(this, "objects", { network });
 * storage.container("artifacts").grantReadWrite(identity);
 * storage.container("uploads").grantReadWrite(identity);
 */
export class BlobStorage extends Construct implements IBlobStorage {
  /** The account. */
  public readonly resource: StorageAccount;
  public readonly accountName: string;
  public readonly location: string;
  public readonly endpoint: string;
  public readonly provider?: TerraformProvider;
  public readonly dependables: ITerraformDependable[];
  public readonly retain: boolean;
  private readonly checks: SynthChecks;
  private readonly lock?: ManagementLock;
  private readonly sharedKeys: boolean;

  public constructor(scope: Construct, id: string, props: BlobStorageProps) {
    super(scope, id);
    const { network, tags, dependsOn, allowedIpRanges, allowedSubnetIds } = props;
    this.provider = props.provider ?? network?.provider;
    const { provider } = this;
    this.checks = new SynthChecks(this);
    checkBlobStorage(this.checks, props);
    if (props.accountName !== undefined) {
      checkUniqueName(this.checks, this, {
        kind: "storage account",
        property: "accountName",
        name: props.accountName,
      });
    }
    this.retain = props.deletionPolicy !== DeletionPolicy.DELETE;
    this.sharedKeys = props.sharedKeys ?? false;
    const resourceGroupName = props.resourceGroupName ?? network?.resourceGroupName ?? "";
    this.location = props.location ?? network?.location ?? "";
    this.accountName =
      props.accountName ??
      new GlobalName(this, "Name", { maxLength: 24, hyphens: false, randomProvider: props.randomProvider })
        .value;
    const place = { resourceGroupName, location: this.location, tags, provider, dependsOn };
    const key =
      props.encryptionKey &&
      new KeyAccess(this, "Key", props.encryptionKey, this.checks, { ...place, geoRedundantBackup: false });
    const settings = {
      ...place,
      accountName: this.accountName,
      replication: props.replication,
      recoverDays: props.recoverDays ?? 30,
      key,
      retain: this.retain,
    };
    this.resource = new StorageAccount(this, "Resource", {
      ...storageAccountSettings(settings),
      sharedAccessKeyEnabled: this.sharedKeys,
      publicNetworkAccessEnabled: (allowedIpRanges?.length ?? 0) + (allowedSubnetIds?.length ?? 0) > 0,
      networkRules: {
        defaultAction: "Deny",
        bypass: ["AzureServices"],
        ipRules: allowedIpRanges,
        virtualNetworkSubnetIds: allowedSubnetIds,
      },
    });
    this.endpoint = this.resource.primaryBlobHost;
    storageLifecycle(this, this.resource, settings, props.deleteAfterDays);
    if (this.retain) {
      const notes = "Holds objects. Set deletionPolicy to DELETE in the program before deleting it.";
      this.lock = deletionLock(this, this.accountName, this.resource.id, notes, { provider, dependsOn: [] });
    }
    const endpoint = network?.connect(this, "blob", this.resource.id, this.accountName, { tags, provider });
    this.dependables = [this.resource, ...(endpoint ?? [])];
  }

  /**
   * A container of the account; the same one when asked again.
   *
   * @param name its name: 3 to 63 lower-case letters, digits and single hyphens.
   */
  public container(name: string): BlobContainer {
    const id = `Container-${constructIdFor(this, name)}`;
    return (
      (this.node.tryFindChild(id) as BlobContainer | undefined) ??
      new BlobContainer(this, id, { storage: this, containerName: name })
    );
  }

  /**
   * The account's first key, for an application that knows nothing better. It opens every container, and is in Terraform's
   * state.
   *
   * @param version the number to raise when the key was changed in Azure, 1 or more. @default 1
   */
  public accessKey(version = 1): ObjectStoreKey {
    if (!this.sharedKeys) {
      this.checks.fail("accessKey", "asked for", "the account's keys open nothing unless sharedKeys is true");
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
}
