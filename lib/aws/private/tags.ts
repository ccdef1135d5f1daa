import type { IConstruct } from "constructs";
import { isResolved, SeenInStack, type SynthChecks } from "../../database/private";
import { TAG_RULES } from "./data/tag-rules";

/** Tags that were checked: constructs hand theirs on to their children. */
const CHECKED = new SeenInStack();

/**
 * Reports tags that AWS refuses, once for each set of tags in a stack. Keys and values that only Terraform knows are not checked.
 *
 * @param checks where to report.
 * @param scope the construct that has the tags.
 * @param tags the tags.
 *
 * @internal
 */
export function checkTags(
  checks: SynthChecks,
  scope: IConstruct,
  tags: { readonly [name: string]: string } | undefined,
): void {
  if (!tags || !CHECKED.first(scope, tags)) return;
  reportTags(checks, tags, "tags");
}

/**
 * Reports tags that AWS refuses.
 *
 * @internal
 */
export function reportTags(
  checks: SynthChecks,
  tags: { readonly [name: string]: string },
  property: string,
): void {
  const { maxTags, maxKeyLength, maxValueLength, pattern, characters, reservedPrefixes } = TAG_RULES;
  const keys = Object.keys(tags).filter(isResolved);
  if (keys.length > maxTags) {
    checks.fail(property, `${keys.length} tags`, `must have at most ${maxTags} tags`);
  }
  const seen = new Map<string, string>();
  for (const key of keys) {
    const at = `${property}["${key}"]`;
    const lower = key.toLowerCase();
    const twin = seen.get(lower);
    if (twin !== undefined) {
      checks.fail(at, key, `must differ from "${twin}" in more than case, since IAM takes both for one key`);
    }
    seen.set(lower, key);
    checks.check(
      at,
      key,
      () => key.length >= 1 && key.length <= maxKeyLength && pattern.test(key),
      `must have a key of 1 to ${maxKeyLength} ${characters}`,
    );
    checks.check(
      at,
      key,
      () => !reservedPrefixes.some((prefix) => lower.startsWith(prefix)),
      `must have a key that does not begin with ${reservedPrefixes.join(" or ")}, which AWS reserves`,
    );
    const value = tags[key];
    checks.check(
      at,
      value,
      () => typeof value === "string" && value.length <= maxValueLength && pattern.test(value),
      `must be a text of up to ${maxValueLength} ${characters}`,
    );
  }
}
