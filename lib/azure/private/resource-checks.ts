// Checks of arguments that several Azure resources have in common.

import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import { type ITerraformDependable, type TerraformProvider, Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { DeletionPolicy } from "../../database";
import { isResolved, type Rule, SeenInStack, type SynthChecks } from "../../database/private";

/**
 * Reports a text that is not the resource ID of a certain kind of resource.
 *
 * @param collection the collection in the ID, such as `virtualNetworks`.
 * @internal
 */
export function checkResourceId(
  checks: SynthChecks,
  property: string,
  id: string | undefined,
  collection: string,
): void {
  checks.matches(
    property,
    id,
    new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/.+/${collection}/[^/]+$`, "i"),
    `must be a resource ID such as /subscriptions/.../${collection}/name`,
  );
}

/** Tags that were checked: constructs hand theirs on to their children. */
const CHECKED = new SeenInStack();
const CHECKED_SHORT = new SeenInStack();

/**
 * Reports tags that Azure refuses in the middle of an apply, once for each set of tags in a stack.
 *
 * @param scope the construct that has the tags.
 * @param maxNameLength maximum length of a tag's name: 512, for storage accounts 128.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
 * @internal
 */
export function checkTags(
  checks: SynthChecks,
  scope: IConstruct,
  tags: { readonly [name: string]: string } | undefined,
  maxNameLength = 512,
): void {
  if (tags === undefined || Token.isUnresolved(tags)) return;
  // A storage account takes shorter names: what another resource takes is checked again.
  if (!(maxNameLength === 512 ? CHECKED : CHECKED_SHORT).first(scope, tags)) return;
  const names = Object.keys(tags).filter((name) => isResolved(name));
  if (names.length > 50) checks.fail("tags", `${names.length} tags`, "must be at most 50");
  const rule: Rule = `must have names of 1 to ${maxNameLength} characters without < > % & \\ ? / and control characters, which do not begin with azure, microsoft or windows`;
  for (const name of names) {
    if (
      name.length < 1 ||
      name.length > maxNameLength ||
      // biome-ignore lint/suspicious/noControlCharactersInRegex: Azure refuses them
      /[<>%&\\?/\u0000-\u001f]|^(azure|microsoft|windows)/i.test(name)
    ) {
      checks.fail("tags", name, rule);
    }
    const value = tags[name] as string;
    checks.check(`tags.${name}`, value, () => value.length <= 256, "must be at most 256 characters");
  }
}

/** Reports a resource group or region that neither the user nor a network sets. @internal */
export function checkPlacement(
  checks: SynthChecks,
  props: { readonly network?: unknown; readonly resourceGroupName?: string; readonly location?: string },
): void {
  for (const property of ["resourceGroupName", "location"] as const) {
    if (!props.network && props[property] === undefined) {
      checks.fail(property, undefined, "must be set where no network is given to take it from");
    }
  }
}

/**
 * Reports a deletion policy that the resource does not have, and records the opt-out of RETAIN.
 *
 * @param lost what is deleted, such as `the account and its objects`.
 * @internal
 */
export function checkDeletionPolicy(
  checks: SynthChecks,
  policy: DeletionPolicy | undefined,
  lost: string,
): void {
  if (policy === DeletionPolicy.SNAPSHOT) {
    checks.fail(
      "deletionPolicy",
      policy,
      "must be retain or delete; Azure has no snapshots of this resource",
    );
  }
  if (policy === DeletionPolicy.DELETE) {
    checks.optOut(`deletionPolicy: deletes ${lost} when it is removed from the program`);
  }
}

/**
 * A management lock (`CanNotDelete`) on a resource, which also stops deletion outside Terraform: Azure deletes storage accounts
 * and registries that are not empty.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 * @internal
 */
export function deletionLock(
  scope: Construct,
  name: string,
  resourceId: string,
  notes: string,
  options: { readonly provider?: TerraformProvider; readonly dependsOn?: ITerraformDependable[] },
): ManagementLock {
  return new ManagementLock(scope, "Lock", {
    name: `${name}-lock`,
    scope: resourceId,
    lockLevel: "CanNotDelete",
    notes,
    ...options,
  });
}
