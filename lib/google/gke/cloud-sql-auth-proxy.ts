import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { IDatabaseServer, IWorkloadIdentity } from "../../database";
import { checkLabelName, type IDatabaseProxyService, ProxiedServer } from "../../kubernetes";
import {
  type CloudSqlProxyOptions,
  checkCloudSqlProxy,
  cloudSqlProxyContainer,
} from "./cloud-sql-proxy-container";

/** Properties of a `CloudSqlAuthProxy`. */
export interface CloudSqlAuthProxyProps extends CloudSqlProxyOptions {
  /** The server. */
  readonly server: IDatabaseServer;
  /** The namespace, which has to exist. */
  readonly namespace: string;
  /** The identity with which the proxy connects; its service account is made here. */
  readonly identity: IWorkloadIdentity;
  /** The name of the Deployment and the Service. @default "cloud-sql-proxy" */
  readonly proxyName?: string;
  /** The pods, 1 or more. @default 2 */
  readonly replicas?: number;
  /** The labels of the pods that may connect. @default - all pods of the namespace */
  readonly clientLabels?: { readonly [name: string]: string };
  /** Labels for all objects. @default - the name only */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Google's Auth Proxy in pods of its own, with a Service for applications that cannot have it beside them. Clients log
 * in with a password: whoever reaches this Service could use an identity, so it uses none. Between client and proxy
 * there is no TLS, and a network policy lets only pods of the namespace connect.
 *
 * @example
 * const proxy = new CloudSqlAuthProxy(this, "proxy", {
 *   server: cloudSql, connectionName: cloudSql.connectionName, namespace: "gitpod", identity,
 * });
 * const database = proxy.server.database("gitpod");
 */
export class CloudSqlAuthProxy extends Construct implements IDatabaseProxyService {
  public readonly namespace: string;
  /** The pods. */
  public readonly resource: DeploymentV1;
  /** The Service. */
  public readonly service: ServiceV1;
  /** The server as clients of the Service see it. */
  public readonly server: IDatabaseServer;
  /** What has to exist before anybody connects. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CloudSqlAuthProxyProps) {
    super(scope, id);
    const { namespace, identity, provider, dependsOn } = props;
    this.namespace = namespace;
    const name = props.proxyName ?? "cloud-sql-proxy";
    const port = props.port ?? props.server.engine.defaultPort;
    this.check(props, name);
    const selector = { "app.kubernetes.io/name": name };
    const labels = { ...props.labels, ...selector };
    const metadata = { name, namespace, labels };
    const account = new ServiceAccountV1(this, "ServiceAccount", {
      metadata: {
        name: identity.serviceAccountName,
        namespace,
        labels,
        annotations: { ...identity.serviceAccountAnnotations },
      },
      automountServiceAccountToken: false,
      provider,
      dependsOn,
    });
    const container = cloudSqlProxyContainer({ ...props, port }, { localOnly: false, automaticLogin: false });
    this.resource = new DeploymentV1(this, "Resource", {
      metadata,
      spec: {
        replicas: String(props.replicas ?? 2),
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: { ...labels, ...identity.podLabels } },
          spec: {
            serviceAccountName: account.metadata.name,
            // The identity comes from GKE's metadata server, not from a token of Kubernetes.
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: (props.drainSeconds ?? 30) + 10,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            topologySpreadConstraint: [
              {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: [{ matchLabels: selector }],
              },
            ],
          },
        },
      },
      provider,
      dependsOn: [...(dependsOn ?? []), ...props.server.dependables, ...identity.dependables],
    });
    // The bindings write some fields in other words than the API; the container is kept in one place, in the API's.
    this.resource.addOverride("spec.template.spec.container", [terraformContainer(container)]);
    this.service = new ServiceV1(this, "Service", {
      metadata,
      spec: {
        type: "ClusterIP",
        selector,
        port: [{ name: "database", port, targetPort: "database" }],
      },
      provider,
      dependsOn,
    });
    const policy = new NetworkPolicyV1(this, "NetworkPolicy", {
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { ...props.clientLabels } } }],
            ports: [{ port: String(port), protocol: "TCP" }],
          },
        ],
      },
      provider,
      dependsOn,
    });
    new PodDisruptionBudgetV1(this, "DisruptionBudget", {
      metadata,
      spec: { maxUnavailable: "1", selector: { matchLabels: selector } },
      provider,
      dependsOn,
    });
    this.dependables = [this.resource, this.service, policy];
    this.server = new ProxiedServer(this, "Server", {
      server: props.server,
      endpoint: { host: `${name}.${namespace}.svc`, port, isPrivate: true },
      automaticLogin: false,
      dependables: this.dependables,
    });
  }

  private check(props: CloudSqlAuthProxyProps, name: string): void {
    const checks = checkCloudSqlProxy(this, props);
    checkLabelName(checks, "namespace", props.namespace);
    checkLabelName(checks, "proxyName", name);
    checks.wholeNumber("replicas", props.replicas, 1, 100);
    checks.check(
      "identity.namespace",
      props.identity.namespace,
      () => props.identity.namespace === props.namespace,
      `the proxy is in ${props.namespace}, so the identity would not be its own`,
    );
    checks.optOut(
      "CloudSqlAuthProxy: between client and proxy there is no TLS; a network policy keeps others out",
    );
  }
}

/** A container in the words of the Terraform provider: snake case, and blocks in the singular. */
function terraformContainer(container: { readonly [field: string]: unknown }): unknown {
  const { ports, ...rest } = container;
  return snakeCase({ ...rest, port: ports });
}

function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [
        key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        snakeCase(member),
      ]),
  );
}
