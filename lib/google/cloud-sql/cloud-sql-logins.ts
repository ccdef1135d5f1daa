// Databases and logins of a server. The Cloud SQL Admin API creates them, or the administrator creates them in SQL.

import { SqlDatabase } from "@cdktf/provider-google/lib/sql-database";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { IConstruct } from "constructs";
import {
  Cloud,
  DatabaseLogin,
  type DatabaseOptions,
  DatabaseProvisioning,
  DeletionPolicy,
  type IConnectGrant,
  type IDatabase,
  type IWorkloadIdentity,
  LoginAuthentication,
} from "../../database";
import { getOrCreateDatabase, isResolved, LogicalDatabase, type SynthChecks } from "../../database/private";
import { identityPart } from "../../storage/private";
import type { IGoogleWorkloadIdentity } from "../identity/google-workload-identity";
import { GeneratedPassword } from "../secrets/generated-password";
import type { ICloudSqlServer } from "./cloud-sql-server";
import { CloudSqlIamKind, CloudSqlIamUser, CloudSqlUser, type CloudSqlUserOptions } from "./cloud-sql-user";
import { isMysql } from "./cloud-sql-version";

/** Name of the administrator by default: legal on every cloud, and not the first name that attackers try. */
export const DEFAULT_ADMIN_NAME = "dbadmin";

/** Options of a generated administrator. */
export interface CloudSqlAdminLoginOptions {
  /**
   * Name of the administrator. @default dbadmin
   *
   * @see https://cloud.google.com/sql/docs/postgres/users
   */
  readonly username?: string;
}

/**
 * The administrator that creates databases and their owners in SQL: a built-in user. The default users `postgres` and `root` are
 * not used, since google 6.50 would write their password to the state.
 *
 * @see https://cloud.google.com/sql/docs/postgres/users
 */
export class CloudSqlAdminLogin {
  /**
   * A generated password, stored in Secret Manager; increment the server's `passwordVersion` to rotate it.
   *
   * @param options the name. @default - dbadmin
   */
  public static generated(options: CloudSqlAdminLoginOptions = {}): CloudSqlAdminLogin {
    return new CloudSqlAdminLogin(options.username ?? DEFAULT_ADMIN_NAME);
  }

  /**
   * A user with a password of your own, which is created on the server.
   *
   * @param login name and password.
   */
  public static given(login: DatabaseLogin): CloudSqlAdminLogin {
    return new CloudSqlAdminLogin(login.username, login);
  }

  /**
   * A user with built-in authentication that an adopted server has. Terraform neither creates the user nor sets its password; set-up jobs log in
   * with it. Use `given` with the same login to rotate it later. Refused without `adoptConstruct`.
   *
   * @param login name and password.
   */
  public static existing(login: DatabaseLogin): CloudSqlAdminLogin {
    return new CloudSqlAdminLogin(login.username, login, true);
  }

  /**
   * No administrator: the Cloud SQL Admin API creates databases and their owners, which are then members of `cloudsqlsuperuser`.
   * Recorded as an opt-out.
   */
  public static none(): CloudSqlAdminLogin {
    return new CloudSqlAdminLogin();
  }

  /** Name of the administrator; not set for `none()`. */
  public readonly username?: string;
  /** The login that was given. @internal */
  public readonly _login?: DatabaseLogin;

  /** True for a user that the server has. @internal */
  public readonly _exists: boolean;

  private constructor(username?: string, login?: DatabaseLogin, exists = false) {
    this.username = username;
    this._login = login;
    this._exists = exists;
  }
}

/** Settings of the users and passwords of a server. @internal */
export interface CloudSqlLoginOptions {
  readonly region: string;
  readonly passwordVersion?: number;
  readonly deletionPolicy?: DeletionPolicy;
  readonly project?: string;
  readonly provider?: TerraformProvider;
  readonly tags?: { readonly [name: string]: string };
  /** True if databases exist already, as on a restored server. @default false */
  readonly databasesExist?: boolean;
  /** Resources that must exist before a user is created. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/** Creates the databases and logins of a server, as its children. @internal */
export class CloudSqlLogins {
  private readonly created = new Map<DatabaseLogin, ITerraformDependable[]>();

  public constructor(
    private readonly server: ICloudSqlServer,
    private readonly checks: SynthChecks,
    private readonly options: CloudSqlLoginOptions,
  ) {}

  /** A database and its owner. */
  public database(name: string, options?: DatabaseOptions): IDatabase {
    const { server } = this;
    return getOrCreateDatabase(server, name, options, (id) => {
      const owner = options?.owner ?? this.ownerOf(name, options);
      const dependables = [...server.dependables];
      const provisioning = server.adminLogin ? DatabaseProvisioning.SQL_JOB : DatabaseProvisioning.CLOUD_API;
      // Filled below: some of the dependables are children of the database.
      const database = new LogicalDatabase(server, id, {
        server,
        databaseName: name,
        owner,
        provisioning,
        dependables,
      });
      dependables.push(...this.dependablesOf(owner, name));
      if (provisioning === DatabaseProvisioning.CLOUD_API && !this.options.databasesExist) {
        dependables.push(this.createDatabase(database, name));
      }
      return database;
    });
  }

  /** The database user of a workload identity. */
  public grantConnect(identity: IWorkloadIdentity): IConnectGrant {
    const { email } = identity as IGoogleWorkloadIdentity;
    if (identity.cloud !== Cloud.GOOGLE || email === undefined) {
      this.checks.fail(
        "grantConnect: identity",
        identity.serviceAccountName,
        "must have a Google service account; use a GkeWorkloadIdentity",
        "grantConnect.identity",
      );
      return { login: DatabaseLogin.withCloudIdentity(identity.serviceAccountName), dependables: [] };
    }
    const suffix = identityPart(this.server, identity);
    const login = this.iamUser(email, CloudSqlIamKind.SERVICE_ACCOUNT, suffix);
    return { login, dependables: this.created.get(login) ?? [] };
  }

