import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { DeletionPolicy, IDatabase, IWorkloadIdentity, SupportedEngine } from "../../database";
import { EngineFamily, SslMode, strictestSslMode } from "../../database";
import { requireProps } from "../../database/private";
import type { HelmValues } from "../../kubernetes";
import {
  CaSecret,
  DatabaseSecret,
  EnvironmentVariable,
  HelmRelease,
  KubernetesNamespace,
  SecretEntry,
} from "../../kubernetes";
import { atLeast, fingerprint } from "../../kubernetes/private";
import type { DatabaseObjects } from "../../sql";
import { CODER_CLASSIC_SINCE, OLDEST_POSTGRES } from "../data/chart-versions";
import { regionConditions } from "../database/database-checks";
import { type CoderDatabaseSetup, setUpDatabase } from "../database/database-setup";
import { variablesSecret } from "../environment/user-variables";
import type { CoderResources } from "../sizing/coder-size";
import type { CoderCertificateAuthorities } from "../v2/coder-values";
import { checkCoderClassicRelease } from "./coder-classic-release-checks";
import {
  CLASSIC_CLIENT_CERTIFICATE_KEY,
  CLASSIC_CLIENT_KEY_KEY,
  CLASSIC_PASSWORD_KEY,
  type CoderClassicValuesInput,
  classicDefaults,
  classicRequired,
} from "./coder-classic-values";

