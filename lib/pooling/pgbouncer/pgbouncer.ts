import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ConnectionCapacity, IDatabase, TlsTrust } from "../../database";
import { PoolMode } from "../../database";
import { escapeTemplate, SynthChecks, shortHash } from "../../database/private";
import { DatabaseSecret } from "../../kubernetes";
import { LEADER_HANDLER_SCRIPT } from "../leader-watch/scripts/leader-handler";
import { checkPgBouncer } from "./pgbouncer-checks";
import { configFiles, type PoolerParts, secretEntries } from "./pgbouncer-files";
import { PgBouncerImage } from "./pgbouncer-image";
import { KEYS, podSpec, type WatchedEntry, watchKey } from "./pgbouncer-pod";
import type { PgBouncerProps } from "./pgbouncer-props";
import { serversOf } from "./pool-checks";
import { type ResolvedEntry, resolveEntry } from "./pool-entry";
import { PoolSizes } from "./pool-sizes";
import { PooledServer } from "./pooled-server";
import { ENTRYPOINT_SCRIPT } from "./scripts/entrypoint";

const METRICS_PORT = 9127;

/**
 * A pool of connections in front of the logical databases of one or several PostgreSQL servers.
 *
 * Each component has a user of its own and reaches its own entries only. The sizes of the pools come from the servers'
 * connection budgets, of which the pooler is a consumer itself. When entries, users, passwords or certificates change,
 * PgBouncer reloads in place and no client loses its connection; it takes about a minute until Kubernetes has brought the
 * files. Migrations, backups and restores go past it: `pooler.database("main").pooling.direct`.
 *
 * @example
 * const pooler = new PgBouncer(this, "pooler", {
 *   namespace: "gitlab",
 *   clientTls: ClientTls.fromSecret("pgbouncer-tls", clusterCaPem),
 *   entries: [{ database: server.database("main") }, { database: server.database("registry"), mode: PoolMode.SESSION }],
 *   dependsOn: objects.dependables,
 * });
 * const main = pooler.database("main");
 */
export class PgBouncer extends Construct {
  /** The Deployment. */
  public readonly resource: DeploymentV1;
  /** The Service. */
  public readonly service: ServiceV1;
  /** The configuration, without secrets. */
  public readonly config: ConfigMapV1;
  /** The shell programs of the pods. */
  public readonly scripts: ConfigMapV1;
  /** The users, their passwords, and keys. */
  public readonly secret: DatabaseSecret;
  /** What keeps at most one pod away at a time. */
  public readonly disruptionBudget: PodDisruptionBudgetV1;
  /** Who may connect. */
  public readonly networkPolicy: NetworkPolicyV1;
  /** The host by which clients reach it. */
  public readonly host: string;
  /** The port. */
  public readonly port: number;
  /** Pooled databases, one for each entry, in the order of the entries; each has the database itself in `pooling.direct`. */
  public readonly databases: IDatabase[];
  /** What has to exist before a client connects. */
  public readonly dependables: ITerraformDependable[];
  private readonly props: PgBouncerProps;
  private readonly entries: ResolvedEntry[];
  private readonly sizes: PoolSizes;
  private readonly pooled = new Map<string, PooledServer>();
  private readonly watched: WatchedEntry[];

