import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { SecretValue, TerraformData } from "../../database";
import { EngineFamily } from "../../database";
import { SynthChecks } from "../../database/private";
import { CaSecret, DatabaseSecret, fingerprint, SecretEntry } from "../../kubernetes";
import type { DatabaseObjects } from "../../sql";
import { portText } from "../../sql/private";
import { GitpodVersion } from "../gitpod-version";
import { preflight } from "../installer/preflight";
import { checkEncryptionKeys, keyPreconditions } from "../secrets/encryption-key-checks";
import type { EncryptionKeys } from "../secrets/encryption-keys";
import { keyMemory } from "../secrets/key-memory";
import { keyFilePreconditions } from "../storage/key-file-preconditions";
import type { GitpodDatabaseMode } from "./gitpod-connection";
import {
  checkDatabase,
  checkNotTaken,
  checkOnlyOne,
  checkParameters,
  passwordPreconditions,
} from "./gitpod-database-checks";
import type { GitpodDatabaseProps } from "./gitpod-database-props";
import { countConnections, furtherDatabases, setUpDatabases } from "./gitpod-database-setup";
import { caPreconditions, type GitpodReach, hostPreconditions, reach } from "./gitpod-reach";

/**
 * Gitpod's database on any server with MySQL: databases, a login with rights on them alone, the secrets that Gitpod's
 * installer asks for, and a job that looks whether all is as Gitpod needs it.
 *
 * @example
 * const gitpod = new GitpodDatabase(this, "database", {
 *   database: server.database("gitpod"),
 *   namespace: "gitpod",
 *   encryptionKeys: EncryptionKeys.single(EncryptionKeys.material(secret)),
 * });
 */
