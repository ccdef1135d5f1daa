import type { SecretValue } from "../database";
import { isResolved, terraformCall } from "../database/private";

/**
 * One environment variable of a container: a plain text, or a reference to a secret. Charts get names of secrets, never secrets.
 *
 * @example
 * EnvironmentVariable.plain("CODER_DISABLE_PASSWORD_AUTH", "true");
 */
export class EnvironmentVariable {
  /**
   * A text that is no secret.
   *
   * @param name the variable.
   * @param value the text; may be a token. Numbers and booleans are texts here, as Kubernetes wants them.
   */
  public static plain(name: string, value: string): EnvironmentVariable {
    // A number or boolean of Terraform's would reach Kubernetes as one, which takes texts only.
    const text = isResolved(value) ? value : terraformCall("tostring", value);
    return new EnvironmentVariable(name, { name, value: text });
  }

  /**
   * One key of a secret that is in the namespace already; its pods notice a change only when they start anew.
   *
   * @param name the variable.
   * @param secretName the secret.
   * @param key the key.
   */
  public static fromSecret(name: string, secretName: string, key: string): EnvironmentVariable {
    return new EnvironmentVariable(name, { name, valueFrom: { secretKeyRef: { name: secretName, key } } });
  }

  /**
   * One key of a config map that is in the namespace already.
   *
   * @param name the variable.
   * @param configMapName the config map.
   * @param key the key.
   */
  public static fromConfigMap(name: string, configMapName: string, key: string): EnvironmentVariable {
    return new EnvironmentVariable(name, {
      name,
      valueFrom: { configMapKeyRef: { name: configMapName, key } },
    });
  }

  /**
   * A secret, which the construct that takes the variable stores in a Kubernetes secret of its own.
   *
   * @param name the variable.
   * @param value the secret.
   */
  public static fromSecretValue(name: string, value: SecretValue): EnvironmentVariable {
    return new EnvironmentVariable(name, undefined, value);
  }

  /** The variable's name. */
  public readonly name: string;
  /** The secret to store; not set for a text or a reference. */
  public readonly secretValue?: SecretValue;
  private readonly container: { readonly [field: string]: unknown } | undefined;

  private constructor(
    name: string,
    container: { readonly [field: string]: unknown } | undefined,
    secretValue?: SecretValue,
  ) {
    this.name = name;
    this.container = container;
    this.secretValue = secretValue;
  }

  /** The plain text; not set for a reference or a secret. */
  public get plainText(): string | undefined {
    return this.container?.value as string | undefined;
  }

  /**
   * The entry of a container's `env`.
   *
   * @param secretName the secret in which a secret value is stored, under the variable's name.
   */
  public toContainer(secretName: string): { readonly [field: string]: unknown } {
    return (
      this.container ?? {
        name: this.name,
        valueFrom: { secretKeyRef: { name: secretName, key: this.name } },
      }
    );
  }
}