/** Properties of a `CoderClassicRelease`. */
export interface CoderClassicReleaseProps {
  /**
   * Database of Coder: PostgreSQL 13 or later (Coder v1 itself accepts 11), private, in the region of the cluster.
   *
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
   */
  readonly database: IDatabase;
  /**
   * Exact version of the Helm chart, 1.27.0 or later, such as `1.44.3`.
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly chartVersion: string;
  /**
   * Number of Coder replicas. @default 1
   *
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
   */
  readonly replicas?: number;
  /**
   * CPU and memory of each replica. @default - the chart's: 250m to 1 CPU, 512 MiB to 1 GiB
   *
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
   */
  readonly resources?: CoderResources;
  /**
   * Maximum size of each replica's database connection pool (`CODER_MAX_DB_CONNECTIONS`). @default - Coder's: 30
   *
   * @see https://github.com/coder/docs/blob/7828b49/guides/deployments/postgres.md
   */
  readonly maxConnectionsPerReplica?: number;
  /** Number of database connections outside Coder's pools, for the connection budget: migrations, monitoring, people. @default 10 */
  readonly otherConnections?: number;
  /**
   * Cloud identity of the service account `coder`. Required if the database owner has no password. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/security/service-accounts/
   */
  readonly identity?: IWorkloadIdentity;
  /**
   * Mounts the password as a file instead of an environment variable, which is visible in more places. Requires chart
   * version 1.35.0.
   * @default - true if the chart supports it
   *
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
   */
  readonly noPasswordEnv?: boolean;
  /**
   * `sslmode` of the database connection. @default - the strictest mode that succeeds: verify-full if the certificate's SAN includes the host name, else verify-ca
   *
   * @see https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
   */
  readonly sslMode?: SslMode;
  /**
   * PostgreSQL schema of Coder's tables (`search_path`). It must exist. Requires chart version 1.37.0. @default - the search path of the owner
   *
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
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
   * Name of the Helm release. @default "coder"
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly releaseName?: string;
  /**
   * Name of the secret that holds the password. The chart derives a volume name from it: at most 63 characters, no dots. @default "coder-db-password"
   *
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
   */
  readonly databaseSecretName?: string;
  /** Region of the cluster. It must be the region of the database server. @default - not compared */
  readonly clusterRegion?: string;
  /** Accepts a database in another region, which adds latency to every page. Recorded as an opt-out. @default false */
  readonly acceptOtherRegion?: boolean;
  /** Accepts a database server with a public endpoint. Recorded as an opt-out. @default false */
  readonly acceptPublicDatabase?: boolean;
  /**
   * Additional environment variables of Coder and of its migrations. @default - none
   *
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
   */
  readonly env?: EnvironmentVariable[];
  /**
   * Certificate authorities that Coder trusts for every connection, not only for the database. @default - none
   *
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
   */
  readonly certificateAuthorities?: CoderCertificateAuthorities;
  /** Creation of the database where its server leaves that to SQL. @default - a job in a separate namespace */
  readonly databaseSetup?: CoderDatabaseSetup;
  /**
   * Helm values for settings that have no property here.
   * @default - none
   * @see https://github.com/coder/enterprise-helm/blob/main/values.yaml
   */
  readonly values?: HelmValues;
  /**
   * Timeout of the Helm release, in seconds, 900 or more. @default 900
   *
   * @see https://helm.sh/docs/helm/helm_upgrade/
   */
  readonly timeoutSeconds?: number;
  /**
   * Helm chart repository. @default "https://helm.coder.com"
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

/** Coder v1's default pool size (coder/docs, guides/deployments/postgres.md). */
const DEFAULT_POOL = 30;

/**
 * Coder v1 (Coder Classic) with an external PostgreSQL database, for existing installations. Use `CoderRelease` for new ones.
 *
 * The chart supports no sidecars: a cloud's database proxy needs a separate deployment and service, whose name is then the
 * host of `DatabaseServer.fromServerAttributes`. Coder v1's installation page requires superuser rights, which no managed server grants; here the
 * login owns the database, and the contrib extensions are available [open].
 *
 * @see https://github.com/coder/enterprise-helm
 *
 * @example
 * new CoderClassicRelease(this, "coder", {
 *   database: server.database("coder"),
 *   chartVersion: "1.44.3",
 *   replicas: 3,
 * });
 */
export class CoderClassicRelease extends Construct {
  /** Helm release. */
  public readonly release: HelmRelease;
  /** Namespace; not set if it is not created here. */
  public readonly namespace?: KubernetesNamespace;
  /** Secret that holds the password of the user in use; not set if Coder logs in by identity. */
  public readonly databaseSecret?: DatabaseSecret;
  /** Secret that holds the server's certificate authorities; not set if the server is not verified. */
  public readonly caSecret?: CaSecret;
  /** Secret that holds the client certificate; not set if the server requires none. */
  public readonly clientSecret?: DatabaseSecret;
  /** Secret that holds the values of `EnvironmentVariable.fromSecretValue`; not set without such values. */
  public readonly environmentSecret?: DatabaseSecret;
  /** SQL objects that create the database; not set if the cloud's API creates it. */
  public readonly databaseSetup?: DatabaseObjects;
  /** Resources that must exist before Coder is used. */
  public readonly dependables: ITerraformDependable[];
  /** Versions of PostgreSQL that this version of Coder supports, for `MajorUpgrade`. */
  public readonly supportedEngine: SupportedEngine;

