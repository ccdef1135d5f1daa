import { TerraformVariable } from "cdktf";
import { SecretValue } from "../../../lib/database";
import { EnvironmentVariable } from "../../../lib/kubernetes";
import { synthesize } from "../../support/synth";

test.each([
  [EnvironmentVariable.plain("A", "1"), { name: "A", value: "1" }],
  [
    EnvironmentVariable.fromSecret("A", "secret", "key"),
    { name: "A", valueFrom: { secretKeyRef: { name: "secret", key: "key" } } },
  ],
  [
    EnvironmentVariable.fromConfigMap("A", "map", "key"),
    { name: "A", valueFrom: { configMapKeyRef: { name: "map", key: "key" } } },
  ],
  [
    EnvironmentVariable.fromSecretValue("A", SecretValue.fromEphemeral("${ephemeral.x.y.z}", { version: 1 })),
    { name: "A", valueFrom: { secretKeyRef: { name: "stored", key: "A" } } },
  ],
])("variable %#", (variable, container) => {
  expect(variable.toContainer("stored")).toEqual(container);
  expect(variable.plainText).toBe((container as { value?: string }).value);
});

test("a number token reaches Kubernetes as a string", () => {
  const { json } = synthesize((stack) => {
    const pool = new TerraformVariable(stack, "pool", { type: "number" });
    stack.addOverride("locals", {
      env: EnvironmentVariable.plain("A", `${pool.numberValue}`).toContainer(""),
    });
  });
  expect(json.locals.env).toEqual({ name: "A", value: "${tostring(var.pool)}" });
});
