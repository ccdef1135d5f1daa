/** The review reads what Terraform really writes: a plan that creates, one that replaces, one that destroys. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Password } from "@cdktf/provider-random/lib/password";
import { planSummary } from "../../../lib/review";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";

describeWith("planSummary", terraformWithMirror, (terraform) => {
  test("reads real plans", async () => {
    const stackOf = (name: string, labels?: Record<string, string>) =>
      writtenStack((stack) => {
        new NamespaceV1(stack, "namespace", { metadata: { name, labels } });
        if (name === "coder") new Password(stack, "password", { length: 20 });
      });
    const copy = new StackCopy(terraform, stackOf("coder"));
    try {
      copy.init();
      expect(planSummary(copy.plan())).toBe(
        "2 to create\n\n  Created\n    1 namespace\n    1 password in the state",
      );
      await copy.apply();
      expect(planSummary(copy.plan())).toBe("no changes");
      copy.use(stackOf("coder", { team: "platform" }));
      expect(planSummary(copy.plan())).toBe(
        "1 to update in place\n\n  Updated in place\n    kubernetes_namespace_v1.namespace (namespace): metadata",
      );
      copy.use(stackOf("other"));
      expect(planSummary(copy.plan())).toBe(
        "1 to replace, 1 to destroy\n\n  DATA LOSS\n" +
          "    kubernetes_namespace_v1.namespace (namespace): replaced because of metadata.0.name\n" +
          "    random_password.password (password in the state): destroyed because it is no longer in the program",
      );
    } finally {
      copy.remove();
    }
  });
});
