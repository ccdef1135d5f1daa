import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { SecretValue } from "../database/secret-value";
import { CaSecret } from "../kubernetes/ca-secret";
import { DatabaseSecret } from "../kubernetes/database-secret";
import { SecretEntry } from "../kubernetes/secret-entry";
import { portText } from "../sql/port-text";
import type { EncryptionKeys } from "./encryption-keys";
import { GitpodConnection, type GitpodDatabaseMode } from "./gitpod-connection";
import type { GitpodDatabaseProps } from "./gitpod-database-props";
import { GitpodVersion } from "./gitpod-version";

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
  /** The databases that Gitpod finds, `gitpod` first. */
  public readonly databaseNames: string[];
  /** What has to exist and to be done before Gitpod is installed: databases, login, secrets, and the job's consent. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: GitpodDatabaseProps) {
    super(scope, id);
    const { database, namespace, encryptionKeys } = props;
    const connection = props.connection ?? GitpodConnection.direct();
    const { server, owner } = database;
    const bundled = connection._bundled;
    const seen = connection._proxy?.server ?? server;
    this.version = props.version ?? GitpodVersion.V2022_11;
    this.mode = connection.mode;
    this.namespace = namespace;
    this.secretName = props.secretName ?? (bundled ? "cloudsql" : "database");
    this.username = owner.username;
    this.password = owner.password;
    this.encryptionKeys = encryptionKeys;
    this.databaseNames = [database.databaseName];
    this.cloudSqlInstance = bundled?.connectionName;
    const common = {
      namespace,
      labels: props.labels,
      provider: props.kubernetesProvider,
      dependsOn: props.dependsOn,
    };
    const entries = [
      SecretEntry.secret("encryptionKeys", encryptionKeys.json, encryptionKeys.description),
      SecretEntry.plain("username", owner.username),
      ...(owner.password ? [SecretEntry.secret("password", owner.password)] : []),
    ];
    if (bundled) {
      entries.push(SecretEntry.secret("credentials.json", bundled.credentials));
    } else {
      this.host = seen.endpoint.host;
      this.port = seen.endpoint.port;
      entries.push(SecretEntry.plain("host", this.host), SecretEntry.plain("port", portText(this.port)));
    }
    this.secret = new DatabaseSecret(this, "Secret", { ...common, secretName: this.secretName, entries });
    const caCertificatesPem =
      connection._direct && (connection._direct.caCertificatesPem ?? server.tls.caCertificatesPem);
    if (caCertificatesPem !== undefined) {
      this.caSecretName = props.caSecretName ?? `${this.secretName}-ca`;
      this.caSecret = new CaSecret(this, "Ca", {
        ...common,
        secretName: this.caSecretName,
        caCertificatesPem,
      });
    }
    this.dependables = [
      ...database.dependables,
      ...this.secret.dependables,
      ...(this.caSecret?.dependables ?? []),
    ];
  }
}
