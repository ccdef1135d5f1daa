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
    ...own.map(({ address, type, values, sensitive_values }) => {
      const compared = isMembers(values) ? values : {};
      const sensitive = marksOf(compared, sensitive_values);
      return {
        address: String(address),
        type: String(type),
        values: readable(compared, sensitive) as Members,
        compared,
        sensitive,
      };
    }),
    ...inner.flatMap(resourcesOf),
  ];
}

function list(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter(isMembers) : [];
}

/** Texts that are secret whatever the marks say: Terraform before 0.15 writes none. */
const SECRET = /(^|_)(password|password_wo|secret|token|private_key|client_key|secret_key)$/;

/** Tags and labels are no secrets, whatever their names. */
const NOT_SECRET = ["tags", "tags_all", "labels", "user_labels", "effective_labels", "terraform_labels"];

/** The marks of the state, and those of texts whose name says that they are secret. */
function marksOf(value: unknown, marks: unknown): unknown {
  if (marks === true) return true;
  if (Array.isArray(value))
    return value.map((each, index) => marksOf(each, Array.isArray(marks) ? marks[index] : undefined));
  if (!isMembers(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const given = memberOf(marks, name);
      const mark =
        typeof each === "string" && each !== "" && SECRET.test(name)
          ? true
          : NOT_SECRET.includes(name)
            ? given
            : marksOf(each, given);
      return mark === undefined ? [] : [[name, mark]];
    }),
  );
}

/** A value without its sensitive parts. */
function readable(value: unknown, marks: unknown): unknown {
  if (marks === true) return undefined;
  if (Array.isArray(value))
    return value.map((each, index) => readable(each, Array.isArray(marks) ? marks[index] : undefined));
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      memberOf(marks, name) === true ? [] : [[name, readable(each, memberOf(marks, name))]],
    ),
  );
}
