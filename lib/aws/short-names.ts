// Names made from values of the user's, which may be too long or known to Terraform only.

import { isKnown, shortHash } from "../database";

export { idPart } from "../database/id-part";

/**
 * A known name, shortened where a longer text does not fit; a token is left as it is.
 *
 * @param name the name.
 * @param maxLength the most characters.
 *
 * @internal
 */
export function shortened(name: string, maxLength: number): string {
  if (!isKnown(name) || name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - 9).replace(/-+$/, "")}-${shortHash(name)}`;
}
