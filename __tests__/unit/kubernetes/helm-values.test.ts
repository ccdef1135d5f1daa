import { TerraformVariable, Token } from "cdktf";
import { parse } from "yaml";
import type { HelmValues } from "../../../lib/kubernetes";
import { conflicts, mergeValues, valueDocuments } from "../../../lib/kubernetes/private";
import { synthesize } from "../../support/synth";

describe("mergeValues", () => {
  test("merges maps key by key; a later list or text replaces an earlier one", () => {
    expect(
      mergeValues(
        { a: { x: 1, y: 2, list: [1, 2] }, keep: true },
        { a: { y: 3, list: [9] }, more: "m" },
        { a: { z: 4 } },
      ),
    ).toEqual({ a: { x: 1, y: 3, z: 4, list: [9] }, keep: true, more: "m" });
  });

  test("leaves out undefined and keeps null, which removes a default of the chart", () => {
    expect(
      mergeValues({ a: 1, b: { c: 1 } }, { a: undefined, b: null, d: { e: undefined, f: null } }),
    ).toEqual({
      a: 1,
      b: null,
      d: { f: null },
    });
  });

  test("does not change its arguments", () => {
    const first = { a: { b: 1 } };
    mergeValues(first, { a: { c: 2 } });
    expect(first).toEqual({ a: { b: 1 } });
  });

  test("treats a map token as one value", () => {
    const map = Token.asStringMap({ resolve: () => ({}) });
    expect(mergeValues({ labels: { a: "b" } }, { labels: map }).labels).toBe(map);
  });
});

describe("conflicts", () => {
  const required = { coder: { env: ["x"], annotations: { mine: "1" }, off: undefined } };

  test.each<[HelmValues, string[]]>([
    [{}, []],
    [{ coder: { annotations: { theirs: "1" }, off: true } }, []],
    [{ coder: { env: ["x"] } }, []],
    [{ coder: { env: ["y"] } }, ["coder.env"]],
    [{ coder: { env: undefined } }, []],
    [{ coder: { env: null } }, ["coder.env"]],
    [{ coder: { annotations: { mine: "2" } } }, ["coder.annotations.mine"]],
    [{ coder: "text" }, ["coder"]],
    [{ coder: null }, ["coder"]],
  ])("%j conflicts with the required values at %j", (values, paths) => {
    expect(conflicts(values, required)).toEqual(paths);
  });
});

describe("valueDocuments", () => {
  const render = (make: (variable: (name: string) => TerraformVariable) => HelmValues): string[] =>
    synthesize((stack) => {
      const variable = (name: string) => new TerraformVariable(stack, name, {});
      stack.addOverride("locals", { documents: valueDocuments(make(variable)) });
    }).json.locals.documents;

  test("values known at synth are plain YAML", () => {
    const values = {
      coder: { replicaCount: 3, env: [{ name: "A", value: "true" }], on: false, nothing: null },
      text: 'it\'s "quoted"\nand long '.repeat(20),
    };
    const [document, ...rest] = render(() => values);
    expect(rest).toEqual([]);
    expect(parse(document as string)).toEqual(values);
    expect(document).toContain("replicaCount: 3\n");
  });

  test("strings that look like numbers and booleans stay strings", () => {
    const values = { a: "5432", b: "true", c: "0x10", d: "1e3", e: "null", f: "no", g: "2026-11-22" };
    expect(parse(render(() => values)[0] as string)).toEqual(values);
  });

  test("a list used twice is written twice, without YAML aliases", () => {
    const list = ["ALL"];
    expect(render(() => ({ a: list, b: list }))[0]).toBe("a:\n  - ALL\nb:\n  - ALL\n");
  });

  test("each value with a token is a separate document, so that a plan shows the other values", () => {
    expect(
      render((v) => ({
        postgres: { host: v("host").stringValue, user: "coder" },
        replicas: v("replicas").numberValue,
        known: 1,
      })),
    ).toEqual([
      "postgres:\n  user: coder\nknown: 1\n",
      '${jsonencode({"postgres" = {"host" = var.host}})}',
      '${jsonencode({"replicas" = var.replicas})}',
    ]);
  });

  test("a list with a token is written as a whole, since Helm replaces lists", () => {
    expect(
      render((v) => ({
        env: [
          { name: "A", value: "1" },
          { name: "B", value: `x-${v("b").stringValue}` },
        ],
      })),
    ).toEqual([
      '${jsonencode({"env" = [{"name" = "A", "value" = "1"}, {"name" = "B", "value" = "x-${var.b}"}]})}',
    ]);
  });

  test("quotes, backslashes and line breaks beside a token reach Helm unchanged", () => {
    expect(render((v) => ({ list: ['say "hi"\\\n', v("a").stringValue] }))).toEqual([
      '${jsonencode({"list" = ["say \\"hi\\"\\\\\\n", var.a]})}',
    ]);
  });

  test("map and list tokens are passed unchanged", () => {
    expect(
      render((v) => ({ labels: Token.asStringMap(v("map").value), list: v("list").listValue, a: 1 })),
    ).toEqual(["a: 1\n", '${jsonencode({"labels" = var.map})}', '${jsonencode({"list" = var.list})}']);
  });

  test("no values give no document", () => {
    expect(render(() => ({}))).toEqual([]);
  });
});
