// Keys with which Rails encrypts columns of the database. A database without its keys is lost in part: CI variables, tokens,
// two-factor secrets, integrations. So they belong to the backups of the database and not to the cluster, where the chart generates
// them if none are given.

import { type Protection, SecretValue } from "../../database";
import { terraformCall } from "../../database/private";
import { SecretEntry } from "../../kubernetes";

/**
 * Keys of Rails, each in a secret store.
 *
 * @see https://docs.gitlab.com/charts/installation/secrets/#gitlab-rails-secret
 */
export interface GitlabRailsKeys {
  /** Encrypts columns of the database; 128 hexadecimal digits. */
  readonly dbKeyBase: SecretValue;
  /** Encrypts two-factor secrets; 128 hexadecimal digits. */
  readonly otpKeyBase: SecretValue;
  /** Signs sessions and cookies; 128 hexadecimal digits. */
  readonly secretKeyBase: SecretValue;
  /** Encrypts the settings files; 128 hexadecimal digits. */
  readonly encryptedSettingsKeyBase: SecretValue;
  /** Signs tokens for OpenID Connect and CI; an RSA private key as PEM text. */
  readonly openidConnectSigningKey: SecretValue;
  /** Encrypts columns with Active Record; 32 letters and digits. */
  readonly activeRecordEncryptionPrimaryKey: SecretValue;
  /** Encrypts searchable columns with Active Record; 32 letters and digits. */
  readonly activeRecordEncryptionDeterministicKey: SecretValue;
  /** The salt for both; 32 letters and digits. */
  readonly activeRecordEncryptionKeyDerivationSalt: SecretValue;
}

/**
 * Keys with which GitLab encrypts parts of its databases. Keep them as long as the databases and their backups.
 *
 * @see https://docs.gitlab.com/charts/installation/secrets/#gitlab-rails-secret
 *
 * @example
 * const secrets = GitlabSecrets.fromDocument(secret); // the text of secrets.yml
 */
export class GitlabSecrets {
  /**
   * Single keys from a secret store.
   *
   * @param keys all keys; the chart would generate a missing one.
   */
  public static fromKeys(keys: GitlabRailsKeys): GitlabSecrets {
    const text = (value: SecretValue) => terraformCall("trimspace", value.writeOnly());
    // Lists, as in the chart: Rails encrypts with the last key and decrypts with all of them.
    const production = {
      db_key_base: text(keys.dbKeyBase),
      otp_key_base: text(keys.otpKeyBase),
      secret_key_base: text(keys.secretKeyBase),
      encrypted_settings_key_base: text(keys.encryptedSettingsKeyBase),
      openid_connect_signing_key: `${text(keys.openidConnectSigningKey)}\n`,
      active_record_encryption_primary_key: [text(keys.activeRecordEncryptionPrimaryKey)],
      active_record_encryption_deterministic_key: [text(keys.activeRecordEncryptionDeterministicKey)],
      active_record_encryption_key_derivation_salt: text(keys.activeRecordEncryptionKeyDerivationSalt),
    };
    const values: SecretValue[] = Object.values(keys);
    const versions = values.map((value) => value.version);
    return new GitlabSecrets(
      // JSON is YAML, and its quoting is safe for any value.
      SecretValue.fromEphemeral(terraformCall("jsonencode", { production }), {
        version: Math.max(1, ...versions.filter((version) => Number.isInteger(version) && version > 0)),
        dependables: values.flatMap((value) => value.dependables),
      }),
      undefined,
      versions,
      values,
    );
  }

  /**
   * The whole text of `secrets.yml`, as in a backup of the secret `<release>-rails-secret`.
   *
   * @param secretsYml YAML with the keys under `production`.
   */
  public static fromDocument(secretsYml: SecretValue): GitlabSecrets {
    return new GitlabSecrets(secretsYml, undefined, [secretsYml.version], [secretsYml]);
  }

  /**
   * An existing Kubernetes secret in the namespace (`global.railsSecrets.secret`).
   *
   * @param secretName name of the secret, which has the key `secrets.yml`.
   */
  public static fromSecretName(secretName: string): GitlabSecrets {
    return new GitlabSecrets(undefined, secretName, []);
  }

  /** Keys that the chart generates, in the cluster only; they are lost with the cluster, so the synth warns. */
  public static generatedByChart(): GitlabSecrets {
    return new GitlabSecrets(undefined, undefined, []);
  }

  /** Name of the existing secret; not set otherwise. */
  public readonly secretName?: string;
  /** Mechanisms that protect all keys. Not set if they are not known; an empty list for keys that are in the cluster only. */
  public readonly protections?: readonly Protection[];
  /** True if the chart generates the keys. */
  public readonly isGeneratedByChart: boolean;
  private readonly document?: SecretValue;
  private readonly versions: readonly number[];

  private constructor(
    document: SecretValue | undefined,
    secretName: string | undefined,
    versions: readonly number[],
    sources: readonly SecretValue[] = [],
  ) {
    this.document = document;
    this.secretName = secretName;
    this.isGeneratedByChart = document === undefined && secretName === undefined;
    this.versions = versions;
    if (this.isGeneratedByChart) this.protections = [];
    else if (sources.length > 0 && sources.every(({ protections }) => protections !== undefined)) {
      this.protections = sources.flatMap(({ protections }) => protections ?? []);
    }
  }

  /** Entries of the secret to create; none if the chart generates it or it exists. @internal */
  public entries(): SecretEntry[] {
    return this.document
      ? [SecretEntry.secret("secrets.yml", this.document, JSON.stringify(this.versions))]
      : [];
  }
}
