import { Token } from "cdktf";
import { SynthChecks } from "../../../lib/database/private";
import {
  checkDataKey,
  checkEnvironmentName,
  checkLabelName,
  checkObjectName,
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
