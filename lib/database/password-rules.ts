import type { Postcondition } from "cdktf";
import type { Cloud } from "./cloud";
import { PASSWORD_CHARACTERS, PASSWORD_LENGTH } from "./data/password-rules";
import type { DatabaseEngine } from "./engine";
import type { SynthChecks } from "./synth-checks";

const DEFAULT_LENGTH = { min: 8, max: 128 };

/** The length of a generated password: legal on every cloud for both engines, and 190 bits in an alphanumeric alphabet. */
export const GENERATED_PASSWORD_LENGTH = 32;

/** Reports the length of a generated password that the cloud refuses, or that is too short to be safe. */
export function checkPasswordLength(
  checks: SynthChecks,
  property: string,
  cloud: Cloud,
  engine: DatabaseEngine,
  length: number | undefined,
): void {
  const { max } = PASSWORD_LENGTH[`${cloud}/${engine.family}`] ?? DEFAULT_LENGTH;
  checks.wholeNumber(property, length, 16, max, "characters");
}

/**
 * The conditions by which Terraform refuses a password that the cloud would refuse, or that ends in white space.
 * For a password known only at apply; the messages never show it.
 *
 * @param expression the password as a Terraform expression without braces, such as `self.secret_string`.
 */
export function passwordConditions(
  expression: string,
  cloud: Cloud,
  engine: DatabaseEngine,
): Postcondition[] {
  const { min, max } = PASSWORD_LENGTH[`${cloud}/${engine.family}`] ?? DEFAULT_LENGTH;
  return [
    {
      condition: `\${length(${expression}) >= ${min} && length(${expression}) <= ${max}}`,
      errorMessage: `The password has to have ${min} to ${max} characters.`,
    },
    {
      condition: `\${trimspace(${expression}) == ${expression}}`,
      errorMessage: "The password begins or ends with white space or a line break.",
    },
    {
      condition: `\${can(regex(${JSON.stringify(PASSWORD_CHARACTERS)}, ${expression}))}`,
      errorMessage:
        "The password may have printable ASCII characters only, without slash, quotes, at-sign and space.",
    },
  ];
}
