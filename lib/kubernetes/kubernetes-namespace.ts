import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy } from "../database";
import { requireProps, SynthChecks } from "../database/private";
import { checkLabelName, checkLabels } from "./object-names";

/** Pod Security Standard of a namespace. @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export enum PodSecurity {
  /** Unrestricted. */
  PRIVILEGED = "privileged",
  /** Prevents known privilege escalations. */
  BASELINE = "baseline",
  /** Follows current pod hardening practice. */
  RESTRICTED = "restricted",
}

/** Properties of a `KubernetesNamespace`. */
export interface KubernetesNamespaceProps {
  /**
   * Name of the namespace.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespaceName: string;
  /**
   * Pod Security Standard that the API server enforces in the namespace. @default - the default of the cluster
   *
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  readonly podSecurity?: PodSecurity;
  /** Deletion policy on removal or rename. Deleting a namespace deletes all objects in it, volumes included. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** True if the next run recreates all objects in the namespace, so that its deletion is not an opt-out. @default false */
  readonly disposable?: boolean;
  /**
   * Labels. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /**
   * Annotations. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
   */
  readonly annotations?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly provider?: TerraformProvider;
  /** Resources that the namespace depends on. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Kubernetes namespace. Kubernetes deletes all objects in a namespace with it, so `prevent_destroy` is set by default.
 *
 * Labels and annotations that others add, such as a service mesh or Rancher, are kept as long as the program sets none. With
 * `labels` or `podSecurity`, Terraform manages all labels of the namespace and removes others; likewise with `annotations`.
 *
 * @see https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs/resources/namespace_v1
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 * @example
 * new KubernetesNamespace(this, "namespace", { namespaceName: "coder" });
 */
export class KubernetesNamespace extends Construct {
  /** Resource of the namespace. */
  public readonly resource: NamespaceV1;
  /** Name of the namespace. */
  public readonly namespaceName: string;
  /** Resources that must exist before objects are created in the namespace. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KubernetesNamespaceProps) {
    super(scope, id);
    requireProps(this.node.path, "K8S", props, { namespaceName: true });
    this.namespaceName = props.namespaceName;
    const policy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
    const checks = new SynthChecks(this, "K8S");
    checkLabelName(checks, "namespaceName", props.namespaceName);
    checkLabels(checks, "labels", props.labels);
    checks.check(
      "namespaceName",
      props.namespaceName,
      () => !/^(default|kube-.*)$/.test(props.namespaceName),
      "must not be a namespace that Kubernetes reserves",
    );
    checks.check(
      "deletionPolicy",
      policy,
      () => policy !== DeletionPolicy.SNAPSHOT,
      `must be ${DeletionPolicy.RETAIN} or ${DeletionPolicy.DELETE}: a namespace has no snapshot`,
    );
    if (policy === DeletionPolicy.DELETE && !props.disposable) {
      checks.optOut("deletionPolicy: removal of the namespace deletes all objects in it, volumes included");
    }
    const podSecurity = props.podSecurity && { "pod-security.kubernetes.io/enforce": props.podSecurity };
    // The provider takes labels and annotations that others added for drift and would remove them in the next apply.
    const foreign = [
      ...(podSecurity || props.labels ? [] : ["metadata[0].labels"]),
      ...(props.annotations ? [] : ["metadata[0].annotations"]),
    ];
    this.resource = new NamespaceV1(this, "Resource", {
      metadata: {
        name: props.namespaceName,
        labels: podSecurity || props.labels ? { ...podSecurity, ...props.labels } : undefined,
        annotations: props.annotations,
      },
      // Pods are refused until the default service account exists.
      waitForDefaultServiceAccount: true,
      lifecycle: {
        preventDestroy: policy === DeletionPolicy.DELETE ? undefined : true,
        ignoreChanges: foreign.length > 0 ? foreign : undefined,
      },
      provider: props.provider,
      dependsOn: props.dependsOn,
    });
    this.dependables = [this.resource];
  }
}
