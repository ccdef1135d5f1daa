// Names made from values of the user's, which may be too long or known to Terraform only.

import { isResolved, shortHash } from "../../database/private";

export { constructIdFor } from "../../database/private";

/**
 * A known name, shortened where a longer text does not fit; a token is left as it is.
 *
 * @param name the name.
 * @param maxLength the most characters.
 *
 * @internal
 */
export function shortened(name: string, maxLength: number): string {
  if (!isResolved(name) || name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - 9).replace(/-+$/, "")}-${shortHash(name)}`;
}
