// Differences as text: names of attributes, and values of those on the allow-list.

import { SHOWN_PARAMETERS, SHOWN_VALUES } from "../data/shown-values";
import type { Pair } from "./differences";
import type { PlannedChange } from "./read-plan";
import { entry } from "./values";

/** `multi_az true -> false`, or the name only. */
export function shownDifference(type: string, pair: Pair): string {
  if (!isAllowed(type, pair) || pair.sensitive) return pair.at;
  const before = shownValue(pair.before);
  const after = pair.unknown ? "(known after apply)" : shownValue(pair.after);
  return before === undefined || after === undefined ? pair.at : `${pair.at} ${before} -> ${after}`;
}

/** Reason of a replacement or destruction in words; `undefined` when the plan has none. */
export function reasonOf({ action, replacePaths, actionReason }: PlannedChange): string | undefined {
  if (action.startsWith("replace") && replacePaths.length > 0) {
    return `because of ${[...new Set(replacePaths)].map((path) => (/^[\w.-]{1,120}$/.test(path) ? path : "(an attribute)")).join(", ")}`;
  }
  return actionReason === undefined ? undefined : entry(REASONS, actionReason);
}

const REASONS: { readonly [reason: string]: string | undefined } = {
  replace_because_tainted: "because it is tainted: the last apply failed after its creation",
  replace_because_cannot_update: "because it cannot be updated in place",
  replace_by_request: "because of the option -replace",
  replace_by_triggers: "because of replace_triggered_by",
  delete_because_no_resource_config: "because it is no longer in the program",
  delete_because_no_module: "because its module is no longer in the program",
  delete_because_wrong_repetition: "because count or for_each was added or removed",
  delete_because_count_index: "because count is smaller",
  delete_because_each_key: "because its key was removed from for_each",
  delete_because_no_move_target: "because its move target is not in the program",
};

function isAllowed(type: string, { path, at }: Pair): boolean {
  if (entry(SHOWN_VALUES, type)?.includes(path)) return true;
  const parameter = /^(?:parameter|settings\.database_flags)\[([\w.-]+)\]\.value$/.exec(at)?.[1];
  return parameter !== undefined && SHOWN_PARAMETERS.has(parameter);
}

/** Numbers, switches and words of a vocabulary; texts of another form are not shown. */
function shownValue(value: unknown): string | undefined {
  if (value === undefined) return "unset";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return /^[\w.:/+ ()*?-]{1,60}$/.test(value) ? value : undefined;
  if (!Array.isArray(value) || value.length > 8) return undefined;
  const texts = value.map((each) => (typeof each === "object" ? undefined : shownValue(each)));
  return texts.every((each) => each !== undefined) ? `[${texts.join(", ")}]` : undefined;
}
