// PostgreSQL's parameters carry units, or none and then a unit of their own; a check compares numbers.

import { isResolved } from "../../database/private";

const MILLISECONDS: { readonly [unit: string]: number } = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const KIB: { readonly [unit: string]: number } = {
  B: 1 / 1024,
  kB: 1,
  MB: 1024,
  GB: 1024 ** 2,
  TB: 1024 ** 3,
};

/**
 * A duration in milliseconds; nothing for a token or a formula of the cloud's.
 *
 * @param value such as `15000`, `15s` or `1min`; without a unit it is milliseconds.
 */
export function milliseconds(value: string | undefined): number | undefined {
  return quantity(value, MILLISECONDS, 1);
}

/**
 * An amount of memory in KiB; nothing for a token or a formula of the cloud's.
 *
 * @param value such as `16384`, `16MB` or `2GB`.
 * @param unitKib what a number without a unit counts in: 1 for most parameters, 8 for `shared_buffers`.
 */
export function kibibytes(value: string | undefined, unitKib: number): number | undefined {
  return quantity(value, KIB, unitKib);
}

function quantity(
  value: string | undefined,
  units: { readonly [unit: string]: number },
  none: number,
): number | undefined {
  if (value === undefined || !isResolved(value)) return undefined;
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(value);
  if (!match) return undefined;
  const factor = match[2] === "" ? none : units[match[2] as string];
  return factor === undefined ? undefined : Number(match[1]) * factor;
}
