// Who logs in to a server, and how they come about: by Cloud SQL's API, or by SQL that the administrator runs.

import { SqlDatabase } from "@cdktf/provider-google/lib/sql-database";
import type { SqlDatabaseInstance } from "@cdktf/provider-google/lib/sql-database-instance";
import type { ITerraformDependable } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import {
  type DatabaseEngine,
  DatabaseLogin,
  type DatabaseOptions,
  DeletionPolicy,
  LoginAuthentication,
} from "../../database";
import { isResolved, type SynthChecks } from "../../database/private";
import { GeneratedPassword } from "../secrets/generated-password";
import type { CloudSqlAdminLogin } from "./cloud-sql-admin-login";
import { isMysql } from "./cloud-sql-edition";
import type { CloudSqlInstanceOptions } from "./cloud-sql-instance-options";
import {
  type CloudSqlIamKind,
  CloudSqlIamUser,
  CloudSqlUser,
  type CloudSqlUserOptions,
} from "./cloud-sql-user";

/** The server, as far as logins go. @internal */
export interface CloudSqlLoginHost extends Construct {
  readonly resource: SqlDatabaseInstance;
  readonly engine: DatabaseEngine;
  readonly acceptsCloudIdentity: boolean;
  readonly dependables: ITerraformDependable[];
}

/** What logins follow from. @internal */
export interface CloudSqlLoginOptions extends CloudSqlInstanceOptions {
  readonly region: string;
  readonly adminLogin?: CloudSqlAdminLogin;
  readonly passwordVersion?: number;
}

/** The logins of a server, which are its children. @internal */
export class CloudSqlLogins {
  /** Whether databases come with the data of a restored server. */
  public databasesExist = false;
  private readonly made = new Map<DatabaseLogin, ITerraformDependable[]>();

  public constructor(
    private readonly server: CloudSqlLoginHost,
    private readonly checks: SynthChecks,
    private readonly props: CloudSqlLoginOptions,
  ) {}

  /** The owner of a database that names none. */
  public ownerOf(name: string, options: DatabaseOptions | undefined): DatabaseLogin {
    const username = options?.ownerName ?? name;
    if (options?.ownerAuthentication === LoginAuthentication.CLOUD_IDENTITY) {
      this.checks.fail(
        "ownerAuthentication",
        options.ownerAuthentication,
        "a Google identity has a name of its own; give options.owner: server.grantConnect(identity)",
      );
      return DatabaseLogin.withCloudIdentity(username);
    }
    if (!this.props.adminLogin) {
      const id = `User-${username}`;
      return (this.child<CloudSqlUser>(id) ?? this.createUser(id, username)).login;
    }
    const id = `Login-${username}`;
    const password = this.child<GeneratedPassword>(id) ?? this.createPassword(id);
    return DatabaseLogin.withPassword(username, password.value);
  }

  /** A user with a password, made by the API. */
  public createUser(id: string, username: string, login?: DatabaseLogin): CloudSqlUser {
    const user = new CloudSqlUser(this.server, id, {
      ...this.userOptions(),
      ...this.passwordOptions(),
      username,
      login,
    });
    this.made.set(user.login, user.dependables);
    if (login) this.made.set(login, user.dependables);
    return user;
  }

  /** A user with a Google identity, made by the API. */
  public iamUser(email: string, kind?: CloudSqlIamKind, constructIdFor?: string): DatabaseLogin {
    if (!isResolved(email) && constructIdFor === undefined) {
      throw new Error(
        `[${this.server.node.path}] the address is not known at synth; say by constructIdFor what the construct's id is made of`,
      );
    }
    const id = `IamUser-${constructIdFor ?? email}`;
    const existing = this.child<CloudSqlIamUser>(id);
    if (existing) return existing.login;
    this.checkIamAuthentication();
    const user = new CloudSqlIamUser(this.server, id, { ...this.userOptions(), email, kind });
    this.made.set(user.login, user.dependables);
    return user.login;
  }

  /** What has to exist before an owner logs in; makes the user of a login that the program gave. */
  public dependablesOf(owner: DatabaseLogin, database: string): ITerraformDependable[] {
    if (owner.authentication === LoginAuthentication.CLOUD_IDENTITY) this.checkIdentityOwner(owner);
    const made = this.made.get(owner);
    if (made) return made;
    if (owner.authentication === LoginAuthentication.CLOUD_IDENTITY) return [];
    if (this.props.adminLogin) return owner.password?.dependables ?? [];
    // A name known later gives no id; the database's does.
    const id = isResolved(owner.username) ? `User-${owner.username}` : `OwnerOf-${database}`;
    return this.createUser(id, owner.username, owner).dependables;
  }

  /** A database, made by the API. */
  public createDatabase(scope: Construct, name: string): SqlDatabase {
    const databases = this.server.node.children.filter((child) => child.node.id.startsWith("Database-"));
    if (databases.length > 1) {
      this.checks.warn(
        "several databases have owners made by Cloud SQL's API, who are members of cloudsqlsuperuser and can get at each " +
          "other's data; give the server an adminLogin, so that owners are made in SQL",
      );
    }
    const { instance, engine, project, provider, dependsOn } = this.userOptions();
    return new SqlDatabase(scope, "Resource", {
      instance,
      name,
      // PostgreSQL is UTF8 unless told otherwise; MySQL 5.7 is not.
      charset: isMysql(engine) ? "utf8mb4" : undefined,
      deletionPolicy: "ABANDON",
      project,
      provider,
      dependsOn,
    });
  }

  // The password of a user whom SQL makes.
  private createPassword(id: string): GeneratedPassword {
    const { passwordVersion, ...options } = this.passwordOptions();
    const { project, provider } = this.props;
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
    const { passwordVersion, region, tags, deletionPolicy } = this.props;
    const retain = (deletionPolicy ?? DeletionPolicy.RETAIN) === DeletionPolicy.RETAIN;
    return { passwordVersion, region, retain, tags };
  }

  private userOptions(): CloudSqlUserOptions {
    const { project, provider } = this.props;
    const { resource, engine } = this.server;
    return { instance: resource.name, engine, project, provider, dependsOn: [resource] };
  }

  private child<T extends IConstruct>(id: string): T | undefined {
    return this.server.node.tryFindChild(id) as T | undefined;
  }

  private checkIamAuthentication(): void {
    if (this.server.acceptsCloudIdentity) return;
    this.checks.fail(
      "iamAuthentication",
      false,
      "somebody logs in by a Google identity; leave it out or set it to true",
    );
  }

  private checkIdentityOwner(owner: DatabaseLogin): void {
    this.checkIamAuthentication();
    if (this.props.adminLogin) return;
    this.checks.fail(
      "adminLogin",
      undefined,
      `${isResolved(owner.username) ? owner.username : "the owner"} logs in by a Google identity and has no rights until SQL ` +
        "grants them; set adminLogin: CloudSqlAdminLogin.generated()",
    );
  }
}
