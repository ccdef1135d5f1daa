import { isResolved, shortHash } from "../../database/private";

/**
 * A name that fits a limit of AWS: a longer one is cut and ends in a hash of the whole; a token is left as it is.
 *
 * @param name the name.
 * @param maxLength the maximum number of characters.
 *
 * @internal
 */
export function shortened(name: string, maxLength: number): string {
  if (!isResolved(name) || name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - 9).replace(/-+$/, "")}-${shortHash(name)}`;
}
