/**
 * Values that a chart is given although it does not read them, with the reason. A value that is neither read nor on this list is a
 * fault: Helm ignores it silently.
 */

import { gte, lt } from "semver";
import type { ChartFile } from "../../support/charts/chart-source";

interface Unread {
  readonly chart: string;
  readonly path: RegExp;
  /** The first version that reads it. @default - no version does */
  readonly since?: string;
  /** The first version that does not read it. @default - all versions before `since` */
  readonly until?: string;
  readonly reason: string;
}

const UNREAD: readonly Unread[] = [
  {
    chart: "coder",
    path: /^coder\.livenessProbe\.enabled$/,
    since: "2.30.0",
    reason:
      "new charts have the probe off by default and old ones always on; false is right for both (lib/coder/v2/coder-values.ts)",
  },
  {
    chart: "coder",
    path: /^coder\.livenessProbe\.initialDelaySeconds$/,
    until: "2.30.0",
    reason: "the delay of a program that switches the probe on, which would kill a long migration otherwise",
  },
  {
    chart: "velero",
    path: /^snapshotsEnabled$/,
    reason: "off in words; the list of places for snapshots is empty already",
  },
];

const isFor =
  ({ chart, version }: ChartFile) =>
  (each: Unread) =>
    each.chart === chart &&
    (each.since === undefined || lt(version, each.since)) &&
    (each.until === undefined || gte(version, each.until));

/** @returns the reason why a value need not be read, if there is one */
export function reasonFor(file: ChartFile, path: string): string | undefined {
  return UNREAD.filter(isFor(file)).find((each) => each.path.test(path))?.reason;
}

/** @returns the entries that none of these values needs; those of old generations of a chart name values that only they get */
export function leftOver(file: ChartFile, given: readonly string[], found: readonly string[]): string[] {
  return UNREAD.filter(isFor(file))
    .filter(({ path }) => given.some((each) => path.test(each)) && !found.some((each) => path.test(each)))
    .map(({ path }) => path.source);
}
