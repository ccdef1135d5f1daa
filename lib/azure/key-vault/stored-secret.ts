import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type DatabaseLogin, SecretValue } from "../../database";
import {
  EphemeralResource,
  isResolved,
  requireProps,
  SynthChecks,
  secretVersion,
  storedLogin,
  terraformCall,
} from "../../database/private";

/** Options of the reading of a secret. */
export interface StoredSecretOptions {
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** Resources that must exist before the secret is read. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Properties of a `StoredSecret`. */
export interface StoredSecretProps extends StoredSecretOptions {
  /**
   * Resource ID of the secret without a version,
   * `/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<vault>/secrets/<secret>`; may be a token. It is the
   * resource ID of the key vault with `/secrets/<name>` added.
   *
   * @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers
   */
  readonly secretId: string;
  /**
   * Version of the value, 1 or more; may be a token. Consumers are updated when it changes: increment it when the value changes, or give
   * the version of the stack that writes the secret. @default 1
   */
  readonly version?: number;
}

/**
 * A Key Vault secret that exists already, such as that of another stack. Terraform reads its latest version in each run and stores it
 * nowhere. Terraform needs the role Key Vault Secrets User.
 *
 * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
 *
 * @example
 * const password = new StoredSecret(this, "password", { secretId: `${vault.keyVaultId}/secrets/postgres-dbadmin` }).value;
 */
export class StoredSecret extends Construct {
  /**
   * A login of a server in another stack, with its password read from Key Vault. The version follows the other stack, so that the next apply
   * of this stack takes over a rotated password.
   *
   * @param scope the scope, in the stack that uses the login.
   * @param id the construct id.
   * @param login the login in the other stack, with a generated password; not set throws, as for a server without an administrator.
   * @param options the provider. @default - the only azurerm provider of the stack
   * @throws Error if the password is not in Key Vault.
   */
  public static login(
    scope: Construct,
    id: string,
    login: DatabaseLogin | undefined,
    options: StoredSecretOptions = {},
  ): DatabaseLogin {
    const path = `${scope.node.path}/${id}`;
    return storedLogin(
      path,
      "KEY-VAULT",
      login,
      (secretId, version, suffix) =>
        new StoredSecret(scope, `${id}${suffix}`, { ...options, secretId, version }).value,
    );
  }

  /** The value, for write-only arguments. */
  public readonly value: SecretValue;

  public constructor(scope: Construct, id: string, props: StoredSecretProps) {
    super(scope, id);
    requireProps(this.node.path, "KEY-VAULT", props, { secretId: true });
    const { secretId, provider, dependsOn } = props;
    const checks = new SynthChecks(this, "KEY-VAULT");
    const version = secretVersion(checks, "version", props.version);
    checks.matches(
      "secretId",
      secretId,
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+\/secrets\/[0-9a-zA-Z-]{1,127}$/i,
      "must be the resource ID of a secret: that of the key vault, then /secrets/ and a name of 1 to 127 letters, digits and hyphens",
    );
    const stored = new EphemeralResource(this, "Stored", {
      type: "azurerm_key_vault_secret",
      arguments: partsOf(secretId),
      provider,
      dependsOn,
    });
    this.value = SecretValue.fromEphemeral(stored.attribute("value"), {
      version,
      dependables: dependsOn ?? [],
      store: { id: secretId, version },
    });
  }
}

/** The arguments of the provider: the resource ID of the key vault and the name of the secret. */
function partsOf(secretId: string): { readonly name: string; readonly key_vault_id: string } {
  if (isResolved(secretId)) {
    const [key_vault_id = "", name = ""] = secretId.split(/\/secrets\//i);
    return { name, key_vault_id };
  }
  return {
    name: terraformCall("basename", secretId),
    key_vault_id: terraformCall("dirname", terraformCall("dirname", secretId)),
  };
}
