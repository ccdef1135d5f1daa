// Rules of names and labels that all products of Google Cloud share.

import type { IConstruct } from "constructs";
import { isResolved, SeenInStack, type SynthChecks } from "../database/private";

/**
 * A project id, with the domain in front for projects of a domain.
 *
 * @internal
 */
export const PROJECT_ID = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/** The rule of project ids in words. @internal */
export const PROJECT_RULE =
  "must be a project id: 6 to 30 lower-case letters, digits and hyphens, with a letter first";

/** Refuses a VPC that is not written in the one form that Cloud SQL, Cloud DNS and Compute Engine all take. @internal */
export function checkNetworkId(checks: SynthChecks, property: string, networkId: string | undefined): void {
  checks.matches(
    property,
    networkId,
    /^(https:\/\/www\.googleapis\.com\/compute\/v1\/)?projects\/[^/]+\/global\/networks\/[^/]+$/,
    "must be projects/PROJECT/global/networks/NAME, the id of a VPC network",
  );
}

/** Limits of labels (cloud.google.com/resource-manager/docs/labels-overview, read 2026-11). */
const LABELS = {
  max: 64,
  key: /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u,
  value: /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u,
};

/** Tags that were checked: constructs hand theirs on to their children. */
const CHECKED = new SeenInStack();

/**
 * Refuses tags that Google Cloud does not accept as labels, once for each set of tags in a stack.
 *
 * @param checks where to report.
 * @param scope the construct that has the tags.
 * @param tags the tags.
 *
 * @internal
 */
export function checkLabels(
  checks: SynthChecks,
  scope: IConstruct,
  tags: { readonly [name: string]: string } | undefined,
): void {
  if (!tags || !CHECKED.first(scope, tags)) return;
  const names = Object.keys(tags);
  if (isResolved(names) && names.length > LABELS.max) {
    checks.fail("tags", `${names.length} tags`, `must be at most ${LABELS.max} labels`);
  }
  for (const [name, value] of Object.entries(tags)) {
    checks.matches(
      `tags[${JSON.stringify(name)}]`,
      name,
      LABELS.key,
      "must have a key of 1 to 63 lower-case letters, digits, underscores and hyphens, with a letter first",
    );
    checks.matches(
      `tags[${JSON.stringify(name)}]`,
      value,
      LABELS.value,
      "must be up to 63 lower-case letters, digits, underscores and hyphens",
    );
  }
}
