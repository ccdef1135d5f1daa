// Administrators of a server, and the generated passwords of its logins.

import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { DatabaseLogin } from "../../database";
import {
  checkAdminName,
  checkCloneNames,
  isResolved,
  ownerOrAlternating,
  type SynthChecks,
  shortHash,
  userVersions,
} from "../../database/private";
import type { ISecretVault } from "../key-vault/secret-vault";
import { GeneratedSecret } from "../key-vault/secrets";
import { RESERVED_NAMES } from "./data/names";
import type { FlexibleServerSpec } from "./flexible-server";

/** Default administrator name: allowed on every cloud, and not the first name that attackers try. */
const DEFAULT_ADMIN_NAME = "dbadmin";

/** Options of `AzureAdminLogin.generated`. */
export interface AzureAdminLoginOptions {
  /**
   * Administrator name; cannot be changed later. @default dbadmin
   *
   * @see https://learn.microsoft.com/azure/postgresql/security/security-manage-database-users
   */
  readonly username?: string;
}

/**
 * The administrator login of a flexible server (`administrator_login`).
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-security
 */
export class AzureAdminLogin {
  /**
   * An administrator with a generated password, which is stored in the server's key vault and rotated with `passwordVersion`.
   *
   * @param options the name. @default - dbadmin
   */
  public static generated(options: AzureAdminLoginOptions = {}): AzureAdminLogin {
    return new AzureAdminLogin(options.username ?? DEFAULT_ADMIN_NAME);
  }

  /**
   * An administrator whose password you manage; `StoredSecret` reads it from a key vault.
   *
   * @param login name and password.
   */
  public static given(login: DatabaseLogin): AzureAdminLogin {
    return new AzureAdminLogin(login.username, login);
  }

  /**
   * The administrator that an adopted server has. Terraform never sets the password on the server; set-up jobs log in with it. Use `given`
   * with the same login to rotate it later. Refused without `adoptConstruct`.
   *
   * @param login name and password.
   */
  public static existing(login: DatabaseLogin): AzureAdminLogin {
    return new AzureAdminLogin(login.username, login, true);
  }

  /** Administrator name. */
  public readonly username: string;
  /** The login whose password the user manages. @internal */
  public readonly _login?: DatabaseLogin;

  /** True for the administrator of a server that exists. @internal */
  public readonly _exists: boolean;

  private constructor(username: string, login?: DatabaseLogin, exists = false) {
    this.username = username;
    this._login = login;
    this._exists = exists;
  }
}

/** Principal type of a Microsoft Entra administrator. */
export enum EntraPrincipalType {
  /** A user. */
  USER = "User",
  /** A group: recommended, since its members can change. */
  GROUP = "Group",
  /** A service principal or managed identity. */
  SERVICE_PRINCIPAL = "ServicePrincipal",
}

/**
 * A Microsoft Entra administrator of a server. Applications may still use password authentication.
 *
 * @see https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-azure-ad-authentication
 */
export interface EntraAdministrator {
  /** Object ID of the principal; may be a token. */
  readonly objectId: string;
  /** Display name of the principal, or the user principal name of a user. */
  readonly principalName: string;
  /** Principal type; not used by MySQL. @default EntraPrincipalType.GROUP */
  readonly principalType?: EntraPrincipalType;
  /** Tenant ID. @default - the provider's */
  readonly tenantId?: string;
  /**
   * Resource ID of the user-assigned identity with which a MySQL server reads the directory; required for MySQL, refused for
   * PostgreSQL. The identity needs the permissions User.Read.All, GroupMember.Read.All and Application.Read.All.
   * @default - none
   * @see https://learn.microsoft.com/azure/mysql/flexible-server/how-to-azure-ad
   */
  readonly identityId?: string;
}

