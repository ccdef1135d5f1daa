import { isResolved, type SynthChecks } from "../../database/private";
import { LABELS } from "./data/cloud-sql-limits";

/** Reports tags that Google Cloud does not take as labels. @internal */
export function checkLabels(
  checks: SynthChecks,
  tags: { readonly [name: string]: string } | undefined,
): void {
  if (!tags) return;
  const names = Object.keys(tags);
  if (isResolved(names) && names.length > LABELS.max) {
    checks.fail("tags", `${names.length} tags`, `allowed are ${LABELS.max}`);
  }
  for (const [name, value] of Object.entries(tags)) {
    checks.matches(
      `tags, the name ${JSON.stringify(name)}`,
      name,
      LABELS.key,
      "a label's name has 1 to 63 lower-case letters, digits, underscores and hyphens, with a letter first",
    );
    checks.matches(
      `tags.${name}`,
      value,
      LABELS.value,
      "a label's value has up to 63 lower-case letters, digits, underscores and hyphens",
    );
  }
}
