/** Terraform itself reads what the library writes into expressions: every text comes back as it was. */
import { TerraformVariable } from "cdktf";
import { parse } from "yaml";
import { terraformCall } from "../../../lib/database/private";
import { fingerprint, mergeValues, revision, valueDocuments } from "../../../lib/kubernetes/private";
import { findProgram, must } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { writtenStack } from "../../support/terraform/written-stack";

const terraform = () =>
  findProgram([process.env.TERRAFORM_BINARY_NAME ?? "terraform", "tofu"]) ??
  new Unavailable("there is neither terraform nor tofu on PATH");

const TEXTS = [
  "plain",
  'say "hi"',
  "back\\slash \\n \\\\",
  "two\nlines\tand\r",
  "$${HOME} %%{x} $ % 100% $$ {}",
  "ä 漢 😀 <a&b>",
  "\u0001\b\f",
  "",
];
// What Terraform makes of them: doubled signs are how a template is written that is none.
const READ = TEXTS.map((text) => text.replace("$${", "${").replace("%%{", "%{"));

describeWith("expressions", terraform, (program) => {
  /** The value of one output after an apply without any provider. */
  function evaluate(
    make: (variable: (name: string, value: unknown) => TerraformVariable) => unknown,
  ): unknown {
    const folder = writtenStack((stack) => {
      const variable = (name: string, value: unknown) =>
        (stack.node.tryFindChild(name) as TerraformVariable | undefined) ??
        new TerraformVariable(stack, name, { default: value });
      stack.addOverride("output", { result: { value: make(variable) } });
    });
    const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
    must(program, ["init", "-no-color"], { cwd: folder, env });
    must(program, ["apply", "-auto-approve", "-no-color"], { cwd: folder, env });
    return JSON.parse(must(program, ["output", "-json", "result"], { cwd: folder, env }));
  }

  test("every text comes through a call as it was, alone and beside a token", () => {
    expect(
      evaluate((v) =>
        terraformCall("jsonencode", {
          texts: TEXTS,
          mixed: TEXTS.map((t) => `${t}|${v("a", "A").stringValue}|`),
        }),
      ),
    ).toBe(
      JSON.stringify({ mixed: READ.map((text) => `${text}|A|`), texts: READ }).replace(
        /[<>&]/g,
        (c) => `\\u00${c.charCodeAt(0).toString(16)}`,
      ),
    );
  });

  test("Helm's documents, read and merged, are the values", () => {
    const documents = evaluate((v) =>
      valueDocuments({
        known: TEXTS,
        list: [...TEXTS, v("a", "A").stringValue],
        map: {
          number: v("n", 3).numberValue,
          flag: true,
          nothing: null,
          deep: { text: `<${v("b", "B").stringValue}>` },
        },
      }),
    ) as string[];
    expect(mergeValues(...documents.map((document) => parse(document)))).toEqual({
      known: READ,
      list: [...READ, "A"],
      map: { number: 3, flag: true, nothing: null, deep: { text: "<B>" } },
    });
  });

  test("fingerprint and revision are the same whoever computes them", () => {
    const parts = ["host.example.com", 7, ["a", "b"]];
    const [late, number] = evaluate((v) => {
      const print = fingerprint([v("host", parts[0]).stringValue, 7, ["a", "b"]]);
      return [print, revision(print)];
    }) as [string, number];
    expect(late).toBe(fingerprint(parts));
    expect(number).toBe(revision(fingerprint(parts)));
  });
});
