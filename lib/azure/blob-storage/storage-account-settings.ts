// What every storage account of ours has in common: nobody is let in without a role, everything is encrypted, and what was
// deleted can be got back.

import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import type { StorageAccount, StorageAccountConfig } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageManagementPolicy } from "@cdktf/provider-azurerm/lib/storage-management-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { SynthChecks } from "../../database/private";
import { checkAccountName, checkBucketName, ObjectStoreKind } from "../../storage";
import type { KeyAccess } from "../flexible-server/server-key";

/** What an account follows from. @internal */
export interface AccountSettings {
  readonly accountName: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly replication?: string;
  readonly recoverDays: number;
  readonly key?: KeyAccess;
  readonly retain: boolean;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** @internal */
export function storageAccountSettings(settings: AccountSettings): StorageAccountConfig {
  const { key, recoverDays } = settings;
  return {
    name: settings.accountName,
    resourceGroupName: settings.resourceGroupName,
    location: settings.location,
    accountTier: "Standard",
    accountKind: "StorageV2",
    accountReplicationType: settings.replication ?? "GZRS",
    minTlsVersion: "TLS1_2",
    httpsTrafficOnlyEnabled: true,
    allowNestedItemsToBePublic: false,
    publicNetworkAccessEnabled: false,
    sharedAccessKeyEnabled: false,
    localUserEnabled: false,
    crossTenantReplicationEnabled: false,
    defaultToOauthAuthentication: true,
    infrastructureEncryptionEnabled: true,
    networkRules: { defaultAction: "Deny", bypass: ["AzureServices"] },
    blobProperties: {
      versioningEnabled: true,
      changeFeedEnabled: true,
      deleteRetentionPolicy: { days: recoverDays },
      containerDeleteRetentionPolicy: { days: recoverDays },
    },
    sasPolicy: { expirationPeriod: "00.01:00:00", expirationAction: "Log" },
    ...(key
      ? {
          identity: { type: "UserAssigned", identityIds: key.identityIds },
          customerManagedKey: {
            keyVaultKeyId: key.customerManagedKey.keyVaultKeyId,
            userAssignedIdentityId: key.customerManagedKey.primaryUserAssignedIdentityId,
          },
        }
      : {}),
    lifecycle: settings.retain ? { preventDestroy: true } : undefined,
    tags: settings.tags,
    provider: settings.provider,
    dependsOn: [...(key?.dependables ?? []), ...(settings.dependsOn ?? [])],
  };
}

/** What deletes old versions and, where asked, old files. @internal */
export function storageLifecycle(
  scope: Construct,
  account: StorageAccount,
  settings: AccountSettings,
  deleteAfterDays: number | undefined,
): StorageManagementPolicy {
  return new StorageManagementPolicy(scope, "Lifecycle", {
    storageAccountId: account.id,
    rule: [
      {
        name: "expire",
        enabled: true,
        filters: { blobTypes: ["blockBlob"] },
        actions: {
          ...(deleteAfterDays === undefined
            ? {}
            : { baseBlob: { deleteAfterDaysSinceModificationGreaterThan: deleteAfterDays } }),
          version: { deleteAfterDaysSinceCreation: settings.recoverDays },
        },
      },
    ],
    provider: settings.provider,
  });
}

/** What keeps everybody from deleting, past Terraform too: Azure deletes accounts and registries that are not empty. @internal */
export function deletionLock(
  scope: Construct,
  name: string,
  resourceId: string,
  notes: string,
  options: { readonly provider?: TerraformProvider; readonly dependsOn?: ITerraformDependable[] },
): ManagementLock {
  return new ManagementLock(scope, "Lock", {
    name: `${name}-lock`,
    scope: resourceId,
    lockLevel: "CanNotDelete",
    notes,
    ...options,
  });
}

/** Reports what Azure refuses of any account. @internal */
export function checkStorageAccount(
  checks: SynthChecks,
  props: {
    readonly accountName?: string;
    readonly containerName?: string;
    readonly replication?: string;
    readonly deleteAfterDays?: number;
    readonly recoverDays?: number;
  },
): void {
  checkAccountName(checks, "accountName", props.accountName);
  checkBucketName(checks, "containerName", ObjectStoreKind.AZURE_BLOB, props.containerName);
  const replications = ["GZRS", "ZRS", "GRS", "RAGRS", "RAGZRS"];
  checks.check(
    "replication",
    props.replication,
    () => replications.includes(props.replication as string),
    `allowed are ${replications.join(", ")}; LRS loses everything with one building`,
  );
  checks.wholeNumber("deleteAfterDays", props.deleteAfterDays, 1, 36_500, "days");
  checks.wholeNumber("recoverDays", props.recoverDays, 7, 365, "days");
}
