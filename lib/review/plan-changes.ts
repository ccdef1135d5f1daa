// Changes in Terraform's plan JSON (`terraform show -json plan`, format version 1.x) and their differences. Values that may be secret
// are not shown.

import { object } from "./stack-json";

/** Change of a resource in a plan. @see https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
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

/** Action of a change: one word for each combination of Terraform's actions. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "read" | "nothing";

/** The action of a change. */
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

// Attributes whose values are shown: not secret, and relevant for a review.
const SHOWN_ATTRIBUTES = new Set([
  "allocated_storage",
  "availability_type",
  "backup_retention_days",
  "backup_retention_period",
  "database_version",
  "deletion_protection",
  "engine_version",
  "instance_class",
  "iops",
  "max_allocated_storage",
  "multi_az",
  "password_wo_version",
  "publicly_accessible",
  "sku_name",
  "storage_mb",
  "storage_throughput",
  "version",
]);

/** Changed top-level attributes, with values for `SHOWN_ATTRIBUTES` that are not sensitive. */
export function differences(planned: PlannedChange): string[] {
  const { change } = planned;
  const [before, after, later] = [change.before, change.after, change.after_unknown].map((value) =>
    object(value),
  );
  const names = new Set([
    ...Object.keys(before ?? {}),
    ...Object.keys(after ?? {}),
    ...Object.keys(later ?? {}),
  ]);
  return [...names]
    .filter((name) => later?.[name] === true || !same(before?.[name], after?.[name]))
    .sort()
    .map((name) => {
      if (
        !SHOWN_ATTRIBUTES.has(name) ||
        isSensitive(change.before_sensitive, name) ||
        isSensitive(change.after_sensitive, name)
      ) {
        return name;
      }
      const next = later?.[name] === true ? "known after apply" : text(after?.[name]);
      return `${name} ${text(before?.[name])} -> ${next}`;
    });
}

/** Reason of a replacement or destruction in words; `undefined` when the plan has none. */
export function reasonOf(planned: PlannedChange): string | undefined {
  const paths = (planned.change.replace_paths ?? []).map((path) => path.join("."));
  if (actionOf(planned) === "replace" && paths.length > 0) return `because of ${paths.join(", ")}`;
  return planned.action_reason === undefined ? undefined : REASONS[planned.action_reason];
}

const REASONS: { readonly [reason: string]: string | undefined } = {
  replace_because_tainted: "because it is tainted: the last apply failed after its creation",
  replace_by_request: "because of the option -replace",
  replace_by_triggers: "because of replace_triggered_by",
  delete_because_no_resource_config: "because it is no longer in the program",
  delete_because_no_module: "because its module is no longer in the program",
  delete_because_wrong_repetition: "because count or for_each was added or removed",
  delete_because_count_index: "because count is smaller",
  delete_because_each_key: "because its key was removed from for_each",
  delete_because_no_move_target: "because its move target is not in the program",
};

function isSensitive(marks: unknown, name: string): boolean {
  if (marks === true) return true;
  const mark = object(marks)[name];
  return mark !== undefined && mark !== false;
}

function text(value: unknown): string {
  return value === undefined || value === null ? "unset" : String(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
