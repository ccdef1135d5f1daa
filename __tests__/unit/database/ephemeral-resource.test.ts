// That Terraform takes the block is shown in __tests__/terraform.

import { Password } from "@cdktf/provider-random/lib/password";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import {
  App,
  TerraformOutput,
  type TerraformProvider,
  TerraformStack,
  TerraformVariable,
  Testing,
} from "cdktf";
import { Construct } from "constructs";
import { EphemeralResource } from "../../../lib/database/private";
import { problemsOf, synthesize } from "../../support/synth";

const PASSWORD = { type: "random_password", arguments: { length: 32, special: false } };

test("renders an ephemeral block, and its attributes as expressions", () => {
  const { json } = synthesize((stack) => {
    const password = new EphemeralResource(stack, "password", PASSWORD);
    new TerraformOutput(stack, "out", { value: password.attribute("result") });
    new TerraformOutput(stack, "fqn", { value: password.fqn });
  });
  expect(json.ephemeral).toEqual({ random_password: { password: { length: 32, special: false } } });
  expect(json.output.out.value).toBe("${ephemeral.random_password.password.result}");
  expect(json.output.fqn.value).toBe("${ephemeral.random_password.password}");
  expect(json.resource).toBeUndefined();
});

test("has a name that follows from its path, as resources have", () => {
  const { json } = synthesize((stack) => {
    const scope = new Construct(stack, "secret");
    new EphemeralResource(scope, "Resource", PASSWORD);
    new Password(scope, "stored", { length: 32 });
  });
  expect(Object.keys(json.ephemeral.random_password)).toEqual(["secret_4DA88516"]);
});

test("renders provider, dependencies and conditions", () => {
  const { json, ephemeral } = synthesize((stack) => {
    const provider = new RandomProvider(stack, "random", { alias: "other" });
    const first = new Password(stack, "first", { length: 20, provider });
    const length = new TerraformVariable(stack, "length", { type: "number" });
    new EphemeralResource(stack, "password", {
      type: "random_password",
      arguments: { length: length.numberValue },
      provider,
      dependsOn: [first],
      preconditions: [{ condition: "${var.length > 8}", errorMessage: "Too short." }],
      postconditions: [{ condition: '${self.result != ""}', errorMessage: "Empty." }],
    });
  });
  expect(ephemeral("random_password")).toEqual({
    length: "${var.length}",
    provider: "random.other",
    depends_on: ["random_password.first"],
    lifecycle: {
      precondition: [{ condition: "${var.length > 8}", error_message: "Too short." }],
      postcondition: [{ condition: '${self.result != ""}', error_message: "Empty." }],
    },
  });
  expect(json.ephemeral).toBeDefined();
});

test("empty lists render nothing", () => {
  const { ephemeral } = synthesize((stack) => {
    new EphemeralResource(stack, "password", {
      type: "random_password",
      dependsOn: [],
      preconditions: [],
      postconditions: [],
    });
  });
  expect(ephemeral("random_password")).toEqual({});
});

test("can be a dependency and take overrides, as resources can", () => {
  const { ephemeral, resource } = synthesize((stack) => {
    const password = new EphemeralResource(stack, "password", PASSWORD);
    password.addOverride("special", true);
    password.addOverride("lifecycle.precondition", [{ condition: "${1 > 0}" }]);
    new Password(stack, "stored", { length: 20, dependsOn: [password] });
  });
  expect(ephemeral("random_password")).toEqual({
    length: 32,
    special: true,
    lifecycle: { precondition: [{ condition: "${1 > 0}" }] },
  });
  expect(resource("random_password").depends_on).toEqual(["ephemeral.random_password.password"]);
});

test("rendering leaves the caller's arguments alone", () => {
  const args = { length: 32, nested: { a: 1 } };
  synthesize((stack) => {
    const password = new EphemeralResource(stack, "password", { type: "random_password", arguments: args });
    password.addOverride("nested.a", 2);
  });
  expect(args).toEqual({ length: 32, nested: { a: 1 } });
});

test("reports a missing provider, which CDKTF does not", () => {
  const build = (stack: TerraformStack) => void new EphemeralResource(stack, "password", PASSWORD);
  const off = { standInProviders: false };
  expect(problemsOf(build, off)).toEqual([
    "[password] EPHEMERAL-PROVIDER: provider must be set or be in the stack: it has no provider for random_password (got not set); add one to the stack",
  ]);
  expect(
    problemsOf((stack) => {
      build(stack);
      new RandomProvider(stack, "random");
    }, off),
  ).toEqual([]);
});

test.each(["password", "Random_Password", "random-password", "", "ephemeral.random_password"])(
  "refuses type %p",
  (type) => {
    expect(problemsOf((stack) => new EphemeralResource(stack, "password", { type }))[0]).toBe(
      `[password] EPHEMERAL-TYPE: type must be a resource type such as random_password (got "${type}")`,
    );
  },
);

test("refuses HCL output, in which CDKTF would leave it out", () => {
  const app = Testing.app();
  const stack = new TerraformStack(App.of(app), "stack");
  new RandomProvider(stack, "random") satisfies TerraformProvider;
  new EphemeralResource(stack, "password", PASSWORD);
  expect(() => Testing.synthHcl(stack)).toThrow(
    "[stack/password] EPHEMERAL-HCL: ephemeral resources must be synthesized as JSON",
  );
});
