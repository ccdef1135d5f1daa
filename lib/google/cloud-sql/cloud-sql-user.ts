// Users made by Cloud SQL's API, without SQL. They are left alone on destroy: PostgreSQL refuses to drop a user who owns
// something, and a user removed by mistake would lock the application out.

import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Cloud, type DatabaseEngine, DatabaseLogin } from "../../database";
import { isResolved, passwordPreconditions, SynthChecks, terraformCall } from "../../database/private";
import { GeneratedPassword } from "../secrets/generated-password";
import { isMysql } from "./cloud-sql-edition";

/** Properties that users have in common. */
export interface CloudSqlUserOptions {
  /** The instance's name. */
  readonly instance: string;
  /** The engine. */
  readonly engine: DatabaseEngine;
  /** The project. @default - the provider's */
  readonly project?: string;
  /** The provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** What has to exist first. @default - what the instance's name refers to */
  readonly dependsOn?: ITerraformDependable[];
}

/** Properties of a `CloudSqlUser`. */
export interface CloudSqlUserProps extends CloudSqlUserOptions {
  /** The user's name. @default - the name of `login` */
  readonly username?: string;
  /** A login of yours. @default - a generated password, kept in Secret Manager */
  readonly login?: DatabaseLogin;
  /** The number of the generated password. @default 1 */
  readonly passwordVersion?: number;
  /** The region that keeps the generated password. @default - any */
  readonly region?: string;
  /** Whether Google refuses to delete the generated password. @default true */
  readonly retain?: boolean;
  /** Labels of the generated password. @default - none */
  readonly tags?: { readonly [name: string]: string };
}

/**
 * A user with a password. As every such user that the API makes, it is a member of `cloudsqlsuperuser`, so it may do
 * what the server's administrator may.
 *
 * @example
 * const login = new CloudSqlUser(this, "user", { instance: server.resource.name, engine: server.engine, username: "reports" }).login;
 */
export class CloudSqlUser extends Construct {
  /** The user. */
  public readonly resource: SqlUser;
  /** The generated password; not set for a login of yours. */
  public readonly password?: GeneratedPassword;
  /** Name and password. */
  public readonly login: DatabaseLogin;
  /** What has to exist before anybody logs in. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CloudSqlUserProps) {
    super(scope, id);
    const { instance, engine, project, provider } = props;
    if (!props.login) {
      this.password = new GeneratedPassword(this, "Password", {
        version: props.passwordVersion,
        region: props.region,
        retain: props.retain,
        tags: props.tags,
        project,
        provider,
        // After the instance, which takes a quarter of an hour and may fail: all places are written close together.
        dependsOn: props.dependsOn,
      });
    }
    const username = props.login?.username ?? props.username;
    const secret = props.login ? props.login.password : this.password?.value;
    if (username === undefined || secret === undefined) {
      throw new Error(`[${this.node.path}] a user of this kind needs a name and a password`);
    }
    this.login = props.login ?? DatabaseLogin.withPassword(username, secret);
    this.resource = new SqlUser(this, "Resource", {
      instance,
      name: username,
      // MySQL knows users by name and host; PostgreSQL refuses a host.
      host: isMysql(engine) ? "%" : undefined,
      passwordWo: secret.writeOnly(),
      passwordWoVersion: secret.version,
      deletionPolicy: "ABANDON",
      // A generated one is legal.
      lifecycle: props.login
        ? { precondition: passwordPreconditions(secret, Cloud.GOOGLE, engine) }
        : undefined,
      project,
      provider,
      dependsOn: [...(props.dependsOn ?? []), ...secret.dependables],
    });
    const stored = this.password?.store([this.resource]);
    this.dependables = stored ? [this.resource, stored] : [this.resource];
  }
}

/** Who logs in by a Google identity. */
export enum CloudSqlIamKind {
  /** A service account, such as that of a workload. */
  SERVICE_ACCOUNT = "CLOUD_IAM_SERVICE_ACCOUNT",
  /** A person. */
  USER = "CLOUD_IAM_USER",
  /** A group of people and service accounts. */
  GROUP = "CLOUD_IAM_GROUP",
}

/** Properties of a `CloudSqlIamUser`. */
export interface CloudSqlIamUserProps extends CloudSqlUserOptions {
  /** The e-mail address of the identity; may be a token. */
  readonly email: string;
  /** Who it is. @default CloudSqlIamKind.SERVICE_ACCOUNT */
  readonly kind?: CloudSqlIamKind;
}

/**
 * A user who logs in by a Google identity, without a password. It may do nothing until the administrator grants it
 * something in SQL.
 *
 * @example
 * const login = new CloudSqlIamUser(this, "user", { instance: server.resource.name, engine: server.engine, email: identity.email }).login;
 */
export class CloudSqlIamUser extends Construct {
  /** The user. */
  public readonly resource: SqlUser;
  /** The name by which the identity logs in. */
  public readonly login: DatabaseLogin;
  /** What has to exist before anybody logs in. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CloudSqlIamUserProps) {
    super(scope, id);
    const { email, engine, instance, project, provider, dependsOn } = props;
    const kind = props.kind ?? CloudSqlIamKind.SERVICE_ACCOUNT;
    const checks = new SynthChecks(this);
    checks.matches("email", email, /^[^@\s]+@[^@\s]+\.[^@\s]+$/, "allowed is an e-mail address");
    if (kind === CloudSqlIamKind.SERVICE_ACCOUNT) {
      checks.matches(
        "email",
        email,
        /\.gserviceaccount\.com$/,
        "the address of a service account ends in .gserviceaccount.com; for people give CloudSqlIamKind.USER",
      );
    }
    const username = iamUsername(engine, email);
    this.login = DatabaseLogin.withCloudIdentity(username);
    this.resource = new SqlUser(this, "Resource", {
      instance,
      // MySQL's API wants the whole address and cuts it itself; the provider sees no change in that.
      name: isMysql(engine) ? email : username,
      type: kind,
      deletionPolicy: "ABANDON",
      project,
      provider,
      dependsOn,
    });
    this.dependables = [this.resource];
  }
}

/**
 * The database user of a Google identity: for PostgreSQL the address, of a service account without
 * `.gserviceaccount.com`; for MySQL what is in front of the at-sign.
 *
 * @param engine the engine.
 * @param email the e-mail address; may be a token.
 */
export function iamUsername(engine: DatabaseEngine, email: string): string {
  if (isResolved(email)) {
    return isMysql(engine) ? (email.split("@")[0] ?? email) : email.replace(/\.gserviceaccount\.com$/, "");
  }
  return isMysql(engine)
    ? terraformCall("element", terraformCall("split", "@", email), 0)
    : terraformCall("trimsuffix", email, ".gserviceaccount.com");
}
