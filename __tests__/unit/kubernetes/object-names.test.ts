import { Token } from "cdktf";
import { SynthChecks } from "../../../lib/database/private";
import {
  checkDataKey,
  checkEnvironmentName,
  checkLabelName,
  checkLabels,
  checkObjectName,
  checkQuantity,
  checkStorageClassName,
  checkVolumeSecretName,
} from "../../../lib/kubernetes/private";
import { problemsOf } from "../../support/synth";

type Check = (checks: SynthChecks, property: string, name: string | undefined) => void;

const refused = (check: Check, name: string | undefined) =>
  problemsOf((stack) => check(new SynthChecks(stack, ""), "name", name)).length > 0;

const long = (length: number) => "a".repeat(length);

test.each<[string, Check, string[], string[]]>([
  [
    "a label",
    checkLabelName,
    ["coder", "a", "0-9", long(63)],
    ["", "Coder", "a.b", "-a", "a-", "a_b", long(64), "a\n", "ä"],
  ],
  [
    "an object's name",
    checkObjectName,
    ["coder-db-url", "a.b.c", long(253)],
    ["", "A", "a..b", ".a", "a.", "a_b", "a-.b", long(254), "a b"],
  ],
  [
    "a key",
    checkDataKey,
    ["url", "ca.crt", "CODER_KEY", ".hidden", long(253)],
    ["", "a/b", "a b", ".", "..", "..a", long(254), "url\n"],
  ],
  [
    "a storage class",
    checkStorageClassName,
    ["fast", "premium-rwo.v2"],
    // "" disables dynamic provisioning: the claim would wait for ever.
    ["", "Fast", "a_b", " "],
  ],
  [
    "a quantity",
    checkQuantity,
    ["1", "500m", "0.5", ".5", "2.", "512Mi", "1e3", "1E", "100u"],
    ["", "0", "0.0", "0m", "-1", "half", "1 Gi", "1gb", "1e", "500M i"],
  ],
  [
    "the name of a label",
    (checks, property, name) =>
      checkLabels(checks, property, name === undefined ? undefined : { [name]: "x" }),
    ["pool", "a", "kubernetes.io/arch", "Team_1.x", `${"a.".repeat(100)}b/${long(63)}`],
    ["", "-a", "a-", "a b", "/a", "a/", "a/b/c", "Example.com/a", "a_b.com/x", long(64)],
  ],
  [
    "the value of a label",
    (checks, property, value) =>
      checkLabels(checks, property, value === undefined ? undefined : { pool: value }),
    ["", "jobs", "A.b_c-1", long(63)],
    ["-a", "a-", "a b", "a/b", "a,b", "!x", long(64), "ä", "a\n"],
  ],
  ["an environment variable", checkEnvironmentName, ["CODER_X", "_a", "a1"], ["", "1A", "A-B", "A=B", "A B"]],
  [
    "a secret whose name is a volume's",
    checkVolumeSecretName,
    ["coder-db-password", long(63)],
    ["", "a.b", "a-", long(64), "A"],
  ],
  [
    "the same with a prefix",
    (checks, property, name) => checkVolumeSecretName(checks, property, name, "ca-cert-"),
    ["corp-ca", long(55), "-a"],
    ["", long(56), "corp.ca", "a-"],
  ],
])("%s", (_, check, good, bad) => {
  expect(good.filter((name) => refused(check, name))).toEqual([]);
  expect(bad.filter((name) => !refused(check, name))).toEqual([]);
  // What is not said and what only Terraform knows is no mistake.
  expect(refused(check, undefined)).toBe(false);
  expect(refused(check, Token.asString({ resolve: () => "x" }))).toBe(false);
});

test("the message has the volume name and the remaining length", () => {
  expect(
    problemsOf((stack) => checkVolumeSecretName(new SynthChecks(stack, ""), "ca", "corp.ca", "ca-cert-")),
  ).toEqual([
    'ca must be 1 to 55 lower-case letters, digits and hyphens, without dots and with no hyphen last: the chart names a volume ca-cert-<name> (got "corp.ca")',
  ]);
});

test("labels that a program without types hands over", () => {
  const refusedLabels = (labels: unknown) =>
    problemsOf((stack) => checkLabels(new SynthChecks(stack, ""), "nodeSelector", labels as never));
  expect(refusedLabels({ spot: true })).toEqual([
    "nodeSelector must have values of at most 63 letters, digits, hyphens, underscores and dots, as texts, with a letter or digit at both ends (got true)",
  ]);
  expect(refusedLabels(["pool=jobs"])).toHaveLength(1);
  expect(refusedLabels("pool=jobs")).toEqual([
    'nodeSelector must be names and values, such as { pool: jobs } (got "pool=jobs")',
  ]);
  expect(refusedLabels(null)).toEqual([]);
});
