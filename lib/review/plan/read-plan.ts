// Reads Terraform's plan JSON (`terraform show -json plan`, format version 1.x) and refuses everything else: a review that finds no change
// in a file that is no plan would be worse than none. https://developer.hashicorp.com/terraform/internals/json-format

import { isMembers, items, type Members, member, members, textOf } from "./values";

/** Input that is not a complete plan of a supported format. The message says what it is and how to make a plan. */
export class NotAPlanError extends Error {
  /** Name of the error. */
  public override readonly name = "NotAPlanError";
}

/** Action of a change: one word for each combination of Terraform's actions. */
export type Action =
  | "create"
  | "update"
  | "replace"
  | "replace-and-forget"
  | "destroy"
  | "forget"
  | "read"
  | "nothing";

/** Change of a resource in a plan. */
export interface PlannedChange {
  readonly address: string;
  /** Address before a `moved` block or an import by another address. */
  readonly previousAddress?: string;
  readonly type: string;
  readonly action: Action;
  /** Key of an object that an earlier replacement left over. */
  readonly deposed?: string;
  readonly actionReason?: string;
  readonly importing: boolean;
  readonly replacePaths: readonly string[];
  readonly change: Members;
}

/** A plan, as far as the review reads it. */
export interface Plan {
  readonly terraformVersion?: string;
  readonly changes: readonly PlannedChange[];
  /** Changes that Terraform puts off to a later plan, with the reason. */
  readonly deferred: readonly { readonly change: PlannedChange; readonly reason: string }[];
  readonly drift: readonly PlannedChange[];
  /** Attributes outside the changes that the plan's values come from. */
  readonly relevant: ReadonlyMap<string, readonly string[]>;
  readonly outputs: readonly { readonly name: string; readonly change: Members }[];
  readonly failedChecks: readonly string[];
  /** False if another plan and apply is needed after this one. */
  readonly complete: boolean;
  /** False if Terraform says that there is nothing to apply, or that it cannot be applied; `undefined` before Terraform 1.7. */
  readonly applyable?: boolean;
  readonly configuration: unknown;
  readonly priorState: unknown;
}

const HOW = "Write it by `terraform plan -out plan && terraform show -json plan > plan.json`.";

/** Parses a plan. Throws `NotAPlanError` for everything that is no complete plan of format version 1. */
export function readPlan(json: unknown): Plan {
  if (!isMembers(json)) throw new NotAPlanError(`Not a plan: ${kindOfJson(json)}. ${HOW}`);
  refuseOthers(json);
  const reviewed = (value: unknown) => items(value).map(changeOf);
  return {
    terraformVersion: textOf(json.terraform_version),
    changes: reviewed(json.resource_changes)
      .filter(isManaged)
      .map(({ change }) => change),
    deferred: items(json.deferred_changes).map((each) => ({
      change: changeOf(member(each, "resource_change")).change,
      reason: textOf(member(each, "reason")) ?? "unknown",
    })),
    drift: reviewed(json.resource_drift)
      .filter(isManaged)
      .map(({ change }) => change),
    relevant: relevantIn(json.relevant_attributes),
    outputs: Object.entries(members(json.output_changes)).map(([name, change]) => ({
      name,
      change: members(change),
    })),
    failedChecks: failedIn(json.checks),
    complete: json.complete !== false,
    ...(typeof json.applyable === "boolean" ? { applyable: json.applyable } : {}),
    configuration: json.configuration,
    priorState: json.prior_state,
  };
}

function kindOfJson(json: unknown): string {
  if (json === null || json === undefined) return "nothing";
  return Array.isArray(json) ? "a list" : `a ${typeof json}`;
}

function refuseOthers(json: Members): void {
  const version = textOf(json.format_version);
  if (json.resource !== undefined || json.terraform !== undefined) {
    throw new NotAPlanError(`Not a plan: this is a synthesized stack (cdk.tf.json). ${HOW}`);
  }
  if (json.values !== undefined && json.resource_changes === undefined && json.configuration === undefined) {
    throw new NotAPlanError(
      `Not a plan: this is a state (\`terraform show -json\` without a plan file). ${HOW}`,
    );
  }
  if (json.lineage !== undefined && json.serial !== undefined) {
    throw new NotAPlanError(`Not a plan: this is a state file (terraform.tfstate). ${HOW}`);
  }
  if (json["@level"] !== undefined || json["@message"] !== undefined) {
    throw new NotAPlanError(`Not a plan: this is a log of \`terraform plan -json\`. ${HOW}`);
  }
  if (version === undefined) throw new NotAPlanError(`Not a plan: format_version is missing. ${HOW}`);
  if (!/^1\.\d+$/.test(version)) {
    const found = /^[\w.-]{1,20}$/.test(version) ? version : "another text";
    throw new NotAPlanError(
      `format_version must be 1.x (got ${found}); a newer version of this package may read it.`,
    );
  }
  // Terraform leaves out `resource_changes` where nothing is planned and the state is empty; `configuration` is always there.
  if (
    !isMembers(json.configuration) ||
    (json.resource_changes !== undefined && !Array.isArray(json.resource_changes))
  ) {
    throw new NotAPlanError(`Not a complete plan: resource_changes or configuration is missing. ${HOW}`);
  }
  if (json.errored === true) {
    throw new NotAPlanError(
      "The plan is incomplete: Terraform reported an error while planning. Plan again without errors.",
    );
  }
}

function changeOf(json: unknown): { readonly change: PlannedChange; readonly mode: string } {
  const resource = members(json);
  const address = textOf(resource.address);
  const type = textOf(resource.type);
  const change = members(resource.change);
  if (address === undefined || type === undefined || !Array.isArray(change.actions)) {
    throw new NotAPlanError(`Not a complete plan: a resource change has no address, type or actions. ${HOW}`);
  }
  return {
    mode: textOf(resource.mode) ?? "managed",
    change: {
      address,
      type,
      action: actionOf(change.actions),
      deposed: textOf(resource.deposed),
      actionReason: textOf(resource.action_reason),
      previousAddress: textOf(resource.previous_address),
      importing: isMembers(change.importing),
      replacePaths: items(change.replace_paths).map((path) =>
        items(path)
          .filter((each) => typeof each === "string")
          .join("."),
      ),
      change,
    },
  };
}

function isManaged({ mode }: { readonly mode: string }): boolean {
  return mode === "managed";
}

function actionOf(actions: readonly unknown[]): Action {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  // `lifecycle` has `destroy = false`: ["create", "forget"] of Terraform, ["forget", "create"] of OpenTofu.
  if (actions.includes("create") && actions.includes("forget")) return "replace-and-forget";
  const [only] = actions;
  if (actions.length === 1) {
    if (only === "create" || only === "update" || only === "forget" || only === "read") return only;
    if (only === "delete") return "destroy";
    if (only === "no-op") return "nothing";
  }
  throw new NotAPlanError(
    "The plan has an action that this version does not know; a newer version of this package may read it.",
  );
}

function relevantIn(json: unknown): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const each of items(json)) {
    const resource = textOf(member(each, "resource"));
    if (resource === undefined) continue;
    const path = items(member(each, "attribute")).filter((part) => typeof part === "string");
    found.set(resource, [...(found.get(resource) ?? []), path.join(".")]);
  }
  return found;
}

function failedIn(checks: unknown): string[] {
  return items(checks)
    .filter((check) => ["fail", "error"].includes(String(member(check, "status"))))
    .map((check) => textOf(member(member(check, "address"), "to_display")) ?? "a check");
}
