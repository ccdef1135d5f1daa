import { KeyVaultSecret } from "@cdktf/provider-azurerm/lib/key-vault-secret";
import {
  type AnyMap,
  type ITerraformDependable,
  Op,
  type Precondition,
  type TerraformProvider,
  Token,
} from "cdktf";
import { Construct } from "constructs";
import { SecretValue, TerraformData } from "../../database";
import {
  EphemeralResource,
  GENERATED_PASSWORD_LENGTH,
  isResolved,
  physicalName,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import type { ISecretVault } from "./secret-vault";

/** Properties of a `GeneratedSecret`. */
export interface GeneratedSecretProps {
  /** The vault that keeps the secret. */
  readonly vault: ISecretVault;
  /** The number that stands for the present value, 1 or more: raise it and the secret is generated anew. @default 1 */
  readonly version?: number;
  /** How long the secret is, 16 to 128 letters and digits. @default 32 */
  readonly length?: number;
  /** The secret's name in the vault, up to 127 letters, digits and hyphens; may be a token. @default - the construct's path */
  readonly secretName?: string;
  /** What the secret is, for people; the vault calls it the content type. @default - password */
  readonly contentType?: string;
  /**
   * After how many days the vault reports the secret as expired, counted from when it is generated; 1 to 3650. Key Vault
   * lets an expired secret be read (remembered, not re-read): raise `version` in time all the same. @default 365
   */
  readonly expiresAfterDays?: number;
  /** Whether Terraform refuses to destroy the secret, as it should for a key without which data are lost. @default false */
  readonly protect?: boolean;
  /** Tags for all resources. @default - none */
  readonly tags?: { readonly [name: string]: string };
  /** The provider. @default - the stack's only azurerm provider */
  readonly provider?: TerraformProvider;
  /** The provider that generates. @default - the stack's only random provider */
  readonly randomProvider?: TerraformProvider;
  /** What has to exist first. @default - the vault's dependables */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A random secret that is kept in a Key Vault, and in no state, plan or output of Terraform.
 * Needs Terraform or OpenTofu 1.11 and a random provider in the stack.
 *
 * @example
 * const password = new GeneratedSecret(this, "password", { vault, version: 1 }).value;
 */
export class GeneratedSecret extends Construct {
  /** The secret in the vault. */
  public readonly resource: KeyVaultSecret;
  /** The secret's resource id without its version, for those who read it from the vault. */
  public readonly secretId: string;
  /** The value, for write-only arguments. */
  public readonly value: SecretValue;

  public constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const { vault, tags, provider } = props;
    const version = props.version ?? 1;
    const checks = new SynthChecks(this);
    checks.wholeNumber("version", props.version, 1, 2_147_483_647);
    checks.wholeNumber("length", props.length, 16, 128, "characters");
    checks.wholeNumber("expiresAfterDays", props.expiresAfterDays, 1, 3650, "days");
    checks.matches(
      "secretName",
      props.secretName,
      /^[0-9a-zA-Z-]{1,127}$/,
      "allowed are 1 to 127 letters, digits and hyphens",
    );
    // These settings may change freely: a new value is stored only when the version is raised.
    const random = new EphemeralResource(this, "Random", {
      type: "random_password",
      arguments: {
        length: props.length ?? GENERATED_PASSWORD_LENGTH,
        // Letters and digits only: legal for every cloud and engine, and the same in a URL.
        special: false,
        min_lower: 1,
        min_upper: 1,
        min_numeric: 1,
      },
      provider: props.randomProvider,
    });
    const name = props.secretName ?? physicalName(this, 127);
    const generation = this.generation(version, name, props);
    this.resource = new KeyVaultSecret(this, "Resource", {
      name,
      keyVaultId: vault.keyVaultId,
      contentType: props.contentType ?? "password",
      expirationDate: Token.asString(generation.lookup("expires")),
      valueWo: random.attribute("result"),
      valueWoVersion: version,
      tags,
      provider,
      lifecycle: {
        ...(props.protect ? { preventDestroy: true } : {}),
        precondition: [
          stays("vault", vault.keyVaultId, generation.lookup("vault")),
          stays("name", name, generation.lookup("name")),
        ],
      },
      dependsOn: [...vault.dependables, ...(props.dependsOn ?? [])],
    });
    // Every run generates another random value, and only the one that comes with a new version number is stored. So
    // whoever needs the secret gets what the vault holds, also after a run that stopped half-way.
    const stored = new EphemeralResource(this, "Stored", {
      type: "azurerm_key_vault_secret",
      // The version is not known before the secret is written, so nothing is read too early.
      arguments: {
        name: this.resource.name,
        key_vault_id: this.resource.keyVaultId,
        version: this.resource.version,
      },
      provider,
    });
    this.secretId = this.resource.resourceVersionlessId;
    this.value = SecretValue.fromEphemeral(stored.attribute("value"), {
      version,
      dependables: [this.resource],
    });
  }

  /** What is true of the present value, as long as its version stays: when it expires, and where it was stored. */
  private generation(version: number, name: string, props: GeneratedSecretProps): AnyMap {
    const days = props.expiresAfterDays ?? 365;
    const hours = isResolved(days) ? `${days * 24}h` : `${Token.asString(Op.mul(days, 24))}h`;
    const memory = new TerraformData(this, "Generation", {
      triggersReplace: { version },
      input: {
        expires: terraformCall("timeadd", terraformCall("plantimestamp"), hours),
        vault: props.vault.keyVaultId,
        name,
      },
      lifecycle: { ignoreChanges: ["input"] },
    });
    return memory.output;
  }
}

/**
 * Another vault or name makes another secret, with another value. Under the same version nobody would be told: the server and
 * the cluster would keep the old one.
 */
function stays(what: string, now: string, then: unknown): Precondition {
  return {
    condition: terraformCall("contains", [now], then),
    errorMessage: `The ${what} of a secret can change only together with its version: raise the number (passwordVersion on a server, whose secrets are named after it and the login), so that whoever has the old value gets the new one.`,
  };
}
