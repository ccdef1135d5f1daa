/**
 * The real charts, rendered with the values of each reference stack and of everything else that changes them: no object of a chart
 * is one of the stack, each value is read, everything that a pod names exists, and every pod that needs a cloud's identity has it.
 */
import { yamlText } from "../../../lib/kubernetes/private";
import { type TerraformTools, terraformWithMirror } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { mergedValues } from "../../support/charts/chart-release";
import { type ChartSource, chartSource } from "../../support/charts/chart-source";
import { Helm } from "../../support/charts/helm";
import { renderedObjects } from "../../support/charts/rendered";
import { dotted, leaves, unread } from "../../support/charts/value-effects";
import { describeWith } from "../../support/describe-with";
import { sameObjects, veleroObjects } from "../../support/recovery/velero-objects";
import { chartCases } from "./chart-cases";
import { judgeRelease, NO_FAULTS, settled } from "./judge-chart";
import { leftOver, reasonFor } from "./unread-values";

interface Tools {
  readonly terraform: TerraformTools;
  readonly charts: ChartSource;
}

function tools(): Tools | Unavailable {
  const charts = chartSource();
  if (charts instanceof Unavailable) return charts;
  const terraform = terraformWithMirror();
  return terraform instanceof Unavailable ? terraform : { terraform, charts };
}

describeWith("charts as they are rendered", tools, ({ terraform, charts }) => {
  const helm = new Helm(charts.helm);
  afterAll(() => helm.remove());

  const cases = chartCases(charts).map((each) => [each.name, each] as const);

  describe.each(cases)("%s", (_, { use, chart, beside, variations }) => {
    // A value that one variation has shown to be read need not be shown again.
    const read = new Set<string>();

    test.each(variations.map((each) => [each.name, each] as const))("%s", async (_name, variation) => {
      const made = await settled(terraform, variation);
      // A reference stack has releases of further charts, which are cases of their own.
      const releases = made.releases.filter((each) => [use.chart, use.beside].includes(each.chart));
      expect(releases.length).toBeGreaterThan(0);
      for (const release of releases) {
        const file = release.chart === chart.chart ? chart : beside;
        if (!file) throw new Error(`no chart for ${release.chart} ${release.version}`);
        expect(release.version).toBe(file.version);
        expect(await judgeRelease(helm, file, release, made)).toEqual(NO_FAULTS);

        const values = mergedValues(release);
        if (release.chart === "velero") {
          // Our own model of these objects, with which the tier kubernetes restores backups.
          const named = release.name.includes("velero") ? release.name : `${release.name}-velero`;
          const made = veleroObjects(values, release.namespace, named);
          const text = await helm.template(release, file.path);
          expect(sameObjects(renderedObjects(text, release.namespace), made)).toEqual(
            made.map(({ body }) => body),
          );
        }
        const key = (path: string) => `${release.chart} ${path}`;
        const paths = leaves(values).filter((path) => !read.has(key(dotted(path))));
        const others = await unread(values, paths, (changed) =>
          helm.template({ ...release, values: [yamlText(changed)] }, file.path),
        );
        expect(others.filter((path) => reasonFor(file, path) === undefined)).toEqual([]);
        expect(leftOver(file, paths.map(dotted), others)).toEqual([]);
        for (const path of paths.map(dotted)) if (!others.includes(path)) read.add(key(path));
      }
    });
  });
});
