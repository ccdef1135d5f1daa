import type { ITerraformDependable, TerraformVariable } from "cdktf";
import { isResolved } from "./private/is-resolved";
import { variableProtection } from "./private/secrets/variable-protection";
import { SynthChecks } from "./private/synth-checks";
import { terraformCall } from "./private/terraform-expression";
import type { Protection } from "./protection";

/** Place of a secret in the secret store of a cloud. */
export interface SecretStorePlace {
  /**
   * Identifier of the secret, may be a token: ARN in AWS Secrets Manager, resource name in Secret Manager of Google Cloud, resource ID without
   * version in Azure Key Vault.
   */
  readonly id: string;
  /**
   * Number that changes with the stored value, as a token of the resource that has stored it: another stack, which reads it from the
   * state, never takes an old value for a new one.
   */
  readonly version: number;
}

/** Options of a `SecretValue`. */
export interface SecretValueOptions {
  /**
   * Version of the secret's value, 1 or more; may be a token. Resources that store the secret are updated when it changes, and only
   * then.
   */
  readonly version: number;
  /** Resources that must exist before the secret can be read. @default - none */
  readonly dependables?: ITerraformDependable[];
  /**
   * True if the value is regenerated on every run and persisted only when `version` changes. Suitable for passwords, which can be
   * rotated everywhere; not for keys that have encrypted data. @default false
   */
  readonly changesEachRun?: boolean;
  /**
   * True if something else than Terraform rotates the value, under the same version. A job that uses it later gets the value of that
   * time. @default false
   */
  readonly rotatedExternally?: boolean;
  /** Mechanisms by which a lost or deleted secret comes back. @default - not known */
  readonly protections?: readonly Protection[];
  /** Place in the secret store that holds the value. @default - none */
  readonly store?: SecretStorePlace;
}

/**
 * A secret that Terraform reads during a run and never writes to its state or plan. It is not a string: it can be passed to write-only
 * arguments only (`password_wo`, `data_wo`), and using it in a text throws.
 *
 * @see https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
 *
 * @example
 * const password = SecretValue.fromVariable(new TerraformVariable(this, "password", { type: "string" }), 1);
 */
export class SecretValue {
  /**
   * A secret from the expression of an ephemeral resource or variable.
   *
   * @param expression a Terraform expression with an ephemeral result, such as `${ephemeral.random_password.db.result}`.
   * @param options version and dependencies.
   * @throws Error if the version is not a whole number of 1 or more.
   */
  public static fromEphemeral(expression: string, options: SecretValueOptions): SecretValue {
    return new SecretValue(expression, options);
  }

  /**
   * A secret from a Terraform variable, which becomes sensitive and ephemeral, so that it is not stored in plan or state.
   *
   * @param variable the variable, without a default, which the synthesized file would contain; Terraform or OpenTofu 1.11.
   * @param version the version; increment it when the value changes.
   * @throws Error if the version is not a whole number of 1 or more.
   */
  public static fromVariable(variable: TerraformVariable, version: number): SecretValue {
    variable.addOverride("sensitive", true);
    variable.addOverride("ephemeral", true);
    const checks = new SynthChecks(variable, "SECRET");
    checks.whenComplete(() => {
      if (variable.default !== undefined) {
        checks.fail(
          "default",
          "(not shown)",
          "must not be set: cdk.tf.json would contain the secret; pass the value with TF_VAR_...",
        );
      }
    });
    return new SecretValue(variable.stringValue, {
      version,
      protections: [variableProtection(variable.node.id)],
    });
  }

  /** Version of the value. */
  public readonly version: number;
  /** Resources that must exist before the secret can be read. */
  public readonly dependables: ITerraformDependable[];
  /** True if the value is regenerated on every run and persisted only when `version` changes. */
  public readonly changesEachRun: boolean;
  /** True if something else than Terraform rotates the value, under the same version. */
  public readonly rotatedExternally: boolean;
  /** Mechanisms by which a lost or deleted secret comes back. Not set if they are not known. */
  public readonly protections?: readonly Protection[];
  /** Place in the cloud's secret store, from which another stack reads the value (`StoredSecret` of each cloud). Not set if no store holds it. */
  public readonly store?: SecretStorePlace;
  // Not enumerable, so that logging or serialising the object shows no expression by accident.
  readonly #expression: string;

  private constructor(expression: string, options: SecretValueOptions) {
    const { version } = options;
    if (isResolved(version) && !(Number.isInteger(version) && version >= 1)) {
      throw new Error(`SECRET-VERSION: version must be a whole number, 1 or more (got ${version})`);
    }
    this.#expression = expression;
    this.version = version;
    this.dependables = options.dependables ?? [];
    this.changesEachRun = options.changesEachRun ?? false;
    this.rotatedExternally = options.rotatedExternally ?? false;
    this.protections = options.protections;
    this.store = options.store;
  }

  /**
   * A field of this secret, which contains a JSON object.
   *
   * @param field the name of the field, such as `password`.
   */
  public jsonField(field: string): SecretValue {
    const value = terraformCall("lookup", terraformCall("jsondecode", this.#expression), field);
    // The store holds the object and not the field.
    return new SecretValue(value, optionsWithoutStore(this));
  }

  /** Terraform expression of the secret, for write-only arguments, ephemeral resources and provider settings; Terraform refuses it elsewhere. */
  public writeOnly(): string {
    return this.#expression;
  }

  /**
   * Throws: a secret cannot be part of a text.
   *
   * @throws Error always.
   */
  public toString(): string {
    throw new Error(
      "SECRET-TEXT: a secret must not be part of a text; pass the SecretValue to a construct that takes one",
    );
  }

  /** A placeholder for logs and snapshots. */
  public toJSON(): string {
    return `(secret, version ${this.version})`;
  }
}

function optionsWithoutStore(secret: SecretValue): SecretValueOptions {
  const { version, dependables, changesEachRun, rotatedExternally, protections } = secret;
  return { version, dependables, changesEachRun, rotatedExternally, protections };
}
