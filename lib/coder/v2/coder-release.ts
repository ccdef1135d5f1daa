import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import {
  type ConnectionConsumer,
  type DeletionPolicy,
  EngineFamily,
  type IDatabase,
  type IWorkloadIdentity,
  type SslMode,
  type SupportedEngine,
} from "../../database";
import { requireProps } from "../../database/private";
import type {
  ApplicationMetrics,
  EnvironmentVariable,
  HelmValues,
  IMonitoredApplication,
  ISidecar,
} from "../../kubernetes";
import { type CaSecret, type DatabaseSecret, HelmRelease, KubernetesNamespace } from "../../kubernetes";
import { fingerprint } from "../../kubernetes/private";
import type { ApplicationRecovery, IRecoverable } from "../../recovery";
import type { DatabaseObjects } from "../../sql";
import { OLDEST_POSTGRES } from "../data/chart-versions";
import { type CoderPasswordDelivery, databaseAccess } from "../database/database-access";
import { regionConditions } from "../database/database-checks";
import { type CoderDatabaseSetup, setUpDatabase } from "../database/database-setup";
import type { CoderResources, CoderSize } from "../sizing/coder-size";
import { type CoderPool, coderEnvironment } from "./coder-environment";
import { type CoderMetricsInput, coderMetrics } from "./coder-metrics";
import { CoderProvisionerKey, type CoderProvisionerOptions, CoderProvisioners } from "./coder-provisioners";
import { coderRecovery } from "./coder-recovery";
import { checkCoderRelease } from "./coder-release-checks";
import { coderSecrets } from "./coder-secrets";
import {
  type CoderCertificateAuthorities,
  type CoderValuesInput,
  coderDefaults,
  coderRequired,
  withoutJoinedLists,
} from "./coder-values";

/** Default database pool of a Coder replica: the default of `CODER_PG_CONN_MAX_OPEN`, and the fixed size in older versions. */
const DEFAULT_POOL = 10;

const REPOSITORY = "https://helm.coder.com/v2";

