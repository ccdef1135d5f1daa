import { Token } from "cdktf";
import { terraformCall } from "../terraform-expression";

/**
 * A whole number for the version of a generated secret, from the identity of the stored value: consumers follow a value that was made
 * anew under the same version number, because it was deleted, replaced or moved to another secret.
 *
 * @param identity identity of the stored value, which every new value changes, such as the id of the resource that stores it.
 */
export function secretIdentity(identity: string): number {
  // Twelve hexadecimal digits stay below 2^53, above which numbers in JSON lose digits. Not 0, which providers take for no number.
  const number = terraformCall(
    "parseint",
    terraformCall("substr", terraformCall("sha256", identity), 0, 12),
    16,
  );
  return Token.asNumber(terraformCall("sum", [1, number]));
}
