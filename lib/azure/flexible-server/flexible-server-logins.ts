// Who logs in at a server, and where the passwords are.

import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { Cloud, DatabaseLogin } from "../../database";
import { checkAdminName, isResolved, type SynthChecks, shortHash } from "../../database/private";
import { GeneratedSecret } from "../key-vault/generated-secret";
import { AzureAdminLogin } from "./azure-admin-login";
import type { ServerShape } from "./flexible-server-shape";

/** @internal */
export class FlexibleServerLogins {
  private readonly scope: Construct;
  private readonly checks: SynthChecks;
  private readonly shape: ServerShape;
  private readonly serverName: string;
  private readonly provider?: TerraformProvider;

  public constructor(
    scope: Construct,
    checks: SynthChecks,
    shape: ServerShape,
    serverName: string,
    provider: TerraformProvider | undefined,
  ) {
    this.scope = scope;
    this.checks = checks;
    this.shape = shape;
    this.serverName = serverName;
    this.provider = provider;
  }

  /** The administrator; none on a server without passwords, or on a restored one whose login is not given. */
  public administrator(): DatabaseLogin | undefined {
    const { shape, checks } = this;
    const given = shape.options.adminLogin;
    if (!shape.passwordAuthentication) {
      if (given) {
        checks.fail("adminLogin", given.username, "leave it out while passwordAuthentication is false");
      }
      return undefined;
    }
    if (given?._login && !given._login.password) {
      checks.fail(
        "adminLogin",
        given.username,
        "it needs a password; an identity goes into entraAdministrator",
      );
      return undefined;
    }
    if (shape.origin) {
      if (given && !given._login) {
        checks.fail(
          "adminLogin",
          given.username,
          "a restored server has the administrator and the password of its source; give them (AzureAdminLogin.given), " +
            "with StoredSecret where a Key Vault has the password",
        );
      }
      return given?._login;
    }
    const login = given ?? AzureAdminLogin.generated();
    checkAdminName(checks, "adminLogin", Cloud.AZURE, login.username);
    return (
      login._login ??
      DatabaseLogin.withPassword(login.username, this.secret("AdminPassword", login.username).value)
    );
  }

  /**
   * The login of an owner with a password that is kept in the vault; the same name gives the same login.
   *
   * @param username the owner's name, known at synth.
   */
  public owner(username: string): DatabaseLogin {
    const id = `Owner-${username}`;
    const existing = this.scope.node.tryFindChild(id) as GeneratedSecret | undefined;
    const secret = existing ?? this.secret(id, username);
    return DatabaseLogin.withPassword(username, secret.value);
  }

  private secret(id: string, username: string): GeneratedSecret {
    const { options } = this.shape;
    if (!options.vault) {
      this.checks.fail(
        "vault",
        options.vault,
        `the password of ${username} has to be kept somewhere; give a SecretVault, or the login itself`,
      );
    }
    return new GeneratedSecret(this.scope, id, {
      vault: options.vault ?? { keyVaultId: "", dependables: [] },
      version: options.passwordVersion,
      secretName: `${this.serverName}-${namePart(username)}`,
      contentType: `password of ${isResolved(username) ? username : "a login"}`,
      tags: options.tags,
      provider: this.provider,
      randomProvider: options.randomProvider,
      dependsOn: options.dependsOn,
    });
  }
}

/**
 * A login's name as a part of a secret's name, which may have letters, digits and hyphens, and knows no case. What has to be
 * changed gets a hash, so that no two logins share a secret.
 */
function namePart(username: string): string {
  if (!isResolved(username)) return username;
  if (/^[0-9a-z-]{1,50}$/.test(username)) return username;
  const legal = username.toLowerCase().replace(/[^0-9a-z-]+/g, "-");
  return `${legal.slice(0, 40)}-${shortHash(username)}`;
}
