// A customer's key: the server reads it as a user-assigned identity of its own, which needs a role on the key's vault
// before the server is made.

import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName, type SynthChecks } from "../../database/private";
import { checkResourceId } from "../network/virtual-network-checks";

/** A key of your own and where it is. The vault needs purge protection, which Azure demands. */
export interface VaultKey {
  /** The key's id with its version, such as `https://name.vault.azure.net/keys/key/version`; may be a token. */
  readonly keyId: string;
  /**
   * The resource id of the vault, in which the server's identity gets the role "Key Vault Crypto Service Encryption
   * User". The vault has to grant access by roles. May be a token.
   */
  readonly keyVaultId: string;
  /** The resource id of an identity that may use the key already. @default - an identity of its own, with the role */
  readonly identityId?: string;
}

/** The key of the copies that geo-redundant backups keep in the paired region. */
export interface GeoBackupKey extends VaultKey {
  /** The paired region, in which the vault has to be. */
  readonly location: string;
}

/** The keys that encrypt a server. */
export interface ServerEncryptionKey extends VaultKey {
  /** The key for the paired region; required with geo-redundant backups, refused without. @default - none */
  readonly geoBackup?: GeoBackupKey;
}

/** Where the identities of a key are made. @internal */
export interface KeyPlace {
  readonly resourceGroupName: string;
  readonly location: string;
  readonly geoRedundantBackup: boolean;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

const KEY_ID = /^https:\/\/[a-zA-Z0-9-]+\.vault\.azure\.net\/keys\/[a-zA-Z0-9-]+\/[0-9a-f]{32}$/;

/**
 * The identities that read a server's keys, and the arguments that follow from them.
 *
 * @internal
 */
export class KeyAccess extends Construct {
  /** The identities of the server. */
  public readonly identityIds: string[];
  /** The block of the server. */
  public readonly customerManagedKey: {
    readonly keyVaultKeyId: string;
    readonly primaryUserAssignedIdentityId: string;
    readonly geoBackupKeyVaultKeyId?: string;
    readonly geoBackupUserAssignedIdentityId?: string;
  };
  /** What has to exist before the server. */
  public readonly dependables: ITerraformDependable[] = [];
  private readonly place: KeyPlace;

  public constructor(
    scope: Construct,
    id: string,
    key: ServerEncryptionKey,
    checks: SynthChecks,
    place: KeyPlace,
  ) {
    super(scope, id);
    this.place = place;
    const { geoBackup } = key;
    this.check(checks, "encryptionKey", key);
    if (geoBackup) this.check(checks, "encryptionKey.geoBackup", geoBackup);
    if (place.geoRedundantBackup && !geoBackup) {
      checks.fail(
        "encryptionKey.geoBackup",
        geoBackup,
        "geo-redundant backups need a key in the paired region too; give it, or set geoRedundantBackup: false",
      );
    } else if (!place.geoRedundantBackup && geoBackup) {
      checks.fail("encryptionKey.geoBackup", geoBackup.keyId, "leave it out without geo-redundant backups");
    }
    if (geoBackup?.identityId !== undefined && geoBackup.identityId === key.identityId) {
      checks.fail(
        "encryptionKey.geoBackup.identityId",
        geoBackup.identityId,
        "the identity has to be another one, made in the paired region",
      );
    }
    const identity = this.identity("Identity", key, place.location);
    const geoIdentity = geoBackup && this.identity("GeoBackupIdentity", geoBackup, geoBackup.location);
    this.identityIds = geoIdentity ? [identity, geoIdentity] : [identity];
    this.customerManagedKey = {
      keyVaultKeyId: key.keyId,
      primaryUserAssignedIdentityId: identity,
      geoBackupKeyVaultKeyId: geoBackup?.keyId,
      geoBackupUserAssignedIdentityId: geoIdentity,
    };
  }

  private check(checks: SynthChecks, property: string, key: VaultKey): void {
    checks.matches(
      `${property}.keyId`,
      key.keyId,
      KEY_ID,
      "allowed is the id of a key with its version, such as https://name.vault.azure.net/keys/key/0123...",
    );
    checkResourceId(checks, `${property}.keyVaultId`, key.keyVaultId, "vaults");
    checkResourceId(checks, `${property}.identityId`, key.identityId, "userAssignedIdentities");
  }

  private identity(id: string, key: VaultKey, location: string): string {
    if (key.identityId !== undefined) return key.identityId;
    const { resourceGroupName, tags, provider, dependsOn } = this.place;
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
