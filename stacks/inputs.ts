// What differs from account to account comes from Terraform variables, so that the synthesized stack is the same for
// everyone and needs no account. A stack takes plain props; these are the variables as tokens to put into them.

import { type IResolvable, ref, type TerraformStack, TerraformVariable, Token } from "cdktf";
import { SecretValue } from "../lib/database";

/** What a variable accepts, checked by Terraform before it plans. */
export interface InputRule {
  /** A Terraform expression that holds for a legal value, without braces, such as `length(var.subnet_ids) >= 2`. */
  readonly condition: string;
  /** What is allowed; a full sentence, as Terraform demands. */
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
 * The variables of one stack: first taken as tokens for its props, then declared in it.
 *
 * CDKTF declares a variable inside a stack, which does not exist while its props are written; hence the two steps.
 */
export class StackInputs {
  private readonly declarations: Declaration[] = [];

  /** A text. */
  public string(name: string, description: string, defaultValue?: string, ...rules: InputRule[]): string {
    return Token.asString(this.add(name, "string", description, defaultValue, rules));
  }

  /** A number. */
  public number(name: string, description: string, defaultValue?: number, ...rules: InputRule[]): number {
    return Token.asNumber(this.add(name, "number", description, defaultValue, rules));
  }

  /** A list of texts. */
  public list(name: string, description: string, ...rules: InputRule[]): string[] {
    return Token.asList(this.add(name, "list(string)", description, undefined, rules));
  }

  /**
   * A secret, which Terraform then writes into no state and no plan. A second variable, `<name>_version`, is the number to
   * raise when it changes, since a text that is kept nowhere cannot be compared.
   */
  public secret(name: string, description: string): SecretValue {
    const expression = Token.asString(this.add(name, "string", description, undefined, [], true));
    const version = this.add(
      `${name}_version`,
      "number",
      `The number to raise when ${name} changes`,
      1,
      [
        {
          condition: `var.${name}_version >= 1 && floor(var.${name}_version) == var.${name}_version`,
          message: "The version is a whole number, 1 or more.",
        },
      ],
      false,
    );
    return SecretValue.fromEphemeral(expression, { version: Token.asNumber(version) });
  }

  /** Declares every variable taken so far. */
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

/** The address at which people reach an application; every stack asks for it in the same words. */
export function accessUrl(inputs: StackInputs): string {
  return inputs.string("access_url", "The address at which people reach the application", undefined, {
    condition: 'can(regex("^https?://[^/ ]+", var.access_url))',
    message: "The address begins with https:// (or http://) and a host.",
  });
}

/** What a domain looks like; every stack that asks for one has the variable `domain`. */
export const DOMAIN_RULE: InputRule = {
  condition: 'can(regex("^[a-z0-9-]+([.][a-z0-9-]+)+$", var.domain))',
  message: "The domain is a host name with a dot, without scheme, star or slash.",
};
