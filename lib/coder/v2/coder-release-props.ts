import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { DeletionPolicy, IDatabase, IWorkloadIdentity, SslMode } from "../../database";
import type { EnvironmentVariable, HelmValues, ISidecar } from "../../kubernetes";
import type { CoderPasswordDelivery } from "../coder-database-access";
import type { CoderDatabaseSetup } from "../coder-database-setup";
import type { CoderResources, CoderSize } from "../coder-size";
import type { CoderProvisionerOptions } from "./coder-provisioners";
import type { CoderCertificateAuthorities } from "./coder-values";

/** The connections that each of Coder's pods keeps to the database. */
export interface CoderPool {
  /** The most connections at once, 1 or more. Needs chart version 2.30.0. */
  readonly maxOpen: number;
  /** The most idle ones, 0 to `maxOpen`. @default - a third of `maxOpen`, by Coder's own rule */
  readonly maxIdle?: number;
}

/** Properties of a `CoderRelease`. */
export interface CoderReleaseProps {
  /** The database: PostgreSQL 13 or later, private, in the cluster's region. */
  readonly database: IDatabase;
  /** The URL at which users and workspaces reach Coder, such as `https://coder.example.com`. */
  readonly accessUrl: string;
  /** The chart's exact version, such as `2.33.6`; Coder's version is the same. */
  readonly chartVersion: string;
  /** The host of applications in workspaces, such as `*.coder.example.com`. @default - applications on paths only */
  readonly wildcardAccessUrl?: string;
  /** The number of users; sets replicas, resources and provisioners. @default - one replica with the chart's resources */
  readonly size?: CoderSize;
  /** Coder's pods; more than one needs a licence with high availability. @default - the size's, else 1 */
  readonly replicas?: number;
  /** What each pod gets. @default - the size's, else the chart's: 2 CPUs and 4 GiB */
  readonly resources?: CoderResources;
  /** The share of extra pods that a rolling update starts, 0 to 1. Needs chart version 2.38.0. @default - the cluster's: 0.25 */
  readonly surge?: number;
  /** The pool of each pod. @default - Coder's: 10 open connections */
  readonly pool?: CoderPool;
  /** Connections to the database beside Coder's own: migrations, monitoring, people. @default 10 */
  readonly otherConnections?: number;
  /** The service account's cloud identity; required when the database's owner has no password. @default - none */
  readonly identity?: IWorkloadIdentity;
  /** How the password reaches Coder. @default CoderPasswordDelivery.URL */
  readonly passwordDelivery?: CoderPasswordDelivery;
  /** How Coder checks the database server. @default - the strictest mode that succeeds: verify-full where the host is certified, else verify-ca */
  readonly sslMode?: SslMode;
  /** The schema that Coder uses; it has to exist. @default - the owner's search path */
  readonly searchPath?: string;
  /** The namespace. @default "coder" */
  readonly namespace?: string;
  /** Whether to make the namespace. @default true */
  readonly createNamespace?: boolean;
  /** What happens to a namespace made here, and to the workspaces in it, on removal. @default DeletionPolicy.RETAIN */
  readonly namespaceDeletionPolicy?: DeletionPolicy;
  /** The release's name. @default "coder" */
  readonly releaseName?: string;
  /** The service account that the chart makes. @default - the identity's, else "coder" */
  readonly serviceAccountName?: string;
  /** The secret with the URL. @default "coder-db-url" */
  readonly databaseSecretName?: string;
  /** The key of the URL in it. @default "url" */
  readonly databaseSecretKey?: string;
  /** The cluster's region, compared with the server's. @default - not compared */
  readonly clusterRegion?: string;
  /** Accepts a database in another region, with what that does to every page. @default false */
  readonly acceptOtherRegion?: boolean;
  /** Accepts a database with a public address. @default false */
  readonly acceptPublicDatabase?: boolean;
  /** Further environment variables. @default - none */
  readonly env?: EnvironmentVariable[];
  /** Secrets of type `kubernetes.io/tls` with which Coder itself serves TLS. @default - TLS ends before Coder */
  readonly tlsSecretNames?: string[];
  /** Certificate authorities that all of Coder trusts, not for the database alone. @default - none */
  readonly certificateAuthorities?: CoderCertificateAuthorities[];
  /** Sidecar containers of Coder's pods, such as a database proxy (`CloudSqlSidecar`). They need Kubernetes 1.29. @default - none */
  readonly sidecars?: ISidecar[];
  /** Provisioners in pods of their own; Coder's own are then off. @default - three in each of Coder's pods */
  readonly provisioners?: CoderProvisionerOptions;
  /** How the database is made when its server leaves that to SQL. @default - by a job in a namespace of its own */
  readonly databaseSetup?: CoderDatabaseSetup;
  /** The chart's values, for what has no property here; lists `coder.volumes`, `coder.volumeMounts` and `coder.initContainers` are joined to the construct's. @default - none */
  readonly values?: HelmValues;
  /** How long Helm waits, in seconds, 900 or more. @default 900 */
  readonly timeoutSeconds?: number;
  /** The chart repository. @default "https://helm.coder.com/v2" */
  readonly repository?: string;
  /** The Helm provider. @default - the stack's only one */
  readonly helmProvider?: TerraformProvider;
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, beside the database and the identity. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
