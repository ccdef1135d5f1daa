import { gte, valid } from "semver";
import type { SynthChecks } from "../database/private";
import { isResolved } from "../database/private";

/** Reports a chart version that is no exact one: a range or `latest` would change what runs without anybody's decision. */
export function checkChartVersion(checks: SynthChecks, property: string, version: string): void {
  checks.check(
    property,
    version,
    () => exact(version) !== undefined,
    "allowed is one exact version such as 2.33.6; ranges and latest would upgrade by themselves",
  );
}

/**
 * Reports a property that the chart, or the program in it, knows only from a later version on.
 *
 * @param property the property as the user writes it.
 * @param value the value seen; nothing is reported when it is not set.
 * @param version the chart version in use; nothing is reported when it is a token or no version at all.
 * @param since the first version with the property.
 */
export function checkSince(
  checks: SynthChecks,
  property: string,
  value: unknown,
  version: string,
  since: string,
): void {
  if (value === undefined || atLeast(version, since) !== false) return;
  checks.fail(property, value, `it needs chart version ${since} or later, and chartVersion is ${version}`);
}

/** Whether a chart version is at least another; not known for a token or for what is no version. */
export function atLeast(version: string, since: string): boolean | undefined {
  const own = isResolved(version) ? exact(version) : undefined;
  return own === undefined ? undefined : gte(own, since);
}

// Helm takes a leading "v" as well; semver's valid() strips it, and "=" and white space, which Helm does not take.
function exact(version: string): string | undefined {
  return /^v?\d/.test(version) && !/\s/.test(version) ? (valid(version) ?? undefined) : undefined;
}
