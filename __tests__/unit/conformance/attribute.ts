/** Finds an attribute in synthesized JSON by a path such as `aws_db_parameter_group.parameter[name=x].value`. */
import type { Json } from "../../support/synth";

/** @returns the attribute of the only resource of the type, or of the one that the selector picks. */
export function attribute(json: Json, path: string): unknown {
  const steps = [...path.matchAll(/([a-z0-9_]+)(?:\[name=([^\]]+)\])?/g)];
  const [first, ...rest] = steps;
  const type = first?.[1] ?? "";
  const resources: Json[] = Object.values(json.resource?.[type] ?? {});
  let value: Json = first?.[2] ? resources.find((r) => r.name === first[2]) : only(type, resources);
  for (const [, name, selector] of rest) {
    value = unwrapped(value)?.[name ?? ""];
    if (selector !== undefined) value = value?.find((each: Json) => each.name === selector);
  }
  return value;
}

function only(type: string, resources: Json[]): Json {
  if (resources.length !== 1) throw new Error(`expected one ${type}, found ${resources.length}`);
  return resources[0];
}

// A block that may be there once is an object in some bindings and a list of one in others.
function unwrapped(value: Json): Json {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
