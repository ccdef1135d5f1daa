// The parts of Terraform's plan JSON (`terraform show -json plan`) that the review reads; format version 1.x.

/** One change of a plan. */
export interface PlannedChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: unknown;
  };
}

/** What a change does: one word for each list of actions. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "read" | "nothing";

/** What a change does. */
export function actionOf({ change: { actions } }: PlannedChange): Action {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  const [only] = actions;
  if (only === "create" || only === "update" || only === "forget" || only === "read") return only;
  return only === "delete" ? "destroy" : "nothing";
}

/** The changes under a key of a plan, such as `resource_changes`. */
export function changesIn(plan: unknown, key: string): PlannedChange[] {
  const changes =
    typeof plan === "object" && plan !== null ? (plan as { [key: string]: unknown })[key] : undefined;
  return Array.isArray(changes) ? (changes as PlannedChange[]) : [];
}
