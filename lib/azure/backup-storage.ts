import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import { StorageManagementPolicy } from "@cdktf/provider-azurerm/lib/storage-management-policy";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SynthChecks } from "../database";
import type { DatabaseNetwork } from "./database-network";
import { GlobalName } from "./global-name";
import { KeyAccess, type VaultKey } from "./server-key";

/** Properties of a `BackupStorage`. */
export interface BackupStorageProps {
  /** The network in which the account gets its private endpoint. */
  readonly network: DatabaseNetwork;
  /** The account's name, 3 to 24 lower-case letters and digits, unique in all of Azure. @default - the construct's path and a suffix that never changes */
  readonly accountName?: string;
  /** The container's name, 3 to 63 lower-case letters, digits and single hyphens. @default backups */
  readonly containerName?: string;
  /** The resource group. @default - the network's */
  readonly resourceGroupName?: string;
  /** The region. @default - the network's */
  readonly location?: string;
  /** Where copies are: `GZRS` in three zones and the paired region, `ZRS`, `GRS`, `RAGRS` or `RAGZRS`. @default GZRS */
  readonly replication?: string;
  /** After how many days a file is deleted, 1 to 36500. @default - never */
  readonly deleteAfterDays?: number;
  /** How long deleted and overwritten files can be recovered, 7 to 365 days. @default 30 */
  readonly recoverDays?: number;
  /** The key that encrypts the files. @default - a key of Microsoft's */
  readonly encryptionKey?: VaultKey;
  /** The object ids of those who may write and read files, by a name of your choice, such as a workload identity's. @default - nobody */
  readonly writerObjectIds?: { readonly [name: string]: string };
  /** Whether Terraform refuses to destroy account and container, with a lock against everybody else. @default true */
  readonly retain?: boolean;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the network's; it needs `storage_use_azuread` */
  readonly provider?: TerraformProvider;
  /** The provider of the name's suffix. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A storage account with one container for backups and exports: private, without access keys, with versions and deletes that
 * can be undone. The provider has to work with Entra identities (`storage_use_azuread = true`).
 *
 * @example
 * const storage = new BackupStorage(this, "backups", { network, writerObjectIds: { velero: identity.principalId } });
 */
export class BackupStorage extends Construct {
  /** The account. */
  public readonly account: StorageAccount;
  /** The container. */
  public readonly container: StorageContainer;
  /** The account's name. */
  public readonly accountName: string;
  /** The container's name. */
  public readonly containerName: string;
  /** What has to exist before files are written. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: BackupStorageProps) {
    super(scope, id);
    const { network, tags, dependsOn } = props;
    const provider = props.provider ?? network.provider;
    const retain = props.retain ?? true;
    const recoverDays = props.recoverDays ?? 30;
    const resourceGroupName = props.resourceGroupName ?? network.resourceGroupName;
    const location = props.location ?? network.location;
    const checks = new SynthChecks(this);
    check(checks, props);
    this.accountName =
      props.accountName ??
      new GlobalName(this, "Name", { maxLength: 24, hyphens: false, randomProvider: props.randomProvider })
        .value;
    this.containerName = props.containerName ?? "backups";
    const key =
      props.encryptionKey &&
      new KeyAccess(this, "Key", props.encryptionKey, checks, {
        resourceGroupName,
        location,
        geoRedundantBackup: false,
        tags,
        provider,
        dependsOn,
      });
    const lifecycle = retain ? { preventDestroy: true } : undefined;
    this.account = new StorageAccount(this, "Account", {
      name: this.accountName,
      resourceGroupName,
      location,
      accountTier: "Standard",
      accountKind: "StorageV2",
      accountReplicationType: props.replication ?? "GZRS",
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
      lifecycle,
      tags,
      provider,
      dependsOn: [...(key?.dependables ?? []), ...(dependsOn ?? [])],
    });
    this.container = new StorageContainer(this, "Container", {
      name: this.containerName,
      storageAccountId: this.account.id,
      containerAccessType: "private",
      lifecycle,
      provider,
    });
    new StorageManagementPolicy(this, "Lifecycle", {
      storageAccountId: this.account.id,
      rule: [
        {
          name: "expire",
          enabled: true,
          filters: { blobTypes: ["blockBlob"] },
          actions: {
            ...(props.deleteAfterDays === undefined
              ? {}
              : { baseBlob: { deleteAfterDaysSinceModificationGreaterThan: props.deleteAfterDays } }),
            version: { deleteAfterDaysSinceCreation: recoverDays },
          },
        },
      ],
      provider,
    });
    if (retain) {
      new ManagementLock(this, "Lock", {
        name: `${this.accountName}-lock`,
        scope: this.account.id,
        lockLevel: "CanNotDelete",
        notes: "Holds backups. Set retain: false in the program before deleting it.",
        provider,
        dependsOn: [this.container],
      });
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

function check(checks: SynthChecks, props: BackupStorageProps): void {
  checks.matches(
    "accountName",
    props.accountName,
    /^[a-z0-9]{3,24}$/,
    "allowed are 3 to 24 lower-case letters and digits; unique in all of Azure",
  );
  checks.matches(
    "containerName",
    props.containerName,
    /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    "allowed are 3 to 63 lower-case letters, digits and single hyphens, with no hyphen first or last",
  );
  const replications = ["GZRS", "ZRS", "GRS", "RAGRS", "RAGZRS"];
  checks.check(
    "replication",
    props.replication,
    () => replications.includes(props.replication as string),
    `allowed are ${replications.join(", ")}; LRS loses everything with one building`,
  );
  checks.wholeNumber("deleteAfterDays", props.deleteAfterDays, 1, 36_500, "days");
  checks.wholeNumber("recoverDays", props.recoverDays, 7, 365, "days");
  if (props.retain === false)
    checks.optOut("retain: the backups are deleted when the construct leaves the program");
}
