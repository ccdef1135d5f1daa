import type { TerraformStack } from "cdktf";
import { Template } from "./template";

/**
 * The Terraform addresses of a stack's resources by construct path, sorted. As a snapshot it protects databases: a resource whose
 * address changes is destroyed and created anew by the next apply, unless a `moved` block follows it.
 *
 * @param stack the stack.
 * @param types resource types to include, such as `aws_db_instance`. @default - all
 * @throws if `types` has a type that the stack does not have.
 * @see https://developer.hashicorp.com/terraform/language/state
 */
export function addresses(
  stack: TerraformStack,
  types?: readonly string[],
): { readonly [path: string]: string } {
  const resources = Template.of(stack).blocks.filter(({ block }) => block === "resource");
  const missing = (types ?? []).filter((type) => !resources.some((each) => each.type === type));
  if (missing.length > 0)
    throw new Error(`types must be resource types of the stack (got ${missing.join(", ")})`);
  const entries = resources
    .filter(({ type }) => types === undefined || types.includes(type))
    .map(({ path, address }) => [path === "" ? address : path, address] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
