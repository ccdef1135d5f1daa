import { TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { SecretValue } from "../../../lib/database";
import { OPT_OUT_PREFIX, SynthChecks } from "../../../lib/database/private";
import { problemsOf, synthesize } from "../../support/synth";

/** What one construct's checks report. */
function report(use: (checks: SynthChecks, scope: Construct) => void): string[] {
  return problemsOf((stack) => {
    const scope = new Construct(stack, "part");
    use(new SynthChecks(scope, ""), scope);
  });
}

describe("SynthChecks", () => {
  test("reports all mistakes at once, with path, property, value and rule", () => {
    expect(
      report((checks) => {
        checks.check("size", 3, () => false, "must be 4");
        checks.matches("name", "A", /^[a-z]$/, "must be a letter");
        checks.wholeNumber("days", 0, 1, 35, "days");
        checks.share("cpuShare", 85, 0.1, 1);
        checks.share("freeShare", 0, 0.01, 0.9);
        checks.fail("network", undefined, "must be set");
      }),
    ).toEqual([
      "[part] size must be 4 (got 3)",
      '[part] name must be a letter (got "A")',
      "[part] days must be a whole number from 1 to 35 days (got 0)",
      "[part] cpuShare must be a number from 0.1 to 1 (got 85)",
      "[part] freeShare must be a number from 0.01 to 0.9 (got 0)",
      "[part] network must be set (got not set)",
    ]);
  });

  test("says nothing of what is allowed", () => {
    expect(
      report((checks) => {
        checks.check("size", 4, () => true, "must be 4");
        checks.matches("name", "a", /^[a-z]$/, "must be a letter");
        checks.wholeNumber("days", 1, 1, 35);
        checks.wholeNumber("days", 35, 1, 35);
        checks.share("cpuShare", 0.1, 0.1, 1);
        checks.share("cpuShare", 1, 0.1, 1);
      }),
    ).toEqual([]);
  });

  test.each([undefined, null])("says nothing of %p", (value) => {
    expect(
      report((checks) => {
        checks.check("a", value, () => false, "must never be");
        checks.wholeNumber("b", value as undefined, 1, 2);
        checks.share("d", value as undefined, 1, 2);
        checks.matches("c", value as undefined, /^$/, "must never be");
      }),
    ).toEqual([]);
  });

  test("does not judge tokens, whichever way the rule would go", () => {
    expect(
      report((checks, scope) => {
        const v = new TerraformVariable(scope, "v", {});
        const judge = () => {
          throw new Error("a token was judged");
        };
        checks.check("text", v.stringValue, judge, "must never be");
        checks.check("list", v.listValue, judge, "must never be");
        checks.check("inside", { a: [v.numberValue] }, judge, "must never be");
        checks.wholeNumber("number", v.numberValue, 1, 2);
        checks.share("share", v.numberValue, 0, 1);
        checks.matches("name", v.stringValue, /^$/, "must never be");
      }),
    ).toEqual([]);
  });

  test.each([
    [1.5, "1.5"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    ["3" as unknown as number, '"3"'],
    [true as unknown as number, "true"],
    [[1] as unknown as number, "[1]"],
  ])("wholeNumber reports %p", (value, shown) => {
    expect(report((checks) => checks.wholeNumber("n", value, 1, 5))).toEqual([
      `[part] n must be a whole number from 1 to 5 (got ${shown})`,
    ]);
  });

  test("shows neither secrets nor tokens nor a construct's inside", () => {
    const [secret, token, construct] = report((checks, scope) => {
      checks.fail(
        "password",
        SecretValue.fromEphemeral("${ephemeral.a.b.c}", { version: 3 }),
        "must be right",
      );
      checks.fail("name", new TerraformVariable(scope, "v", {}).stringValue, "must be right");
      checks.fail("network", scope, "must be right");
    });
    expect(secret).toBe('[part] password must be right (got "(secret, version 3)")');
    expect(token).toBe("[part] name must be right (got not known at synth)");
    expect(construct).toBe("[part] network must be right (got test/part)");
  });

  test("runs deferred checks when the tree stands, and reports the same each time it is asked", () => {
    let later = "not yet";
    const scopeOf: Construct[] = [];
    const problems = report((checks, scope) => {
      scopeOf.push(scope);
      checks.whenComplete(() => checks.check("later", later, () => later === "ok", "must be ok"));
      checks.fail("first", 1, "must be right");
      later = "wrong";
    });
    expect(problems).toEqual(["[part] first must be right (got 1)", '[part] later must be ok (got "wrong")']);
    expect(scopeOf[0]?.node.validate()).toHaveLength(2);
    expect(scopeOf[0]?.node.validate()).toHaveLength(2);
  });

  test("leaves warnings and opt-outs as annotations, each once", () => {
    const { warnings, infos } = synthesize((stack) => {
      const checks = new SynthChecks(new Construct(stack, "part"), "");
      for (const _ of [1, 2]) {
        checks.warn("careful", "mood");
        checks.optOut("publiclyAccessible: the server has a public address");
      }
      checks.warn("also this", "mood");
    });
    expect(warnings).toEqual([
      { path: "part", message: "careful" },
      { path: "part", message: "also this" },
    ]);
    expect(infos).toEqual([
      {
        path: "part",
        message: `${OPT_OUT_PREFIX}publiclyAccessible: the server has a public address`,
      },
    ]);
    expect(OPT_OUT_PREFIX).toBe("opt-out: ");
  });
});
