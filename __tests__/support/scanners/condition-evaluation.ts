/** The evaluation of IAM conditions of Google Cloud by cel-python: whether an account may do something, not whether its text looks like it. */
import { join } from "node:path";
import { must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";

/** A role of an account, with the condition of its binding. */
export interface ConditionalRole {
  readonly permissions: readonly string[];
  /** @default - none: the role holds for all resources of the project */
  readonly condition?: string;
}

/** A request of an account. */
export interface ConditionalRequest {
  readonly permission: string;
  readonly resource: { readonly type: string; readonly name: string };
}

/**
 * @param interpreter the Python environment `cel`
 * @returns whether one of the roles permits each request, in their order
 */
export function permittedByRoles(
  interpreter: string,
  roles: readonly ConditionalRole[],
  requests: readonly ConditionalRequest[],
): boolean[] {
  const asked = requests.flatMap(({ permission, resource }, request) =>
    roles
      .filter(({ permissions }) => permissions.includes(permission))
      .map(({ condition }) => ({ request, condition: condition ?? "true", resource })),
  );
  const script = join(repository, "tools", "python", "evaluate_conditions.py");
  const holds: boolean[] = JSON.parse(must(interpreter, [script], { input: JSON.stringify(asked) }));
  return requests.map((_, request) => asked.some((each, at) => each.request === request && holds[at]));
}
