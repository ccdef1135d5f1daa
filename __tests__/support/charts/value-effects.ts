/** Whether a chart reads a value at all: Helm passes over values that no template asks for. */
import type { Json } from "../synth";

/** The keys down to a value that is no map. */
export type Path = readonly (string | number)[];

/** @returns the paths of all values that are neither maps nor lists. */
export function leaves(node: Json, path: Path = []): Path[] {
  if (typeof node !== "object" || node === null) return [path];
  const entries: [string | number, Json][] = Array.isArray(node)
    ? node.map((each, index) => [index, each])
    : Object.entries(node);
  return entries.flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/** @returns the values with another value of the same type at a path. */
export function changedAt(values: Json, path: Path): Json {
  const copy = structuredClone(values);
  const last = path.at(-1) as string | number;
  const parent = path.slice(0, -1).reduce((node, key) => node[key], copy);
  parent[last] = other(parent[last]);
  return copy;
}

function other(value: Json): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  return `${value ?? ""}x`;
}

/**
 * Values that change nothing in what is rendered. A chart that fails over another value has read it.
 *
 * @param render renders the chart with values; fails where the chart does
 * @param atOnce how many renderings run side by side
 */
export async function unread(
  values: Json,
  paths: readonly Path[],
  render: (values: Json) => Promise<string>,
  atOnce = 2,
): Promise<string[]> {
  const as = await render(values);
  const found: string[] = [];
  const rest = [...paths];
  const worker = async () => {
    for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
      const rendered = await render(changedAt(values, path)).catch(() => "an error");
      if (rendered === as) found.push(dotted(path));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return found.sort();
}

export const dotted = (path: Path) => path.map((key) => String(key).replace(/\./g, "\\.")).join(".");