/** Properties of a `CoderRelease`. */
export interface CoderReleaseProps {
  /**
   * Database of Coder. It must be PostgreSQL 13 or later, private, and in the region of the cluster.
   * @see https://coder.com/docs/tutorials/external-database
   */
  readonly database: IDatabase;
  /**
   * Access URL (`CODER_ACCESS_URL`): the URL at which users and workspaces reach Coder, such as `https://coder.example.com`.
   * @see https://coder.com/docs/admin/setup#access-url
   */
  readonly accessUrl: string;
  /**
   * Exact version of the Helm chart, such as `2.33.6`. Coder has the same version.
   *
   * @see https://coder.com/docs/install/upgrade
   */
  readonly chartVersion: string;
  /**
   * Wildcard access URL (`CODER_WILDCARD_ACCESS_URL`): the host of workspace applications, such as `*.coder.example.com`.
   * @default - applications are served on paths only
   * @see https://coder.com/docs/admin/setup#wildcard-access-url
   */
  readonly wildcardAccessUrl?: string;
  /**
   * Size of the deployment by its number of users. Sets the replicas, resources and provisioners that are not set here.
   * @default - one replica with the resources of the chart
   *
   * @see https://coder.com/docs/admin/infrastructure/validated-architectures
   */
  readonly size?: CoderSize;
  /**
   * Number of Coder replicas. More than one requires a license with high availability.
   * @default - from `size`, else 1
   * @see https://coder.com/docs/admin/networking/high-availability
   */
  readonly replicas?: number;
  /**
   * CPU and memory of each replica. @default - from `size`, else the chart's: 2 CPUs and 4 GiB
   *
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly resources?: CoderResources;
  /**
   * Maximum surge of a rolling update as a share of the replicas, 0 to 1. Requires chart version 2.38.0.
   * @default - Kubernetes': 0.25
   *
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge
   */
  readonly surge?: number;
  /**
   * Database connection pool of each replica. @default - Coder's: 10 open connections
   *
   * @see https://coder.com/docs/reference/cli/server
   */
  readonly pool?: CoderPool;
  /** Number of database connections outside Coder's pools, for the connection budget: migrations, monitoring, people. @default 10 */
  readonly otherConnections?: number;
  /**
   * Cloud identity of the service account. Required if the database owner has no password. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/security/service-accounts/
   */
  readonly identity?: IWorkloadIdentity;
  /**
   * Delivery of the database password to Coder. @default CoderPasswordDelivery.URL
   *
   * @see https://coder.com/docs/admin/setup#postgresql-database
   */
  readonly passwordDelivery?: CoderPasswordDelivery;
  /**
   * `sslmode` of the database connection.
   * @default - the strictest mode that succeeds: verify-full if the certificate's SAN includes the host name, else verify-ca
   * @see https://coder.com/docs/tutorials/postgres-ssl
   */
  readonly sslMode?: SslMode;
  /**
   * PostgreSQL schema of Coder's tables (`search_path`). It must exist. @default - the search path of the owner
   *
   * @see https://coder.com/docs/tutorials/external-database#custom-schema
   */
  readonly searchPath?: string;
  /**
   * Kubernetes namespace. @default "coder"
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace?: string;
  /** Creates the namespace. @default true */
  readonly createNamespace?: boolean;
  /** Deletion policy of the namespace created here, and so of the workspaces in it. @default DeletionPolicy.RETAIN */
  readonly namespaceDeletionPolicy?: DeletionPolicy;
  /**
   * Name of the Helm release; its objects have the same name, so that two releases fit into a namespace. @default "coder"
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly releaseName?: string;
  /**
   * Name of the service account that the chart creates. @default - the one of `identity`, else `releaseName`
   *
   * @see https://github.com/coder/coder/blob/main/helm/coder/values.yaml
   */
  readonly serviceAccountName?: string;
  /**
   * Name of the secret that holds the connection URL. @default "coder-db-url"
   *
   * @see https://coder.com/docs/install/kubernetes
   */
  readonly databaseSecretName?: string;
  /**
   * Key of the connection URL in that secret. @default "url"
   *
   * @see https://coder.com/docs/install/kubernetes
   */
  readonly databaseSecretKey?: string;
  /** Region of the cluster. It must be the region of the database server. @default - not compared */
  readonly clusterRegion?: string;
  /** Accepts a database in another region, which adds latency to every page. Recorded as an opt-out. @default false */
  readonly acceptOtherRegion?: boolean;
  /** Accepts a database server with a public endpoint. Recorded as an opt-out. @default false */
  readonly acceptPublicDatabase?: boolean;
  /**
   * Additional environment variables of Coder.
   * @default - none
   * @see https://coder.com/docs/reference/cli/server
   */
  readonly env?: EnvironmentVariable[];
  /**
   * Names of `kubernetes.io/tls` secrets with which Coder itself terminates TLS. @default - TLS is terminated in front of Coder
   *
   * @see https://coder.com/docs/admin/setup#kubernetes-tls-configuration
   */
  readonly tlsSecretNames?: string[];
  /**
   * Certificate authorities that Coder trusts for every connection, not only for the database. @default - none
   *
   * @see https://github.com/coder/coder/blob/main/helm/coder/values.yaml
   */
  readonly certificateAuthorities?: CoderCertificateAuthorities[];
  /**
   * Sidecar containers of Coder's pods, such as a database proxy (`CloudSqlSidecar`). Requires Kubernetes 1.29. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   */
  readonly sidecars?: ISidecar[];
  /**
   * External provisioners, in a Helm release beside Coder's. Coder's built-in provisioners are then disabled.
   * @default - three built-in provisioners in each replica
   * @see https://coder.com/docs/admin/provisioners
   */
  readonly provisioners?: CoderProvisionerOptions;
  /** Creation of the database where its server leaves that to SQL. @default - a job in a separate namespace */
  readonly databaseSetup?: CoderDatabaseSetup;
  /**
   * Helm values for settings that have no property here. The lists `coder.volumes`, `coder.volumeMounts` and
   * `coder.initContainers` are appended to those of the construct.
   * @default - none
   * @see https://github.com/coder/coder/blob/main/helm/coder/values.yaml
   */
  readonly values?: HelmValues;
  /**
   * Timeout of the Helm release, in seconds, 900 or more. @default 900
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly timeoutSeconds?: number;
  /**
   * Helm chart repository. @default "https://helm.coder.com/v2"
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly repository?: string;
  /** Helm provider. @default - the default provider of the stack */
  readonly helmProvider?: TerraformProvider;
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, in addition to the database and the identity. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Coder v2 with an external PostgreSQL database. Creates the Helm release, the secrets with the connection URL and the
 * certificate authorities, and the database itself where its server leaves that to SQL, in dependency order.
 *
 * Templates should start workspaces in another namespace: a user who can start pods in this namespace can mount Coder's secrets.
 *
 * An upgrade migrates the database under locks that block the other replicas: scale down to one replica before a new
 * minor version. The only way back is to restore the database.
 *
 * @see https://coder.com/docs/install/kubernetes
 * @see https://coder.com/docs/install/upgrade
 *
 * @example
 * new CoderRelease(this, "coder", {
 *   database: server.database("coder"),
 *   accessUrl: "https://coder.example.com",
 *   chartVersion: "2.33.6",
 *   size: CoderSize.UP_TO_1K,
 * });
 */
export class CoderRelease extends Construct implements IRecoverable, IMonitoredApplication {
  /** Helm release. */
  public readonly release: HelmRelease;
  /** Namespace; not set if it is not created here. */
  public readonly namespace?: KubernetesNamespace;
  /** Secret that holds the connection URL. */
  public readonly databaseSecret: DatabaseSecret;
  /** Secret that holds the server's certificate authorities; not set if public ones sign its certificate. */
  public readonly caSecret?: CaSecret;
  /** Secret that holds the client certificate; not set if the server requires none. */
  public readonly clientSecret?: DatabaseSecret;
  /** Secret that holds the values of `EnvironmentVariable.fromSecretValue`; not set without such values. */
  public readonly environmentSecret?: DatabaseSecret;
  /** Secret that holds the pre-shared key of the provisioners; not set without a pre-shared key. */
  public readonly provisionerSecret?: DatabaseSecret;
  /** SQL objects that create the database; not set if the cloud's API creates it. */
  public readonly databaseSetup?: DatabaseObjects;
  /** External provisioners; not set without `provisioners`. */
  public readonly provisioners?: CoderProvisioners;
  /** Resources that must exist before Coder is used. */
  public readonly dependables: ITerraformDependable[];
  /** Versions of PostgreSQL that this version of Coder supports, for `MajorUpgrade`. */
  public readonly supportedEngine: SupportedEngine;
  /** Data of Coder and the steps of its restore, for a `RecoveryPlan`. */
  public readonly recovery: ApplicationRecovery;
  private readonly metricsInput: CoderMetricsInput;

