import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SynthChecks } from "../../database/private";
import { KeyAccess, type VaultKey } from "../flexible-server/server-key";
import type { DatabaseNetwork } from "../network/database-network";
import { GlobalName } from "../private/global-name";
import {
  checkStorageAccount,
  deletionLock,
  storageAccountSettings,
  storageLifecycle,
} from "./storage-account-settings";

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
    const settings = {
      accountName: this.accountName,
      resourceGroupName,
      location,
      replication: props.replication,
      recoverDays: props.recoverDays ?? 30,
      key,
      retain,
      tags,
      provider,
      dependsOn,
    };
    this.account = new StorageAccount(this, "Account", storageAccountSettings(settings));
    this.container = new StorageContainer(this, "Container", {
      name: this.containerName,
      storageAccountId: this.account.id,
      containerAccessType: "private",
      lifecycle: retain ? { preventDestroy: true } : undefined,
      provider,
    });
    storageLifecycle(this, this.account, settings, props.deleteAfterDays);
    if (retain) {
      const notes = "Holds backups. Set retain: false in the program before deleting it.";
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

function check(checks: SynthChecks, props: BackupStorageProps): void {
  checkStorageAccount(checks, props);
  if (props.retain === false)
    checks.optOut("retain: the backups are deleted when the construct leaves the program");
}
