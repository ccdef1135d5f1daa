import { Annotations, App, Aspects, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { problemsOf, synthesize, treeOf } from "../../support/synth";

// A binding that loads fast and knows which provider it belongs to.
const { RandomProvider } = require("@cdktf/provider-random/lib/provider");
const { Password } = require("@cdktf/provider-random/lib/password");

describe("synthesize", () => {
  test("gives resources without metadata, versions and paths of the machine", () => {
    const { json, resource } = synthesize((stack) => {
      new Password(stack, "password", { length: 20 });
    });
    expect(resource("random_password")).toEqual({ length: 20 });
    expect(json).toEqual({
      provider: { random: [{}] },
      resource: { random_password: { password: { length: 20 } } },
      terraform: {
        backend: { local: "*" },
        required_providers: { random: { source: "random", version: "*" } },
      },
    });
  });

  test("leaves a provider of the stack's own alone", () => {
    const { stack } = synthesize((s) => {
      new RandomProvider(s, "random");
      new Password(s, "password", { length: 20 });
    });
    expect(treeOf(stack)).toBe("random\npassword\nbackend\n");
  });

  test("reports a missing provider when stand-ins are off", () => {
    const build = (stack: TerraformStack) => void new Password(stack, "password", { length: 20 });
    expect(problemsOf(build, { standInProviders: false })).toEqual([
      expect.stringContaining("without a matching provider"),
    ]);
  });

  test("runs aspects, collects notes with the construct's path, runs validations", () => {
    const build = (stack: TerraformStack) => {
      const part = new Construct(new Construct(stack, "outer"), "part");
      part.node.addValidation({ validate: () => ["first", "second"] });
      Annotations.of(part).addWarning("careful");
      Annotations.of(part).addInfo("by the way");
      Aspects.of(stack).add({
        visit: (node) => node === part && Annotations.of(node).addWarning("seen"),
      });
    };
    expect(problemsOf(build)).toEqual(["[outer/part] first", "[outer/part] second"]);
    expect(() => synthesize(build)).toThrow("the stack has 2 problems:\n[outer/part] first");
    const good = synthesize((stack) => {
      Annotations.of(new Construct(stack, "part")).addWarning("careful");
      Annotations.of(stack).addInfo("of the stack");
    });
    expect(good.warnings).toEqual([{ path: "part", message: "careful" }]);
    expect(good.infos).toEqual([{ path: "", message: "of the stack" }]);
  });

  test("fixes the date, which a test may change", () => {
    const dateOf = (context?: Record<string, unknown>) => {
      let date: unknown;
      const read = (stack: TerraformStack) => {
        date = stack.node.tryGetContext("cdktf-devplatforms/today");
      };
      synthesize(read, { context });
      return date;
    };
    expect(dateOf()).toBe("2026-11-22");
    expect(dateOf({ "cdktf-devplatforms/today": "2027-01-01" })).toBe("2027-01-01");
  });

  test("renders references to another stack, which Testing.synth leaves undeclared", () => {
    const { json } = synthesize((stack) => {
      const other = new TerraformStack(App.of(stack), "other");
      const password = new Password(other, "password", { length: 20 });
      new TerraformOutput(stack, "out", { value: password.id });
    });
    expect(Object.keys(json.data.terraform_remote_state)).toHaveLength(1);
  });
});
