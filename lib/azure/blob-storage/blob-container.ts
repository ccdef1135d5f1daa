import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { Cloud, type IWorkloadIdentity } from "../../database";
import { checkUniqueName, SynthChecks } from "../../database/private";
import { checkBucketName, type IObjectStore, ObjectStoreKind } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IAzureWorkloadIdentity } from "../identity/azure-workload-identity";

/** A storage account that containers are made in. */
export interface IBlobStorage extends IConstruct {
  /** The account. */
  readonly resource: StorageAccount;
  /** The account's name; may be a token. */
  readonly accountName: string;
  /** The region; may be a token. */
  readonly location: string;
  /** The host at which clients find objects; may be a token. */
  readonly endpoint: string;
  /** Whether Terraform refuses to destroy account and containers. */
  readonly retain: boolean;
  /** The provider. @default - the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** What has to exist before objects are written. */
  readonly dependables: ITerraformDependable[];

  /**
   * Puts a container under the account's lock against deletion, where it has one.
   *
   * @param container the container, which goes after the lock.
   */
  protect(container: StorageContainer): void;
}

/** Properties of a `BlobContainer`. */
export interface BlobContainerProps {
  /** The account that the container is in. */
  readonly storage: IBlobStorage;
  /** The container's name: 3 to 63 lower-case letters, digits and single hyphens. Changing it replaces the container. */
  readonly containerName: string;
}

/**
 * One container of a storage account, and a store of its own: who may use it may not use the others. `BlobStorage.container`
 * makes one.
 *
 * @example
 * const storage = new BlobStorage(this, "objects", { network });
 * const container = new BlobContainer(this, "uploads", { storage, containerName: "uploads" });
 * container.grantReadWrite(identity);
 */
export class BlobContainer extends Construct implements IObjectStore {
  public readonly kind = ObjectStoreKind.AZURE_BLOB;
  public readonly cloud = Cloud.AZURE;
  public readonly bucketName: string;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly accountName: string;
  public readonly dependables: ITerraformDependable[];
  /** The container. */
  public readonly resource: StorageContainer;
  /** The account that the container is in. */
  public readonly storage: IBlobStorage;
  private readonly grants: IdentityGrants;

  public constructor(scope: Construct, id: string, props: BlobContainerProps) {
    super(scope, id);
    const { storage, containerName } = props;
    const checks = new SynthChecks(this);
    checkBucketName(checks, "containerName", ObjectStoreKind.AZURE_BLOB, containerName);
    checkUniqueName(checks, this, {
      kind: "blob container",
      property: "containerName",
      name: containerName,
      place: storage.node.path,
    });
    this.grants = new IdentityGrants(checks, "grantReadWrite", this.cloud);
    this.storage = storage;
    this.resource = new StorageContainer(this, "Resource", {
      name: containerName,
      storageAccountId: storage.resource.id,
      containerAccessType: "private",
      lifecycle: storage.retain ? { preventDestroy: true } : undefined,
      provider: storage.provider,
    });
    storage.protect(this.resource);
    this.bucketName = this.resource.name;
    this.region = storage.location;
    this.endpoint = storage.endpoint;
    this.accountName = storage.accountName;
    this.dependables = [this.resource, ...storage.dependables];
  }

  /**
   * Lets an identity read, write, delete and list the objects of this container, by a role in it. A new role takes Azure some
   * minutes to reach the account.
   *
   * @param identity an identity with an object id (`AksWorkloadIdentity`).
   */
  public grantReadWrite(identity: IWorkloadIdentity): void {
    const { principalId } = identity as IAzureWorkloadIdentity;
    if (!this.grants.begin(identity, principalId, "AksWorkloadIdentity")) return;
    const role = new RoleAssignment(this, `Objects-${identityPart(this, identity)}`, {
      scope: this.resource.id,
      roleDefinitionName: "Storage Blob Data Contributor",
      principalId,
      principalType: "ServicePrincipal",
      provider: this.storage.provider,
    });
    this.dependables.push(role);
  }
}
