import { createHash } from "node:crypto";
import { Fn, TerraformVariable } from "cdktf";
import { fingerprint, revision } from "../../../lib/kubernetes/private";
import { synthesize } from "../../support/synth";

const resolved = (make: (variable: (name: string) => TerraformVariable) => unknown) =>
  synthesize((stack) => {
    const variable = (name: string) => new TerraformVariable(stack, name, {});
    stack.addOverride("locals", { result: make(variable) });
  }).json.locals.result;

test("parts known at synth are hashed at synth", () => {
  const hash = fingerprint(["a", 1]);
  expect(hash).toBe(createHash("sha256").update('["a",1]').digest("hex"));
  expect(revision(hash)).toBe(1 + Number.parseInt(hash.slice(0, 12), 16));
});

test.each([
  [["a", "b"], ["ab"]],
  [
    ["a", "b"],
    ["b", "a"],
  ],
  [
    ["a", 1],
    ["a", 2],
  ],
  [[["a"], "b"], [["a", "b"]]],
  [["x".repeat(100)], ["x".repeat(101)]],
  [[null], ["null"]],
])("%j and %j differ", (one, other) => {
  expect(fingerprint(one)).not.toBe(fingerprint(other));
  expect(revision(fingerprint(one))).not.toBe(revision(fingerprint(other)));
});

test("a revision is a whole number without loss in JSON, and not 0", () => {
  expect(revision("0".repeat(64))).toBe(1);
  expect(revision("f".repeat(64))).toBe(2 ** 48);
  expect(2 ** 48).toBeLessThan(Number.MAX_SAFE_INTEGER);
});

test("with a token, Terraform computes fingerprint and revision", () => {
  expect(resolved((v) => fingerprint(["host", v("host").stringValue, v("version").numberValue]))).toBe(
    '${sha256(jsonencode(["host", var.host, var.version]))}',
  );
  expect(resolved((v) => revision(fingerprint([v("host").stringValue])))).toBe(
    "${sum([1, parseint(substr(sha256(jsonencode([var.host])), 0, 12), 16)])}",
  );
  expect(resolved((v) => fingerprint([`https://${v("host").stringValue}/`]))).toBe(
    '${sha256(jsonencode(["https://${var.host}/"]))}',
  );
});

test("fingerprints can be nested and used in CDKTF functions", () => {
  expect(resolved((v) => fingerprint([fingerprint([v("a").stringValue]), "b"]))).toBe(
    '${sha256(jsonencode([sha256(jsonencode([var.a])), "b"]))}',
  );
  expect(resolved((v) => Fn.upper(fingerprint([v("a").stringValue])))).toBe(
    "${upper(sha256(jsonencode([var.a])))}",
  );
});

test("a long text beside a token is hashed first, so that a CA bundle is written once", () => {
  const bundle = "C".repeat(200_000);
  expect(resolved((v) => fingerprint([bundle, v("a").stringValue])).length).toBeLessThan(200);
});
