/**
 * The real charts on a real API server: installed beside the stack's objects, rendered again without a change, upgraded, rolled back
 * after a failed upgrade and after one that was killed, and uninstalled. Stand-ins say that pods are ready; no container runs.
 *
 * Helm itself installs, with the values and options of the stack's `helm_release`: the helm and kubernetes providers are on no
 * registry that the tests of a closed network reach.
 */
import type { ChildProcess } from "node:child_process";
import { yamlText } from "../../../lib/kubernetes/private";
import { Unavailable } from "../../../tools/machine/unavailable";
import type { ChartRelease } from "../../support/charts/chart-release";
import { type ChartSource, chartSource } from "../../support/charts/chart-source";
import { Controllers } from "../../support/charts/controllers";
import { Helm } from "../../support/charts/helm";
import { type RenderedObject, renderedObjects } from "../../support/charts/rendered";
import { describeWith } from "../../support/describe-with";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import type { Json } from "../../support/synth";
import { chartCases } from "./chart-cases";
import { type Settled, settled, type Variation } from "./judge-chart";

type Tools = Exclude<ReturnType<typeof kubernetesTools>, Unavailable> & { readonly charts: ChartSource };

function tools(): Tools | Unavailable {
  const charts = chartSource();
  if (charts instanceof Unavailable) return charts;
  const kubernetes = kubernetesTools();
  return kubernetes instanceof Unavailable ? kubernetes : { ...kubernetes, charts };
}

/** Longer than the stand-ins need, shorter than anybody waits for a failure. */
const SECONDS = 120;
const FAILS_AFTER_SECONDS = 10;

