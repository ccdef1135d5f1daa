/** Write-only arguments need Terraform 1.11: a stack must say so, or an older one fails half-way. */
import { minVersion, satisfies } from "semver";
import type { RuleInput, RuleResult } from "./rule";

const ID = "DEVPLATFORMS_REQUIRED_VERSION";
const FIRST = "1.11.0";

export function requiredVersion({ stack }: Pick<RuleInput, "stack">): RuleResult {
  const { required_version: version } = stack.terraform;
  const lowest = version === undefined ? null : minVersion(version.replaceAll(",", " "));
  const fine = lowest !== null && satisfies(lowest, `>=${FIRST}`);
  const message = `terraform.required_version is ${version ?? "not set"}; it has to ask for ${FIRST} or later`;
  return { scanned: 1, findings: fine ? [] : [{ id: ID, resource: "terraform", message }] };
}
