import { KeyVaultSecret } from "@cdktf/provider-azurerm/lib/key-vault-secret";
import { type ITerraformDependable, Op, type Precondition, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import { SecretValue, TerraformData } from "../../database";
import {
  EphemeralResource,
  GENERATED_PASSWORD_LENGTH,
  isResolved,
  physicalName,
  requireProps,
  SeenInStack,
  SynthChecks,
  secretIdentity,
  secretVersion,
  terraformCall,
} from "../../database/private";
import { checkTags } from "../private/resource-checks";
import { secretProtection } from "./secret-protection";
import type { ISecretVault } from "./secret-vault";

/** Most tags of a secret. Source, read 2026-11: learn.microsoft.com/azure/key-vault/secrets/about-secrets, "Secret tags". */
const MAX_TAGS = 15;
/** Tags that were counted: a server hands its tags on to several secrets. */
const COUNTED = new SeenInStack();
const SECRET_NAME = /^[0-9a-zA-Z-]{1,127}$/;
const SECRET_NAME_RULE = "must be 1 to 127 letters, digits and hyphens";

/** Properties of a `GeneratedSecret`. */
export interface GeneratedSecretProps {
  /**
   * The key vault that holds the secret.
   *
   * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
   */
  readonly vault: ISecretVault;
  /** Version of the secret, 1 or more; increment to generate a new value. @default 1 */
  readonly version?: number;
  /** Length of the secret, 16 to 128 letters and digits. @default 32 */
  readonly length?: number;
  /**
   * Name of the secret, 1 to 127 letters, digits and hyphens; may be a token. @default - derived from the construct path
   *
   * @see https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name
   */
  readonly secretName?: string;
  /**
   * Content type of the secret, a description for people. @default - password
   *
   * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
   */
  readonly contentType?: string;
  /**
   * Expiration of the secret, in days after it was generated, 1 to 3650. Key Vault still returns an expired secret (not verified
   * against the documentation); increment `version` in time all the same. @default 365
   *
   * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
   */
  readonly expiresAfterDays?: number;
  /**
   * Enables `prevent_destroy`: Terraform refuses to destroy the secret while it is in the program. Set it for keys without which
   * data are lost. @default false
   */
  readonly protect?: boolean;
  /**
   * Tags of all resources. @default - none
   *
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   */
  readonly tags?: { readonly [name: string]: string };
  /** The azurerm provider. @default - the only azurerm provider of the stack */
  readonly provider?: TerraformProvider;
  /** The random provider, which generates the value. @default - the only random provider of the stack */
  readonly randomProvider?: TerraformProvider;
  /** Resources that must exist before the secret, beside the key vault's. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A random Key Vault secret, which is in no Terraform state, plan or output. Requires Terraform or OpenTofu 1.11 and a random
 * provider in the stack.
 *
 * @see https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
 *
 * @example
 * const password = new GeneratedSecret(this, "password", { vault, version: 1 }).value;
 */
export class GeneratedSecret extends Construct {
  /** The Key Vault secret. */
  public readonly resource: KeyVaultSecret;
  /** Resource ID of the secret without its version, for programs that read it from the key vault. */
  public readonly secretId: string;
  /** The value, for write-only arguments. */
  public readonly value: SecretValue;

  public constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    requireProps(this.node.path, "KEY-VAULT", props, { vault: true });
    const { vault, tags, provider } = props;
    const checks = new SynthChecks(this, "KEY-VAULT");
    const version = secretVersion(checks, "version", props.version);
    checks.wholeNumber("length", props.length, 16, 128, "characters");
    checks.wholeNumber("expiresAfterDays", props.expiresAfterDays, 1, 3650, "days");
    checkTags(checks, this, props.tags);
    const count = isResolved(tags) ? Object.keys(tags ?? {}).length : 0;
    // More than 50 are refused for every resource.
    if (tags && count > MAX_TAGS && count <= 50 && COUNTED.first(this, tags)) {
      checks.fail(
        "tags",
        `${count} tags`,
        `must be at most ${MAX_TAGS} for a secret of Key Vault; a server hands its tags on to the secrets of its logins`,
        "tags.count",
      );
    }
    checks.matches("secretName", props.secretName, SECRET_NAME, SECRET_NAME_RULE);
    // These arguments may change at any time: a new value is stored only when the version is incremented.
    const random = new EphemeralResource(this, "Random", {
      type: "random_password",
      arguments: {
        length: props.length ?? GENERATED_PASSWORD_LENGTH,
        // Letters and digits only: allowed by every cloud and engine, and unchanged in a URL.
        special: false,
        min_lower: 1,
        min_upper: 1,
        min_numeric: 1,
      },
      provider: props.randomProvider,
    });
    const name = props.secretName ?? physicalName(this, 127);
    const memory = this.generation(version, name, props);
    const generation = memory.output;
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
          unchanged("vault", vault.keyVaultId, generation.lookup("vault")),
          unchanged("name", name, generation.lookup("name")),
        ],
      },
      dependsOn: [...vault.dependables, ...(props.dependsOn ?? [])],
    });
    // Every run generates another random value, and only the value of a new version is stored. Consumers read the value back
    // from the key vault, so they get the stored one also after an interrupted run.
    const stored = new EphemeralResource(this, "Stored", {
      type: "azurerm_key_vault_secret",
      // The version is not known before the secret is written, so Terraform cannot read it too early.
      arguments: {
        name: this.resource.name,
        key_vault_id: this.resource.keyVaultId,
        version: this.resource.version,
      },
      provider,
    });
    this.secretId = this.resource.resourceVersionlessId;
    // The version in the key vault changes with every value: by rotation, when the secret is made anew under the same number, and by hand.
    // The provider updates a secret in place and plans the former version for it, with which Terraform would refuse the consumers' changes
    // at apply ("inconsistent final plan"): the id of the generation makes the number unknown in the plan of a rotation.
    const identity = secretIdentity(`${memory.id}/${this.resource.version}`);
    this.value = SecretValue.fromEphemeral(stored.attribute("value"), {
      version: identity,
      dependables: [this.resource],
      protections: [secretProtection(this.secretId)],
      store: { id: this.secretId, version: identity },
    });
  }

  /** Expiration, key vault and name of the present value, kept in the state as long as the version stays the same. */
  private generation(version: number, name: string, props: GeneratedSecretProps): TerraformData {
    const days = props.expiresAfterDays ?? 365;
    const hours = isResolved(days) ? `${days * 24}h` : `${Token.asString(Op.mul(days, 24))}h`;
    return new TerraformData(this, "Generation", {
      triggersReplace: { version },
      input: {
        expires: terraformCall("timeadd", terraformCall("plantimestamp"), hours),
        vault: props.vault.keyVaultId,
        name,
      },
      lifecycle: { ignoreChanges: ["input"] },
    });
  }
}

/**
 * A precondition that refuses another key vault or name under the same version: that would create another secret with another
 * value, and the server and the cluster, which compare versions, would keep the old value.
 */
function unchanged(what: string, now: string, then: unknown): Precondition {
  return {
    condition: terraformCall("contains", [now], then),
    errorMessage: `The ${what} of a secret can change only together with its version: increment the version (passwordVersion on a server, whose secrets are named after the server and the login), so that all consumers of the secret get the new value.`,
  };
}
