import type { SecretValue } from "../database";
import { isResolved, terraformCall } from "../database/private";

/**
 * Environment variable of a container: a plain value, or a reference to a key of a Secret or ConfigMap. Chart values hold names of
 * Secrets, never secret values.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
 * @example
 * EnvironmentVariable.plain("CODER_DISABLE_PASSWORD_AUTH", "true");
 */
export class EnvironmentVariable {
  /**
   * A value that is not secret.
   *
   * @param name the variable's name.
   * @param value the value as a string, as Kubernetes requires also for numbers and booleans; may be a token.
   */
  public static plain(name: string, value: string): EnvironmentVariable {
    // Terraform would pass a number or boolean with its type; Kubernetes accepts strings only.
    const text = isResolved(value) ? value : terraformCall("tostring", value);
    return new EnvironmentVariable(name, { name, value: text });
  }

  /**
   * A key of an existing Secret in the namespace. Pods see a change after a restart.
   *
   * @param name the variable's name.
   * @param secretName name of the Secret.
   * @param key the key.
   */
  public static fromSecret(name: string, secretName: string, key: string): EnvironmentVariable {
    return new EnvironmentVariable(name, { name, valueFrom: { secretKeyRef: { name: secretName, key } } });
  }

  /**
   * A key of an existing ConfigMap in the namespace.
   *
   * @param name the variable's name.
   * @param configMapName name of the ConfigMap.
   * @param key the key.
   */
  public static fromConfigMap(name: string, configMapName: string, key: string): EnvironmentVariable {
    return new EnvironmentVariable(name, {
      name,
      valueFrom: { configMapKeyRef: { name: configMapName, key } },
    });
  }

  /**
   * A secret value. The construct that takes the variable stores it in a Kubernetes Secret.
   *
   * @param name the variable's name.
   * @param value the secret value.
   */
  public static fromSecretValue(name: string, value: SecretValue): EnvironmentVariable {
    return new EnvironmentVariable(name, undefined, value);
  }

  /** Variable name. */
  public readonly name: string;
  /** Secret value to store; not set for a plain value or a reference. */
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

  /** Plain value; not set for a reference or a secret value. */
  public get plainText(): string | undefined {
    return this.container?.value as string | undefined;
  }

  /**
   * The entry of a container's `env`.
   *
   * @param secretName name of the Secret that stores a secret value, under the variable's name.
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
