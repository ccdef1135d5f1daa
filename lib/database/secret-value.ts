import type { ITerraformDependable, TerraformVariable } from "cdktf";
import { isResolved } from "./private/is-resolved";
import { SynthChecks } from "./private/synth-checks";
import { terraformCall } from "./private/terraform-expression";

/** What comes with a secret. */
export interface SecretValueOptions {
  /**
   * The number that stands for the secret's present value, 1 or more; may be a token. Everything that stores the secret is
   * written again when it changes, and only then.
   */
  readonly version: number;
  /** What has to exist before the secret can be read. @default - nothing */
  readonly dependables?: ITerraformDependable[];
  /**
   * Whether each run of Terraform has another value, of which only the one that comes with a new version number is kept. Fit
   * for passwords, which can be set anew in all places; never for a key that has encrypted something. @default false
   */
  readonly changesEachRun?: boolean;
}

/**
 * A secret that Terraform reads while it runs and never writes to its state or plan.
 *
 * Not a string on purpose: it can be given only to write-only arguments (`password_wo`, `data_wo`), and using it
 * in a text throws.
 *
 * @example
 * const password = SecretValue.fromVariable(new TerraformVariable(this, "password", { type: "string" }), 1);
 */
export class SecretValue {
  /**
   * A secret by the expression of an ephemeral resource or variable.
   *
   * @param expression a Terraform expression with an ephemeral result, such as `${ephemeral.random_password.db.result}`.
   * @param options version and dependencies.
   * @throws Error when the version is not a whole number of 1 or more: what stores the secret would never be written.
   */
  public static fromEphemeral(expression: string, options: SecretValueOptions): SecretValue {
    const { version, dependables = [], changesEachRun = false } = options;
    return new SecretValue(expression, version, dependables, changesEachRun);
  }

  /**
   * A secret given to Terraform as a variable, which is marked sensitive and ephemeral so that no plan or state keeps it.
   *
   * @param variable the variable, without a default, which would be in the synthesized file; Terraform or OpenTofu 1.11.
   * @param version the number to raise when the value changes.
   * @throws Error when the version is not a whole number of 1 or more.
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
    return new SecretValue(variable.stringValue, version, [], false);
  }

  /** The number that stands for the present value. */
  public readonly version: number;
  /** What has to exist before the secret can be read. */
  public readonly dependables: ITerraformDependable[];
  /** Whether each run of Terraform has another value, of which only the one that comes with a new version number is kept. */
  public readonly changesEachRun: boolean;
  // Not enumerable, so that logging or serialising the object shows no expression by accident.
  readonly #expression: string;

  private constructor(
    expression: string,
    version: number,
    dependables: ITerraformDependable[],
    changesEachRun: boolean,
  ) {
    if (isResolved(version) && !(Number.isInteger(version) && version >= 1)) {
      throw new Error(`SECRET-VERSION: version must be a whole number, 1 or more (got ${version})`);
    }
    this.#expression = expression;
    this.version = version;
    this.dependables = dependables;
    this.changesEachRun = changesEachRun;
  }

  /**
   * A secret that is one field of this one, which holds a JSON object.
   *
   * @param field the field's name, such as `password`.
   */
  public jsonField(field: string): SecretValue {
    const value = terraformCall("lookup", terraformCall("jsondecode", this.#expression), field);
    return new SecretValue(value, this.version, this.dependables, this.changesEachRun);
  }

  /** The expression, for write-only arguments, ephemeral resources and provider settings; Terraform refuses it elsewhere. */
  public writeOnly(): string {
    return this.#expression;
  }

  /**
   * What JavaScript calls to put the secret into a text, where it has no place.
   *
   * @throws Error always.
   */
  public toString(): string {
    throw new Error(
      "SECRET-TEXT: a secret must not be part of a text; pass the SecretValue to a construct that takes one",
    );
  }

  /** What a log or snapshot shows of a secret. */
  public toJSON(): string {
    return `(secret, version ${this.version})`;
  }
}
