/**
 * Values that a chart is given although it does not read them, with the reason. A value that is neither read nor on this list is a
 * fault: Helm passes over it, and nobody hears of it.
 */

import { lt } from "semver";
import type { ChartFile } from "../../support/charts/chart-source";

interface Unread {
  readonly chart: string;
  readonly path: RegExp;
  /** The first version that reads it. @default - no version does */
  readonly since?: string;
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
];

/** @returns the reason why a value need not be read, if there is one */
export function reasonFor({ chart, version }: ChartFile, path: string): string | undefined {
  return UNREAD.find(
    (each) =>
      each.chart === chart && each.path.test(path) && (each.since === undefined || lt(version, each.since)),
  )?.reason;
}
