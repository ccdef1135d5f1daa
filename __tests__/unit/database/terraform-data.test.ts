import childProcess from "node:child_process";
import { Password } from "@cdktf/provider-random/lib/password";
import { DataResource, TerraformOutput, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { TerraformData } from "../../../lib/database";
import { problemsOf, synthesize } from "../../support/synth";

/** The same stack with CDKTF's class and with ours. */
function both(build: (stack: TerraformStack, Class: typeof DataResource) => void) {
  return [DataResource, TerraformData as unknown as typeof DataResource].map(
    (Class) => synthesize((stack) => build(stack, Class)).json,
  );
}

test("renders as CDKTF's own class does", () => {
  const [theirs, ours] = both((stack, Class) => {
    const v = new TerraformVariable(stack, "v", { type: "string" });
    const first = new Password(stack, "first", { length: 20 });
    const data = new Class(stack, "data", {
      input: { a_b: v.stringValue, list: [1, "x"], nested: { camelCase: true } },
      triggersReplace: { version: 1, first: first.result },
      dependsOn: [first],
      lifecycle: { ignoreChanges: ["input"], preventDestroy: true },
      provisioners: [{ type: "local-exec", command: "true" }],
    });
    new Class(stack, "empty");
    new TerraformOutput(stack, "id", { value: data.id });
    new TerraformOutput(stack, "output", { value: data.output.lookup("a_b") });
  });
  expect(ours).toEqual(theirs);
  expect(ours.resource.terraform_data.data.input).toEqual({
    a_b: "${var.v}",
    list: [1, "x"],
    nested: { camelCase: true },
  });
});

test("runs no program at synth: Terraform need not be on the machine", () => {
  const exec = jest.spyOn(childProcess, "execSync").mockImplementation(() => {
    throw new Error("not found");
  });
  try {
    expect(problemsOf((stack) => new DataResource(stack, "data"))).toHaveLength(1);
    expect(exec).toHaveBeenCalledTimes(1);
    expect(problemsOf((stack) => new TerraformData(stack, "data"))).toEqual([]);
    expect(exec).toHaveBeenCalledTimes(1);
  } finally {
    exec.mockRestore();
  }
});

test("renders as HCL like CDKTF's own class", () => {
  const hcl = (Class: typeof DataResource) => {
    const stack = new TerraformStack(Testing.app(), "stack");
    new Class(stack, "data", { input: { a: 1 }, triggersReplace: { b: "x" } });
    return Testing.synthHcl(stack);
  };
  expect(hcl(TerraformData as unknown as typeof DataResource)).toBe(hcl(DataResource));
});

test("takes overrides", () => {
  const { resource } = synthesize((stack) => {
    new TerraformData(stack, "data", { input: { a: 1 } }).addOverride("input.a", 2);
  });
  expect(resource("terraform_data")).toEqual({ input: { a: 2 } });
});
