import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { DeletionPolicy } from "../database";
import { SynthChecks } from "../database/private";
import { checkLabelName } from "./object-names";

/** The Pod Security Standards that Kubernetes can enforce on a namespace (kubernetes.io "Pod Security Standards"). */
export enum PodSecurity {
  /** No restriction. */
  PRIVILEGED = "privileged",
  /** No known way from a pod to the node. */
  BASELINE = "baseline",
  /** The strictest. */
  RESTRICTED = "restricted",
}

/** Properties of a `KubernetesNamespace`. */
export interface KubernetesNamespaceProps {
  /** The namespace's name. */
  readonly namespaceName: string;
  /** The standard that the API server enforces on the pods in it. @default - what the cluster does by itself */
  readonly podSecurity?: PodSecurity;
  /** What happens on removal or rename: with the namespace goes all that is in it, volumes included. @default DeletionPolicy.RETAIN */
  readonly deletionPolicy?: DeletionPolicy;
  /** Whether all that is in it is made again by the next run, so that deleting it gives nothing up. @default false */
  readonly disposable?: boolean;
  /** Labels. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** Annotations. @default - none */
  readonly annotations?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A namespace. Kubernetes deletes everything in a namespace together with it, so Terraform refuses to unless told otherwise.
 *
 * @example
 * new KubernetesNamespace(this, "namespace", { namespaceName: "coder" });
 */
export class KubernetesNamespace extends Construct {
  /** The Kubernetes object. */
  public readonly resource: NamespaceV1;
  /** The namespace's name. */
  public readonly namespaceName: string;
  /** What has to exist before anything is put into the namespace. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KubernetesNamespaceProps) {
    super(scope, id);
    this.namespaceName = props.namespaceName;
    const policy = props.deletionPolicy ?? DeletionPolicy.RETAIN;
    const checks = new SynthChecks(this);
    checkLabelName(checks, "namespaceName", props.namespaceName);
    checks.check(
      "namespaceName",
      props.namespaceName,
      () => !/^(default|kube-.*)$/.test(props.namespaceName),
      "the cluster keeps this namespace for itself; take another",
    );
    checks.check(
      "deletionPolicy",
      policy,
      () => policy !== DeletionPolicy.SNAPSHOT,
      `a namespace has no snapshot; allowed are ${DeletionPolicy.RETAIN} and ${DeletionPolicy.DELETE}`,
    );
    if (policy === DeletionPolicy.DELETE && !props.disposable) {
      checks.optOut("deletionPolicy: removing the namespace deletes everything in it, volumes included");
    }
    const podSecurity = props.podSecurity && { "pod-security.kubernetes.io/enforce": props.podSecurity };
    this.resource = new NamespaceV1(this, "Resource", {
      metadata: {
        name: props.namespaceName,
        labels: podSecurity || props.labels ? { ...podSecurity, ...props.labels } : undefined,
        annotations: props.annotations,
      },
      // No namespace is used before its service account is there; pods would be refused.
      waitForDefaultServiceAccount: true,
      lifecycle: policy === DeletionPolicy.DELETE ? undefined : { preventDestroy: true },
      provider: props.provider,
      dependsOn: props.dependsOn,
    });
    this.dependables = [this.resource];
  }
}
