/** The steps of `npm test`, in the order in which they run. */

export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Jest steps write a JSON report that is counted; the others pass or fail as one. */
  readonly jest: boolean;
  /** Runs beside the others, as it needs little processor time. */
  readonly mostlyWaits: boolean;
  /** The one reason for which it may be skipped where every other step is required. @default - none */
  readonly maySkip?: string;
}

/** Charts are in no commit and on no package registry, so a closed network has none unless they are given to it. */
export const NO_CHARTS = "no chart repository answers, and DEVPLATFORMS_CHARTS names no folder of charts";

const node = process.execPath;
const bin = (name: string) => `node_modules/.bin/${name}`;

const command = (name: string, ...argv: string[]): Step => ({
  name,
  command: argv,
  jest: false,
  mostlyWaits: false,
});

/** @param waiting the number of test files that may wait at the same time, of a tier that runs beside the others */
const tier = (name: string, waiting?: number): Step => ({
  name,
  command: [
    node,
    "node_modules/jest/bin/jest.js",
    // By default Jest leaves one core idle: of two, the half.
    `--maxWorkers=${waiting ?? "100%"}`,
    "--selectProjects",
    name,
  ],
  jest: true,
  mostlyWaits: waiting !== undefined,
});

export const steps: readonly Step[] = [
  command("lint", bin("biome"), "ci", "--colors=off"),
  command("imports", bin("depcruise"), "--config", ".dependency-cruiser.cjs", "--output-type", "err", "."),
  command("types", bin("tsc")),
  command("prose", node, "--import", "tsx", "tools/prose/main.ts"),
  command("docs", node, "--import", "tsx", "tools/check-docs.ts"),
  command("api", node, "--import", "tsx", "tools/api/report.ts", "--check"),
  tier("unit"),
  tier("clouds", 4),
  // A third of its time is processor time; the rest are time-outs of failovers, locks and poolers.
  tier("databases", 2),
  tier("terraform"),
  tier("policy"),
  tier("kubernetes"),
  { ...tier("charts"), maySkip: NO_CHARTS },
  tier("package"),
  tier("site"),
];
