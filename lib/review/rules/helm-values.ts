// The values of a Helm release as one object, so that rules name them by path: `values.backupsEnabled`. Helm merges the documents in order;
// `set` comes last. https://helm.sh/docs/chart_template_guide/values_files/

import { parse } from "yaml";
import { isMembers, items, type Members, member, textOf } from "../plan/values";

/** A change of a Helm release with `values` read as YAML, before and after. Values that are not known or not YAML stay as they are. */
export function withHelmValues<Change extends Members>(change: Change): Change {
  if (containsTrue(member(change.after_unknown, "values"))) return change;
  const [before, after] = [change.before, change.after].map((side) => merged(member(side, "values")));
  if (before === undefined || after === undefined) return change;
  return { ...change, before: replaced(change.before, before), after: replaced(change.after, after) };
}

function replaced(side: unknown, values: Members): unknown {
  return isMembers(side) ? { ...side, values } : side;
}

function merged(documents: unknown): Members | undefined {
  try {
    return items(documents).reduce<Members>((all, document) => {
      const values: unknown = parse(textOf(document) ?? "");
      return isMembers(values) ? merge(all, values) : all;
    }, {});
  } catch {
    return undefined;
  }
}

function merge(under: Members, over: Members): Members {
  const result: { [name: string]: unknown } = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const old = member(under, name);
    const next = isMembers(old) && isMembers(value) ? merge(old, value) : value;
    Object.defineProperty(result, name, {
      value: next,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return result;
}

function containsTrue(mark: unknown): boolean {
  return mark === true || (Array.isArray(mark) && mark.some(containsTrue));
}
