// Required properties that are left out, reported by name: TypeScript refuses them, but plain JavaScript and casts do not.

import { refusalId } from "./synth-checks";

/** Names of the properties of `P` that are not optional. */
type RequiredKeys<P> = { [K in keyof P]-?: object extends Pick<P, K> ? never : K }[keyof P];

/** The required properties of `P`, complete by its type. */
export type RequiredProps<P> = { readonly [K in RequiredKeys<P>]: true };

/**
 * Refuses properties without those that the construct reads at once.
 *
 * @param path path of the construct, which `${scope.node.path}/${id}` is before `super`.
 * @param subject the first part of the refusals' ids, as in `SynthChecks`.
 * @param props the properties.
 * @param required the required properties.
 * @throws Error with a line for each required property that is not set
 */
export function requireProps<P extends object>(
  path: string,
  subject: string,
  props: P,
  required: RequiredProps<P>,
): void {
  // Programs without types may also leave out the argument.
  const given: { readonly [name: string]: unknown } = { ...(props as object | undefined) };
  const missing = Object.keys(required).filter((name) => given[name] === undefined || given[name] === null);
  if (missing.length === 0) return;
  const lines = missing.map((name) => `${refusalId(subject, name)}${name} must be set (got not set)`);
  throw new Error(lines.map((line) => `[${path}] ${line}`).join("\n"));
}
