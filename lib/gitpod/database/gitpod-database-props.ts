import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { IDatabase } from "../../database";
import type { DatabaseObjects, ISqlBackend } from "../../sql";
import type { GitpodVersion } from "../gitpod-version";
import type { EncryptionKeys } from "../secrets/encryption-keys";
import type { GitpodConnection } from "./gitpod-connection";

/** How the job runs that looks at the database before Gitpod is installed. */
export interface GitpodPreflight {
  /** Whether there is one. @default true, except behind Gitpod's own proxy, which is not there yet */
  readonly enabled?: boolean;
  /** An image with a shell and the mysql client, by an exact tag or digest. @default - MySQL's own, 8.4 */
  readonly image?: string;
  /** How long it may take, in seconds, 60 or more. @default 300 */
  readonly timeoutSeconds?: number;
  /** Whether it runs in each apply, instead of after a change. @default false */
  readonly everyApply?: boolean;
}

/** How the databases are made when the server leaves that to SQL. */
export interface GitpodDatabaseSetup {
  /**
   * Objects of yours that describe Gitpod's databases (`GitpodSql.objects` with `nativePassword: true`), with what others have
   * on the same server; then none are made here. @default - objects of Gitpod's own
   */
  readonly objects?: DatabaseObjects;
  /** Where the SQL runs. @default - jobs in a namespace of their own, Gitpod's name with `-database-setup` behind it */
  readonly backend?: ISqlBackend;
}

/** Properties of a `GitpodDatabase`. */
export interface GitpodDatabaseProps {
  /** The database, which is MySQL and named `gitpod`: `server.database("gitpod")`. */
  readonly database: IDatabase;
  /** Gitpod's namespace, which has to exist. */
  readonly namespace: string;
  /** The keys with which Gitpod encrypts what it stores. */
  readonly encryptionKeys: EncryptionKeys;
  /** The version of Gitpod. @default GitpodVersion.V2022_11 */
  readonly version?: GitpodVersion;
  /** How Gitpod reaches the server. @default - the server's own address, or the proxy whose database was given */
  readonly connection?: GitpodConnection;
  /** How databases and login are made when the server leaves that to SQL. @default - by jobs in a namespace of their own */
  readonly databaseSetup?: GitpodDatabaseSetup;
  /** Whether to make `gitpod-sessions`, so that the login needs no right to make databases. @default true */
  readonly sessionsDatabase?: boolean;
  /** Whether to make `authorization`. @default - true for HEAD, which needs it */
  readonly authorizationDatabase?: boolean;
  /** The job that looks at the database before Gitpod is installed. @default - there is one */
  readonly preflight?: GitpodPreflight;
  /** The replicas of each component of Gitpod that uses the database, for the connection budget; may be a token. @default 1 */
  readonly replicas?: number;
  /** The name of the secret with the login and the keys. @default "database", or "cloudsql" with the bundled proxy; KOTS's names */
  readonly secretName?: string;
  /** The name of the secret with the authorities. @default - the secret's name and `-ca` */
  readonly caSecretName?: string;
  /**
   * Whether to run with a release of MySQL that Gitpod cannot be shown to work with, such as 8.4, whose server knows the kind of
   * password that Gitpod needs only when told. Recorded as an opt-out. @default false
   */
  readonly acceptUnprovenVersion?: boolean;
  /** Whether to run with the key that Gitpod published and many installations share. Recorded as an opt-out. @default false */
  readonly acceptPublishedKey?: boolean;
  /** Whether a key may be missing or changed, so that what it encrypted is lost. Recorded as an opt-out. @default false */
  readonly acceptLostKeys?: boolean;
  /** Labels for all Kubernetes objects. @default - none */
  readonly labels?: { readonly [name: string]: string };
  /** The Kubernetes provider. @default - the stack's only one */
  readonly kubernetesProvider?: TerraformProvider;
  /** What has to exist first, such as the namespace. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}
