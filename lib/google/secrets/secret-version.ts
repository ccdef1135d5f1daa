import { isResolved, type SynthChecks } from "../../database/private";

/**
 * The number of a secret's present value; reports one that is none, and goes on with 1, so that all mistakes are told.
 *
 * @internal
 */
export function secretVersion(checks: SynthChecks, property: string, version: number | undefined): number {
  checks.wholeNumber(property, version, 1, 2_147_483_647);
  if (version === undefined) return 1;
  return !isResolved(version) || (Number.isInteger(version) && version >= 1) ? version : 1;
}
