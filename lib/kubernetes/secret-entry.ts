import type { SecretValue } from "../database";
import { isResolved, terraformCall } from "../database/private";

/**
 * Key and value of a Kubernetes Secret.
 *
 * White space at both ends is removed, since a line break at the end of a password is the most common cause of failed logins.
 * PEM texts then get one final line break, which tools that join several files expect.
 *
 * @example
 * SecretEntry.secret("password", password);
 */
export class SecretEntry {
  /**
   * A secret value.
   *
   * @param key the key.
   * @param value the secret value.
   * @param describedBy the parts of the value that are not secret, such as a URL without its password; a change writes the Secret
   * again.
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
   * A private key in PEM format.
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
   * A value that is not secret and appears in the synthesized output, such as a user name.
   *
   * @param key the key.
   * @param text the value; may be a token.
   */
  public static plain(key: string, text: string): SecretEntry {
    const content = trimmed(text);
    return new SecretEntry(key, () => content, [content], undefined);
  }

  /**
   * A certificate in PEM format, which is not secret.
   *
   * @param key the key.
   * @param pem the PEM text; may be a token.
   */
  public static certificate(key: string, pem: string): SecretEntry {
    const text = pemText(pem);
    return new SecretEntry(key, () => text, [text], undefined);
  }

  /** Key. */
  public readonly key: string;
  /** Secret value; not set for a value that is not secret. */
  public readonly value?: SecretValue;
  /** Parts that identify the content without a secret: the version, or the value when it is not secret. */
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

  /** Expression of the value, for write-only arguments; Terraform refuses an ephemeral value elsewhere. */
  public writeOnly(): string {
    return this.#render();
  }
}

/** A string without white space at its ends; may be a token. */
export function trimmed(text: string): string {
  return isResolved(text) ? text.trim() : terraformCall("trimspace", text);
}

/** PEM text with one line break at its end; may be a token. */
export function pemText(pem: string): string {
  return `${trimmed(pem)}\n`;
}
