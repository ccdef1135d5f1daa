// Gitpod encrypts tokens in its database with these keys. A database without them is worth little: whoever restores it needs
// the same list, old entries included, since each row says by name and version which key it was written with (gitpod-io/gitpod,
// `components/gitpod-protocol/src/encryption`: cipher aes-256-cbc, so 32 bytes).

// A key that leaves the list takes what it encrypted with it, and nobody is told: to Terraform it is one text in place of another.
// So each key has a place in the state, made of its name, version and the number of its secret, all of one block that Terraform must
// not destroy anything of. `prevent_destroy` in a block of each key's own would go together with the key.
import { TerraformIterator, Token } from "cdktf";
import type { Construct } from "constructs";
import { SecretValue, TerraformData } from "../../database";
import { isResolved, terraformCall } from "../../database/private";
/**
 * Makes Terraform refuse a plan in which a key is missing or replaced.
 *
 * @param scope gets the child.
 * @param id the child's id.
 * @param keys the keys.
 * @param acceptLostKeys whether Terraform lets keys go.
 * @internal
 */
export function keyGuard(
  scope: Construct,
  id: string,
  { keys }: GitpodEncryptionKeys,
  acceptLostKeys: boolean,
): TerraformData {
  const known = keys.filter((key) => isResolved([key.name, key.version]));
  const places = Object.fromEntries(
    known.map((key) => [`${key.name ?? DEFAULT_KEY_NAME}/${key.version}`, `${key.material.version}`]),
  );
  const each = TerraformIterator.fromMap(places);
  return new TerraformData(scope, id, {
    forEach: each,
    triggersReplace: { material: each.value },
    lifecycle: acceptLostKeys ? undefined : { preventDestroy: true },
  });
}

/** One key. */
export interface GitpodEncryptionKey {
  /** The key's name; known at synth. @default "general" - Gitpod's own name for it */
  readonly name?: string;
  /** The key's number under its name, 1 or more; known at synth. A new key gets the next one. */
  readonly version: number;
  /** Whether Gitpod writes with it; exactly one key is primary. @default false */
  readonly primary?: boolean;
  /** 32 bytes as base64, so 44 characters. See `GitpodEncryptionKeys.material`. */
  readonly material: SecretValue;
}

/** The name that Gitpod's own documentation gives to the key. */
export const DEFAULT_KEY_NAME = "general";

/**
 * The keys with which Gitpod encrypts what it stores. Back them up with the database, and keep every key that ever was primary:
 * to rotate, add a key with the next version, make it the primary one and leave the others as they are.
 *
 * A key comes from a store that gives the same value in each run: the `GeneratedSecret` of AWS or Azure with `protect: true` (and
 * `expiresAfterDays: 3650` on Azure, since its version must never be raised), or a variable (`SecretValue.fromVariable`) where the cloud's store cannot be read without a trace in the state, as Google's.
 *
 * @example
 * const keys = GitpodEncryptionKeys.single(GitpodEncryptionKeys.material(secret));
 */
export class GitpodEncryptionKeys {
  /**
   * A list of keys: the old ones as they were, the new one with the next version and as the primary one.
   *
   * @param keys one or more.
   */
  public static of(keys: GitpodEncryptionKey[]): GitpodEncryptionKeys {
    return new GitpodEncryptionKeys(keys);
  }

  /**
   * The one key of a new installation: `general`, version 1.
   *
   * @param material 32 bytes as base64.
   */
  public static single(material: SecretValue): GitpodEncryptionKeys {
    return new GitpodEncryptionKeys([{ version: 1, primary: true, material }]);
  }

  /**
   * A key made of a secret of exactly 32 letters and digits, such as the clouds' constructs generate: its characters are the
   * key's bytes, and Terraform writes them as base64. That is 190 bits, where 32 random bytes have 256.
   *
   * @param secret 32 characters of ASCII, the same in each run.
   */
  public static material(secret: SecretValue): SecretValue {
    const text = terraformCall("trimspace", secret.writeOnly());
    return SecretValue.fromEphemeral(terraformCall("base64encode", text), {
      version: secret.version,
      dependables: secret.dependables,
      changesEachRun: secret.changesEachRun,
    });
  }

  /** The keys. */
  public readonly keys: GitpodEncryptionKey[];

  private constructor(keys: GitpodEncryptionKey[]) {
    this.keys = keys;
  }

  /** The list as Gitpod reads it: JSON with `name`, `version`, `primary` and `material`. */
  public get json(): SecretValue {
    const list = this.keys.map((key) => ({
      name: key.name ?? DEFAULT_KEY_NAME,
      version: key.version,
      primary: key.primary ?? false,
      material: terraformCall("trimspace", key.material.writeOnly()),
    }));
    return SecretValue.fromEphemeral(terraformCall("jsonencode", list), {
      version: this.versionNumber(),
      dependables: this.keys.flatMap((key) => key.material.dependables),
      changesEachRun: this.keys.some((key) => key.material.changesEachRun),
    });
  }

  /** What tells this list from another one and is not secret: names, versions, which is primary, and the secrets' numbers. */
  public get description(): string {
    return terraformText(
      this.keys.map((key) => [
        key.name ?? DEFAULT_KEY_NAME,
        key.version,
        key.primary ?? false,
        key.material.version,
      ]),
    );
  }

  private versionNumber(): number {
    const versions = this.keys.map((key) => key.material.version);
    if (versions.length === 0) return 1;
    if (isResolved(versions)) return versions.reduce((sum, version) => sum + version, 0);
    return Token.asNumber(terraformCall("sum", versions));
  }
}

function terraformText(list: unknown): string {
  return isResolved(list) ? JSON.stringify(list) : terraformCall("jsonencode", list);
}
