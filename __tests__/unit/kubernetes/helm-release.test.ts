import { TerraformVariable } from "cdktf";
import { DeletionPolicy } from "../../../lib/database";
import { HelmRelease, type HelmReleaseProps } from "../../../lib/kubernetes";
import { problemsOf, synthesize, treeOf } from "../../support/synth";
import { NullProviderStandIn } from "./fixtures";

const PROPS: HelmReleaseProps = {
  chart: "coder",
  repository: "https://helm.coder.com/v2",
  chartVersion: "2.33.6",
  namespace: "coder",
};

const build = (props: Partial<HelmReleaseProps> = {}) =>
  synthesize((stack) => {
    new HelmRelease(stack, "release", { ...PROPS, ...props });
  });

const problems = (props: Partial<HelmReleaseProps>) =>
  problemsOf((stack) => {
    new HelmRelease(stack, "release", { ...PROPS, ...props });
  });

test("has an exact version, is waited for, and is rolled back on failure", () => {
  expect(build().resource("helm_release")).toEqual({
    name: "coder",
    namespace: "coder",
    chart: "coder",
    repository: "https://helm.coder.com/v2",
    version: "2.33.6",
    values: [],
    timeout: 900,
    atomic: true,
    wait: true,
    wait_for_jobs: true,
    cleanup_on_fail: true,
    max_history: 10,
    create_namespace: false,
    reset_values: true,
    depends_on: ["kubernetes_namespace_v1.release_Namespace_144A6662"],
  });
});

test("creates the namespace unless createNamespace is false", () => {
  expect(build().resource("kubernetes_namespace_v1").lifecycle.prevent_destroy).toBe(true);
  expect(
    build({ namespaceDeletionPolicy: DeletionPolicy.DELETE }).resource("kubernetes_namespace_v1").lifecycle
      .prevent_destroy,
  ).toBeUndefined();
  const without = build({ createNamespace: false });
  expect(without.resources("kubernetes_namespace_v1")).toEqual([]);
  expect(without.resource("helm_release").depends_on).toEqual([]);
});

test("values override defaults, and required values override both", () => {
  let release: HelmRelease | undefined;
  synthesize((stack) => {
    release = new HelmRelease(stack, "release", {
      ...PROPS,
      defaults: { a: 1, b: 1, c: { d: 1 } },
      values: { b: 2, c: { e: 2 } },
      required: { c: { f: 3 } },
    });
  });
  expect(release?.values).toEqual({ a: 1, b: 2, c: { d: 1, e: 2, f: 3 } });
});

test("has no set and set_wo: the provider loses write-only values at the next upgrade", () => {
  const release = build({ values: { a: "b" } }).resource("helm_release");
  expect(Object.keys(release).filter((name) => name.startsWith("set"))).toEqual([]);
});

test("passes preconditions, dependencies and providers to the release", () => {
  const { resource } = synthesize((stack) => {
    new HelmRelease(stack, "release", {
      ...PROPS,
      createNamespace: false,
      preconditions: [{ condition: "${var.ok}", errorMessage: "Not ok." }],
      dependsOn: [new NullProviderStandIn(stack, "before")],
    });
  });
  expect(resource("helm_release")).toMatchObject({
    lifecycle: { precondition: [{ condition: "${var.ok}", error_message: "Not ok." }] },
    depends_on: ["stand_in.before"],
  });
});

test.each<[Partial<HelmReleaseProps>, string]>([
  [
    { chartVersion: "latest" },
    'HELM-CHART-VERSION: chartVersion must be an exact version such as 2.33.6: ranges and latest would upgrade without a change of the program (got "latest")',
  ],
  [
    { chartVersion: "~2.33" },
    'HELM-CHART-VERSION: chartVersion must be an exact version such as 2.33.6: ranges and latest would upgrade without a change of the program (got "~2.33")',
  ],
  [{ timeoutSeconds: 899 }, "timeoutSeconds must be a whole number from 900 to 86400 seconds (got 899)"],
  [{ timeoutSeconds: 900.5 }, "timeoutSeconds must be a whole number from 900 to 86400 seconds (got 900.5)"],
  [{ maxHistory: 0 }, "maxHistory must be a whole number from 1"],
  [
    { repository: "http://helm.example.com" },
    "HELM-REPOSITORY: repository must be a URL that begins with https:// or oci://",
  ],
  [
    { repository: "helm.coder.com" },
    "HELM-REPOSITORY: repository must be a URL that begins with https:// or oci://",
  ],
  [
    { releaseName: "Coder" },
    'HELM-RELEASE-NAME: releaseName must be 1 to 53 lower-case letters, digits and hyphens, with no hyphen first or last (got "Coder")',
  ],
  [
    { releaseName: "a".repeat(54) },
    "HELM-RELEASE-NAME: releaseName must be 1 to 53 lower-case letters, digits and hyphens, with no hyphen first or last",
  ],
  [
    { values: { a: { b: 1 } }, required: { a: { b: 2 } } },
    'HELM-VALUES-REQUIRED: values.a.b must not be set: the construct sets this value (got "another value"); use its property, or leave the value out',
  ],
])("%j is refused", (props, message) => {
  expect(problems(props)).toEqual([expect.stringContaining(message)]);
});

test("an invalid namespace is reported for the release and for the namespace", () => {
  expect(problems({ namespace: "Not_OK" })).toEqual([
    expect.stringContaining(
      'HELM-NAMESPACE: namespace must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "Not_OK")',
    ),
    expect.stringContaining(
      'K8S-NAMESPACE-NAME: namespaceName must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen first or last (got "Not_OK")',
    ),
  ]);
});

test("disabling the rollback is recorded as an opt-out", () => {
  expect(build({ atomic: false }).infos).toEqual([
    {
      path: "release",
      message: "opt-out: HELM-ATOMIC: atomic: a failed upgrade is not rolled back automatically",
    },
  ]);
});

test("accepts tokens", () => {
  expect(
    problemsOf((stack) => {
      const text = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
      new HelmRelease(stack, "release", {
        ...PROPS,
        chartVersion: text("version"),
        namespace: text("namespace"),
        releaseName: text("name"),
        repository: text("repository"),
        timeoutSeconds: new TerraformVariable(stack, "timeout", {}).numberValue,
      });
    }),
  ).toEqual([]);
});

test("construct tree", () => {
  expect(treeOf(build().stack)).toMatch(/^release\n {2}Namespace\n {4}Resource\n {2}Resource\n/);
});
