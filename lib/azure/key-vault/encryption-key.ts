// Customer-managed keys: the server or storage account reads the key as a user-assigned identity, which needs a role on the
// key vault before the server is created.

import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName, type SynthChecks } from "../../database/private";
import { checkResourceId } from "../private/resource-checks";

/**
 * A customer-managed key in a key vault. Azure requires purge protection on the key vault.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/security-data-encryption
 */
export interface KeyVaultKey {
  /**
   * Key identifier, such as `https://name.vault.azure.net/keys/key`; may be a token. Without a version Azure uses the newest one, so that
   * the rotation of the key in the key vault needs no change here: PostgreSQL servers and storage accounts. MySQL servers and keys of
   * geo-redundant backups need an identifier with a version, `.../keys/key/0123...`: the azurerm provider has no setting for the
   * rotation there (hashicorp/terraform-provider-azurerm#32619, #30216).
   * @see https://learn.microsoft.com/azure/postgresql/flexible-server/security-data-encryption
   */
  readonly keyId: string;
  /**
   * Resource ID of the key vault, on which the identity gets the role Key Vault Crypto Service Encryption User. The key vault
   * must use Azure role-based access control. May be a token.
   */
  readonly keyVaultId: string;
  /** Resource ID of a user-assigned identity that has access to the key. @default - an identity with the role is created */
  readonly identityId?: string;
}

/** The customer-managed key of geo-redundant backups, in the paired region. */
export interface GeoBackupKey extends KeyVaultKey {
  /** The paired region, in which the key vault and the identity are. */
  readonly location: string;
}

/** The customer-managed keys of a server. */
export interface ServerEncryptionKey extends KeyVaultKey {
  /** Key of geo-redundant backups; required where they are on, refused where they are off. @default - none */
  readonly geoBackup?: GeoBackupKey;
}

/** Where the identities of a key are created. @internal */
export interface KeyPlacement {
  readonly resourceGroupName: string;
  readonly location: string;
  readonly geoRedundantBackup: boolean;
  /** True if the key identifier must have a version. */
  readonly needsVersion?: boolean;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

const KEY =
  "^https://[a-zA-Z0-9-]+\\.vault\\.(azure\\.net|azure\\.cn|usgovcloudapi\\.net)/keys/[a-zA-Z0-9-]+";
const ANY_VERSION = new RegExp(`${KEY}(/[0-9a-f]{32})?$`);
const WITH_VERSION = new RegExp(`${KEY}/[0-9a-f]{32}$`);

/**
 * The identities that read a server's customer-managed keys, and the server arguments that follow from them.
 *
 * @internal
 */
export class EncryptionKeyAccess extends Construct {
  /** Resource IDs of the identities. */
  public readonly identityIds: string[];
  /** The `customer_managed_key` block of the server. */
  public readonly customerManagedKey: {
    readonly keyVaultKeyId: string;
    readonly primaryUserAssignedIdentityId: string;
    readonly geoBackupKeyVaultKeyId?: string;
    readonly geoBackupUserAssignedIdentityId?: string;
  };
  /** Role assignments that must exist before the server is created. */
  public readonly dependables: ITerraformDependable[] = [];
  private readonly placement: KeyPlacement;

  public constructor(
    scope: Construct,
    id: string,
    key: ServerEncryptionKey,
    checks: SynthChecks,
    placement: KeyPlacement,
  ) {
    super(scope, id);
    this.placement = placement;
    const { geoBackup } = key;
    checkKey(checks, "encryptionKey", key, placement.needsVersion ?? false);
    if (geoBackup) checkKey(checks, "encryptionKey.geoBackup", geoBackup, true);
    if (placement.geoRedundantBackup && !geoBackup) {
      checks.fail(
        "encryptionKey.geoBackup",
        geoBackup,
        "must be set where backups are geo-redundant, to a key in the paired region; or set geoRedundantBackup: false",
      );
    } else if (!placement.geoRedundantBackup && geoBackup) {
      checks.fail(
        "encryptionKey.geoBackup",
        geoBackup.keyId,
        "must not be set where backups are not geo-redundant",
      );
    }
    if (geoBackup?.identityId !== undefined && geoBackup.identityId === key.identityId) {
      checks.fail(
        "encryptionKey.geoBackup.identityId",
        geoBackup.identityId,
        "must be another identity than encryptionKey.identityId, created in the paired region",
      );
    }
    const identity = this.identity("Identity", key, placement.location);
    const geoIdentity = geoBackup && this.identity("GeoBackupIdentity", geoBackup, geoBackup.location);
    this.identityIds = geoIdentity ? [identity, geoIdentity] : [identity];
    this.customerManagedKey = {
      keyVaultKeyId: key.keyId,
      primaryUserAssignedIdentityId: identity,
      geoBackupKeyVaultKeyId: geoBackup?.keyId,
      geoBackupUserAssignedIdentityId: geoIdentity,
    };
  }

  private identity(id: string, key: KeyVaultKey, location: string): string {
    if (key.identityId !== undefined) return key.identityId;
    const { resourceGroupName, tags, provider, dependsOn } = this.placement;
    const identity = new UserAssignedIdentity(this, id, {
      name: physicalName(this, 110) + (id === "Identity" ? "" : "-geo"),
      resourceGroupName,
      location,
      tags,
      provider,
      dependsOn,
    });
    const role = new RoleAssignment(this, `${id}Role`, {
      scope: key.keyVaultId,
      roleDefinitionName: "Key Vault Crypto Service Encryption User",
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
      provider,
    });
    this.dependables.push(role);
    return identity.id;
  }
}

function checkKey(checks: SynthChecks, property: string, key: KeyVaultKey, needsVersion: boolean): void {
  for (const name of ["keyId", "keyVaultId"] as const) {
    if (key[name] === undefined) checks.fail(`${property}.${name}`, undefined, "must be set");
  }
  checks.matches(
    `${property}.keyId`,
    key.keyId,
    needsVersion ? WITH_VERSION : ANY_VERSION,
    needsVersion
      ? "must be a key identifier with its version, such as https://name.vault.azure.net/keys/key/0123..."
      : "must be a key identifier such as https://name.vault.azure.net/keys/key; leave the version out to follow the rotation of the key",
  );
  checkResourceId(checks, `${property}.keyVaultId`, key.keyVaultId, "vaults");
  checkResourceId(checks, `${property}.identityId`, key.identityId, "userAssignedIdentities");
}