  public constructor(scope: Construct, id: string, props: CoderReleaseProps) {
    super(scope, id);
    requireProps(this.node.path, "CODER", props, { database: true, accessUrl: true, chartVersion: true });
    const { database, kubernetesProvider: provider } = props;
    const namespace = props.namespace ?? "coder";
    const releaseName = props.releaseName ?? "coder";
    const replicas = props.replicas ?? props.size?.replicas ?? 1;
    const secretName = props.databaseSecretName ?? "coder-db-url";
    checkCoderRelease(this, props, { namespace, replicas });

    const dependsOn = [...(props.dependsOn ?? [])];
    if (props.createNamespace ?? true) {
      this.namespace = new KubernetesNamespace(this, "Namespace", {
        namespaceName: namespace,
        deletionPolicy: props.namespaceDeletionPolicy,
        provider,
        dependsOn,
      });
      dependsOn.push(...this.namespace.dependables);
    }
    const access = databaseAccess(database, {
      secretName,
      secretKey: props.databaseSecretKey ?? "url",
      caSecretName: `${releaseName}-db-ca`,
      clientSecretName: `${releaseName}-db-client`,
      sslMode: props.sslMode,
      searchPath: props.searchPath,
      passwordDelivery: props.passwordDelivery,
    });
    this.databaseSetup = setUpDatabase(this, namespace, props, "CODER");
    const secrets = coderSecrets(this, props, access, {
      namespace,
      releaseName,
      secretName,
      dependsOn,
      passwordSetBy: [...database.dependables, ...(this.databaseSetup?.dependables ?? [])],
    });
    this.databaseSecret = secrets.database;
    this.caSecret = secrets.ca;
    this.clientSecret = secrets.client;
    this.environmentSecret = secrets.environment;
    const consumer: ConnectionConsumer = {
      name: this.node.path,
      replicas,
      surge: props.surge,
      poolMax: props.pool?.maxOpen ?? DEFAULT_POOL,
      // The LISTEN connection of the pub/sub is not part of the pool (coderd/database/pubsub).
      listeners: 1,
      other: props.otherConnections ?? 10,
    };
    database.server.connectionBudget.add(consumer);
    this.metricsInput = { namespace, releaseName, consumer, budget: database.server.connectionBudget };

    const { provisioners } = props;
    this.provisionerSecret = secrets.provisionerKey;
    const values: CoderValuesInput = {
      releaseName,
      serviceAccountName: props.serviceAccountName ?? props.identity?.serviceAccountName ?? releaseName,
      replicas,
      surge: props.surge,
      resources: props.resources ?? props.size?.resources,
      environment: coderEnvironment(props, access),
      environmentSecretName: secrets.environmentSecretName,
      access,
      // Coder reads its environment at start, so changed secrets must restart the pods.
      checksum: fingerprint(secrets.all.map((secret) => secret.fingerprint)),
      identity: props.identity,
      certificateAuthorities: props.certificateAuthorities,
      tlsSecretNames: props.tlsSecretNames,
      preSharedKeySecretName: this.provisionerSecret?.secretName,
      sidecars: props.sidecars?.map((sidecar) => sidecar.container),
      userValues: props.values,
    };
    this.release = new HelmRelease(this, "Release", {
      chart: "coder",
      repository: props.repository ?? REPOSITORY,
      chartVersion: props.chartVersion,
      namespace,
      createNamespace: false,
      releaseName,
      timeoutSeconds: props.timeoutSeconds,
      defaults: coderDefaults(values),
      values: withoutJoinedLists(props.values, props.sidecars !== undefined),
      required: coderRequired(values),
      preconditions: [...database.server.connectionBudget.preconditions(), ...regionConditions(props)],
      helmProvider: props.helmProvider,
      kubernetesProvider: provider,
      dependsOn: [
        ...dependsOn,
        ...database.dependables,
        ...database.server.dependables,
        ...(props.identity?.dependables ?? []),
        ...(this.databaseSetup?.dependables ?? []),
        ...secrets.all.flatMap((secret) => secret.dependables),
      ],
    });
    if (provisioners) {
      this.provisioners = new CoderProvisioners(this, "Provisioners", {
        replicas: props.size?.provisioners,
        ...provisioners,
        key: this.provisionerSecret
          ? CoderProvisionerKey.preSharedFromSecretName(this.provisionerSecret.secretName)
          : provisioners.key,
        checksum: this.provisionerSecret?.fingerprint,
        url: props.accessUrl,
        chartVersion: props.chartVersion,
        namespace,
        releaseName: `${releaseName}-provisioner`,
        repository: props.repository,
        timeoutSeconds: props.timeoutSeconds,
        helmProvider: props.helmProvider,
        kubernetesProvider: provider,
        dependsOn: [...dependsOn, ...this.release.dependables],
      });
    }
    this.supportedEngine = {
      application: `Coder ${props.chartVersion}`,
      family: EngineFamily.POSTGRES,
      oldest: `${OLDEST_POSTGRES}`,
    };
    this.dependables = [...this.release.dependables, ...(this.provisioners?.dependables ?? [])];
    this.recovery = coderRecovery({
      database,
      namespace,
      releaseName,
      accessUrl: props.accessUrl,
      tlsSecretNames: props.tlsSecretNames ?? [],
      environment: (props.env ?? []).map(({ name }) => name),
      provisioners: provisioners !== undefined,
    });
  }
  /**
   * Alerts and charts of the connection pool, for `ApplicationMonitoring`. They need `CODER_PROMETHEUS_ENABLE` with the text `true` in
   * `env`.
   *
   * @see https://coder.com/docs/admin/integrations/prometheus
   */
  public metrics(): ApplicationMetrics {
    return coderMetrics(this.metricsInput);
  }
}
