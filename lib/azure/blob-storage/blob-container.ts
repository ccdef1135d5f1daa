import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { Cloud, type IGrant, type IWorkloadIdentity, type Protection } from "../../database";
import { checkUniqueName, GrowingDependables, requireProps, SynthChecks } from "../../database/private";
import { type IObjectStore, ObjectStoreKind } from "../../storage";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IAzureWorkloadIdentity } from "../identity/aks-workload-identity";
import { containerProtections } from "./blob-protection";
import { CONTAINER_NAME } from "./data/blob-storage-names";

/** A storage account for blob containers, whether this program creates it or not. */
export interface IBlobStorage extends IConstruct {
  /** Resource ID of the storage account; may be a token. */
  readonly accountId: string;
  /** Name of the storage account; may be a token. */
  readonly accountName: string;
  /** Azure region; may be a token. */
  readonly location: string;
  /** Host name of the blob service; may be a token. */
  readonly endpoint: string;
  /** True if Terraform refuses to destroy the containers. */
  readonly retain: boolean;
  /** Redundancy, such as `GZRS`. @default - not known */
  readonly replication?: string;
  /** Retention of deleted blobs and previous versions, in days; may be a token. @default - not known */
  readonly softDeleteDays?: number;
  /** Days after its creation during which no version of a blob can be deleted; may be a token. @default - no version-level immutability policy, or not known */
  readonly lockDays?: number;
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a container is used. */
  readonly dependables: ITerraformDependable[];

  /**
   * Adds a container to the dependencies of the management lock, if the account has one, so that it is destroyed after the lock.
   *
   * @param container the container.
   */
  protect(container: StorageContainer): void;

  /**
   * Grants an identity the role Storage Blob Delegator on the account; granting it again changes nothing. With it the identity signs
   * URLs (user delegation SAS), which give no more access than its other roles do.
   *
   * @param identity an identity with an object ID (`AksWorkloadIdentity`).
   */
  grantDelegation(identity: IWorkloadIdentity): IGrant;
}

/** Properties of a `BlobContainer`. */
export interface BlobContainerProps {
  /** Storage account of the container. */
  readonly storage: IBlobStorage;
  /**
   * Name of the container, 3 to 63 lower-case letters, digits and single hyphens. A change replaces the container.
   *
   * @see https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#container-names
   */
  readonly containerName: string;
}

/** Attributes of a blob container that exists already. */
export interface BlobContainerAttributes {
  /** Storage account of the container. */
  readonly storage: IBlobStorage;
  /**
   * Name of the container; may be a token.
   *
   * @see https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#container-names
   */
  readonly containerName: string;
}

abstract class BlobContainerBase extends Construct implements IObjectStore {
  public readonly kind = ObjectStoreKind.AZURE_BLOB;
  public readonly cloud = Cloud.AZURE;
  public readonly region: string;
  public readonly endpoint: string;
  public readonly accountName: string;
  /** Storage account of the container. */
  public readonly storage: IBlobStorage;
  public abstract readonly bucketName: string;
  /** Resource ID of the container. */
  protected abstract readonly containerId: string;
  protected readonly waitFor = new GrowingDependables();
  private readonly grants: IdentityGrants;

  public constructor(scope: Construct, id: string, storage: IBlobStorage) {
    super(scope, id);
    this.storage = storage;
    this.region = storage.location;
    this.endpoint = storage.endpoint;
    this.accountName = storage.accountName;
    this.grants = new IdentityGrants(new SynthChecks(this, "BLOB"), "grantReadWrite", this.cloud);
  }

  public get dependables(): ITerraformDependable[] {
    return this.waitFor.all;
  }

  /** Days of the version-level immutability policy of the storage account. Not set without one, or if it is not known. */
  public get lockDays(): number | undefined {
    return this.storage.lockDays;
  }

  /** Versioning, soft delete and geo-redundancy of the storage account. Not set if they are not known. */
  public get protections(): readonly Protection[] | undefined {
    const { replication, softDeleteDays } = this.storage;
    if (replication === undefined || softDeleteDays === undefined) return undefined;
    return containerProtections({
      containerName: this.bucketName,
      accountName: this.accountName,
      endpoint: this.endpoint,
      location: this.region,
      softDeleteDays,
      replication,
      lockDays: this.lockDays,
    });
  }

