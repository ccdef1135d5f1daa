import { DeletionPolicy } from "../../../lib/database";
import { KubernetesNamespace, type KubernetesNamespaceProps, PodSecurity } from "../../../lib/kubernetes";
import { problemsOf, synthesize } from "../../support/synth";

const build = (props: Partial<KubernetesNamespaceProps> = {}) =>
  synthesize((stack) => {
    new KubernetesNamespace(stack, "namespace", { namespaceName: "coder", ...props });
  });

test("has prevent_destroy by default", () => {
  expect(build().resource("kubernetes_namespace_v1")).toEqual({
    metadata: { name: "coder" },
    wait_for_default_service_account: true,
    lifecycle: {
      prevent_destroy: true,
      ignore_changes: ["metadata[0].labels", "metadata[0].annotations"],
    },
  });
  expect(build().infos).toEqual([]);
});

test("DeletionPolicy.DELETE is recorded as an opt-out", () => {
  const { resource, infos } = build({ deletionPolicy: DeletionPolicy.DELETE });
  expect(resource("kubernetes_namespace_v1").lifecycle.prevent_destroy).toBeUndefined();
  expect(infos).toEqual([
    {
      path: "namespace",
      message:
        "opt-out: K8S-DELETION-POLICY: deletionPolicy: removal of the namespace deletes all objects in it, volumes included",
    },
  ]);
});

test("labels and annotations of others are kept unless the program sets some", () => {
  const ignored = (props: Partial<KubernetesNamespaceProps>) =>
    build(props).resource("kubernetes_namespace_v1").lifecycle.ignore_changes;
  expect(ignored({ labels: { team: "x" } })).toEqual(["metadata[0].annotations"]);
  expect(ignored({ podSecurity: PodSecurity.BASELINE })).toEqual(["metadata[0].annotations"]);
  expect(ignored({ annotations: { owner: "x" } })).toEqual(["metadata[0].labels"]);
  expect(ignored({ labels: { team: "x" }, annotations: { owner: "x" } })).toBeUndefined();
});

test("has the Pod Security Standard and the user's labels", () => {
  const { metadata } = build({ podSecurity: PodSecurity.RESTRICTED, labels: { team: "x" } }).resource(
    "kubernetes_namespace_v1",
  );
  expect(metadata.labels).toEqual({ "pod-security.kubernetes.io/enforce": "restricted", team: "x" });
});

test.each([
  [
    { namespaceName: "default" },
    "K8S-NAMESPACE-NAME: namespaceName must not be a namespace that Kubernetes reserves",
  ],
  [
    { namespaceName: "kube-system" },
    "K8S-NAMESPACE-NAME: namespaceName must not be a namespace that Kubernetes reserves",
  ],
  [{ namespaceName: "Coder" }, "lower-case letters"],
  [
    { deletionPolicy: DeletionPolicy.SNAPSHOT },
    'K8S-DELETION-POLICY: deletionPolicy must be retain or delete: a namespace has no snapshot (got "snapshot")',
  ],
])("%j is refused", (props, message) => {
  expect(
    problemsOf((stack) => {
      new KubernetesNamespace(stack, "namespace", { namespaceName: "coder", ...props });
    }),
  ).toEqual([expect.stringContaining(message)]);
});
