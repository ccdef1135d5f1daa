/** The parts of Terraform's plan JSON that tests read, and the questions they ask of it. */

export type Attributes = Record<string, unknown>;

export interface ResourceChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Attributes | null;
    readonly after: Attributes | null;
    readonly after_unknown: Attributes;
    /** The shape of `after` with `true` where a value is secret. */
    readonly after_sensitive?: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly variables?: Record<string, { readonly value: unknown }>;
  readonly configuration: { readonly root_module: Attributes };
}

/** What one plan would do to one resource. */
export interface Change {
  readonly address: string;
  /** `["update"]` is in place; `["delete", "create"]` and the reverse are a replacement. */
  readonly actions: readonly string[];
  /** The attributes that make it a replacement, such as `engine` or `storage.0.size`. */
  readonly replacePaths: readonly string[];
  /** The attributes that differ, at the top level. */
  readonly attributes: readonly string[];
}

/** @returns everything that a plan would change, sorted by address; reading a data source is no change. */
export function changes(plan: PlanJson): Change[] {
  return (plan.resource_changes ?? [])
    .filter((each) => !each.change.actions.every((action) => action === "no-op" || action === "read"))
    .map((each) => ({
      address: each.address,
      actions: each.change.actions,
      replacePaths: (each.change.replace_paths ?? []).map((path) => path.join(".")),
      attributes: differing(each),
    }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** @returns the managed resources that will be there, of one type or of all. */
export function planned(plan: PlanJson, type?: string | RegExp): ResourceChange[] {
  return (plan.resource_changes ?? []).filter(
    (each) =>
      each.mode === "managed" &&
      each.change.after !== null &&
      (type === undefined || (typeof type === "string" ? each.type === type : type.test(each.type))),
  );
}

function differing({ change: { before, after, after_unknown: unknown } }: ResourceChange): string[] {
  const names = new Set([
    ...Object.keys(before ?? {}),
    ...Object.keys(after ?? {}),
    ...Object.keys(unknown ?? {}),
  ]);
  return [...names].filter((name) => unknown?.[name] === true || !same(before?.[name], after?.[name])).sort();
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