  public constructor(scope: Construct, id: string, props: PgBouncerProps) {
    super(scope, id);
    this.props = props;
    this.entries = props.entries.map((entry) => resolveEntry(this.node.path, entry));
    this.port = props.port ?? 6432;
    const replicas = props.replicas ?? 2;
    this.watched = (props.leaderWatches ?? [])
      .filter((w) => w.isActive)
      .flatMap((watch) =>
        this.entries
          .filter((e) => e.database.server === watch.server)
          .map((entry) => ({ entry, watch, key: watchKey(entry.name) })),
      );
    this.sizes = new PoolSizes({
      path: this.node.path,
      replicas,
      entries: this.entries,
      authConnections: props.authQuery ? 1 : 0,
      clients: (entry) => this.pooled.get(entry.name)?.connectionBudget,
    });
    const { watched, sizes, port } = this;
    const checks = new SynthChecks(this);
    checkPgBouncer(checks, {
      props,
      replicas,
      port,
      metricsPort: METRICS_PORT,
      entries: this.entries,
      watched,
    });
    checks.whenComplete(() => sizes.check(checks));

    const name = props.poolerName ?? "pgbouncer";
    this.host = `${name}.${props.namespace}.svc`;
    const selector = { "app.kubernetes.io/name": "pgbouncer", "app.kubernetes.io/instance": name };
    const labels = { ...props.labels, ...selector, "app.kubernetes.io/managed-by": "terraform" };
    const metadata = (objectName: string) => ({ name: objectName, namespace: props.namespace, labels });
    const { provider } = props;
    // Users first: PgBouncer would log in with users that are not there, and hold that against the server.
    const dependsOn = [...(props.dependsOn ?? []), ...this.entries.flatMap((e) => e.database.dependables)];

    this.scripts = new ConfigMapV1(this, "Scripts", {
      metadata: metadata(`${name}-scripts`),
      data: {
        [KEYS.entrypoint]: escapeTemplate(ENTRYPOINT_SCRIPT),
        ...(this.watched.length > 0 ? { [KEYS.handler]: escapeTemplate(LEADER_HANDLER_SCRIPT) } : {}),
      },
      provider,
      dependsOn: props.dependsOn,
    });
    this.secret = new DatabaseSecret(this, "Secret", {
      namespace: props.namespace,
      secretName: `${name}-secret`,
      entries: secretEntries(this.parts()),
      labels,
      provider,
      dependsOn,
    });
    this.config = new ConfigMapV1(this, "Config", {
      metadata: metadata(`${name}-config`),
      data: configFiles(this.parts()),
      provider,
      dependsOn,
    });
    const graceSeconds = (props.drainSeconds ?? 15) + (props.transactionSeconds ?? 45);
    this.resource = new DeploymentV1(this, "Resource", {
      metadata: metadata(name),
      spec: {
        replicas: String(replicas),
        // A pod counts as there only when the one it replaces has had the time to end, so that at most two are too many.
        minReadySeconds: graceSeconds,
        progressDeadlineSeconds: graceSeconds + 600,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1", maxUnavailable: "0" } },
        template: {
          metadata: {
            labels,
            // A running shell keeps the program it has read, so a new one needs new pods. Configuration does not.
            annotations: { "checksum/scripts": shortHash(ENTRYPOINT_SCRIPT + LEADER_HANDLER_SCRIPT) },
          },
          spec: podSpec({
            image: (props.image ?? PgBouncerImage.V1_25).reference,
            port: this.port,
            metricsPort: METRICS_PORT,
            labels: selector,
            configName: `${name}-config`,
            scriptsName: `${name}-scripts`,
            secretName: this.secret.secretName,
            tlsSecretName: props.clientTls.secretName,
            watched: this.watched,
            drainSeconds: props.drainSeconds ?? 15,
            graceSeconds,
            cpu: props.cpu ?? "250m",
            memory: props.memory ?? "256Mi",
            nodeSelector: props.nodeSelector,
          }),
        },
      },
      lifecycle: { precondition: serversOf(this.entries).flatMap((s) => s.connectionBudget.preconditions()) },
      // Each pod takes its time, one after the other.
      timeouts: { create: "15m", update: `${10 + Math.ceil(((graceSeconds + 30) * replicas * 2) / 60)}m` },
      provider,
      dependsOn: [this.config, this.scripts, ...this.secret.dependables],
    });
    this.service = new ServiceV1(this, "Service", {
      metadata: metadata(name),
      spec: {
        type: "ClusterIP",
        selector,
        port: [
          { name: "postgres", port: this.port, targetPort: "postgres", protocol: "TCP" },
          { name: "metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP" },
        ],
      },
      provider,
      dependsOn: props.dependsOn,
    });
    this.disruptionBudget = new PodDisruptionBudgetV1(this, "DisruptionBudget", {
      metadata: metadata(name),
      spec: { maxUnavailable: "1", selector: { matchLabels: selector } },
      provider,
      dependsOn: props.dependsOn,
    });
    this.networkPolicy = this.makeNetworkPolicy(metadata(name), selector);
    // Nobody is told where the pooler is before others are kept out.
    this.dependables = [this.resource, this.service, this.networkPolicy];
    for (const entry of this.entries)
      if (!this.pooled.has(entry.name)) this.pooled.set(entry.name, this.pooledServer(entry, replicas));
    this.databases = [...this.pooled].map(([entryName, server]) => server.database(entryName));
  }

  /**
   * A database as its clients see it, for applications: its server is the pooler.
   *
   * @param name the entry's name.
   * @throws Error when there is no such entry.
   */
  public database(name: string): IDatabase {
    const server = this.pooled.get(name);
    if (!server) {
      throw new Error(
        `[${this.node.path}] there is no entry "${name}"; there are ${[...this.pooled.keys()].join(", ")}`,
      );
    }
    return server.database(name);
  }

  private pooledServer(entry: ResolvedEntry, replicas: number): PooledServer {
    const { clientTls, image } = this.props;
    const { sizes } = this;
    const session = entry.mode === PoolMode.SESSION;
    const capacity: ConnectionCapacity = {
      get maximum() {
        return session ? sizes.poolSize(entry) * replicas : sizes.maxClients(entry);
      },
      reserved: 0,
      basis: session
        ? `the pools of ${replicas} pods: in session mode each client keeps a connection`
        : `maxClients of the pooler's entry ${entry.name}`,
    };
    const tls: TlsTrust = clientTls.secretName
      ? { enforced: true, hostnameVerifiable: true, caCertificatesPem: clientTls.caCertificatesPem }
      : { offered: false, enforced: false, hostnameVerifiable: false };
    return new PooledServer(this, `Entry-${entry.name}`, {
      entry,
      endpoint: { host: this.host, port: this.port, isPrivate: true },
      tls,
      capacity,
      preparedStatements:
        session || (entry.preparedStatements && (image ?? PgBouncerImage.V1_25).keepsPreparedStatements),
      dependables: this.dependables,
    });
  }

  private parts(): PoolerParts {
    const { props, port, entries, watched, sizes } = this;
    return { props, port, entries, watched, sizes };
  }

  private makeNetworkPolicy(
    metadata: { readonly name: string; readonly namespace: string },
    selector: { readonly [name: string]: string },
  ): NetworkPolicyV1 {
    const { clientNamespaces, namespace, provider, dependsOn } = this.props;
    return new NetworkPolicyV1(this, "NetworkPolicy", {
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [
          {
            ports: [{ port: String(this.port), protocol: "TCP" }],
            from: (clientNamespaces ?? [namespace]).map((name) => ({
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
            })),
          },
          // Figures only, and the monitoring may be anywhere.
          { ports: [{ port: String(METRICS_PORT), protocol: "TCP" }] },
        ],
      },
      provider,
      dependsOn,
    });
  }
}
