/** Ephemeral resources and secrets in Terraform's hands: taken where they belong, refused elsewhere, stored nowhere. */
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { Password } from "@cdktf/provider-random/lib/password";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformOutput, type TerraformStack, TerraformVariable } from "cdktf";
import { Cloud, DatabaseEngine, PostgresVersion, SecretValue } from "../../../lib/database";
import { EphemeralResource, passwordConditions, passwordPreconditions } from "../../../lib/database/private";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { passwordRulesOf } from "../../support/cloud-facts";
import { describeWith } from "../../support/describe-with";
import type { Json } from "../../support/synth";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const SECRET = "hunter2-is-no-password";

const storing = (stack: TerraformStack, id: string, secret: SecretValue) =>
  new SecretV1(stack, id, {
    metadata: { name: id, namespace: "default" },
    dataWo: { password: secret.writeOnly() },
    dataWoRevision: secret.version,
  });

describeWith("EphemeralResource", terraformWithMirror, (terraform) => {
  const withCopy = async (
    build: (stack: TerraformStack) => void,
    use: (copy: StackCopy) => Promise<void> | void,
    env: NodeJS.ProcessEnv = {},
  ) => {
    const copy = new StackCopy(terraform, writtenStack(build), { env });
    try {
      copy.init();
      await use(copy);
    } finally {
      copy.remove();
    }
  };

  test("is valid with provider, dependencies and conditions, and its result goes into write-only arguments", async () => {
    await withCopy(
      (stack) => {
        const provider = new RandomProvider(stack, "random", { alias: "other" });
        const first = new Password(stack, "first", { length: 20, provider });
        const password = new EphemeralResource(stack, "password", {
          type: "random_password",
          arguments: { length: 32, special: false },
          provider,
          dependsOn: [first],
          preconditions: [{ condition: `\${${first.fqn}.length > 8}`, errorMessage: "Too short." }],
          postconditions: passwordConditions("self.result", passwordRulesOf(Cloud.AWS, PG)),
        });
        const secret = SecretValue.fromEphemeral(password.attribute("result"), { version: 1 });
        storing(stack, "stored", secret);
      },
      async (copy) => {
        expect(copy.validate()).toMatchObject({ valid: true, diagnostics: [] });
        await copy.apply();
        // The ephemeral resource is in no plan and no state; what is stored holds its number only.
        expect(copy.addresses()).toEqual(["kubernetes_secret_v1.stored", "random_password.first"]);
        const state = copy.written().find(({ name }) => name === "terraform.tfstate")?.text ?? "{}";
        const stored = JSON.parse(state).resources.find((each: Json) => each.name === "stored");
        expect(stored.instances[0].attributes).toMatchObject({ data_wo: null, data_wo_revision: 1 });
      },
    );
  });

  test("a broken postcondition stops the plan and does not show the result", async () => {
    await withCopy(
      (stack) => {
        new EphemeralResource(stack, "password", {
          type: "random_password",
          arguments: { length: 32 },
          postconditions: passwordConditions('format("%s\\n", self.result)', passwordRulesOf(Cloud.AWS, PG)),
        });
      },
      (copy) => {
        const output = copy.planFails();
        expect(output).toContain("The password begins or ends with white space or a line break.");
        expect(output).not.toMatch(/random_password\.result-[0-9a-f]{4}/);
      },
    );
  });

  test("an argument that does not exist is refused", async () => {
    await withCopy(
      (stack) => {
        new EphemeralResource(stack, "password", { type: "random_password", arguments: { size: 32 } });
      },
      (copy) => {
        const { valid, diagnostics } = copy.validate();
        expect(valid).toBe(false);
        expect(diagnostics.map((each) => each.detail).join()).toContain("size");
      },
    );
  });
});

describeWith("a secret from a variable", terraformWithMirror, (terraform) => {
  const secretOf = (stack: TerraformStack) =>
    SecretValue.fromVariable(new TerraformVariable(stack, "password", { type: "string" }), 1);
  const env = { TF_VAR_password: SECRET };

  test("is in neither plan nor state", async () => {
    const folder = writtenStack((stack) => {
      storing(stack, "stored", secretOf(stack));
    });
    const copy = new StackCopy(terraform, folder, { env });
    try {
      copy.init();
      const plan = copy.plan();
      expect(plan.resource_changes).toHaveLength(1);
      expect(JSON.stringify(plan)).not.toContain(SECRET);
      const log = await copy.apply();
      expect(log).not.toContain(SECRET);
      for (const { text } of copy.written()) expect(text).not.toContain(SECRET);
    } finally {
      copy.remove();
    }
  });

  test.each([
    [SECRET, undefined],
    [`${SECRET} `, "The password begins or ends with white space or a line break."],
    ["p@ss/word-p@ss/word", "The password may have printable ASCII characters only"],
    ["short", "The password has to have 8 to 128 characters."],
  ])("is judged by the resource that takes it, and %j is not shown", (value, message) => {
    const folder = writtenStack((stack) => {
      const secret = secretOf(stack);
      const stored = storing(stack, "stored", secret);
      stored.lifecycle = { precondition: passwordPreconditions(secret, passwordRulesOf(Cloud.AWS, PG)) };
    });
    const copy = new StackCopy(terraform, folder, { env: { TF_VAR_password: value } });
    try {
      copy.init();
      if (message === undefined) {
        expect(copy.plan().resource_changes).toHaveLength(1);
        return;
      }
      const output = copy.planFails();
      expect(output.replace(/[│╷╵\s]+/g, " ")).toContain(message);
      expect(output).not.toContain(value.trim());
    } finally {
      copy.remove();
    }
  });

  test.each([
    [
      "an output",
      (stack: TerraformStack, text: string) =>
        void new TerraformOutput(stack, "out", { value: text, sensitive: true }),
    ],
    [
      "an ordinary argument",
      (stack: TerraformStack, text: string) =>
        void new SecretV1(stack, "leaky", { metadata: { name: "leaky", namespace: text } }),
    ],
  ])("is refused in %s", (_, leak) => {
    const folder = writtenStack((stack) => leak(stack, secretOf(stack).writeOnly()));
    const copy = new StackCopy(terraform, folder, { env });
    try {
      copy.init();
      const output = copy.planFails();
      expect(output).toMatch(/ephemeral/i);
      expect(output).not.toContain(SECRET);
    } finally {
      copy.remove();
    }
  });
});
