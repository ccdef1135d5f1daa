import type { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { IGrant, IWorkloadIdentity } from "../../database";
import {
  GrowingDependables,
  isResolved,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { checkResourceId } from "../private/resource-checks";
import type { IBlobStorage } from "./blob-container";
import { LOCK_DAYS } from "./blob-lock";
import { ENDPOINT_SUFFIXES } from "./data/blob-storage-names";
import { BlobDelegation } from "./delegation";

/** Attributes of a storage account that exists already. */
export interface StorageAccountAttributes {
  /**
   * Resource ID of the storage account; may be a token.
   *
   * @see https://learn.microsoft.com/azure/storage/common/storage-account-get-info
   */
  readonly accountId: string;
  /**
   * Azure region.
   *
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location: string;
  /**
   * Host name of the blob service. @default - that of the account in the cloud of `location`; of the public cloud if that is a token
   *
   * @see https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-endpoints
   */
  readonly endpoint?: string;
  /** Days of the account's version-level immutability policy; may be a token. @default - none, or not known */
  readonly lockDays?: number;
  /** Enables `prevent_destroy` of the containers that are created in the account. @default true */
  readonly retain?: boolean;
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before a container is used. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** A storage account that exists already; creates nothing. @internal */
export class ExistingBlobStorage extends Construct implements IBlobStorage {
  public readonly accountId: string;
  public readonly accountName: string;
  public readonly location: string;
  public readonly endpoint: string;
  public readonly retain: boolean;
  public readonly lockDays?: number;
  public readonly provider?: TerraformProvider;
  private readonly waitFor = new GrowingDependables();
  private readonly delegation: BlobDelegation;

  public constructor(scope: Construct, id: string, attributes: StorageAccountAttributes) {
    super(scope, id);
    requireProps(this.node.path, "BLOB", attributes, { accountId: true, location: true });
    const checks = new SynthChecks(this, "BLOB");
    const { accountId } = attributes;
    checkResourceId(checks, "accountId", accountId, "storageAccounts");
    this.accountId = accountId;
    this.accountName = isResolved(accountId)
      ? (accountId.split("/").at(-1) ?? "")
      : terraformCall("basename", accountId);
    this.location = attributes.location;
    this.endpoint = attributes.endpoint ?? blobEndpoint(this.accountName, attributes.location);
    this.retain = attributes.retain ?? true;
    this.lockDays = attributes.lockDays;
    checks.wholeNumber("lockDays", attributes.lockDays, 1, LOCK_DAYS, "days");
    this.provider = attributes.provider;
    this.waitFor.addFirst(...(attributes.dependsOn ?? []));
    this.delegation = new BlobDelegation(this, checks, this.waitFor);
  }

  public get dependables(): ITerraformDependable[] {
    return this.waitFor.all;
  }

  public grantDelegation(identity: IWorkloadIdentity): IGrant {
    return this.delegation.grant(identity);
  }

  /** Does nothing: this program creates no lock on the account. */
  public protect(_container: StorageContainer): void {}
}

/** Host name of the blob service of an account, by the prefix of its region, which may be written as `West Europe`. */
function blobEndpoint(accountName: string, location: string): string {
  const region = isResolved(location) ? location.toLowerCase().replace(/ /g, "") : "";
  return `${accountName}.${ENDPOINT_SUFFIXES.find(([pattern]) => pattern.test(region))?.[1]}`;
}