export class GitpodDatabase extends Construct {
  /** The version of Gitpod. */
  public readonly version: GitpodVersion;
  /** The installer's mode: `database.external` or `database.cloudSQL`. */
  public readonly mode: GitpodDatabaseMode;
  /** Gitpod's namespace. */
  public readonly namespace: string;
  /** The secret: `encryptionKeys`, `host`, `password`, `port`, `username`, or with the bundled proxy `credentials.json`, `encryptionKeys`, `password`, `username`. */
  public readonly secret: DatabaseSecret;
  /** The secret's name, for `database.external.certificate` or `database.cloudSQL.serviceAccount`. */
  public readonly secretName: string;
  /** The secret with the authorities; not set without TLS. */
  public readonly caSecret?: CaSecret;
  /** Its name, for `database.ssl.caCert`; its key is `ca.crt`. Not set without TLS. */
  public readonly caSecretName?: string;
  /** The instance, for `database.cloudSQL.instance`; set with the bundled proxy only. May be a token. */
  public readonly cloudSqlInstance?: string;
  /** The host that Gitpod connects to; not set with the bundled proxy. May be a token. */
  public readonly host?: string;
  /** The port that Gitpod connects to; not set with the bundled proxy. May be a token. */
  public readonly port?: number;
  /** The login's name; may be a token. */
  public readonly username: string;
  /** The login's password, for write-only arguments. */
  public readonly password?: SecretValue;
  /** The keys. */
  public readonly encryptionKeys: EncryptionKeys;
  /** Keeps watch over the keys: in the state, without anything secret. */
  public readonly keyMemory: TerraformData;
  /** What makes databases and login in SQL; not set when the cloud's API does, or nobody has to. */
  public readonly objects?: DatabaseObjects;
  /** The databases that Gitpod finds, `gitpod` first. */
  public readonly databaseNames: string[];
  /** What has to exist and to be done before Gitpod is installed: databases, login, secrets, and the job's consent. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodDatabaseProps) {
    super(scope, id);
    const { database, namespace, encryptionKeys } = props;
    const version = props.version ?? GitpodVersion.V2022_11;
    const { owner } = database;
    const checks = new SynthChecks(this);
    checkOnlyOne(checks, this, namespace, props.kubernetesProvider);
    checkDatabase(checks, database, version, props);
    const way = reach(checks, database, props.connection, version);
    checkNotTaken(checks, this, way.direct, props.kubernetesProvider);
    const accept = {
      acceptPublishedKey: props.acceptPublishedKey ?? false,
      acceptLostKeys: props.acceptLostKeys ?? false,
    };
    checkEncryptionKeys(checks, encryptionKeys, accept);
    checks.wholeNumber("replicas", props.replicas, 1, 100);
    const looks = this.looks(checks, way, props);
    if (way.direct.server.engine.family === EngineFamily.MYSQL) checkParameters(checks, way.direct, looks);

    this.version = version;
    this.mode = way.mode;
    this.namespace = namespace;
    this.secretName = props.secretName ?? (way.bundled ? "cloudsql" : "database");
    this.username = owner.username;
    this.password = owner.password;
    this.encryptionKeys = encryptionKeys;
    this.cloudSqlInstance = way.bundled?.connectionName;
    if (!way.bundled) {
      this.host = way.server.endpoint.host;
      this.port = way.server.endpoint.port;
    }
    const common = {
      namespace,
      labels: props.labels,
      provider: props.kubernetesProvider,
      dependsOn: props.dependsOn,
    };
    // Before anybody asks what the connections come to.
    countConnections(this, way.server, version, props.replicas ?? 1);
    this.keyMemory = keyMemory(this, "Keys", encryptionKeys, accept.acceptLostKeys);
    this.secret = new DatabaseSecret(this, "Secret", {
      ...common,
      secretName: this.secretName,
      entries: this.entries(way),
      // A list in which a key is missing must not be written.
      dependsOn: [...(props.dependsOn ?? []), this.keyMemory],
    });
    this.secret.resource.lifecycle = {
      precondition: [
        ...passwordPreconditions(database),
        ...keyPreconditions(encryptionKeys, accept),
        ...hostPreconditions(way),
        ...(way.bundled ? keyFilePreconditions("The key of Gitpod's proxy", way.bundled.credentials) : []),
        ...way.server.connectionBudget.preconditions(),
      ],
    };
    const { caCertificatesPem } = way;
    if (caCertificatesPem !== undefined) {
      this.caSecretName = props.caSecretName ?? `${this.secretName}-ca`;
      this.caSecret = new CaSecret(this, "Ca", {
        ...common,
        secretName: this.caSecretName,
        caCertificatesPem,
      });
      const precondition = caPreconditions(caCertificatesPem);
      if (precondition.length > 0) this.caSecret.resource.lifecycle = { precondition };
    } else if (props.caSecretName !== undefined) {
      checks.fail("caSecretName", props.caSecretName, "there is no TLS, so no secret with authorities");
    }
    const further = furtherDatabases(version, props);
    this.databaseNames = [database.databaseName, ...further];
    const made = setUpDatabases(this, checks, way, further, props);
    this.objects = made.objects;
    const before = [
      ...new Set([
        ...database.dependables,
        ...way.server.dependables,
        ...made.dependables,
        ...this.secret.dependables,
        ...(this.caSecret?.dependables ?? []),
      ]),
    ];
    this.dependables = looks ? [...before, ...this.preflight(way, before, props)] : before;
  }

  private entries(way: GitpodReach): SecretEntry[] {
    const { encryptionKeys, password, username } = this;
    const entries = [
      SecretEntry.secret("encryptionKeys", encryptionKeys.json, encryptionKeys.description),
      SecretEntry.plain("username", username),
      ...(password ? [SecretEntry.secret("password", password)] : []),
    ];
    if (way.bundled) return [...entries, SecretEntry.secret("credentials.json", way.bundled.credentials)];
    const { host, port } = way.server.endpoint;
    return [...entries, SecretEntry.plain("host", host), SecretEntry.plain("port", portText(port))];
  }

  /** Whether there is a preflight. */
  private looks(checks: SynthChecks, way: GitpodReach, props: GitpodDatabaseProps): boolean {
    if (!way.bundled) return props.preflight?.enabled ?? true;
    if (props.preflight?.enabled) {
      checks.fail(
        "preflight.enabled",
        true,
        "the job would come before Gitpod and its proxy, and nobody but that reaches the server; leave it out, or put a proxy of your own in front",
      );
    }
    return false;
  }

  private preflight(
    way: GitpodReach,
    dependsOn: ITerraformDependable[],
    props: GitpodDatabaseProps,
  ): ITerraformDependable[] {
    const { version } = this;
    const series = version.profile.possibleMysql;
    return preflight(
      this,
      {
        namespace: this.namespace,
        reach: way,
        secretName: this.secretName,
        caSecretName: this.caSecretName,
        fingerprint: fingerprint([this.secret.fingerprint, this.caSecret?.fingerprint ?? ""]),
        databases: this.databaseNames.filter((name) => !version.profile.droppedDatabases.includes(name)),
        mysql: props.acceptUnprovenVersion ? [] : series,
        labels: props.labels,
        provider: props.kubernetesProvider,
        dependsOn,
      },
      props.preflight ?? {},
    );
  }
}
