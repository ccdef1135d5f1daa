import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { IDatabaseServer, IWorkloadIdentity } from "../../database";
import { requireProps } from "../../database/private";
import type { IDatabaseProxyService } from "../../kubernetes";
import { checkLabelName, ProxiedServer } from "../../kubernetes/private";
import { type CloudSqlProxyOptions, checkCloudSqlProxy, cloudSqlProxyContainer } from "./cloud-sql-sidecar";

/** Properties of a `CloudSqlAuthProxy`. */
export interface CloudSqlAuthProxyProps extends CloudSqlProxyOptions {
  /** The server. */
  readonly server: IDatabaseServer;
  /**
   * Namespace of the proxy; it must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Identity with which the proxy connects; the construct creates its Kubernetes service account.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
   */
  readonly identity: IWorkloadIdentity;
  /** Name of the Deployment and the Service. @default "cloud-sql-proxy" */
  readonly proxyName?: string;
  /**
   * Number of pods, 1 to 100. @default 2
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
   */
  readonly replicas?: number;
  /**
   * Labels of the pods that the network policy allows to connect. @default - all pods of the namespace
   *
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  readonly clientLabels?: { readonly [name: string]: string };
  /**
   * Labels of all objects. @default - only the name
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The Cloud SQL Auth Proxy in separate pods, with a Service for applications that take no sidecar. Clients log in with a password:
 * the proxy uses no IAM database authentication, since every client of the Service could use its identity. There is no TLS between
 * client and proxy, and a network policy allows only pods of the namespace to connect.
 *
 * @see https://cloud.google.com/sql/docs/postgres/sql-proxy
 *
 * @example
 * const proxy = new CloudSqlAuthProxy(this, "proxy", {
 *   server: cloudSql, connectionName: cloudSql.connectionName, namespace: "gitpod", identity,
 * });
 * const database = proxy.server.database("gitpod");
 */
export class CloudSqlAuthProxy extends Construct implements IDatabaseProxyService {
  public readonly namespace: string;
  /** The Deployment. */
  public readonly resource: DeploymentV1;
  /** The Service. */
  public readonly service: ServiceV1;
  /** The server as clients of the Service see it. */
  public readonly server: IDatabaseServer;
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CloudSqlAuthProxyProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL-PROXY", props, {
      server: true,
      namespace: true,
      identity: true,
      connectionName: true,
    });
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
            // The identity comes from GKE's metadata server, not from a Kubernetes token.
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
    // The bindings name some fields differently from the Kubernetes API; the container is kept in one place, in the API's form.
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
      `must be the proxy's namespace, ${props.namespace}`,
    );
    checks.optOut(
      "CloudSqlAuthProxy: there is no TLS between client and proxy; a network policy allows only the namespace's pods",
      "plaintext",
    );
  }
}

/** A container in the form of the Terraform provider: snake case, and blocks in the singular. */
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
