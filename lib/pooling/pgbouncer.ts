import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import { type ITerraformDependable, Lazy, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { ConnectionCapacity } from "../database/connection-capacity";
import type { IDatabase } from "../database/database-server";
import { escapeTemplate } from "../database/known";
import type { DatabaseLogin } from "../database/login";
import { PoolMode } from "../database/pool-mode";
import { shortHash } from "../database/stable-name";
import { SynthChecks } from "../database/synth-checks";
import { strictestSslMode, type TlsTrust } from "../database/tls-trust";
import { DatabaseSecret } from "../kubernetes/database-secret";
import { checkLabelName, checkObjectName } from "../kubernetes/object-names";
import { SecretEntry } from "../kubernetes/secret-entry";
import type { AuthQuery } from "./auth-query";
import type { ClientTls } from "./client-tls";
import { SYSTEM_CA_FILE } from "./data/pgbouncer-facts";
import { checkWatches, type LeaderWatch } from "./leader-watch";
import {
  databaseFile,
  databaseIni,
  hbaConf,
  joinedCertificates,
  type PgBouncerConfigProps,
  pgbouncerIni,
  userList,
} from "./pgbouncer-config";
import { PgBouncerImage } from "./pgbouncer-image";
import {
  FOLDERS,
  KEYS,
  podSpec,
  type WatchedEntry,
  watchCaKey,
  watchKey,
  watchTokenKey,
} from "./pgbouncer-pod";
import {
  checkEntries,
  checkImage,
  checkLogins,
  checkServerTls,
  checkSetup,
  checkSize,
  serversOf,
} from "./pool-checks";
import { type PoolEntry, type ResolvedEntry, resolveEntry } from "./pool-entry";
import { PoolSizes } from "./pool-sizes";
import { PooledServer } from "./pooled-server";
import { ENTRYPOINT_SCRIPT } from "./scripts/entrypoint";
import { LEADER_HANDLER_SCRIPT } from "./scripts/leader-handler";

/** Properties of a `PgBouncer`. */
export interface PgBouncerProps {
  /** The namespace, which has to exist. */
  readonly namespace: string;
  /** The logical databases, each with the user of the one component that connects to it. */
  readonly entries: PoolEntry[];
  /** How clients reach the pooler: `ClientTls.fromSecret()`, or `ClientTls.none()`, which the review shows. */
  readonly clientTls: ClientTls;
  /** The name of the Deployment and the Service, at most 40 characters; other objects' names begin with it. @default "pgbouncer" */
  readonly poolerName?: string;
  /** The number of pods, 2 to 50; known at synth. @default 2 */
  readonly replicas?: number;
  /** The port, 1024 to 65535; known at synth. @default 6432 */
  readonly port?: number;
  /** The image. @default PgBouncerImage.V1_25 */
  readonly image?: PgBouncerImage;
  /** Asks the server for the users' verifiers instead of keeping their passwords; self-managed servers only. @default - a list of users */
  readonly authQuery?: AuthQuery;
  /** The watches that make it follow the leaders of clusters that you run yourself. @default - none: endpoints do not move */
  readonly leaderWatches?: LeaderWatch[];
  /** The namespaces whose pods may connect. @default - the pooler's own */
  readonly clientNamespaces?: string[];
  /** How long a pod that is ending serves on, while clients move to others, in seconds, 0 to 600. @default 15 */
  readonly drainSeconds?: number;
  /** How long running transactions may then take, in seconds, 1 to 3600. @default 45 */
  readonly transactionSeconds?: number;
  /** The processor time that each pod asks for; PgBouncer uses one core at most. @default "250m" */
  readonly cpu?: string;
  /** The memory of each pod. @default "256Mi" */
  readonly memory?: string;
  /** Labels that a node must have. @default - any node */
  readonly nodeSelector?: { readonly [name: string]: string };
  /** Labels of all objects, beside the library's own. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly provider?: TerraformProvider;
  /** What has to exist first: the namespace, and what makes databases and users in SQL. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

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
    this.check(replicas);

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
      entries: this.secretEntries(),
      labels,
      provider,
      dependsOn,
    });
    this.config = new ConfigMapV1(this, "Config", {
      metadata: metadata(`${name}-config`),
      data: this.configFiles(),
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
    this.dependables = [this.resource, this.service];
    for (const entry of this.entries)
      if (!this.pooled.has(entry.name)) this.pooled.set(entry.name, this.pooledServer(entry, replicas));
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
      ? { enforced: true, certifiesHost: true, caCertificatesPem: clientTls.caCertificatesPem }
      : { offered: false, enforced: false, certifiesHost: false };
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

  private secretEntries(): SecretEntry[] {
    const { authQuery } = this.props;
    const logins: DatabaseLogin[] = authQuery ? [authQuery.login] : this.entries.map((e) => e.login);
    const unique = [...new Map(logins.map((login) => [login.username, login])).values()];
    const users = userList(unique);
    const key = this.entries[0]?.database.server.tls.clientCertificate?.privateKeyPem;
    return [
      SecretEntry.secret(KEYS.users, users.value, users.describedBy),
      ...(key ? [SecretEntry.privateKey(KEYS.serverKey, key)] : []),
      ...this.watched.flatMap(({ watch, key: name }) =>
        watch.source.token ? [SecretEntry.secret(watchTokenKey(name), watch.source.token)] : [],
      ),
    ];
  }

  private configFiles(): { [key: string]: string } {
    const { props, entries } = this;
    const servers = serversOf(entries);
    const ca = joinedCertificates(servers);
    const certificate = servers[0]?.tls.clientCertificate?.certificatePem;
    // Sizes are known when the tree stands.
    const config = (): PgBouncerConfigProps => ({
      port: this.port,
      configFolder: FOLDERS.config,
      secretFolder: FOLDERS.secret,
      tlsFolder: props.clientTls.secretName ? FOLDERS.tls : undefined,
      runFolder: FOLDERS.run,
      serverSslMode: servers.map((s) => strictestSslMode(s.tls))[0] as PgBouncerConfigProps["serverSslMode"],
      serverCaFile: ca ? `${FOLDERS.config}/${KEYS.serverCa}` : SYSTEM_CA_FILE,
      serverCertificate: certificate !== undefined,
      entries,
      watched: (entry) => this.watched.some((w) => w.entry === entry),
      poolSize: (entry) => this.sizes.poolSize(entry),
      maxClientsOfPod: this.sizes.maxClientsOfPod(),
      authQuery: props.authQuery,
      knowsPreparedStatements: (props.image ?? PgBouncerImage.V1_25).keepsPreparedStatements,
    });
    return {
      [KEYS.ini]: Lazy.stringValue({ produce: () => pgbouncerIni(config()) }),
      [KEYS.hba]: hbaConf(entries, props.clientTls.secretName !== undefined),
      ...(ca ? { [KEYS.serverCa]: ca } : {}),
      ...(certificate ? { [KEYS.serverCertificate]: certificate } : {}),
      ...Object.fromEntries(
        this.watched.map(({ entry }) => [
          databaseFile(entry.name),
          Lazy.stringValue({ produce: () => databaseIni(entry, config()) }),
        ]),
      ),
      ...Object.fromEntries(
        this.watched.flatMap(({ watch, key }) =>
          watch.source.caCertificatesPem ? [[watchCaKey(key), watch.source.caCertificatesPem]] : [],
        ),
      ),
    };
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

  private check(replicas: number): void {
    const { props, entries } = this;
    const checks = new SynthChecks(this);
    checkLabelName(checks, "namespace", props.namespace);
    checkLabelName(checks, "poolerName", props.poolerName);
    checks.check(
      "poolerName",
      props.poolerName,
      () => (props.poolerName as string).length <= 40,
      "allowed are at most 40 characters",
    );
    checkObjectName(checks, "clientTls.secretName", props.clientTls.secretName);
    for (const name of props.clientNamespaces ?? []) checkLabelName(checks, "clientNamespaces", name);
    if (props.clientNamespaces?.length === 0)
      checks.fail(
        "clientNamespaces",
        [],
        "nobody could connect; leave it out for the pooler's own namespace",
      );
    checkSize(checks, "replicas", replicas, 2, 50);
    checkSize(checks, "port", props.port, 1024, 65_535);
    checkSize(checks, "drainSeconds", props.drainSeconds, 0, 600);
    checkSize(checks, "transactionSeconds", props.transactionSeconds, 1, 3600);
    checks.check("port", this.port, () => this.port !== METRICS_PORT, "the exporter has this port");
    checkEntries(checks, entries);
    checkImage(checks, props.image ?? PgBouncerImage.V1_25, entries);
    checkLogins(checks, entries, props.authQuery);
    checkServerTls(checks, entries);
    checkSetup(checks, entries, (props.dependsOn ?? []).length > 0);
    checkWatches(checks, props.leaderWatches ?? [], serversOf(entries));
    for (const { watch } of this.watched) {
      if (watch.source.usesHttps && !watch.image && !props.image) {
        checks.fail(
          "leaderWatches.image",
          undefined,
          `${watch.source.label} is asked over https, for which the image needs curl, and the pooler's default image has none; give the watch an image with psql and curl`,
        );
      }
    }
    if (!props.clientTls.secretName) {
      checks.optOut("clientTls: clients in the cluster reach the pooler without TLS");
    }
    checks.whenComplete(() => this.sizes.check(checks));
  }
}
