// Arguments that all storage accounts have in common: no access without a role, encryption, and recovery of deleted data.

import type { StorageAccount, StorageAccountConfig } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageManagementPolicy } from "@cdktf/provider-azurerm/lib/storage-management-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { SynthChecks } from "../../database/private";
import type { EncryptionKeyAccess } from "../key-vault/encryption-key";
import { checkTags } from "../private/resource-checks";
import { ACCOUNT_NAME, CONTAINER_NAME } from "./data/blob-storage-names";

/** Default retention of deleted and overwritten blobs, in days. @internal */
export const DEFAULT_SOFT_DELETE_DAYS = 30;

/** Redundancy by default. @internal */
export const DEFAULT_REPLICATION = "GZRS";

/** Settings from which the arguments of a storage account follow. @internal */
export interface StorageAccountSettings {
  readonly accountName: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly replication?: string;
  readonly softDeleteDays?: number;
  readonly key?: EncryptionKeyAccess;
  readonly retain: boolean;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** @internal */
export function storageAccountArguments(settings: StorageAccountSettings): StorageAccountConfig {
  const { key, softDeleteDays = DEFAULT_SOFT_DELETE_DAYS } = settings;
  return {
    name: settings.accountName,
    resourceGroupName: settings.resourceGroupName,
    location: settings.location,
    accountTier: "Standard",
    accountKind: "StorageV2",
    accountReplicationType: settings.replication ?? DEFAULT_REPLICATION,
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
      deleteRetentionPolicy: { days: softDeleteDays },
      containerDeleteRetentionPolicy: { days: softDeleteDays },
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

/**
 * The lifecycle management policy, which deletes previous versions and, where `expireDays` is set, blobs.
 *
 * @see https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview
 * @internal
 */
export function storageLifecycle(
  scope: Construct,
  account: StorageAccount,
  settings: StorageAccountSettings,
  expireDays: number | undefined,
): StorageManagementPolicy {
  return new StorageManagementPolicy(scope, "Lifecycle", {
    storageAccountId: account.id,
    rule: [
      {
        name: "expire",
        enabled: true,
        filters: { blobTypes: ["blockBlob"] },
        actions: {
          ...(expireDays === undefined
            ? {}
            : { baseBlob: { deleteAfterDaysSinceModificationGreaterThan: expireDays } }),
          version: { deleteAfterDaysSinceCreation: settings.softDeleteDays ?? DEFAULT_SOFT_DELETE_DAYS },
        },
      },
    ],
    provider: settings.provider,
  });
}

/** Reports illegal properties of a storage account. @internal */
export function checkStorageAccount(
  scope: Construct,
  checks: SynthChecks,
  props: {
    readonly accountName?: string;
    readonly containerName?: string;
    readonly replication?: string;
    readonly expireDays?: number;
    readonly softDeleteDays?: number;
    readonly tags?: { readonly [name: string]: string };
  },
): void {
  checks.matches("accountName", props.accountName, ACCOUNT_NAME.pattern, ACCOUNT_NAME.rule);
  checks.matches("containerName", props.containerName, CONTAINER_NAME.pattern, CONTAINER_NAME.rule);
  const replications = ["GZRS", "ZRS", "GRS", "RAGRS", "RAGZRS"];
  checks.check(
    "replication",
    props.replication,
    () => replications.includes(props.replication as string),
    `must be one of ${replications.join(", ")}; LRS keeps all copies in one data center`,
  );
  checks.wholeNumber("expireDays", props.expireDays, 1, 36_500, "days");
  checks.wholeNumber("softDeleteDays", props.softDeleteDays, 7, 365, "days");
  checkTags(checks, scope, props.tags, 128);
}