  public constructor(scope: Construct, id: string, props: CoderClassicReleaseProps) {
    super(scope, id);
    requireProps(this.node.path, "CODER-CLASSIC", props, { database: true, chartVersion: true });
    const { database, kubernetesProvider: provider } = props;
    const { server, owner } = database;
    const namespace = props.namespace ?? "coder";
    const releaseName = props.releaseName ?? "coder";
    const replicas = props.replicas ?? 1;
    checkCoderClassicRelease(this, props, namespace);

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
    const common = { namespace, provider, dependsOn };
    this.databaseSetup = setUpDatabase(this, namespace, props, "CODER-CLASSIC");
    // One for each of two users that alternate: the release names the one in use, and old pods that start once more find theirs.
    const secretName = props.databaseSecretName ?? "coder-db-password";
    const passwords = owner.users.flatMap((user, index) =>
      user.password
        ? new DatabaseSecret(this, index === 0 ? "DatabaseSecret" : "CloneSecret", {
            ...common,
            secretName: index === 0 ? secretName : `${secretName}-clone`,
            entries: [SecretEntry.secret(CLASSIC_PASSWORD_KEY, user.password)],
            // With a new password that is not set yet, because a job failed, the next restarted pod could not log in.
            dependsOn: [...dependsOn, ...database.dependables, ...(this.databaseSetup?.dependables ?? [])],
          })
        : [],
    );
    this.databaseSecret = passwords[owner.alternating?.cloneInUse ? 1 : 0];
    const sslMode = props.sslMode ?? strictestSslMode(server.tls);
    const verifies = sslMode === SslMode.VERIFY_CA || sslMode === SslMode.VERIFY_FULL;
    if (verifies && server.tls.caCertificatesPem !== undefined) {
      this.caSecret = new CaSecret(this, "DatabaseCa", {
        ...common,
        secretName: `${releaseName}-db-ca`,
        caCertificatesPem: server.tls.caCertificatesPem,
      });
    }
    const client = sslMode === SslMode.DISABLE ? undefined : server.tls.clientCertificate;
    if (client) {
      this.clientSecret = new DatabaseSecret(this, "DatabaseClient", {
        ...common,
        secretName: `${releaseName}-db-client`,
        entries: [
          SecretEntry.certificate(CLASSIC_CLIENT_CERTIFICATE_KEY, client.certificatePem),
          SecretEntry.privateKey(CLASSIC_CLIENT_KEY_KEY, client.privateKeyPem),
        ],
      });
    }
    const environmentSecretName = `${releaseName}-env`;
    this.environmentSecret = variablesSecret(this, props.env, {
      ...common,
      secretName: environmentSecretName,
    });
    server.connectionBudget.add({
      name: this.node.path,
      replicas,
      poolMax: props.maxConnectionsPerReplica ?? DEFAULT_POOL,
      other: props.otherConnections ?? 10,
    });
    const secrets = [...passwords, this.caSecret, this.clientSecret, this.environmentSecret].filter(
      (secret) => secret !== undefined,
    );
    const values: CoderClassicValuesInput = {
      database,
      replicas,
      resources: props.resources,
      environment: [
        ...(props.maxConnectionsPerReplica === undefined
          ? []
          : [EnvironmentVariable.plain("CODER_MAX_DB_CONNECTIONS", `${props.maxConnectionsPerReplica}`)]),
        ...(props.env ?? []),
      ],
      environmentSecretName,
      passwordSecretName: this.databaseSecret?.secretName,
      noPasswordEnv:
        props.noPasswordEnv ?? atLeast(props.chartVersion, CODER_CLASSIC_SINCE.noPasswordEnv) ?? true,
      sslMode,
      searchPath: props.searchPath,
      rootCertificate: this.caSecret && { name: this.caSecret.secretName, key: this.caSecret.key },
      clientSecretName: this.clientSecret?.secretName,
      // Coder reads its secrets at start, so changed secrets must restart the pods; a changed host changes the values.
      checksum: fingerprint(secrets.map((secret) => secret.fingerprint)),
      identity: props.identity,
      certificateAuthorities: props.certificateAuthorities,
    };
    this.release = new HelmRelease(this, "Release", {
      chart: "coder",
      repository: props.repository ?? "https://helm.coder.com",
      chartVersion: props.chartVersion,
      namespace,
      createNamespace: false,
      releaseName,
      timeoutSeconds: props.timeoutSeconds,
      defaults: classicDefaults(values),
      values: props.values,
      required: classicRequired(values),
      preconditions: [...server.connectionBudget.preconditions(), ...regionConditions(props)],
      helmProvider: props.helmProvider,
      kubernetesProvider: provider,
      dependsOn: [
        ...dependsOn,
        ...database.dependables,
        ...server.dependables,
        ...(props.identity?.dependables ?? []),
        ...(this.databaseSetup?.dependables ?? []),
        ...secrets.flatMap((secret) => secret.dependables),
      ],
    });
    this.supportedEngine = {
      application: `Coder ${props.chartVersion}`,
      family: EngineFamily.POSTGRES,
      oldest: `${OLDEST_POSTGRES}`,
    };
    this.dependables = this.release.dependables;
  }
}
