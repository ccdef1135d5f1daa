import { Fn, Lazy, TerraformVariable, Token, Tokenization } from "cdktf";
import { isResolved, lazyText, terraformCall } from "../../../lib/database/private";
import { synthesize } from "../../support/synth";

/** What the calls that `make` gives look like in the JSON. */
const rendered = (make: (variable: (name: string) => TerraformVariable) => unknown) =>
  synthesize((stack) => {
    const variable = (name: string) => new TerraformVariable(stack, name, {});
    stack.addOverride("locals", { result: make(variable) });
  }).json.locals.result;

test.each<[unknown, string]>([
  ["text", '"text"'],
  ['say "hi"', '"say \\"hi\\""'],
  ["back\\slash", '"back\\\\slash"'],
  ["two\nlines\tand\r", '"two\\nlines\\tand\\r"'],
  ["\b\f\u0001", '"\\u0008\\u000c\\u0001"'],
  ['"', '"\\""'],
  ['"quoted"', '"\\"quoted\\""'],
  ["", '""'],
  ["$", '"$"'],
  ["100%", '"100%"'],
  ["$${HOME} %%{x}", '"$${HOME} %%{x}"'],
  ["${var.a}", "var.a"],
  ['${lookup(var.a, "b")}', 'lookup(var.a, "b")'],
  ['${jsonencode({ "a" = "}" })}!', '"${jsonencode({ "a" = "}" })}!"'],
  ['${"${var.a}"}x', '"${"${var.a}"}x"'],
  ["%{ if true }a%{ endif }", '"%{ if true }a%{ endif }"'],
  [5, "5"],
  [true, "true"],
  [null, "null"],
  [[1, "a", [null]], '[1, "a", [null]]'],
  [{ a: 1, "b.c": "d", e: undefined }, '{"a" = 1, "b.c" = "d"}'],
])("writes %j as %s", (value, expected) => {
  expect(rendered(() => terraformCall("f", value))).toBe(`\${f(${expected})}`);
});

test("tokens alone, in a text, in lists and maps", () => {
  expect(
    rendered((v) =>
      terraformCall("f", v("a").stringValue, `x-${v("b").stringValue}`, [v("c").numberValue], {
        list: v("d").listValue,
        map: Token.asStringMap(v("e").value),
        lazy: Lazy.stringValue({ produce: () => 'plain "text"' }),
      }),
    ),
  ).toBe('${f(var.a, "x-${var.b}", [var.c], {"list" = var.d, "map" = var.e, "lazy" = "plain \\"text\\""})}');
});

test("nests in itself, in CDKTF's functions and in texts", () => {
  expect(rendered((v) => terraformCall("f", terraformCall("g", v("a").stringValue)))).toBe("${f(g(var.a))}");
  expect(rendered((v) => Fn.upper(terraformCall("g", v("a").stringValue)))).toBe("${upper(g(var.a))}");
  expect(rendered((v) => terraformCall("f", Fn.upper(v("a").stringValue)))).toBe("${f(upper(var.a))}");
  expect(rendered((v) => `<${terraformCall("f", v("a").stringValue)}>`)).toBe("<${f(var.a)}>");
});

test("says nothing on the console, where CDKTF's own functions warn about texts with a token", () => {
  const warn = jest.spyOn(console, "warn").mockImplementation();
  rendered((v) => terraformCall("f", `x-${v("b").stringValue}-\${var.c}`));
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

describe("deferred", () => {
  test("is made when the stack is written, and may refer to tokens", () => {
    let name = "early";
    expect(
      rendered((v) => {
        const text = lazyText((context) => `${name}-${context.resolve(v("a").stringValue)}`);
        name = "late";
        return `<${text}>`;
      }),
    ).toBe("<late-${var.a}>");
  });

  test("is not known at synth, and keeps no trace of the call stack", () => {
    const text = lazyText(() => "x");
    expect(isResolved(text)).toBe(false);
    const [token] = Tokenization.reverse(text);
    expect(token?.creationStack).toEqual([]);
    expect(JSON.stringify(token)).toBe('"<made when the stack is written>"');
  });
});