  /**
   * Grants an identity the role Storage Blob Data Contributor on this container: read, write, delete and list. A new role
   * assignment takes some minutes to take effect.
   *
   * @param identity an identity with an object ID (`AksWorkloadIdentity`).
   */
  public grantReadWrite(identity: IWorkloadIdentity): IGrant {
    const { principalId } = identity as IAzureWorkloadIdentity;
    return this.grants.grant(identity, principalId, "AksWorkloadIdentity", () => {
      const role = new RoleAssignment(this, `Objects-${identityPart(this, identity)}`, {
        scope: this.containerId,
        roleDefinitionName: "Storage Blob Data Contributor",
        principalId,
        principalType: "ServicePrincipal",
        provider: this.storage.provider,
      });
      this.waitFor.add(role);
      return { dependables: [role] };
    });
  }

  /**
   * Grants an identity permission to sign URLs of blobs: the role Storage Blob Delegator on the storage account, since a user
   * delegation key belongs to the account. Such a URL gives access only to what the identity itself may read or write.
   *
   * @param identity an identity with an object ID (`AksWorkloadIdentity`).
   * @see https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
   */
  public grantSignUrls(identity: IWorkloadIdentity): IGrant {
    return this.storage.grantDelegation(identity);
  }
}

/**
 * A private blob container. Access to one container gives no access to the others of the storage account.
 * `BlobStorage.container` creates one too.
 *
 * @see https://learn.microsoft.com/azure/storage/blobs/storage-blobs-introduction
 *
 * @example
 * const storage = new BlobStorage(this, "objects", { network });
 * const container = new BlobContainer(this, "uploads", { storage, containerName: "uploads" });
 * container.grantReadWrite(identity);
 */
export class BlobContainer extends BlobContainerBase {
  /**
   * A blob container that exists already. Grants create role assignments on it.
   *
   * @param attributes storage account and name.
   */
  public static fromContainerAttributes(
    scope: Construct,
    id: string,
    attributes: BlobContainerAttributes,
  ): IObjectStore {
    return new ExistingBlobContainer(scope, id, attributes);
  }

  public readonly bucketName: string;
  /** The container resource. */
  public readonly resource: StorageContainer;
  protected readonly containerId: string;

  public constructor(scope: Construct, id: string, props: BlobContainerProps) {
    requireProps(`${scope.node.path}/${id}`, "BLOB", props, { storage: true, containerName: true });
    const { storage, containerName } = props;
    super(scope, id, storage);
    const checks = new SynthChecks(this, "BLOB");
    checks.matches("containerName", containerName, CONTAINER_NAME.pattern, CONTAINER_NAME.rule);
    checkUniqueName(checks, this, {
      kind: "blob container",
      property: "containerName",
      name: containerName,
      place: storage.node.path,
    });
    this.resource = new StorageContainer(this, "Resource", {
      name: containerName,
      storageAccountId: storage.accountId,
      containerAccessType: "private",
      lifecycle: storage.retain ? { preventDestroy: true } : undefined,
      provider: storage.provider,
    });
    storage.protect(this.resource);
    this.containerId = this.resource.id;
    this.bucketName = this.resource.name;
    this.waitFor.addFirst(this.resource, ...storage.dependables);
  }
}

class ExistingBlobContainer extends BlobContainerBase {
  public readonly bucketName: string;
  protected readonly containerId: string;

  public constructor(scope: Construct, id: string, attributes: BlobContainerAttributes) {
    requireProps(`${scope.node.path}/${id}`, "BLOB", attributes, { storage: true, containerName: true });
    const { storage, containerName } = attributes;
    super(scope, id, storage);
    const { pattern, rule } = CONTAINER_NAME;
    new SynthChecks(this, "BLOB").matches("containerName", containerName, pattern, rule);
    this.bucketName = containerName;
    this.containerId = `${storage.accountId}/blobServices/default/containers/${containerName}`;
    this.waitFor.addFirst(...storage.dependables);
  }
}
