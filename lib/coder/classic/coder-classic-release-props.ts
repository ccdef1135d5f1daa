import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { DeletionPolicy, IDatabase, IWorkloadIdentity, SslMode } from "../../database";
import type { EnvironmentVariable, HelmValues } from "../../kubernetes";
import type { CoderDatabaseSetup } from "../coder-database-setup";
import type { CoderResources } from "../coder-size";
import type { CoderCertificateAuthorities } from "../v2/coder-values";

/** Properties of a `CoderClassicRelease`. */
export interface CoderClassicReleaseProps {
  /** The database: PostgreSQL 13 or later (Coder v1 itself takes 11), private, in the cluster's region. */
  readonly database: IDatabase;
  /** The chart's exact version, 1.27.0 or later, such as `1.44.3`. */
  readonly chartVersion: string;
  /** Coder's pods. @default 1 */
  readonly replicas?: number;
  /** What each pod gets. @default - the chart's: 250m to 1 CPU, 512 MiB to 1 GiB */
  readonly resources?: CoderResources;
  /** The largest pool of each pod (`CODER_MAX_DB_CONNECTIONS`). @default - Coder's: 30 */
  readonly maxConnectionsPerReplica?: number;
  /** Connections to the database beside Coder's own: migrations, monitoring, people. @default 10 */
  readonly otherConnections?: number;
  /** The identity of the service account `coder`; required when the database's owner has no password. @default - none */
  readonly identity?: IWorkloadIdentity;
  /**
   * Whether the password is a file in place of an environment variable, which shows up in more places. Needs chart version
   * 1.35.0. @default - true where the chart can
   */
  readonly noPasswordEnv?: boolean;
  /** How Coder checks the database server. @default - the strictest mode that succeeds: verify-full where the host is certified, else verify-ca */
  readonly sslMode?: SslMode;
  /** The schema that Coder uses; it has to exist. Needs chart version 1.37.0. @default - the owner's search path */
  readonly searchPath?: string;
  /** The namespace. @default "coder" */
  readonly namespace?: string;
  /** Whether to make the namespace. @default true */
  readonly createNamespace?: boolean;
  /** What happens to a namespace made here, and to the workspaces in it, on removal. @default DeletionPolicy.RETAIN */
  readonly namespaceDeletionPolicy?: DeletionPolicy;
  /** The release's name. @default "coder" */
  readonly releaseName?: string;
  /** The secret with the password; the chart makes a volume name of it, so no dots and at most 63 characters. @default "coder-db-password" */
  readonly databaseSecretName?: string;
  /** The cluster's region, compared with the server's. @default - not compared */
  readonly clusterRegion?: string;
  /** Accepts a database in another region, with what that does to every page. @default false */
  readonly acceptOtherRegion?: boolean;
  /** Accepts a database with a public address. @default false */
  readonly acceptPublicDatabase?: boolean;
  /** Further environment variables of Coder and of its migrations. @default - none */
  readonly env?: EnvironmentVariable[];
  /** Certificate authorities that all of Coder trusts, not for the database alone. @default - none */
  readonly certificateAuthorities?: CoderCertificateAuthorities;
  /** How the database is made when its server leaves that to SQL. @default - by a job in a namespace of its own */
  readonly databaseSetup?: CoderDatabaseSetup;
  /** The chart's values, for what has no property here. @default - none */
  readonly values?: HelmValues;
  /** How long Helm waits, in seconds, 900 or more. @default 900 */
  readonly timeoutSeconds?: number;
  /** The chart repository. @default "https://helm.coder.com" */
  readonly repository?: string;
  /** The Helm provider. @default - the stack's only one */
  readonly helmProvider?: TerraformProvider;
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, beside the database and the identity. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
