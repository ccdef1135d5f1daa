import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { Cloud, type IGrant, type IWorkloadIdentity } from "../../database";
import type { GrowingDependables, SynthChecks } from "../../database/private";
import { IdentityGrants, identityPart } from "../../storage/private";
import type { IAzureWorkloadIdentity } from "../identity/aks-workload-identity";
import type { IBlobStorage } from "./blob-container";

/**
 * The role assignments with which identities sign URLs of a storage account (user delegation SAS), one for each identity: Azure refuses
 * a second one of the same role. A role on a container does not include it, since the key is the account's.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key
 * @internal
 */
export class BlobDelegation {
  private readonly storage: IBlobStorage;
  private readonly waitFor: GrowingDependables;
  private readonly grants: IdentityGrants;

  /**
   * @param storage the storage account.
   * @param checks where to report.
   * @param waitFor what the consumers of all containers wait for.
   */
  public constructor(storage: IBlobStorage, checks: SynthChecks, waitFor: GrowingDependables) {
    this.storage = storage;
    this.waitFor = waitFor;
    this.grants = new IdentityGrants(checks, "grantSignUrls", Cloud.AZURE);
  }

  public grant(identity: IWorkloadIdentity): IGrant {
    const { storage } = this;
    const { principalId } = identity as IAzureWorkloadIdentity;
    return this.grants.grant(identity, principalId, "AksWorkloadIdentity", () => {
      const role = new RoleAssignment(storage, `Delegator-${identityPart(storage, identity)}`, {
        scope: storage.accountId,
        roleDefinitionName: "Storage Blob Delegator",
        principalId,
        principalType: "ServicePrincipal",
        provider: storage.provider,
      });
      this.waitFor.add(role);
      return { dependables: [role] };
    });
  }
}
