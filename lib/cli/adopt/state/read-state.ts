import { isMembers, type Members, memberOf } from "./members";
import type { StateResource } from "./state-resource";

/** Input of `adopt` that is no state. */
export class NotAStateError extends Error {}

/**
 * The managed resources of a state, as `terraform show -json` and `tofu show -json` write it, with those of its modules.
 *
 * @param json the parsed output.
 * @throws NotAStateError for a plan, the file of a state, and everything else.
 * @see https://developer.hashicorp.com/terraform/internals/json-format#state-representation
 */
export function readState(json: unknown): StateResource[] {
  if (!isMembers(json)) throw new NotAStateError("Not a state: the JSON is no object.");
  if ("resource_changes" in json || "planned_values" in json)
    throw new NotAStateError(
      "Not a state but a plan: run terraform show -json without the name of a plan, and give its output.",
    );
  if ("resources" in json && "lineage" in json)
    throw new NotAStateError(
      "Not the output of terraform show but the file of a state: run terraform show -json where it is used, and give its output. The file holds passwords that are not marked.",
    );
  const version = memberOf(json, "format_version");
  if (typeof version !== "string" || !/^[01]\./.test(version))
    throw new NotAStateError(
      `Not a state: format_version must be 1.x (got ${JSON.stringify(version) ?? "none"}). Give the output of terraform show -json, of aws rds describe-db-instances, or another input that devplatforms adopt --help lists.`,
    );
  const root = memberOf(memberOf(json, "values"), "root_module");
  const resources = root === undefined ? [] : resourcesOf(root);
  if (resources.length === 0)
    throw new NotAStateError(
      "The state has no resources. Is it that of the right folder and workspace (terraform workspace show)?",
    );
  return resources;
}

function resourcesOf(module: unknown): StateResource[] {
  const own = list(memberOf(module, "resources")).filter(({ mode }) => mode === "managed");
  const inner = list(memberOf(module, "child_modules"));
  return [
    ...own.map(({ address, type, values, sensitive_values }) => ({
      address: String(address),
      type: String(type),
      values: isMembers(values) ? values : {},
      sensitive: sensitive_values ?? {},
    })),
    ...inner.flatMap(resourcesOf),
  ];
}

function list(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter(isMembers) : [];
}