/** Where generated passwords are stored. @internal */
export interface PasswordStore {
  /** Prefix of secret names; may be a token. */
  readonly serverName: string;
  readonly vault?: ISecretVault;
  readonly version: number;
  readonly alternatingUsersSince?: number;
  readonly tags?: { readonly [name: string]: string };
  readonly provider?: TerraformProvider;
  readonly randomProvider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** The logins of a server whose passwords the library generates. @internal */
export class GeneratedLogins {
  private readonly scope: Construct;
  private readonly checks: SynthChecks;
  private readonly store: PasswordStore;
  private readonly owners = new Set<string>();

  public constructor(scope: Construct, checks: SynthChecks, store: PasswordStore) {
    this.scope = scope;
    this.checks = checks;
    this.store = store;
  }

  /** The login of the administrator, with a new password. */
  public administrator(username: string): DatabaseLogin {
    return DatabaseLogin.withPassword(username, this.secret("AdminPassword", username).value);
  }

  /**
   * The login of a database owner; the same name gives the same login.
   *
   * @param username the owner's name, known at synth.
   */
  public owner(username: string): DatabaseLogin {
    const { version, alternatingUsersSince } = this.store;
    if (alternatingUsersSince !== undefined) checkCloneNames(this.checks, this.owners, username);
    return ownerOrAlternating(username, userVersions(version, alternatingUsersSince), (name, of) => {
      const id = `Owner-${name}`;
      const existing = this.scope.node.tryFindChild(id) as GeneratedSecret | undefined;
      const secret = existing ?? this.secret(id, name, of);
      return DatabaseLogin.withPassword(name, secret.value);
    });
  }

  private secret(id: string, username: string, version = this.store.version): GeneratedSecret {
    const { vault, serverName } = this.store;
    if (!vault) {
      this.checks.fail(
        "vault",
        vault,
        `must be set to store the password of ${username}; or give the login with its password`,
      );
    }
    return new GeneratedSecret(this.scope, id, {
      vault: vault ?? { keyVaultId: "", dependables: [] },
      version,
      secretName: `${serverName}-${secretNamePart(username)}`,
      contentType: `password of ${isResolved(username) ? username : "a login"}`,
      tags: this.store.tags,
      provider: this.store.provider,
      randomProvider: this.store.randomProvider,
      dependsOn: this.store.dependsOn,
    });
  }
}

/**
 * The administrator login of a server; none without password authentication, or on a restored server whose login is not given.
 *
 * @internal
 */
export function administratorOf(
  checks: SynthChecks,
  spec: FlexibleServerSpec,
  logins: GeneratedLogins,
): DatabaseLogin | undefined {
  const given = spec.options.adminLogin;
  if (!spec.passwordAuthentication) {
    if (given) {
      checks.fail("adminLogin", given.username, "must not be set where passwordAuthentication is false");
    }
    return undefined;
  }
  if (given?._login && !given._login.password) {
    checks.fail(
      "adminLogin",
      given.username,
      "must have a password; for a Microsoft Entra administrator set entraAdministrator",
    );
    return undefined;
  }
  if (spec.origin) {
    if (given && !given._login) {
      checks.fail(
        "adminLogin",
        given.username,
        `must be AzureAdminLogin.given for a restored server, which has the administrator and the password of its source; StoredSecret reads the password from a key vault`,
      );
    }
    return given?._login;
  }
  const login = given ?? AzureAdminLogin.generated();
  checkAdminName(checks, "adminLogin", login.username, RESERVED_NAMES);
  return login._login ?? logins.administrator(login.username);
}

/**
 * A user name as a part of a secret name, which has letters, digits and hyphens and is case-insensitive. A name that must be
 * changed gets a hash, so that two logins never share a secret.
 */
function secretNamePart(username: string): string {
  if (!isResolved(username)) return username;
  if (/^[0-9a-z-]{1,50}$/.test(username)) return username;
  const legal = username.toLowerCase().replace(/[^0-9a-z-]+/g, "-");
  return `${legal.slice(0, 40)}-${shortHash(username)}`;
}
