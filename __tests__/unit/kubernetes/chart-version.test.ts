import { Token } from "cdktf";
import { SynthChecks } from "../../../lib/database/private";
import { atLeast, checkChartVersion, checkSince } from "../../../lib/kubernetes/private";
import { problemsOf } from "../../support/synth";

const TOKEN = Token.asString({ resolve: () => "1" });

const problems = (check: (checks: SynthChecks) => void) =>
  problemsOf((stack) => check(new SynthChecks(stack, "")));

test.each(["2.33.6", "v2.33.6", "1.44.3-rc.1", "1.0.0+build.5", TOKEN])(
  "%s is an exact version",
  (version) => {
    expect(problems((checks) => checkChartVersion(checks, "chartVersion", version))).toEqual([]);
  },
);

test.each([
  "latest",
  "",
  "2",
  "2.33",
  "^2.33.6",
  "~2.33",
  ">=2.0.0",
  "2.x",
  "*",
  "2.33.6 || 2.34.0",
  "=2.33.6",
  " 2.33.6",
])("%j is refused", (version) => {
  expect(problems((checks) => checkChartVersion(checks, "chartVersion", version))).toEqual([
    `chartVersion must be an exact version such as 2.33.6: ranges and latest would upgrade without a change of the program (got "${version}"); take one from \`helm search repo --versions\` or the releases page of the chart`,
  ]);
});

test.each([
  ["2.29.9", "2.30.0", false],
  ["2.30.0", "2.30.0", true],
  ["v2.30.1", "2.30.0", true],
  // 10 comes after 9 in versions, but not in strings.
  ["2.9.0", "2.10.0", false],
  ["latest", "2.30.0", undefined],
  [TOKEN, "2.30.0", undefined],
])("%s is at least %s: %s", (version, since, expected) => {
  expect(atLeast(version, since)).toBe(expected);
});

test("a property is refused for chart versions before its first one", () => {
  const since = (value: unknown, version: string) =>
    problems((checks) => checkSince(checks, "pool", value, version, "2.30.0"));
  expect(since(20, "2.29.0")).toEqual([
    "pool must not be set before chart version 2.30.0 (got 20); chartVersion is 2.29.0",
  ]);
  expect(since(undefined, "2.29.0")).toEqual([]);
  expect(since(20, "2.30.0")).toEqual([]);
  expect(since(20, TOKEN)).toEqual([]);
});
