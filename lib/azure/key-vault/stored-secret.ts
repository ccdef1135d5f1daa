import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../database";
import { EphemeralResource, SynthChecks } from "../../database/private";

/** Properties of a `StoredSecret`. */
export interface StoredSecretProps {
  /** The resource id of the vault; may be a token. */
  readonly keyVaultId: string;
  /** The secret's name in the vault; may be a token. */
  readonly secretName: string;
  /**
   * The number that stands for the present value, 1 or more: raise it when the value in the vault changes, and whatever
   * stores the secret is written again. @default 1
   */
  readonly version?: number;
  /** The provider. @default - the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** What has to exist before it is read. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A secret that somebody else keeps in a Key Vault. Terraform reads it in each run and keeps it nowhere.
 *
 * @example
 * const password = new StoredSecret(this, "password", { keyVaultId, secretName: "postgres-dbadmin" }).value;
 */
export class StoredSecret extends Construct {
  /** The value, for write-only arguments. */
  public readonly value: SecretValue;

  public constructor(scope: Construct, id: string, props: StoredSecretProps) {
    super(scope, id);
    const version = props.version ?? 1;
    const checks = new SynthChecks(this);
    checks.wholeNumber("version", props.version, 1, 2_147_483_647);
    checks.matches(
      "secretName",
      props.secretName,
      /^[0-9a-zA-Z-]{1,127}$/,
      "allowed are 1 to 127 letters, digits and hyphens",
    );
    const stored = new EphemeralResource(this, "Stored", {
      type: "azurerm_key_vault_secret",
      arguments: { name: props.secretName, key_vault_id: props.keyVaultId },
      provider: props.provider,
      dependsOn: props.dependsOn,
    });
    this.value = SecretValue.fromEphemeral(stored.attribute("value"), {
      version,
      dependables: props.dependsOn ?? [],
    });
  }
}
