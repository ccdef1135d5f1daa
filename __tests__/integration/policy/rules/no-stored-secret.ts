/** Whatever a provider marks as sensitive and has a value is readable in the state. Write-only values are not there. */
import { planned } from "../../../support/terraform/plan";
import type { Rule } from "./rule";

const ID = "DEVPLATFORMS_STORED_SECRET";

export const noStoredSecret: Rule = ({ plan }) => {
  const resources = planned(plan);
  return {
    scanned: resources.length,
    findings: resources.flatMap(({ address, change }) =>
      marked(change.after, change.after_sensitive).map((path) => ({
        id: ID,
        resource: address,
        message: `the secret ${path} is in the state`,
      })),
    ),
  };
};

/** @returns the paths of values that are marked and not empty. */
function marked(value: unknown, mark: unknown, path: readonly string[] = []): string[] {
  if (mark === true) {
    return isEmpty(value) ? [] : [path.join(".")];
  }
  if (typeof mark !== "object" || mark === null || typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(mark).flatMap(([name, inner]) =>
    marked((value as Record<string, unknown>)[name], inner, [...path, name]),
  );
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === "" ||
    (typeof value === "object" && Object.values(value).every(isEmpty))
  );
}
