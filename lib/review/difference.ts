// What an update changes, without ever showing a value that may be secret.

import { actionOf, type PlannedChange } from "./plan-json";
import { object } from "./stack-json";

// Only of these are values shown: they hold no secrets, and a reviewer wants to see them.
const TELLING = new Set([
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

/** The attributes that differ, at the top level, with their values where they are telling and not secret. */
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
        !TELLING.has(name) ||
        isSensitive(change.before_sensitive, name) ||
        isSensitive(change.after_sensitive, name)
      ) {
        return name;
      }
      const next = later?.[name] === true ? "known later" : text(after?.[name]);
      return `${name} ${text(before?.[name])} -> ${next}`;
    });
}

/** Why Terraform replaces or destroys something, in words; nothing when it does not say. */
export function reasonOf(planned: PlannedChange): string | undefined {
  const paths = (planned.change.replace_paths ?? []).map((path) => path.join("."));
  if (actionOf(planned) === "replace" && paths.length > 0) return `because of ${paths.join(", ")}`;
  return planned.action_reason === undefined ? undefined : REASONS[planned.action_reason];
}

const REASONS: { readonly [reason: string]: string | undefined } = {
  replace_because_tainted: "because the last apply left it broken (tainted)",
  replace_by_request: "because it was asked for (-replace)",
  replace_by_triggers: "because of replace_triggered_by",
  delete_because_no_resource_config: "because it is no longer in the program",
  delete_because_no_module: "because its module is no longer in the program",
  delete_because_wrong_repetition: "because count or for_each came or went",
  delete_because_count_index: "because count is smaller",
  delete_because_each_key: "because its key is gone from for_each",
  delete_because_no_move_target: "because it was moved to nowhere",
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
