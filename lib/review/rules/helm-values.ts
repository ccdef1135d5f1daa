// The values of a Helm release as one object, so that rules name them by path: `values.backupsEnabled`. Helm merges the documents in order;
// `set` comes last. https://helm.sh/docs/chart_template_guide/values_files/

import { parse } from "yaml";
import { identical, isMembers, items, type Members, member, textOf } from "../plan/values";

/** A change of a Helm release with `values` read as YAML, before and after. Values that are not known or not YAML stay as they are. */
export function withHelmValues<Change extends Members>(change: Change): Change {
  if (containsTrue(member(change.after_unknown, "values"))) return change;
  const [old, now] = [member(change.before, "values"), member(change.after, "values")];
  const before = merged(old);
  const after = identical(old, now) ? before : merged(now);
  if (before === undefined || after === undefined) return change;
  return { ...change, before: replaced(change.before, before), after: replaced(change.after, after) };
}

function replaced(side: unknown, values: Members): unknown {
  return isMembers(side) ? { ...side, values } : side;
}

function merged(documents: unknown): Members | undefined {
  try {
    return items(documents).reduce<Members>((all, document) => {
      const values = parsed(textOf(document) ?? "");
      return isMembers(values) ? merge(all, values) : all;
    }, {});
  } catch {
    return undefined;
  }
}

/** JSON is YAML, and is read many times faster as what it is. */
function parsed(document: string): unknown {
  if (document.startsWith("{")) {
    try {
      return JSON.parse(document);
    } catch {
      // YAML's flow style begins in the same way.
    }
  }
  // Warnings would be printed, and quote the line: values may be secrets.
  return parse(document, { logLevel: "error", prettyErrors: false });
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
