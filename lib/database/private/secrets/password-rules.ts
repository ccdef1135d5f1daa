import type { Postcondition, Precondition } from "cdktf";
import type { SecretValue } from "../../secret-value";
import { isResolved } from "../is-resolved";
import type { SynthChecks } from "../synth-checks";
import { lazyText } from "../terraform-expression";

/** Length of a generated password: valid on every cloud for both engines, and 190 bits in an alphanumeric alphabet. */
export const GENERATED_PASSWORD_LENGTH = 32;

/**
 * Printable ASCII without slash, both quotes, at-sign and space: the characters that every managed service accepts, so that a
 * password can move. RDS is the strictest (API reference CreateDBInstance, MasterUserPassword; read 2026-11).
 */
export const PASSWORD_CHARACTERS = "^[!#$%&()*+,.0-9:;<=>?A-Z\\[\\\\\\]^_`a-z{|}~-]+$";

/** Passwords that a service accepts. */
export interface PasswordRules {
  /** Minimum number of characters. */
  readonly minLength: number;
  /** Maximum number of characters. */
  readonly maxLength: number;
  /** Regular expression (RE2) of the whole password, such as `PASSWORD_CHARACTERS`. @default - any characters */
  readonly pattern?: string;
  /** Regular expressions (RE2) of character classes, three of which the password must contain. @default - none */
  readonly characterClasses?: readonly string[];
}

/** Passwords of a self-managed server, where only emptiness and surrounding white space are refused. */
export const ANY_PASSWORD: PasswordRules = { minLength: 1, maxLength: 1024 };

/**
 * Reports the length of a generated password that the service refuses, or that is too short to be safe.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param rules the service's rules.
 * @param length the number of characters; 16 or more.
 */
export function checkPasswordLength(
  checks: SynthChecks,
  property: string,
  rules: PasswordRules,
  length: number | undefined,
): void {
  checks.wholeNumber(property, length, 16, rules.maxLength, "characters");
}

/**
 * The version of a secret's value. An invalid one is reported and replaced by 1, since `SecretValue` throws at an invalid version and
 * all mistakes are to be reported together.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it, such as `passwordVersion`.
 * @param version the version; may be a token.
 */
export function secretVersion(checks: SynthChecks, property: string, version: number | undefined): number {
  checks.wholeNumber(property, version, 1, 2_147_483_647);
  if (version === undefined) return 1;
  return !isResolved(version) || (Number.isInteger(version) && version >= 1) ? version : 1;
}

/**
 * Conditions by which Terraform refuses a password that the service would refuse half-way through an apply, or that begins or ends
 * with white space. For a password known only at apply; the messages never show it.
 *
 * @param expression the password as a Terraform expression without braces, such as `self.secret_string`.
 * @param rules the service's rules.
 */
export function passwordConditions(expression: string, rules: PasswordRules): Postcondition[] {
  const { minLength, maxLength, pattern, characterClasses } = rules;
  const conditions: Postcondition[] = [
    {
      condition: `\${length(${expression}) >= ${minLength} && length(${expression}) <= ${maxLength}}`,
      errorMessage: `The password has to have ${minLength} to ${maxLength} characters.`,
    },
    {
      condition: `\${trimspace(${expression}) == ${expression}}`,
      errorMessage: "The password begins or ends with white space or a line break.",
    },
  ];
  if (pattern !== undefined) {
    conditions.push({
      condition: `\${can(regex(${JSON.stringify(pattern)}, ${expression}))}`,
      errorMessage:
        "The password may have printable ASCII characters only, without slash, quotes, at-sign and space.",
    });
  }
  if (characterClasses !== undefined) {
    const classes = JSON.stringify(characterClasses);
    conditions.push({
      condition: `\${length([for class in ${classes} : class if can(regex(class, ${expression}))]) >= 3}`,
      errorMessage:
        "The password has to have three of these: lower-case letters, upper-case letters, digits, other characters.",
    });
  }
  return conditions;
}

/**
 * The same conditions for the `lifecycle.precondition` of the resource that takes the password. Ephemeral resources could hold
 * them too, but then `terraform show -json` of a saved plan crashes (Terraform 1.11.4: "unsupported resource mode 69"), and
 * with it every tool that reads plans.
 *
 * @param password the password.
 * @param rules the service's rules.
 */
export function passwordPreconditions(password: SecretValue, rules: PasswordRules): Precondition[] {
  return passwordConditions("", rules).map(({ errorMessage }, index) => ({
    condition: lazyText((context) => {
      const resolved: unknown = context.resolve(password.writeOnly());
      // Braces of an expression inside another one are a syntax error.
      const expression = /^\$\{([\s\S]*)\}$/.exec(String(resolved))?.[1] ?? JSON.stringify(resolved);
      return passwordConditions(expression, rules)[index]?.condition;
    }),
    errorMessage,
  }));
}
