/** The charts that the library installs, each with the stacks whose values it is given. */
import type { ChartFile, ChartSource } from "../../support/charts/chart-source";
import { synthesizedStacks } from "../../support/terraform/stacks";
import { coderClassicVariations, coderVariations } from "./coder-variations";
import { gitlabVariations } from "./gitlab-variations";
import type { Variation } from "./judge-chart";

export interface ChartCase {
  readonly name: string;
  readonly chart: ChartFile;
  /** A chart that the same stacks install too. */
  readonly beside?: ChartFile;
  /** The first is a reference stack, or what comes nearest to one. */
  readonly variations: readonly Variation[];
}

const CODER = "https://helm.coder.com/v2";
const CODER_CLASSIC = "https://helm.coder.com";
const GITLAB = "https://charts.gitlab.io/";
/** No stack installs it; the version is that of the documentation. */
const CLASSIC_VERSION = "1.44.3";

export function chartCases(charts: ChartSource): ChartCase[] {
  const named = (chart: ChartFile) => ({ name: `${chart.chart} ${chart.version} of ${chart.from}`, chart });
  return [
    ...charts.files("coder", CODER, defaultVersion("coder-aws"), "2.").map((chart) => ({
      ...named(chart),
      beside: charts
        .files("coder-provisioner", CODER, chart.version, "2.")
        .find(({ version }) => version === chart.version),
      variations: coderVariations(chart.version),
    })),
    ...charts.files("coder", CODER_CLASSIC, CLASSIC_VERSION, "1.").map((chart) => ({
      ...named(chart),
      variations: coderClassicVariations(chart.version),
    })),
    ...charts.files("gitlab", GITLAB, defaultVersion("gitlab-aws"), "").map((chart) => ({
      ...named(chart),
      variations: gitlabVariations(chart.version),
    })),
  ];
}

/** The version that a stack installs when it is not told otherwise. */
function defaultVersion(stack: string): string {
  const made = synthesizedStacks().find(({ name }) => name === stack);
  const [release] = Object.values(made?.json.resource?.helm_release ?? {});
  return String(release?.version);
}
