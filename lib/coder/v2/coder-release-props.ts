import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { DeletionPolicy, IDatabase, IWorkloadIdentity, SslMode } from "../../database";
import type { EnvironmentVariable, HelmValues, ISidecar } from "../../kubernetes";
import type { CoderPasswordDelivery } from "../database/database-access";
import type { CoderDatabaseSetup } from "../database/database-setup";
import type { CoderResources, CoderSize } from "../sizing/coder-size";
import type { CoderPool } from "./coder-environment";
import type { CoderProvisionerOptions } from "./coder-provisioners";
import type { CoderCertificateAuthorities } from "./coder-values";

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
