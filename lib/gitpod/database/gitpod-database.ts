import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { EngineFamily, type IDatabase, type SecretValue, type TerraformData } from "../../database";
import { requireProps, SynthChecks } from "../../database/private";
import { CaSecret, DatabaseSecret, SecretEntry } from "../../kubernetes";
import { fingerprint } from "../../kubernetes/private";
import type { DatabaseObjects } from "../../sql";
import { portText } from "../../sql/private";
import { checkEncryptionKeys, keyPreconditions } from "../secrets/gitpod-encryption-key-checks";
import { type GitpodEncryptionKeys, keyGuard } from "../secrets/gitpod-encryption-keys";
import { keyFilePreconditions } from "../secrets/secret-checks";
import { GitpodVersion } from "../version/gitpod-version";
import type { GitpodConnection, GitpodDatabaseMode } from "./gitpod-connection";
import {
  checkDatabase,
  checkParameters,
  checkSingleDatabase,
  checkUnclaimed,
  ownerPasswordPreconditions,
} from "./gitpod-database-checks";
import {
  countConnections,
  furtherDatabases,
  type GitpodDatabaseSetup,
  setUpGitpodDatabases,
} from "./gitpod-database-setup";
import { type GitpodPreflightOptions, preflight } from "./preflight";
import {
  caPreconditions,
  hostPreconditions,
  type ResolvedGitpodConnection,
  resolveConnection,
} from "./resolved-connection";
/** Properties of a `GitpodDatabase`. */
export interface GitpodDatabaseProps {
  /**
   * Database of Gitpod. It must be MySQL and have the name `gitpod`: `server.database("gitpod")`.
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#database
   */
  readonly database: IDatabase;
  /**
   * Kubernetes namespace of Gitpod, which must exist.
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
   */
  readonly namespace: string;
  /**
   * Keys that encrypt Gitpod's data in the database.
   *
   * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/components/gitpod-protocol/src/encryption
   */
  readonly encryptionKeys: GitpodEncryptionKeys;
  /**
   * Gitpod version. @default GitpodVersion.V2022_11
   *
   * @see https://github.com/gitpod-io/gitpod/releases
   */
  readonly version?: GitpodVersion;
  /**
   * Connection of Gitpod to the server. @default - a direct connection, or the proxy of the given database
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/pkg/config/v1/config.go
   */
  readonly connection?: GitpodConnection;
  /** Creation of databases and login where the server leaves that to SQL. @default - jobs in a separate namespace */
  readonly databaseSetup?: GitpodDatabaseSetup;
  /**
   * Creates the database `gitpod-sessions`, so that the login does not need the privilege to create databases. @default true
   *
   * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/install/installer/pkg/components/database
   */
  readonly sessionsDatabase?: boolean;
  /**
   * Creates the database `authorization`. @default - true for HEAD, which requires it
   *
   * @see https://github.com/gitpod-io/gitpod/tree/main/install/installer/pkg/components/database
   */
  readonly authorizationDatabase?: boolean;
  /** Preflight job, which checks the database before Gitpod is installed. @default - enabled */
  readonly preflight?: GitpodPreflightOptions;
  /** Number of replicas of each Gitpod component that uses the database, for the connection budget; may be a token. @default 1 */
  readonly replicas?: number;
  /**
   * Name of the secret that holds the login and the keys. @default "database", or "cloudsql" with the bundled proxy, as in KOTS
   *
   * @see https://github.com/gitpod-io/gitpod/blob/2022.11.3/install/installer/docs/overview.md#external-database
   */
  readonly secretName?: string;
  /**
   * Name of the secret that holds the certificate authorities. @default - `<secretName>-ca`
   *
   * @see https://kubernetes.io/docs/concepts/configuration/secret/
   */
  readonly caSecretName?: string;
  /**
   * Accepts a MySQL version that Gitpod is not proven to work with, such as 8.4, which disables the only authentication
   * plugin that Gitpod supports by default. Recorded as an opt-out.
   * @default false
   */
  readonly acceptUnprovenVersion?: boolean;
  /** Accepts the encryption key that Gitpod published and many installations share. Recorded as an opt-out. @default false */
  readonly acceptPublishedKey?: boolean;
  /** Accepts missing or changed keys, which makes the data that they encrypted unreadable. Recorded as an opt-out. @default false */
  readonly acceptLostKeys?: boolean;
  /**
   * Labels of all Kubernetes objects. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
   */
  readonly labels?: { readonly [name: string]: string };
  /** Kubernetes provider. @default - the default provider of the stack */
  readonly kubernetesProvider?: TerraformProvider;
  /** Resources that must exist first, such as the namespace. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Gitpod's database on a MySQL server: the databases, a login with privileges on them only, the secrets that Gitpod's
 * installer requires, and a preflight job that checks the database before the installation.
 *
 * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/install/installer/pkg/components/database
 *
 * @example
 * const gitpod = new GitpodDatabase(this, "database", {
 *   database: server.database("gitpod"),
 *   namespace: "gitpod",
 *   encryptionKeys: GitpodEncryptionKeys.single(GitpodEncryptionKeys.material(secret)),
 * });
 */
export class GitpodDatabase extends Construct {
  /** Gitpod version. */
  public readonly version: GitpodVersion;
  /** Database mode of the installer: `database.external` or `database.cloudSQL`. */
  public readonly mode: GitpodDatabaseMode;
  /** Kubernetes namespace of Gitpod. */
  public readonly namespace: string;
  /** Secret with `encryptionKeys`, `host`, `password`, `port`, `username`; with the bundled proxy `credentials.json`, `encryptionKeys`, `password`, `username`. */
  public readonly secret: DatabaseSecret;
  /** Name of the secret, for `database.external.certificate` or `database.cloudSQL.serviceAccount`. */
  public readonly secretName: string;
  /** Secret that holds the certificate authorities; not set without TLS. */
  public readonly caSecret?: CaSecret;
  /** Name of that secret, for `database.ssl.caCert`; its key is `ca.crt`. Not set without TLS. */
  public readonly caSecretName?: string;
  /** Cloud SQL connection name, for `database.cloudSQL.instance`; only set with the bundled proxy. May be a token. */
  public readonly cloudSqlInstance?: string;
  /** Host that Gitpod connects to; not set with the bundled proxy. May be a token. */
  public readonly host?: string;
  /** Port that Gitpod connects to; not set with the bundled proxy. May be a token. */
  public readonly port?: number;
  /** User name of the login; may be a token. */
  public readonly username: string;
  /** Password of the login, for write-only arguments. */
  public readonly password?: SecretValue;
  /** Encryption keys. */
  public readonly encryptionKeys: GitpodEncryptionKeys;
  /** Guard of the encryption keys in the state, which fails a plan that loses a key. It holds nothing secret. */
  public readonly keyGuard: TerraformData;
  /** SQL objects that create databases and login; not set if the cloud's API creates them or they exist. */
  public readonly objects?: DatabaseObjects;
  /** Names of Gitpod's databases; the first is `gitpod`. */
  public readonly databaseNames: string[];
  /** Resources that must exist before Gitpod is installed: databases, login, secrets and the preflight job. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodDatabaseProps) {
    super(scope, id);
    requireProps(this.node.path, "GITPOD", props, {
      database: true,
      namespace: true,
      encryptionKeys: true,
    });
    const { database, namespace, encryptionKeys } = props;
    const version = props.version ?? GitpodVersion.V2022_11;
    const { owner } = database;
    const checks = new SynthChecks(this, "GITPOD");
    checkSingleDatabase(checks, this, namespace, props.kubernetesProvider);
    checkDatabase(checks, database, version, props);
    const connection = resolveConnection(checks, database, props.connection, version);
    checkUnclaimed(checks, this, connection.direct, props.kubernetesProvider);
    const accept = {
      acceptPublishedKey: props.acceptPublishedKey ?? false,
      acceptLostKeys: props.acceptLostKeys ?? false,
    };
    checkEncryptionKeys(checks, encryptionKeys, accept);
    checks.wholeNumber("replicas", props.replicas, 1, 100);
    const runsPreflight = this.runsPreflight(checks, connection, props);
    if (connection.direct.server.engine.family === EngineFamily.MYSQL) {
      checkParameters(checks, connection.direct, runsPreflight);
    }

    this.version = version;
    this.mode = connection.mode;
    this.namespace = namespace;
    this.secretName = props.secretName ?? (connection.bundled ? "cloudsql" : "database");
    this.username = owner.username;
    this.password = owner.password;
    this.encryptionKeys = encryptionKeys;
    this.cloudSqlInstance = connection.bundled?.connectionName;
    if (!connection.bundled) {
      this.host = connection.server.endpoint.host;
      this.port = connection.server.endpoint.port;
    }
    const common = {
      namespace,
      labels: props.labels,
      provider: props.kubernetesProvider,
      dependsOn: props.dependsOn,
    };
    // Before the preconditions of the connection budget are read below.
    countConnections(this, connection.server, version, props.replicas ?? 1);
    this.keyGuard = keyGuard(this, "Keys", encryptionKeys, accept.acceptLostKeys);
    const further = furtherDatabases(version, props);
    this.databaseNames = [database.databaseName, ...further];
    const setup = setUpGitpodDatabases(this, checks, connection, further, props);
    this.objects = setup.objects;
    this.secret = new DatabaseSecret(this, "Secret", {
      ...common,
      secretName: this.secretName,
      entries: this.entries(connection),
      // The secret must not be written if a key is missing, nor with a password that is not set yet: if the job fails, pods that
      // restart still log in with the old one.
      dependsOn: [
        ...new Set([
          ...(props.dependsOn ?? []),
          this.keyGuard,
          ...connection.direct.dependables,
          ...setup.dependables,
        ]),
      ],
    });
    this.secret.resource.lifecycle = {
      precondition: [
        ...ownerPasswordPreconditions(database),
        ...keyPreconditions(encryptionKeys, accept),
        ...hostPreconditions(connection),
        ...(connection.bundled
          ? keyFilePreconditions("The key of Gitpod's proxy", connection.bundled.credentials)
          : []),
        ...connection.server.connectionBudget.preconditions(),
      ],
    };
    const { caCertificatesPem } = connection;
    if (caCertificatesPem !== undefined) {
      this.caSecretName = props.caSecretName ?? `${this.secretName}-ca`;
      this.caSecret = new CaSecret(this, "Ca", {
        ...common,
        secretName: this.caSecretName,
        caCertificatesPem,
      });
      const precondition = caPreconditions(caCertificatesPem);
      if (precondition.length > 0) this.caSecret.resource.lifecycle = { precondition };
    } else {
      checks.check("caSecretName", props.caSecretName, () => false, "must not be set without TLS");
    }
    const before = [
      ...new Set([
        ...database.dependables,
        ...connection.server.dependables,
        ...setup.dependables,
        ...this.secret.dependables,
        ...(this.caSecret?.dependables ?? []),
      ]),
    ];
    this.dependables = runsPreflight ? [...before, ...this.preflight(connection, before, props)] : before;
  }

  private entries(connection: ResolvedGitpodConnection): SecretEntry[] {
    const { encryptionKeys, password, username } = this;
    const entries = [
      SecretEntry.secret("encryptionKeys", encryptionKeys.json, encryptionKeys.description),
      SecretEntry.plain("username", username),
      ...(password ? [SecretEntry.secret("password", password)] : []),
    ];
    if (connection.bundled) {
      return [...entries, SecretEntry.secret("credentials.json", connection.bundled.credentials)];
    }
    const { host, port } = connection.server.endpoint;
    return [...entries, SecretEntry.plain("host", host), SecretEntry.plain("port", portText(port))];
  }

  private runsPreflight(
    checks: SynthChecks,
    connection: ResolvedGitpodConnection,
    props: GitpodDatabaseProps,
  ): boolean {
    if (!connection.bundled) return props.preflight?.enabled ?? true;
    if (props.preflight?.enabled) {
      checks.fail(
        "preflight.enabled",
        true,
        "must not be true with the bundled proxy, which is installed after the job and is the only way to the server; use a proxy service",
      );
    }
    return false;
  }

  private preflight(
    connection: ResolvedGitpodConnection,
    dependsOn: ITerraformDependable[],
    props: GitpodDatabaseProps,
  ): ITerraformDependable[] {
    const { possibleMysql, droppedDatabases } = this.version.profile;
    return preflight(
      this,
      {
        namespace: this.namespace,
        connection,
        secretName: this.secretName,
        caSecretName: this.caSecretName,
        fingerprint: fingerprint([this.secret.fingerprint, this.caSecret?.fingerprint ?? ""]),
        databases: this.databaseNames.filter((name) => !droppedDatabases.includes(name)),
        mysql: props.acceptUnprovenVersion ? [] : possibleMysql,
        labels: props.labels,
        provider: props.kubernetesProvider,
        dependsOn,
      },
      props.preflight ?? {},
    );
  }
}
