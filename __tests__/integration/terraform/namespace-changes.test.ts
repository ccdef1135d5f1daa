/** Pairs of plans of a namespace that a service mesh or a platform has labelled and annotated behind Terraform's back. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { KubernetesNamespace, type KubernetesNamespaceProps } from "../../../lib/kubernetes";
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { type Attributes, planned } from "../../support/terraform/plan";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";

const OTHERS = { labels: { "istio.io/rev": "stable" }, annotations: { "field.cattle.io/projectId": "c:p" } };

const namespace = (props: Partial<KubernetesNamespaceProps> = {}) =>
  writtenStack((stack) => {
    new KubernetesProvider(stack, "kubernetes", {});
    new KubernetesNamespace(stack, "namespace", { namespaceName: "coder", ...props });
  });

describeWith("a namespace with labels of others", terraformWithMirror, (terraform) => {
  let copy: StackCopy;
  beforeAll(async () => {
    copy = new StackCopy(terraform, namespace());
    copy.init();
    expect(copy.validate().diagnostics).toEqual([]);
    await copy.apply();
    // The provider reads all labels and annotations of a namespace into the state.
    const file = join(copy.folder, "terraform.tfstate");
    const state = JSON.parse(readFileSync(file, "utf8"));
    Object.assign(state.resources[0].instances[0].attributes.metadata[0], OTHERS);
    writeFileSync(file, JSON.stringify(state));
  });
  afterAll(() => copy?.remove());

  const after = (props?: Partial<KubernetesNamespaceProps>) => {
    copy.use(namespace(props));
    const [change] = planned(copy.plan(), "kubernetes_namespace_v1");
    const metadata = (change?.change.after?.metadata as Attributes[] | undefined)?.[0];
    return {
      actions: change?.change.actions,
      labels: metadata?.labels,
      annotations: metadata?.annotations,
    };
  };

  test("they are kept: a program without labels plans no change", () => {
    expect(after()).toEqual({ actions: ["no-op"], ...OTHERS });
  });

  test("a program with labels manages all labels, and leaves annotations alone", () => {
    expect(after({ labels: { team: "x" } })).toEqual({
      actions: ["update"],
      labels: { team: "x" },
      annotations: OTHERS.annotations,
    });
  });

  test("a program with annotations manages all annotations, and leaves labels alone", () => {
    expect(after({ annotations: { owner: "x" } })).toEqual({
      actions: ["update"],
      labels: OTHERS.labels,
      annotations: { owner: "x" },
    });
  });
});
