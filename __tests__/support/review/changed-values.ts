/** Values of a resource with one of its switches and numbers changed, for each of them, also those in blocks. Texts are left out: most are words of a list. */

type Values = { readonly [name: string]: unknown };

/** Each switch turned, and each number one more and one less. */
export function changedValues(values: Values): Values[] {
  return Object.entries(values).flatMap(([name, value]) =>
    changed(value).map((other) => ({ ...values, [name]: other })),
  );
}

function changed(value: unknown): unknown[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value + 1, value - 1];
  if (Array.isArray(value)) {
    return value.flatMap((each, at) =>
      changed(each).map((other) => value.map((one, index) => (index === at ? other : one))),
    );
  }
  return typeof value === "object" && value !== null ? changedValues(value as Values) : [];
}
