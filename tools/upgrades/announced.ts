/** Compares what a newer version plans for an applied stack with what CHANGELOG.md says of it. */
import semver from "semver";

/** One change of an upgrade's plan. */
export interface UpgradeChange {
  readonly address: string;
  /** Terraform's actions, such as `["update"]`. */
  readonly actions: readonly string[];
  /** Attributes that differ, at the top level. */
  readonly attributes: readonly string[];
}

const HEADING = "### Changed in applied stacks";

/**
 * Lines under the heading *Changed in applied stacks* of the versions after one.
 *
 * @param changelog the text of CHANGELOG.md
 * @param version the version from which a user upgrades
 */
export function announcements(changelog: string, version: string): string[] {
  const sections = changelog.split(/^## \[/m).slice(1);
  return sections
    .filter((section) => {
      const name = section.slice(0, section.indexOf("]"));
      return name === "Unreleased" || semver.gt(name, version);
    })
    .flatMap((section) => {
      const start = section.indexOf(HEADING);
      if (start < 0) return [];
      const rest = section.slice(start + HEADING.length);
      const end = rest.search(/^### /m);
      return (end < 0 ? rest : rest.slice(0, end)).split(/^- /m).slice(1);
    });
}

/**
 * The changes that an upgrade must not make, or that CHANGELOG.md does not name, one line each.
 *
 * @param changes the changes of the plan
 * @param lines announcements
 * @param holdsData true for types whose loss is a loss of data
 */
export function unannounced(
  changes: readonly UpgradeChange[],
  lines: readonly string[],
  holdsData: (type: string) => boolean,
): string[] {
  return changes.flatMap(({ address, actions, attributes }) => {
    const type = address.split(".")[0] as string;
    if (actions.every((action) => action === "create" || action === "no-op" || action === "read")) return [];
    if (actions.includes("delete") && holdsData(type)) {
      return [`${address}: an upgrade must not ${actions.length > 1 ? "replace" : "destroy"} it`];
    }
    const about = lines.filter((line) => line.includes(`\`${type}\``));
    const verb = actions.length > 1 ? "replaced" : "destroyed";
    if (actions.includes("delete")) {
      return about.some((line) => line.includes(verb))
        ? []
        : [`${address}: is ${verb}; "${HEADING}" must say so`];
    }
    const missing = attributes.filter((name) => !about.some((line) => line.includes(`\`${name}\``)));
    return missing.map(
      (name) => `${address}: ${name} changes in place; "${HEADING}" must name \`${type}\` and \`${name}\``,
    );
  });
}
