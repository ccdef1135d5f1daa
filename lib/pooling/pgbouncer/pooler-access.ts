import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

/** Names, ports and clients of a pooler. @internal */
export interface PoolerAccessOptions {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: { readonly [name: string]: string };
  };
  /** Labels of the pooler's pods. */
  readonly selector: { readonly [name: string]: string };
  readonly port: number;
  readonly metricsPort: number;
  readonly clientNamespaces: string[];
  readonly provider?: TerraformProvider;
  readonly dependsOn?: ITerraformDependable[];
}

/** Access of clients to a pooler: Service, PodDisruptionBudget and NetworkPolicy, in the construct of the pooler. @internal */
export class PoolerAccess {
  public readonly service: ServiceV1;
  public readonly disruptionBudget: PodDisruptionBudgetV1;
  public readonly networkPolicy: NetworkPolicyV1;

  public constructor(pooler: Construct, options: PoolerAccessOptions) {
    const { metadata, selector, port, metricsPort, provider, dependsOn } = options;
    this.service = new ServiceV1(pooler, "Service", {
      metadata,
      spec: {
        type: "ClusterIP",
        selector,
        port: [
          { name: "postgres", port, targetPort: "postgres", protocol: "TCP" },
          { name: "metrics", port: metricsPort, targetPort: "metrics", protocol: "TCP" },
        ],
      },
      provider,
      dependsOn,
    });
    this.disruptionBudget = new PodDisruptionBudgetV1(pooler, "DisruptionBudget", {
      metadata,
      spec: { maxUnavailable: "1", selector: { matchLabels: selector } },
      provider,
      dependsOn,
    });
    this.networkPolicy = new NetworkPolicyV1(pooler, "NetworkPolicy", {
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [
          {
            ports: [{ port: String(port), protocol: "TCP" }],
            from: options.clientNamespaces.map((name) => ({
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
            })),
          },
          // Metrics only; the monitoring may be in any namespace.
          { ports: [{ port: String(metricsPort), protocol: "TCP" }] },
        ],
      },
      provider,
      dependsOn,
    });
  }
}
