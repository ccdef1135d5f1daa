// Names in a cluster across the stacks of a program: Terraform keeps one state for each stack, and none of them knows of the other.

import type { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformProvider, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { claimOnce, isResolved, type SynthChecks } from "../../database/private";

/** A name that only one stack of a program may use in a cluster. @internal */
export interface OnceInCluster {
  /** Kind of the thing, such as `Velero`. */
  readonly kind: string;
  /** Name of the property. */
  readonly property: string;
  readonly name: string;
  /** Namespace, for a name within one. @default - unique in the cluster */
  readonly namespace?: string;
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly provider?: TerraformProvider;
}

/**
 * Reports a name that another stack of the program uses in the same cluster: the one whose provider names the same host, or the same
 * context of a kubeconfig, at synth.
 *
 * @internal
 */
export function checkOnceInCluster(checks: SynthChecks, scope: IConstruct, unique: OnceInCluster): void {
  const { kind, property, name, namespace = "", provider } = unique;
  // A provider may be created after the construct.
  checks.whenComplete(() => {
    const cluster = clusterOf(scope, provider);
    if (cluster === undefined || !isResolved([name, namespace])) return;
    const key = [...cluster, namespace, name];
    const other = claimOnce(scope, `${kind} in a cluster`, key, { within: scope.node.root });
    // Those of one stack are reported by their own checks.
    if (other === undefined || TerraformStack.of(other) === TerraformStack.of(scope)) return;
    checks.fail(
      property,
      name,
      `must be unique in the cluster, and ${other.node.path} in another stack is a ${kind} of this name in it; choose another name for one of them`,
    );
  });
}

/** Host, or context of a kubeconfig, that a Kubernetes provider names; undefined if that is not known at synth. */
function clusterOf(scope: IConstruct, given: TerraformProvider | undefined): string[] | undefined {
  const all = TerraformStack.of(scope)
    .allProviders()
    .filter(({ terraformResourceType }) => terraformResourceType === "kubernetes");
  const provider = given ?? (all.length === 1 ? all[0] : undefined);
  if (provider === undefined) return undefined;
  const { host, configPath, configContext } = provider as Partial<KubernetesProvider>;
  if (host !== undefined) return isResolved(host) ? [host] : undefined;
  return configContext !== undefined && isResolved([configContext, configPath ?? ""])
    ? [configPath ?? "", configContext]
    : undefined;
}
