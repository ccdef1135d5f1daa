// Gitpod encrypts tokens in its database with these keys. A restored database is unreadable without the same list of keys, including
// old ones: each row names the key and version that encrypted it (gitpod-io/gitpod, `components/gitpod-protocol/src/encryption`:
// cipher aes-256-cbc, so keys have 32 bytes).

import { TerraformIterator, Token } from "cdktf";
import type { Construct } from "constructs";
import { SecretValue, TerraformData } from "../../database";
import { isResolved, terraformCall } from "../../database/private";

/** Encryption key of Gitpod. */
export interface GitpodEncryptionKey {
  /** Name of the key, known at synth. @default "general", as in Gitpod's documentation */
  readonly name?: string;
  /** Version of the key under its name, 1 or more, known at synth. A new key gets the next version. */
  readonly version: number;
  /** Makes this the primary key, with which Gitpod encrypts. Exactly one key must be primary. @default false */
  readonly primary?: boolean;
  /** Key material: 32 bytes in base64, which is 44 characters. See `GitpodEncryptionKeys.material`. */
  readonly material: SecretValue;
}

/** Name of the key in Gitpod's documentation. */
export const DEFAULT_KEY_NAME = "general";

/**
 * Keys that encrypt Gitpod's data in the database. Back them up with the database, and keep every key that was primary: to
 * rotate, add a key with the next version, make it primary and keep the others unchanged.
 *
 * A key must come from a store that returns the same value in every run: `GeneratedSecret` of AWS or Azure with `protect: true` (and
 * `expiresAfterDays: 3650` on Azure, since its version must never be incremented), or a variable (`SecretValue.fromVariable`) if
 * reading the cloud's secret store leaves the value in the state, as on Google Cloud.
 *
 * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/components/gitpod-protocol/src/encryption
 *
 * @example
 * const keys = GitpodEncryptionKeys.single(GitpodEncryptionKeys.material(secret));
 */
export class GitpodEncryptionKeys {
  /**
   * A list of keys: the old ones unchanged, and the new one with the next version as the primary key.
   *
   * @param keys one or more keys.
   */
  public static of(keys: GitpodEncryptionKey[]): GitpodEncryptionKeys {
    return new GitpodEncryptionKeys(keys);
  }

  /**
   * The single key of a new installation: `general`, version 1.
   *
   * @param material 32 bytes in base64.
   */
  public static single(material: SecretValue): GitpodEncryptionKeys {
    return new GitpodEncryptionKeys([{ version: 1, primary: true, material }]);
  }

  /**
   * Key material from a secret of exactly 32 letters and digits, such as the clouds' constructs generate: its characters are the
   * bytes of the key, which Terraform encodes in base64. That has 190 bits of entropy, where 32 random bytes have 256.
   *
   * @param secret 32 ASCII characters, the same in every run.
   */
  public static material(secret: SecretValue): SecretValue {
    const text = terraformCall("trimspace", secret.writeOnly());
    return SecretValue.fromEphemeral(terraformCall("base64encode", text), {
      version: secret.version,
      dependables: secret.dependables,
      changesEachRun: secret.changesEachRun,
      protections: secret.protections,
    });
  }

  /** Keys. */
  public readonly keys: GitpodEncryptionKey[];

  private constructor(keys: GitpodEncryptionKey[]) {
    this.keys = keys;
  }

  /** List of keys in Gitpod's format: JSON with `name`, `version`, `primary` and `material`. */
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

  /** Description of the list without secrets, which changes with it: names, versions, primary key, and secret versions. */
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

/**
 * Guard of the keys in the state, which makes Terraform reject a plan that removes or replaces a key.
 *
 * Removing a key from the list makes the data that it encrypted unreadable, and Terraform would only see one text replaced by
 * another. So each key has an instance in the state, of its name, version and secret version. All instances are of one block with
 * `prevent_destroy`; a block for each key would be removed together with the key.
 *
 * @param scope gets the child.
 * @param id the id of the child.
 * @param keys the keys.
 * @param acceptLostKeys disables the guard.
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
