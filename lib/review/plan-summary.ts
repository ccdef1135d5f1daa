import { type Action, actionOf, changesIn, differences, type PlannedChange, reasonOf } from "./plan-changes";
import { object } from "./stack-json";
import { counted, kindOf, section } from "./text";

/**
 * Summary of a Terraform plan in words. Changes that lose data come first. Values are shown for a few attributes that are not
 * secret; for all other attributes, only the names.
 *
 * @param plan the output of `terraform show -json` for a saved plan.
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function planSummary(plan: unknown): string {
  const changes = changesIn(plan, "resource_changes");
  const doing = (action: Action) => changes.filter((each) => actionOf(each) === action);
  const lost = [...doing("replace"), ...doing("destroy")];
  const atRisk = lost.filter(losesData);
  const others = lost.filter((each) => !losesData(each));
  return [
    headline(changes),
    ...section(
      "Incomplete",
      object(plan).errored === true ? ["Terraform reported an error while planning"] : [],
    ),
    ...section("DATA LOSS", atRisk.map(described)),
    ...section("Replaced", others.filter((each) => actionOf(each) === "replace").map(described)),
    ...section("Destroyed", others.filter((each) => actionOf(each) === "destroy").map(described)),
    ...section("Removed from the state and not destroyed", doing("forget").map(described)),
    ...section("Updated in place", doing("update").map(described)),
    ...section("Created", createdLines(doing("create"))),
    ...section("Moved", movedLines(changes)),
    ...section(
      "Changed outside Terraform since the last apply",
      changesIn(plan, "resource_drift").map(described),
    ),
    ...section("Failed checks", failedChecks(plan)),
  ].join("\n");
}

function headline(changes: PlannedChange[]): string {
  const words: [Action, string][] = [
    ["create", "to create"],
    ["update", "to update in place"],
    ["replace", "to replace"],
    ["destroy", "to destroy"],
    ["forget", "to remove from the state"],
  ];
  const counts = words
    .map(([action, word]) => [changes.filter((each) => actionOf(each) === action).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  return counts.length === 0 ? "no changes" : counts.join(", ");
}

/** Includes deposed objects of an earlier replacement: their data is lost now. */
function losesData(planned: PlannedChange): boolean {
  return kindOf(planned.type).holdsData === true;
}

function described(planned: PlannedChange): string {
  const { address, type, deposed } = planned;
  const action = actionOf(planned);
  const kind = kindOf(type).one;
  const verb = { replace: "replaced", destroy: "destroyed" }[action as string];
  const facts = [
    verb && [verb, reasonOf(planned)].filter(Boolean).join(" "),
    deposed && "deposed object of an earlier replacement",
    action === "update" && differences(planned).join(", "),
  ].filter(Boolean);
  return [`${address}${kind === type ? "" : ` (${kind})`}`, facts.join("; ")].filter(Boolean).join(": ");
}

function createdLines(changes: PlannedChange[]): string[] {
  const counts = new Map<string, number>();
  for (const { type } of changes) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => counted(count, kindOf(type)));
}

function movedLines(changes: PlannedChange[]): string[] {
  return changes
    .filter((each) => each.previous_address !== undefined && each.previous_address !== each.address)
    .map((each) => `${each.previous_address} -> ${each.address}`);
}

function failedChecks(plan: unknown): string[] {
  const checks = object(plan).checks;
  if (!Array.isArray(checks)) return [];
  return checks
    .map((check) => object(check))
    .filter((check) => check.status === "fail" || check.status === "error")
    .map((check) => String(object(check.address).to_display ?? "a check"));
}
