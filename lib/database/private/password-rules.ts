import type { Postcondition, Precondition } from "cdktf";
import { Cloud } from "../cloud";
import type { DatabaseEngine } from "../engine";
import type { SecretValue } from "../secret-value";
import { AZURE_CHARACTER_CLASSES, PASSWORD_CHARACTERS, PASSWORD_LENGTH } from "./data/password-rules";
import type { SynthChecks } from "./synth-checks";
import { deferred } from "./terraform-expression";

// A server of the user's own has whatever password its administrator set.
const ANY_LENGTH = { min: 1, max: 1024 };

/** The length of a generated password: legal on every cloud for both engines, and 190 bits in an alphanumeric alphabet. */
export const GENERATED_PASSWORD_LENGTH = 32;

/**
 * Reports the length of a generated password that the cloud refuses, or that is too short to be safe.
 *
 * @param checks where to report.
 * @param property the property's name as the user writes it.
 * @param cloud the cloud.
 * @param engine the engine.
 * @param length the number of characters; 16 or more.
 */
export function checkPasswordLength(
  checks: SynthChecks,
  property: string,
  cloud: Cloud,
  engine: DatabaseEngine,
  length: number | undefined,
): void {
  checks.wholeNumber(property, length, 16, limits(cloud, engine).max, "characters");
}

/**
 * The conditions by which Terraform refuses a password that the cloud would refuse half-way through an apply, or that begins
 * or ends with white space. For a password known only at apply; the messages never show it.
 *
 * @param expression the password as a Terraform expression without braces, such as `self.secret_string`.
 * @param cloud the cloud; for a self-managed server only emptiness and white space are refused.
 * @param engine the engine.
 */
export function passwordConditions(
  expression: string,
  cloud: Cloud,
  engine: DatabaseEngine,
): Postcondition[] {
  const { min, max } = limits(cloud, engine);
  const conditions: Postcondition[] = [
    {
      condition: `\${length(${expression}) >= ${min} && length(${expression}) <= ${max}}`,
      errorMessage: `The password has to have ${min} to ${max} characters.`,
    },
    {
      condition: `\${trimspace(${expression}) == ${expression}}`,
      errorMessage: "The password begins or ends with white space or a line break.",
    },
  ];
  if (cloud !== Cloud.SELF_MANAGED) {
    conditions.push({
      condition: `\${can(regex(${JSON.stringify(PASSWORD_CHARACTERS)}, ${expression}))}`,
      errorMessage:
        "The password may have printable ASCII characters only, without slash, quotes, at-sign and space.",
    });
  }
  if (cloud === Cloud.AZURE) {
    const classes = JSON.stringify(AZURE_CHARACTER_CLASSES);
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
 * @param cloud the cloud.
 * @param engine the engine.
 */
export function passwordPreconditions(
  password: SecretValue,
  cloud: Cloud,
  engine: DatabaseEngine,
): Precondition[] {
  return passwordConditions("", cloud, engine).map(({ errorMessage }, index) => ({
    condition: deferred((context) => {
      const resolved: unknown = context.resolve(password.writeOnly());
      // Inside one expression the braces of another one are too many.
      const expression = /^\$\{([\s\S]*)\}$/.exec(String(resolved))?.[1] ?? JSON.stringify(resolved);
      return passwordConditions(expression, cloud, engine)[index]?.condition;
    }),
    errorMessage,
  }));
}

function limits(cloud: Cloud, engine: DatabaseEngine): { readonly min: number; readonly max: number } {
  return PASSWORD_LENGTH[`${cloud.name}/${engine.family}`] ?? ANY_LENGTH;
}
