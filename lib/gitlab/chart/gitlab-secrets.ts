// The keys with which Rails encrypts columns of the database. A database without its keys is lost in part: CI variables, tokens,
// two-factor secrets, integrations. So they belong with the database's backups and not with the cluster, where the chart makes
// them by itself when nobody brings them.

import { SecretValue } from "../../database";
import { terraformCall } from "../../database/private";
import { SecretEntry } from "../../kubernetes";

/** The keys of Rails, each in a secret store of yours. */
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
 * The keys with which GitLab encrypts parts of its databases. They have to survive as long as the databases and their backups do.
 *
 * @example
 * const secrets = GitlabSecrets.fromDocument(secret); // the text of secrets.yml
 */
export class GitlabSecrets {
  /**
   * Keys out of a secret store, one by one.
   *
   * @param keys all of them; what is missing the chart would make up.
   */
  public static of(keys: GitlabRailsKeys): GitlabSecrets {
    const text = (value: SecretValue) => terraformCall("trimspace", value.writeOnly());
    // As lists, as the chart writes them: Rails encrypts with the last and decrypts with all of them.
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
      // JSON is YAML, and its quoting is safe for any key.
      SecretValue.fromEphemeral(terraformCall("jsonencode", { production }), {
        version: Math.max(1, ...versions.filter((version) => Number.isInteger(version) && version > 0)),
        dependables: values.flatMap((value) => value.dependables),
      }),
      undefined,
      versions,
    );
  }

  /**
   * The whole text of `secrets.yml`, as it is in a backup of the secret `<release>-rails-secret`.
   *
   * @param secretsYml YAML with the keys under `production`.
   */
  public static fromDocument(secretsYml: SecretValue): GitlabSecrets {
    return new GitlabSecrets(secretsYml, undefined, [secretsYml.version]);
  }

  /**
   * A secret that is in the namespace already and that somebody keeps.
   *
   * @param secretName the secret, with the key `secrets.yml`.
   */
  public static fromSecret(secretName: string): GitlabSecrets {
    return new GitlabSecrets(undefined, secretName, []);
  }

  /** The chart makes the keys, in the cluster alone: the review says so, since whoever loses the cluster loses them. */
  public static madeByChart(): GitlabSecrets {
    return new GitlabSecrets(undefined, undefined, []);
  }

  /** The secret that is there already; not set otherwise. */
  public readonly secretName?: string;
  /** Whether the chart makes the keys. */
  public readonly isMadeByChart: boolean;
  private readonly document?: SecretValue;
  private readonly versions: readonly number[];

  private constructor(
    document: SecretValue | undefined,
    secretName: string | undefined,
    versions: readonly number[],
  ) {
    this.document = document;
    this.secretName = secretName;
    this.isMadeByChart = document === undefined && secretName === undefined;
    this.versions = versions;
  }

  /** The entries of the secret to make; none when the chart makes it or it is there already. @internal */
  public entries(): SecretEntry[] {
    return this.document
      ? [SecretEntry.secret("secrets.yml", this.document, JSON.stringify(this.versions))]
      : [];
  }
}
