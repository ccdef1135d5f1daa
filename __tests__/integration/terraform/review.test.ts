/** The review reads what Terraform really writes: a plan that creates, one that replaces, one that destroys. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Password } from "@cdktf/provider-random/lib/password";
import { renderText, reviewPlan } from "../../../lib/review";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";

describeWith("reviewPlan", terraformWithMirror, (terraform) => {
  test("reads real plans", async () => {
    const stackOf = (name: string, labels?: Record<string, string>) =>
      writtenStack((stack) => {
        new NamespaceV1(stack, "namespace", { metadata: { name, labels } });
        if (name === "coder") new Password(stack, "password", { length: 20 });
      });
    const copy = new StackCopy(terraform, stackOf("coder"));
    try {
      copy.init();
      expect(reviewPlan(copy.plan())).toMatchObject({
        verdict: "changes",
        counts: { create: 2 },
        findings: [],
      });
      await copy.apply();
      expect(renderText(reviewPlan(copy.plan()))).toBe("Nothing to do\nno changes");
      copy.use(stackOf("coder", { team: "platform" }));
      expect(reviewPlan(copy.plan())).toMatchObject({
        counts: { update: 1 },
        changes: [{ kind: "namespace", action: "update", attributes: ["metadata.labels"] }],
      });
      expect(copy.review()).toMatchObject({
        code: 2,
        stderr: "",
        stdout: expect.stringMatching(/^Changes without danger\n1 to update in place/),
      });
      copy.use(stackOf("other"));
      const { verdict, findings } = reviewPlan(copy.plan());
      const { code, stdout } = copy.review("--format", "json");
      expect([code, JSON.parse(stdout).findings]).toEqual([3, findings]);
      expect(verdict).toBe("approval needed");
      expect(findings.map(({ address, action, effects }) => [address, action, effects[0]])).toEqual([
        ["kubernetes_namespace_v1.namespace", "replace", "data-loss"],
        ["random_password.password", "destroy", "data-loss"],
      ]);
    } finally {
      copy.remove();
    }
  });
});
