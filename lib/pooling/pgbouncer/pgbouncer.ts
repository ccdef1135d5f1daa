import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import type { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { ConnectionCapacity, IDatabase, TlsTrust } from "../../database";
import { PoolMode } from "../../database";
import { escapeTemplate, requireProps, SynthChecks, shortHash } from "../../database/private";
import { type ApplicationMetrics, DatabaseSecret, type IMonitoredApplication } from "../../kubernetes";
import type { LeaderWatch } from "../leader-watch/leader-watch";
import { LEADER_HANDLER_SCRIPT } from "../leader-watch/scripts/leader-handler";
import { objectDependables } from "./object-dependables";
import type { AuthQuery, ClientTls } from "./pgbouncer-authentication";
import { checkPgBouncer } from "./pgbouncer-checks";
import { configFiles, type PoolerSettings, secretEntries } from "./pgbouncer-files";
import { PgBouncerImage } from "./pgbouncer-image";
import { pgBouncerMetrics } from "./pgbouncer-metrics";
import { KEYS, podSpec, type WatchedEntry, watchKey } from "./pgbouncer-pod";
import { type PoolEntry, type ResolvedEntry, resolveEntry, serversOf } from "./pool-entry";
import { PoolSizes } from "./pool-sizes";
import { PooledServer } from "./pooled-server";
import { PoolerAccess } from "./pooler-access";
import { ENTRYPOINT_SCRIPT } from "./scripts/entrypoint";

const METRICS_PORT = 9127;

/** Properties of a `PgBouncer`. */
export interface PgBouncerProps {
  /**
   * Namespace; must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Logical databases, each with the user of the one component that connects to it.
   *
   * @see https://www.pgbouncer.org/config.html
   */
  readonly entries: PoolEntry[];
  /**
   * TLS between clients and the pooler: `ClientTls.fromSecret()`, or `ClientTls.none()`, which is recorded as an opt-out.
   *
   * @see https://www.pgbouncer.org/config.html#tls-settings
   */
  readonly clientTls: ClientTls;
  /**
   * Name of the Deployment and the Service, at most 40 characters; prefix of the other objects' names. @default "pgbouncer"
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
   */
  readonly poolerName?: string;
  /**
   * Number of pods, 2 to 50; known at synth. @default 2
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
   */
  readonly replicas?: number;
  /**
   * Port (`listen_port`), 1024 to 65535; known at synth. @default 6432
   *
   * @see https://www.pgbouncer.org/config.html#listen_port
   */
  readonly port?: number;
  /**
   * Container image. @default PgBouncerImage.V1_26
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/
   */
  readonly image?: PgBouncerImage;
  /**
   * Reads SCRAM verifiers from the server instead of storing passwords; self-managed servers only. @default - user list (`auth_file`)
   *
   * @see https://www.pgbouncer.org/config.html#auth_query
   */
  readonly authQuery?: AuthQuery;
  /**
   * Watches that make the pooler follow the leaders of self-managed clusters. @default - none: endpoints do not move
   *
   * @see https://www.pgbouncer.org/usage.html#admin-console
   */
  readonly leaderWatches?: LeaderWatch[];
  /**
   * Namespaces whose pods may connect. @default - the pooler's namespace
   *
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   */
  readonly clientNamespaces?: string[];
  /**
   * Time that a terminating pod continues to accept clients, in seconds, 0 to 600. @default 15
   *
   * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
   */
  readonly drainSeconds?: number;
  /**
   * Time after draining for running transactions to finish, in seconds, 1 to 3600. @default 45
   *
   * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
   */
  readonly transactionSeconds?: number;
  /**
   * CPU request of PgBouncer per pod, at most "1", since PgBouncer has one thread. @default "250m"
   *
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly cpu?: string;
  /**
   * Memory request and limit of PgBouncer per pod, such as "512Mi". @default "256Mi"
   *
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly memory?: string;
  /**
   * Node selector of the pods. @default - any node
   *
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodeselector
   */
  readonly nodeSelector?: { readonly [name: string]: string };
  /**
   * Further labels of all objects. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the stack's only Kubernetes provider */
  readonly provider?: TerraformProvider;
  /**
   * Resources that the pooler depends on, such as the namespace. It always waits for `DatabaseObjects` of the stack that describe its
   * databases. @default - none
   */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * PgBouncer connection pooler in Kubernetes, in front of the logical databases of one or several PostgreSQL servers.
 *
 * Each component has a separate user and reaches its entries only. Pool sizes are computed from the servers' connection budgets; the
 * pooler is a consumer of them. When entries, users, passwords or certificates change, PgBouncer reloads and clients keep their
 * connections; the kubelet updates the mounted files within about 90 seconds. Migrations, backups and restores connect past the pooler:
 * `pooler.database("main").pooling.direct`.
 *
 * @see https://www.pgbouncer.org/config.html
 *
 * @example
 * const pooler = new PgBouncer(this, "pooler", {
 *   namespace: "gitlab",
 *   clientTls: ClientTls.fromSecret("pgbouncer-tls", clusterCaPem),
 *   entries: [{ database: server.database("main") }, { database: server.database("registry"), mode: PoolMode.SESSION }],
 * });
 * const main = pooler.database("main");
 */
export class PgBouncer extends Construct implements IMonitoredApplication {
  /** Deployment. */
  public readonly resource: DeploymentV1;
  /** Service. */
  public readonly service: ServiceV1;
  /** ConfigMap of the configuration, without secrets. */
  public readonly config: ConfigMapV1;
  /** ConfigMap of the shell scripts. */
  public readonly scripts: ConfigMapV1;
  /** Secret of the user list and private keys. */
  public readonly secret: DatabaseSecret;
  /** PodDisruptionBudget: at most one unavailable pod. */
  public readonly disruptionBudget: PodDisruptionBudgetV1;
  /** NetworkPolicy: namespaces that may connect. */
  public readonly networkPolicy: NetworkPolicyV1;
  /** Host name for clients. */
  public readonly host: string;
  /** Port for clients. */
  public readonly port: number;
  /** Pooled databases, one for each entry, in the order of the entries; each has the database itself in `pooling.direct`. */
  public readonly databases: IDatabase[];
  /** Resources that must exist before clients connect. */
  public readonly dependables: ITerraformDependable[];
  private readonly props: PgBouncerProps;
  private readonly entries: ResolvedEntry[];
  private readonly sizes: PoolSizes;
  private readonly pooled = new Map<string, PooledServer>();
  private readonly watched: WatchedEntry[];

  public constructor(scope: Construct, id: string, props: PgBouncerProps) {
    super(scope, id);
    requireProps(this.node.path, "PGBOUNCER", props, { namespace: true, entries: true, clientTls: true });
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
    const checks = new SynthChecks(this, "PGBOUNCER");
    checkPgBouncer(this, checks, {
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
    // Users must exist first: PgBouncer delays further logins to a server after a failed one.
    const known = [...(props.dependsOn ?? []), ...this.entries.flatMap((e) => e.database.dependables)];
    const dependsOn = [...known, ...objectDependables(this, this.entries, known)];

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
      entries: secretEntries(this.settings()),
      labels,
      provider,
      dependsOn,
    });
    this.config = new ConfigMapV1(this, "Config", {
      metadata: metadata(`${name}-config`),
      data: configFiles(this.settings()),
      provider,
      dependsOn,
    });
    const graceSeconds = (props.drainSeconds ?? 15) + (props.transactionSeconds ?? 45);
    this.resource = new DeploymentV1(this, "Resource", {
      metadata: metadata(name),
      spec: {
        replicas: String(replicas),
        // A pod is available only after the replaced pod had the time to terminate, so that the surge is at most two pods.
        minReadySeconds: graceSeconds,
        progressDeadlineSeconds: graceSeconds + 600,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1", maxUnavailable: "0" } },
        template: {
          metadata: {
            labels,
            // A running shell keeps the script that it has read, so a changed script needs new pods. Configuration does not.
            annotations: { "checksum/scripts": shortHash(ENTRYPOINT_SCRIPT + LEADER_HANDLER_SCRIPT) },
          },
          spec: podSpec({
            image: (props.image ?? PgBouncerImage.V1_26).reference,
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
      // Pods are replaced one after the other, each after its grace period.
      timeouts: { create: "15m", update: `${10 + Math.ceil(((graceSeconds + 30) * replicas * 2) / 60)}m` },
      provider,
      dependsOn: [this.config, this.scripts, ...this.secret.dependables],
    });
    const access = new PoolerAccess(this, {
      metadata: metadata(name),
      selector,
      port: this.port,
      metricsPort: METRICS_PORT,
      clientNamespaces: props.clientNamespaces ?? [props.namespace],
      provider,
      dependsOn: props.dependsOn,
    });
    this.service = access.service;
    this.disruptionBudget = access.disruptionBudget;
    this.networkPolicy = access.networkPolicy;
    // The network policy must exist before clients connect.
    this.dependables = [this.resource, this.service, this.networkPolicy];
    for (const entry of this.entries)
      if (!this.pooled.has(entry.name)) this.pooled.set(entry.name, this.pooledServer(entry, replicas));
    this.databases = [...this.pooled].map(([entryName, server]) => server.database(entryName));
  }

  /**
   * The database of an entry as clients see it: its server is the pooler.
   *
   * @param name the entry's name.
   * @throws Error when there is no such entry.
   */
  public database(name: string): IDatabase {
    const server = this.pooled.get(name);
    if (!server) {
      throw new Error(
        `[${this.node.path}] PGBOUNCER-DATABASE: database must be an entry: ${[...this.pooled.keys()].join(", ")} (got "${name}")`,
      );
    }
    return server.database(name);
  }

  /** Alerts and charts of the pools, for `ApplicationMonitoring`: the metrics of the exporter in the pods, port `metrics`. */
  public metrics(): ApplicationMetrics {
    return pgBouncerMetrics(this.props.namespace, this.props.poolerName ?? "pgbouncer");
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
        ? `pool sizes of ${replicas} pods: in session mode each client keeps a server connection`
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
        session || (entry.preparedStatements && (image ?? PgBouncerImage.V1_26).keepsPreparedStatements),
      dependables: this.dependables,
    });
  }

  private settings(): PoolerSettings {
    const { props, port, entries, watched, sizes } = this;
    return { props, port, entries, watched, sizes };
  }
}
