import type { SecretValue } from "../database";
import { isResolved, terraformCall } from "../database/private";

/**
 * One key of a Kubernetes secret and what it holds.
 *
 * White space at both ends is taken off, since a line break at the end of a password is the most common cause of a
 * failed log-in. PEM texts then get the one final line break that tools expect which join several files.
 *
 * @example
 * SecretEntry.secret("password", password);
 */
export class SecretEntry {
  /**
   * A secret value.
   *
   * @param key the key.
   * @param value the secret.
   * @param describedBy what else the value is made of and is not secret, such as the URL without its password; when it
   * changes the secret is written again.
   */
  public static secret(key: string, value: SecretValue, describedBy?: string): SecretEntry {
    return new SecretEntry(
      key,
      () => terraformCall("trimspace", value.writeOnly()),
      [value.version, describedBy ?? ""],
      value,
    );
  }

  /**
   * A private key as PEM text.
   *
   * @param key the key.
   * @param value the PEM text.
   */
  public static privateKey(key: string, value: SecretValue): SecretEntry {
    return new SecretEntry(
      key,
      () => `${terraformCall("trimspace", value.writeOnly())}\n`,
      [value.version, ""],
      value,
    );
  }

  /**
   * A text that is no secret and may be read in the synthesized output, such as a user name.
   *
   * @param key the key.
   * @param text the text; may be a token.
   */
  public static plain(key: string, text: string): SecretEntry {
    const content = trimmed(text);
    return new SecretEntry(key, () => content, [content], undefined);
  }

  /**
   * A certificate as PEM text, which is no secret.
   *
   * @param key the key.
   * @param pem the PEM text; may be a token.
   */
  public static certificate(key: string, pem: string): SecretEntry {
    const text = pemText(pem);
    return new SecretEntry(key, () => text, [text], undefined);
  }

  /** The key. */
  public readonly key: string;
  /** The secret; not set for a text that is none. */
  public readonly value?: SecretValue;
  /**
   * What tells one content from another without showing it: the version number, or a text that is no secret.
   */
  public readonly fingerprintParts: unknown[];
  readonly #render: () => string;

  private constructor(
    key: string,
    render: () => string,
    fingerprintParts: unknown[],
    value: SecretValue | undefined,
  ) {
    this.key = key;
    this.value = value;
    this.fingerprintParts = fingerprintParts;
    this.#render = render;
  }

  /** The expression, for write-only arguments; Terraform refuses it elsewhere when the value is secret. */
  public writeOnly(): string {
    return this.#render();
  }
}

/** A text without white space at its ends; may be a token. */
export function trimmed(text: string): string {
  return isResolved(text) ? text.trim() : terraformCall("trimspace", text);
}

/** A PEM text with one line break at its end; may be a token. */
export function pemText(pem: string): string {
  return `${trimmed(pem)}\n`;
}