describeWith("charts on a real API server", tools, ({ terraform, kubernetes, charts }) => {
  // The first variation of each chart is a reference stack with everything on.
  const cases = chartCases(charts).map(
    ({ name, use, chart, variations }) => [name, use, chart, variations[0]] as const,
  );

  describe.each(cases)("%s", (_, use, chart, variation) => {
    let api: KubeApiserver;
    let standIns: Controllers;
    let helm: Helm;
    let made: Settled;
    let release: ChartRelease;
    let first: string;

    const ask = (...args: string[]) => helm.ask(...args, release.name, "--namespace", release.namespace);
    const manifest = () => ask("get", "manifest");
    const history = (): { revision: number; status: string }[] => JSON.parse(ask("history", "-o", "json"));
    const status = () => history().map((each) => each.status);
    const changed = (): ChartRelease => ({
      ...release,
      values: [...release.values, yamlText(use.change)],
    });

    beforeAll(async () => {
      api = await KubeApiserver.start(kubernetes);
      standIns = new Controllers(api);
      helm = new Helm(charts.helm, api.kubeconfig());
      made = await settled(terraform, variation as Variation);
      release = made.releases.find((each) => each.chart === chart.chart) as ChartRelease;
      await prepare(api, made, release.namespace);
    });
    afterAll(async () => {
      helm?.remove();
      await standIns?.stop();
      await api?.stop();
    });

    const { clash } = use;
    if (clash) {
      test("an object that chart and stack have is refused by Helm", async () => {
        const clashing = { ...release, values: [...release.values, yamlText(clash.values)] };
        await expect(helm.upgrade(clashing, chart.path, SECONDS)).rejects.toThrow(
          `${clash.object} in namespace "${release.namespace}" exists and cannot be imported`,
        );
      });
    }

    test("is installed beside the stack's objects", async () => {
      await helm.upgrade(release, chart.path, SECONDS);
      expect([...standIns.faults]).toEqual([]);
      expect(status()).toEqual(["deployed"]);
      first = manifest();
      expect(first.length).toBeGreaterThan(1_000);
    });

    test("an object of the stack stays the stack's", async () => {
      const rendered = renderedObjects(first, release.namespace).map(({ kind, name }) => `${kind}/${name}`);
      for (const { path, body } of made.objects) {
        const { name } = body.metadata as { name: string };
        const { body: found } = await api.call("GET", `${path}/${name}`);
        const metadata = found.metadata as Json;
        expect([name, metadata.annotations?.["meta.helm.sh/release-name"]]).toEqual([name, undefined]);
        expect(rendered).not.toContain(`${body.kind}/${name}`);
      }
    });

    test("its custom resources have no field that their definitions do not know", async () => {
      const own = renderedObjects(first, release.namespace).filter(({ object }) =>
        /^[a-z.]*velero\.io\//.test(String(object.apiVersion)),
      );
      expect(own.length > 0).toBe(chart.chart === "velero");
      for (const { kind, name, namespace, object } of own) {
        const path = `/apis/${object.apiVersion}/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
        const answer = await api.apply(path, object, true);
        expect([name, answer.status, answer.body.message]).toEqual([name, 200, undefined]);
      }
      if (own.length === 0) return;
      const [{ kind, name, namespace, object }] = own as [RenderedObject];
      const wrong = { ...object, spec: { ...object.spec, unknownField: true } };
      const path = `/apis/${object.apiVersion}/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
      expect((await api.apply(path, wrong, true)).status).toBeGreaterThanOrEqual(400);
    });

    test("the same values again render the same", async () => {
      await helm.upgrade(release, chart.path, SECONDS);
      expect(status()).toEqual(["superseded", "deployed"]);
      expect(withoutRevision(manifest())).toBe(withoutRevision(first));
    });

    test("is upgraded with other values", async () => {
      await helm.upgrade(changed(), chart.path, SECONDS);
      expect(status().at(-1)).toBe("deployed");
      expect(withoutRevision(manifest())).not.toBe(withoutRevision(first));
      // Back again: values that only the last revision had are removed.
      await helm.upgrade(release, chart.path, SECONDS);
      expect(withoutRevision(manifest())).toBe(withoutRevision(first));
    });

    test("a failed upgrade is rolled back by itself", async () => {
      standIns.hold((kind) => kind === "deployments");
      const last = () => history().at(-1)?.revision ?? 0;
      const before = last();
      const failing = helm.upgrade(changed(), chart.path, FAILS_AFTER_SECONDS);
      // Rolling back waits for pods too, and those of the earlier revision do get ready.
      const released = until(() => last() >= before + 2).then(() => standIns.hold(() => false));
      await expect(failing).rejects.toThrow(/rolled back due to atomic being set/);
      await released;
      expect(status().slice(-2)).toEqual(["failed", "deployed"]);
      expect(withoutRevision(manifest())).toBe(withoutRevision(first));
    });

    test("after a killed upgrade every other one is refused until a rollback", async () => {
      standIns.hold((kind) => kind === "deployments");
      const child = helm.start(changed(), chart.path, SECONDS);
      await until(() => status().at(-1) === "pending-upgrade");
      await kill(child);
      await expect(helm.upgrade(release, chart.path, FAILS_AFTER_SECONDS)).rejects.toThrow(
        /another operation \(install\/upgrade\/rollback\) is in progress/,
      );
      standIns.hold(() => false);
      const good = history()
        .filter((each) => each.status === "deployed")
        .at(-1)?.revision;
      await helm.command(
        "rollback",
        release.name,
        String(good),
        ...["--namespace", release.namespace, "--wait", "--timeout", `${SECONDS}s`],
      );
      await helm.upgrade(release, chart.path, SECONDS);
      expect(status().at(-1)).toBe("deployed");
      expect(withoutRevision(manifest())).toBe(withoutRevision(first));
    });

    test("uninstalling leaves the stack's objects, and none of the chart's", async () => {
      await helm.command("uninstall", release.name, "--namespace", release.namespace, "--wait");
      expect(JSON.parse(helm.ask("list", "--all", "--all-namespaces", "-o", "json"))).toEqual([]);
      for (const { path, body } of made.objects) {
        const { name } = body.metadata as { name: string };
        expect([name, (await api.call("GET", `${path}/${name}`)).status]).toEqual([name, 200]);
      }
      for (const list of [
        "/apis/apps/v1/deployments",
        "/apis/batch/v1/cronjobs",
        "/api/v1/serviceaccounts",
      ]) {
        const { body } = await api.call("GET", list);
        const helms = (body.items as Json[]).filter(
          ({ metadata }) => metadata.annotations?.["meta.helm.sh/release-name"] === release.name,
        );
        expect([list, helms.map(({ metadata }) => metadata.name)]).toEqual([list, []]);
      }
    });
  });
});

/** Puts everything in place that Terraform makes before the release. */
async function prepare(api: KubeApiserver, { objects }: Settled, namespace: string): Promise<void> {
  const names = new Set([namespace, ...objects.flatMap((each) => each.namespace ?? [])]);
  for (const name of names) {
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    await api.apply(`/api/v1/namespaces/${name}`, object, false);
  }
  for (const { address, path, body } of objects) {
    const { name } = body.metadata as { name: string };
    const answer = await api.apply(`${path}/${name}`, body, false);
    if (answer.status > 201) throw new Error(`${address}: ${answer.status} ${answer.body.message}`);
  }
}

/** Names of jobs may carry the number of the revision. */
const withoutRevision = (manifest: string) =>
  manifest
    .split("\n")
    .filter((line) => !/revision/i.test(line))
    .join("\n");

async function until(ready: () => boolean, seconds = 240): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!ready()) {
    if (Date.now() > end) throw new Error(`not ready after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  return ended;
}
