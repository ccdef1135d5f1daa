import type { IConstruct } from "constructs";
import { isResolved, resourcesOfType, type SynthChecks } from "../../database/private";

/** The parts of a network policy that are compared. */
interface PolicyInput extends IConstruct {
  readonly metadataInput?: { readonly namespace?: string };
  readonly specInput?: {
    readonly podSelector?: { readonly matchLabels?: object; readonly matchExpressions?: unknown };
    readonly egress?: unknown;
    readonly ingress?: unknown;
  };
}

/**
 * Reports policies of the program that select all pods of a namespace and allow something: policies add up, so that they open what the policy of
 * an isolated pod does not allow.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @internal
 */
export function checkIsolation(
  checks: SynthChecks,
  scope: IConstruct,
  property: string,
  namespace: string,
): void {
  checks.whenComplete(() => {
    const types = ["kubernetes_network_policy_v1", "kubernetes_network_policy"];
    for (const policy of resourcesOfType(scope, ...types) as PolicyInput[]) {
      const { metadataInput, specInput } = policy;
      if (!isResolved(namespace) || metadataInput?.namespace !== namespace) continue;
      if (filled(specInput?.podSelector?.matchLabels) || filled(specInput?.podSelector?.matchExpressions))
        continue;
      if (!filled(specInput?.egress) && !filled(specInput?.ingress)) continue;
      checks.fail(
        property,
        policy.node.path,
        `must be a namespace without network policies that select all pods (${namespace} has one): policies add up, and this one opens to the copy what the rehearsal's policy does not; give the policy a podSelector, or the rehearsal another namespace`,
      );
    }
  });
}

function filled(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value === "object" ? Object.keys(value).length > 0 : true;
}
