import { Fn, type ITerraformDependable, type TerraformVariable } from "cdktf";

/** What comes with a secret. */
export interface SecretValueOptions {
  /**
   * The number that stands for the secret's present value, 1 or more. Everything that stores the secret is
   * written again when it changes, and only then.
   */
  readonly version: number;
  /** What has to exist before the secret can be read. @default - nothing */
  readonly dependables?: ITerraformDependable[];
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
   */
  public static fromEphemeral(expression: string, options: SecretValueOptions): SecretValue {
    return new SecretValue(expression, options.version, options.dependables ?? []);
  }

  /**
   * A secret given to Terraform as a variable, which is marked sensitive and ephemeral so that no plan or state keeps it.
   *
   * @param variable the variable; Terraform or OpenTofu 1.11 or later.
   * @param version the number to raise when the value changes.
   */
  public static fromVariable(variable: TerraformVariable, version: number): SecretValue {
    variable.addOverride("sensitive", true);
    variable.addOverride("ephemeral", true);
    return new SecretValue(variable.stringValue, version, []);
  }

  /** The number that stands for the present value. */
  public readonly version: number;
  /** What has to exist before the secret can be read. */
  public readonly dependables: ITerraformDependable[];
  // Not enumerable, so that logging or serialising the object shows no expression by accident.
  readonly #expression: string;

  private constructor(expression: string, version: number, dependables: ITerraformDependable[]) {
    this.#expression = expression;
    this.version = version;
    this.dependables = dependables;
  }

  /** A secret that is one field of this one, which holds a JSON object. */
  public jsonField(field: string): SecretValue {
    const value = Fn.lookup(Fn.jsondecode(this.#expression), field);
    return new SecretValue(value as unknown as string, this.version, this.dependables);
  }

  /** The expression, for write-only arguments, ephemeral resources and provider settings; Terraform refuses it elsewhere. */
  public writeOnly(): string {
    return this.#expression;
  }

  /** @throws Error always: a secret has no place in a text. */
  public toString(): string {
    throw new Error("a secret can't be part of a text; give it to a construct that takes a SecretValue");
  }

  /** What a log or snapshot shows of a secret. */
  public toJSON(): string {
    return `(secret, version ${this.version})`;
  }
}