  /** A user with IAM database authentication, created by the API. */
  public iamUser(email: string, kind?: CloudSqlIamKind, suffix?: string): DatabaseLogin {
    if (!isResolved(email) && suffix === undefined) {
      throw new Error(
        `[${this.server.node.path}] CLOUDSQL-ID-SUFFIX: idSuffix must be set for an address that is not known at synth (got not set)`,
      );
    }
    const id = `IamUser-${suffix ?? email}`;
    const existing = this.child<CloudSqlIamUser>(id);
    if (existing) return existing.login;
    this.checkIamAuthentication();
    const user = new CloudSqlIamUser(this.server, id, { ...this.userOptions(), email, kind });
    this.created.set(user.login, user.dependables);
    return user.login;
  }

  /** A user with a password, created by the API. */
  public createUser(id: string, username: string, login?: DatabaseLogin): CloudSqlUser {
    const user = new CloudSqlUser(this.server, id, {
      ...this.userOptions(),
      ...this.passwordOptions(),
      username,
      login,
    });
    this.created.set(user.login, user.dependables);
    if (login) this.created.set(login, user.dependables);
    return user;
  }

  /** The owner of a database for which the program names none. */
  private ownerOf(name: string, options: DatabaseOptions | undefined): DatabaseLogin {
    const username = options?.ownerName ?? name;
    if (options?.ownerAuthentication === LoginAuthentication.CLOUD_IDENTITY) {
      this.checks.fail(
        "ownerAuthentication",
        options.ownerAuthentication,
        "must be left out, since an IAM principal has a name already; set owner: server.grantConnect(identity).login",
      );
      return DatabaseLogin.withCloudIdentity(username);
    }
    if (!this.server.adminLogin) {
      const id = `User-${username}`;
      return (this.child<CloudSqlUser>(id) ?? this.createUser(id, username)).login;
    }
    const id = `Login-${username}`;
    const password = this.child<GeneratedPassword>(id) ?? this.createPassword(id);
    return DatabaseLogin.withPassword(username, password.value);
  }

  /** Resources that must exist before an owner logs in; creates the user of a login that the program gave. */
  private dependablesOf(owner: DatabaseLogin, database: string): ITerraformDependable[] {
    if (owner.authentication === LoginAuthentication.CLOUD_IDENTITY) this.checkIamOwner(owner);
    const created = this.created.get(owner);
    if (created) return created;
    if (owner.authentication === LoginAuthentication.CLOUD_IDENTITY) return [];
    if (this.server.adminLogin) return owner.password?.dependables ?? [];
    // A name that is not known at synth cannot be in an id; the database's name can.
    const id = isResolved(owner.username) ? `User-${owner.username}` : `OwnerOf-${database}`;
    return this.createUser(id, owner.username, owner).dependables;
  }

  /** A database, created by the API. */
  private createDatabase(database: LogicalDatabase, name: string): SqlDatabase {
    const databases = this.server.node.children.filter((child) => child.node.id.startsWith("Database-"));
    if (databases.length > 1) {
      this.checks.warn(
        "adminLogin: the Cloud SQL Admin API creates the owners of several databases, which are members of cloudsqlsuperuser and " +
          "can read each other's data; leave adminLogin out, so that owners are created in SQL",
        "adminLogin.members",
      );
    }
    return new SqlDatabase(database, "Resource", {
      ...this.resourceOptions(),
      name,
      // PostgreSQL uses UTF8 by default; MySQL 5.7 does not.
      charset: isMysql(this.server.engine) ? "utf8mb4" : undefined,
      deletionPolicy: "ABANDON",
    });
  }

  /** The password of a user that is created in SQL. */
  private createPassword(id: string): GeneratedPassword {
    const { passwordVersion, ...options } = this.passwordOptions();
    const { project, provider } = this.options;
    const password = new GeneratedPassword(this.server, id, {
      ...options,
      version: passwordVersion,
      project,
      provider,
      dependsOn: this.server.dependables,
    });
    password.store([password.resource]);
    return password;
  }

  private passwordOptions(): {
    passwordVersion?: number;
    region: string;
    retain: boolean;
    tags?: { readonly [name: string]: string };
  } {
    const { passwordVersion, region, tags, deletionPolicy } = this.options;
    const retain = (deletionPolicy ?? DeletionPolicy.RETAIN) === DeletionPolicy.RETAIN;
    return { passwordVersion, region, retain, tags };
  }

  private resourceOptions(): Omit<CloudSqlUserOptions, "engine"> {
    const { project, provider, dependsOn } = this.options;
    return { instance: this.server.instanceName, project, provider, dependsOn };
  }

  private userOptions(): CloudSqlUserOptions {
    return { ...this.resourceOptions(), engine: this.server.engine };
  }

  private child<T extends IConstruct>(id: string): T | undefined {
    return this.server.node.tryFindChild(id) as T | undefined;
  }

  private checkIamAuthentication(): void {
    if (this.server.acceptsCloudIdentity) return;
    this.checks.fail(
      "iamAuthentication",
      false,
      "must be true for a user with IAM database authentication; leave it out",
    );
  }

  private checkIamOwner(owner: DatabaseLogin): void {
    this.checkIamAuthentication();
    if (this.server.adminLogin) return;
    const name = isResolved(owner.username) ? owner.username : "the owner";
    this.checks.fail(
      "adminLogin",
      "none",
      `must be set for an owner with IAM database authentication, since ${name} has no privileges until they are granted in SQL; set CloudSqlAdminLogin.generated()`,
    );
  }
}
