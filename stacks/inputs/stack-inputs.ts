// Values that differ between accounts are Terraform variables here, so that the synthesized stacks are the same everywhere and
// need no account. A stack class takes plain props; a variable is passed to it as a token.

import { type IResolvable, ref, type TerraformStack, TerraformVariable, Token } from "cdktf";
import { SecretValue } from "../../lib/database";
import { variableProtection } from "../../lib/database/private";

/** A validation rule of a Terraform variable. Terraform checks it before it plans. */
export interface InputRule {
  /** Terraform expression that is true for a valid value, without braces, such as `length(var.subnet_ids) >= 2`. */
  readonly condition: string;
  /** Error message; a full sentence, as Terraform requires. */
  readonly message: string;
}

interface Declaration {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly default?: unknown;
  readonly rules: InputRule[];
  readonly secret?: boolean;
}

/**
 * The Terraform variables of one stack. Each method returns a token for the stack's props; `declareIn` then declares the variables.
 *
 * There are two steps because CDKTF declares a variable inside a stack, and the stack does not exist yet while its props are written.
 */
export class StackInputs {
  private readonly declarations: Declaration[] = [];

  /** A variable of type `string`. */
  public string(name: string, description: string, defaultValue?: string, ...rules: InputRule[]): string {
    return Token.asString(this.add(name, "string", description, defaultValue, rules));
  }

  /** A variable of type `number`. */
  public number(name: string, description: string, defaultValue?: number, ...rules: InputRule[]): number {
    return Token.asNumber(this.add(name, "number", description, defaultValue, rules));
  }

  /** A variable of type `list(string)`. */
  public list(name: string, description: string, ...rules: InputRule[]): string[] {
    return Token.asList(this.add(name, "list(string)", description, undefined, rules));
  }

  /**
   * An ephemeral variable: Terraform writes its value to neither state nor plan. A second variable, `<name>_version`, has to be
   * incremented when the value changes, because a value that is not stored cannot be compared.
   */
  public secret(name: string, description: string): SecretValue {
    const expression = Token.asString(this.add(name, "string", description, undefined, [], true));
    const version = this.add(
      `${name}_version`,
      "number",
      `Version of ${name}; increment it when the value changes`,
      1,
      [
        {
          condition: `var.${name}_version >= 1 && floor(var.${name}_version) == var.${name}_version`,
          message: "The version must be a whole number of 1 or more.",
        },
      ],
      false,
    );
    return SecretValue.fromEphemeral(expression, {
      version: Token.asNumber(version),
      protections: [variableProtection(name)],
    });
  }

  /** Declares the variables in the stack. */
  public declareIn(stack: TerraformStack): void {
    for (const { name, type, description, default: defaultValue, rules, secret } of this.declarations) {
      const variable = new TerraformVariable(stack, name, {
        type,
        description,
        nullable: false,
        default: defaultValue,
        sensitive: secret,
      });
      if (secret) variable.addOverride("ephemeral", true);
      for (const rule of rules) {
        variable.addValidation({ condition: `\${${rule.condition}}`, errorMessage: rule.message });
      }
    }
  }

  private add(
    name: string,
    type: string,
    description: string,
    defaultValue: unknown,
    rules: InputRule[],
    secret?: boolean,
  ): IResolvable {
    this.declarations.push({ name, type, description, default: defaultValue, rules, secret });
    return ref(`var.${name}`);
  }
}
