import { DEFAULT_SWITCHES } from "../data/default-switches";
import { entry, isMembers, type Members, members } from "../plan/values";
import type { Resource } from "./program";

/** Resources with the switches that the provider turns on where the program leaves them out. */
export function withDefaultSwitches(resources: ReadonlyMap<string, Resource>): Map<string, Resource> {
  return new Map(
    [...resources].map(([address, resource]) => {
      const paths = entry(DEFAULT_SWITCHES, resource.type) ?? [];
      const values = paths.reduce<Members>(
        (result, path) => members(switchedOn(result, path.split("."))),
        resource.values,
      );
      return [address, { ...resource, values }];
    }),
  );
}

function switchedOn(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => switchedOn(each, [name ?? "", ...rest]));
  if (name === undefined || !isMembers(value)) return value;
  const old = Object.hasOwn(value, name) ? value[name] : undefined;
  if (rest.length === 0) return { ...value, [name]: old ?? true };
  return old === undefined || old === null ? value : { ...value, [name]: switchedOn(old, rest) };
}
