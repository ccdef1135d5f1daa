/** The charts that the library installs, each with the stacks whose values it is given. A further chart is an entry of `USES`. */
import { DEFAULT_CHART_VERSION, VELERO_REPOSITORY } from "../../../lib/recovery/velero/data/velero-versions";
import type { ChartFile, ChartSource } from "../../support/charts/chart-source";
import type { Json } from "../../support/synth";
import { synthesizedStacks } from "../../support/terraform/stacks";
import { coderClassicVariations, coderVariations } from "./coder-variations";
import { gitlabVariations } from "./gitlab-variations";
import type { Variation } from "./judge-chart";
import { veleroVariations } from "./velero-variations";

/** A chart, and what is done with it. */
export interface ChartUse {
  readonly chart: string;
  readonly repository: string;
  /** The version that is installed when a program does not say otherwise. */
  readonly version: () => string;
  /** The beginning of the versions with these values, such as `2.`. */
  readonly line: string;
  /** A chart of the same version that the same stacks install too. */
  readonly beside?: string;
  /** Stacks for a version of the chart. The first is a reference stack, or what comes nearest to one. */
  readonly variations: (version: string) => Variation[];
  /** Values with which every upgrade makes new pods. */
  readonly change: Json;
  /** Values with which the chart creates an object of the stack, and the object as Helm's message names it. */
  readonly clash?: { readonly values: Json; readonly object: string };
}

export interface ChartCase {
  readonly name: string;
  readonly use: ChartUse;
  readonly chart: ChartFile;
  readonly beside?: ChartFile;
  readonly variations: readonly Variation[];
}

const CODER = "https://helm.coder.com/v2";

const USES: readonly ChartUse[] = [
  {
    chart: "coder",
    repository: CODER,
    version: () => defaultVersion("coder-aws", "coder"),
    line: "2.",
    beside: "coder-provisioner",
    variations: coderVariations,
    change: { coder: { podAnnotations: { changed: "once" } } },
  },
  {
    chart: "coder",
    repository: "https://helm.coder.com",
    // No stack installs it; the version is that of the documentation.
    version: () => "1.44.3",
    line: "1.",
    variations: coderClassicVariations,
    change: { coderd: { annotations: { changed: "once" } } },
  },
  {
    chart: "gitlab",
    repository: "https://charts.gitlab.io/",
    version: () => defaultVersion("gitlab-aws", "gitlab"),
    line: "",
    variations: gitlabVariations,
    change: { gitlab: { webservice: { annotations: { changed: "once" } } } },
    clash: { values: { global: { serviceAccount: { create: true } } }, object: 'ServiceAccount "gitlab"' },
  },
  {
    chart: "velero",
    repository: VELERO_REPOSITORY,
    version: () => DEFAULT_CHART_VERSION,
    line: "12.",
    variations: veleroVariations,
    change: { podAnnotations: { changed: "once" } },
  },
];

/** @throws with all charts that are missing */
export function chartCases(charts: ChartSource): ChartCase[] {
  const missing: string[] = [];
  const attempt = (chart: string, use: ChartUse, version: string) => {
    try {
      return charts.files(chart, use.repository, version, use.line);
    } catch (error) {
      missing.push((error as Error).message);
      return [];
    }
  };
  const cases = USES.flatMap((use) =>
    attempt(use.chart, use, use.version()).map((chart) => ({
      name: nameOf(chart, use.version()),
      use,
      chart,
      beside: use.beside
        ? attempt(use.beside, use, chart.version).find(({ version }) => version === chart.version)
        : undefined,
      variations: use.variations(chart.version),
    })),
  );
  if (missing.length > 0) throw new Error(missing.join("\n"));
  return cases;
}

const nameOf = ({ chart, version, from }: ChartFile, usual: string) =>
  `${chart} ${version} of ${from}${version === usual ? "" : `, instead of ${usual}`}`;

/** The version that a stack installs when it is not told otherwise. */
function defaultVersion(stack: string, chart: string): string {
  const made = synthesizedStacks().find(({ name }) => name === stack);
  const release = Object.values(made?.json.resource?.helm_release ?? {}).find((each) => each.chart === chart);
  return String(release?.version);
}
