import { inspect } from "node:util";
import { TerraformOutput, TerraformVariable } from "cdktf";
import { SecretValue } from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";

const EXPRESSION = "${ephemeral.random_password.db.result}";
const secret = (version = 1) => SecretValue.fromEphemeral(EXPRESSION, { version });

describe("a secret shows itself nowhere", () => {
  test.each([
    ["a template literal", () => `${secret()}`],
    ["a concatenation", () => `x${String(secret())}`],
    ["a join", () => [secret()].join()],
    ["toString", () => secret().toString()],
    ["a property name", () => ({ [secret() as unknown as string]: 1 })],
  ])("%s throws", (_, use) => {
    expect(use).toThrow("SECRET-TEXT: a secret must not be part of a text");
  });

  test("JSON and a log show its version only", () => {
    expect(JSON.stringify({ password: secret(3) })).toBe('{"password":"(secret, version 3)"}');
    expect(inspect(secret(3), { depth: 9, showHidden: true })).not.toContain("ephemeral");
    expect(Object.keys(secret())).toEqual([
      "version",
      "dependables",
      "changesEachRun",
      "rotatedExternally",
      "protections",
      "store",
    ]);
    expect(Object.values(secret()).join()).not.toContain("ephemeral");
  });

  test("CDKTF writes no expression of it, even where a type was forced", () => {
    const { json } = synthesize((stack) => {
      new TerraformOutput(stack, "out", { value: secret() as unknown as string });
    });
    expect(JSON.stringify(json)).not.toContain("random_password");
  });
});

describe("fromEphemeral", () => {
  test("gives the expression to write-only arguments, with version and dependencies", () => {
    synthesize((stack) => {
      const first = new TerraformVariable(stack, "first", {});
      const value = SecretValue.fromEphemeral(EXPRESSION, { version: 7, dependables: [first] });
      expect(value.writeOnly()).toBe(EXPRESSION);
      expect(value.version).toBe(7);
      expect(value.dependables).toEqual([first]);
      expect(secret().dependables).toEqual([]);
    });
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses version %d, with which nothing is ever written", (version) => {
    expect(() => secret(version)).toThrow(
      `SECRET-VERSION: version must be a whole number, 1 or more (got ${version})`,
    );
  });

  test("takes a version that only Terraform knows", () => {
    synthesize((stack) => {
      const { numberValue } = new TerraformVariable(stack, "version", { type: "number" });
      expect(secret(numberValue).version).toBe(numberValue);
    });
  });
});

describe("fromVariable", () => {
  test("makes the variable sensitive and ephemeral", () => {
    let expression = "";
    const { json } = synthesize((stack) => {
      const variable = new TerraformVariable(stack, "password", { type: "string" });
      expression = SecretValue.fromVariable(variable, 2).writeOnly();
      new TerraformOutput(stack, "out", { value: expression });
    });
    expect(json.variable.password).toEqual({ type: "string", sensitive: true, ephemeral: true });
    expect(json.output.out.value).toBe("${var.password}");
  });

  test("refuses a default, without showing it", () => {
    expect(
      problemsOf((stack) => {
        const variable = new TerraformVariable(stack, "password", { type: "string", default: "hunter2" });
        SecretValue.fromVariable(variable, 1);
      }),
    ).toEqual([
      '[password] SECRET-DEFAULT: default must not be set: cdk.tf.json would contain the secret (got "(not shown)"); pass the value with TF_VAR_...',
    ]);
  });

  test("refuses version 0", () => {
    synthesize((stack) => {
      const variable = new TerraformVariable(stack, "password", { type: "string" });
      expect(() => SecretValue.fromVariable(variable, 0)).toThrow("SECRET-VERSION: version must be");
    });
  });
});

test("jsonField is a secret of the same version", () => {
  const { json } = synthesize((stack) => {
    const field = SecretValue.fromEphemeral("${ephemeral.store.db.text}", { version: 4 }).jsonField('a "b"');
    expect(field.version).toBe(4);
    expect(JSON.stringify(field)).toBe('"(secret, version 4)"');
    new TerraformOutput(stack, "out", { value: field.writeOnly() });
  });
  expect(json.output.out.value).toBe('${lookup(jsondecode(ephemeral.store.db.text), "a \\"b\\"")}');
});

test("says whether each run has another value, also of a field of it", () => {
  const other = SecretValue.fromEphemeral(EXPRESSION, { version: 1, changesEachRun: true });
  expect([other.changesEachRun, other.jsonField("password").changesEachRun]).toEqual([true, true]);
  expect([secret().changesEachRun, secret().jsonField("password").changesEachRun]).toEqual([false, false]);
});
