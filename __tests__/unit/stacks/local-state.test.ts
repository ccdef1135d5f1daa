/** The state of a stack class without a backend: found again in another checkout, with a warning. */
import { App, S3Backend } from "cdktf";
import { CoderAwsStack } from "../../../stacks/coder-aws";
import type { Json } from "../../support/synth";
import { synthesizedStacks } from "../../support/terraform/stacks";

const PROPS = {
  region: "eu-central-1",
  clusterName: "platform",
  subnetIds: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
  accessUrl: "https://coder.example.com",
};

function made(backend: boolean): { backend: Json; warnings: string[] } {
  const stack = new CoderAwsStack(new App({ stackTraces: false }), "production", PROPS);
  if (backend) new S3Backend(stack, { bucket: "states", key: "coder", region: "eu-central-1" });
  stack.prepareStack();
  const warnings = stack.node.metadata
    .filter(({ type }) => type === "@cdktf/warn")
    .map(({ data }) => String(data));
  return { backend: JSON.parse(JSON.stringify(stack.toTerraform())).terraform.backend, warnings };
}

test.each(synthesizedStacks().map(({ name, json }) => [name, json.terraform.backend] as const))(
  "%s names its local state by a path that is the same in each checkout",
  (name, backend) => {
    expect(backend).toEqual({ local: { path: `../../../terraform.${name}.tfstate` } });
  },
);

test("a stack without a backend is warned about once", () => {
  expect(made(false)).toEqual({
    backend: { local: { path: "../../../terraform.production.tfstate" } },
    warnings: [
      "STACK-BACKEND: backend: the state is a local file, terraform.production.tfstate beside the output folder, without locks and " +
        "backups; add a backend, such as new S3Backend(stack, { ... })",
    ],
  });
});

test("the backend of the program is kept, without a warning", () => {
  expect(made(true)).toEqual({
    backend: { s3: { bucket: "states", key: "coder", region: "eu-central-1" } },
    warnings: [],
  });
});
