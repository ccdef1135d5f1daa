import { App, Fn, Lazy, Op, TerraformLocal, TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../../lib/database";
import { escapeTemplate, isResolved } from "../../../lib/database/private";
import { synthesize } from "../../support/synth";

function variable(): TerraformVariable {
  return new TerraformVariable(new TerraformStack(new App({ outdir: "/tmp" }), "stack"), "v", {});
}

const v = variable();
const tokens: [string, unknown][] = [
  ["a string token", v.stringValue],
  ["a number token", v.numberValue],
  ["a list token", v.listValue],
  ["an element of a list token", v.listValue[0]],
  ["a boolean token", v.booleanValue],
  ["an untyped token", v.value],
  ["a map token", Token.asStringMap(v.value)],
  ["a map token of booleans", Token.asBooleanMap(v.value)],
  ["a list token of numbers", Token.asNumberList(v.value)],
  ["a lazy value", Lazy.stringValue({ produce: () => "x" })],
  ["a function's result", Fn.join(",", v.listValue)],
  ["an operator's result", Op.add(v.numberValue, 1)],
  ["a text with a string token in it", `a-${v.stringValue}-b`],
  ["a text with a number token in it", `host:${v.numberValue}`],
  ["a text with a calculated number in it", `${Op.mul(v.numberValue, 2)} GiB`],
  ["a Terraform expression", "${var.x}"],
  ["a Terraform expression inside a text", "a ${var.x} b"],
  ["a Terraform directive", "%{ if var.x }a%{ endif }"],
];

describe("isResolved", () => {
  test.each(tokens)("is false for %s", (_, token) => {
    expect(isResolved(token)).toBe(false);
  });

  test.each(tokens)("is false for %s inside an array, an object and a key", (_, token) => {
    expect(isResolved(["a", token])).toBe(false);
    expect(isResolved({ a: { b: [token] } })).toBe(false);
    if (typeof token === "string") expect(isResolved({ [token]: "a" })).toBe(false);
  });

  test.each([
    undefined,
    null,
    "",
    "text",
    "$5",
    "100 %",
    "$${not_a_template}",
    "%%{not_a_directive}",
    "#{x}",
    // Looks like a number token, and is none.
    "-1.5e+300",
    "x-2e+289y",
    0,
    -1,
    -1e300,
    Number.NaN,
    true,
    [],
    [1, "a", [true]],
    {},
    { a: { b: ["c"] } },
    new Date(0),
  ])("is true for %p", (value) => {
    expect(isResolved(value)).toBe(true);
  });

  test("follows neither constructs nor cycles", () => {
    const stack = new TerraformStack(new App({ outdir: "/tmp" }), "stack");
    new TerraformVariable(stack, "v", {});
    expect(isResolved(new Construct(stack, "c"))).toBe(true);
    const cycle: { self?: unknown; other: unknown } = { other: "a" };
    cycle.self = cycle;
    expect(isResolved(cycle)).toBe(true);
    cycle.other = v.stringValue;
    expect(isResolved(cycle)).toBe(false);
    const secret = SecretValue.fromEphemeral("${ephemeral.a.b.c}", { version: 1, dependables: [] });
    expect(isResolved(secret)).toBe(true);
  });

  test("agrees with CDKTF on what a text with a number token becomes", () => {
    const { json } = synthesize((stack) => {
      const port = new TerraformVariable(stack, "port", { type: "number" });
      new TerraformLocal(stack, "local", `host:${port.numberValue}`);
    });
    expect(json.locals.local).toBe("host:${var.port}");
  });
});

// That Terraform reads these back as they were is shown in __tests__/terraform.
test.each([
  ["plain", "plain"],
  ["${a}", "$${a}"],
  ["%{a}", "%%{a}"],
  ["a ${b} %{c} ${d}", "a $${b} %%{c} $${d}"],
  ["$", "$"],
])("escapeTemplate writes %p as %p", (text, escaped) => {
  expect(escapeTemplate(text)).toBe(escaped);
  expect(isResolved(escapeTemplate(text))).toBe(true);
});
