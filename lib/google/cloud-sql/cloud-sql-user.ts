// Users that the Cloud SQL Admin API creates, without SQL. Terraform abandons them on destroy: PostgreSQL refuses to drop a user
// that owns objects, and a user removed by mistake would lock the application out.

import { SqlUser } from "@cdktf/provider-google/lib/sql-user";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type DatabaseEngine, DatabaseLogin } from "../../database";
import {
  isResolved,
  passwordPreconditions,
  requireProps,
  SynthChecks,
  terraformCall,
} from "../../database/private";
import { GeneratedPassword } from "../secrets/generated-password";
import { isMysql } from "./cloud-sql-version";
import { PASSWORD_RULES } from "./data/passwords";

/** Properties that built-in and IAM users share. */
export interface CloudSqlUserOptions {
  /**
   * Name of the instance.
   *
   * @see https://cloud.google.com/sql/docs/postgres/instance-settings
   */
  readonly instance: string;
  /**
   * The engine and version.
   *
   * @see https://cloud.google.com/sql/docs/postgres/db-versions
   */
  readonly engine: DatabaseEngine;
  /**
   * Project of the instance. @default - the provider's project
   *
   * @see https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
   */
  readonly project?: string;
  /** The google provider. @default - the stack's only google provider */
  readonly provider?: TerraformProvider;
  /** Resources that must exist first. @default - the resources to which the instance's name refers */
  readonly dependsOn?: ITerraformDependable[];
}

/** Properties of a `CloudSqlUser`. */
export interface CloudSqlUserProps extends CloudSqlUserOptions {
  /**
   * User name.
   * @default - the name of `login`
   *
   * @see https://cloud.google.com/sql/docs/postgres/create-manage-users
   */
  readonly username?: string;
  /**
   * A login with a password of your own. @default - a generated password, stored in Secret Manager
   *
   * @see https://cloud.google.com/sql/docs/postgres/create-manage-users
   */
  readonly login?: DatabaseLogin;
  /** Version of the generated password; increment to rotate it. @default 1 */
  readonly passwordVersion?: number;
  /**
   * Region of the generated password's secret. @default - automatic replication
   *
   * @see https://cloud.google.com/secret-manager/docs/choosing-replication
   */
  readonly region?: string;
  /**
   * Enables deletion protection of the generated password's secret. @default true
   *
   * @see https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/secret_manager_secret#deletion_protection
   */
  readonly retain?: boolean;
  /**
   * Labels of the generated password's secret. @default - none
   *
   * @see https://cloud.google.com/secret-manager/docs/add-labels-to-secrets
   */
  readonly tags?: { readonly [name: string]: string };
}

/**
 * A user with built-in authentication (a password). Cloud SQL makes every such user a member of `cloudsqlsuperuser`, so it has
 * the rights of the administrator.
 *
 * @see https://cloud.google.com/sql/docs/postgres/users
 *
 * @example
 * const login = new CloudSqlUser(this, "user", { instance: server.resource.name, engine: server.engine, username: "reports" }).login;
 */
export class CloudSqlUser extends Construct {
  /** The user. */
  public readonly resource: SqlUser;
  /** The generated password; not set for a login of your own. */
  public readonly password?: GeneratedPassword;
  /** The user's name and password. */
  public readonly login: DatabaseLogin;
  /** Resources that must exist before the user logs in. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CloudSqlUserProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL", props, { instance: true, engine: true });
    const { instance, engine, project, provider } = props;
    if (!props.login) {
      this.password = new GeneratedPassword(this, "Password", {
        version: props.passwordVersion,
        region: props.region,
        retain: props.retain,
        tags: props.tags,
        project,
        provider,
        // After the instance, which takes a quarter of an hour and may fail: all places are then written close together.
        dependsOn: props.dependsOn,
      });
    }
    const username = props.login?.username ?? props.username;
    const secret = props.login ? props.login.password : this.password?.value;
    if (username === undefined || secret === undefined) {
      throw new Error(
        `[${this.node.path}] CLOUDSQL-USERNAME: username must be set (got not set); or set login to a login with a password`,
      );
    }
    this.login = props.login ?? DatabaseLogin.withPassword(username, secret);
    this.resource = new SqlUser(this, "Resource", {
      instance,
      name: username,
      // MySQL identifies users by name and host; PostgreSQL refuses a host.
      host: isMysql(engine) ? "%" : undefined,
      passwordWo: secret.writeOnly(),
      passwordWoVersion: secret.version,
      deletionPolicy: "ABANDON",
      // A generated password is always legal.
      lifecycle: props.login
        ? { precondition: passwordPreconditions(secret, PASSWORD_RULES[engine.family]) }
        : undefined,
      project,
      provider,
      dependsOn: [...(props.dependsOn ?? []), ...secret.dependables],
    });
    const stored = this.password?.store([this.resource]);
    this.dependables = stored ? [this.resource, stored] : [this.resource];
  }
}

/** Kind of IAM principal. */
export enum CloudSqlIamKind {
  /** A service account, such as that of a workload. */
  SERVICE_ACCOUNT = "CLOUD_IAM_SERVICE_ACCOUNT",
  /** A user account. */
  USER = "CLOUD_IAM_USER",
  /** A Cloud Identity group of users and service accounts. */
  GROUP = "CLOUD_IAM_GROUP",
}

/** Properties of a `CloudSqlIamUser`. */
export interface CloudSqlIamUserProps extends CloudSqlUserOptions {
  /**
   * E-mail address of the IAM principal; may be a token.
   *
   * @see https://cloud.google.com/sql/docs/postgres/add-manage-iam-users
   */
  readonly email: string;
  /**
   * Kind of IAM principal.
   * @default CloudSqlIamKind.SERVICE_ACCOUNT
   *
   * @see https://cloud.google.com/sql/docs/postgres/iam-authentication
   */
  readonly kind?: CloudSqlIamKind;
}

/**
 * A user with IAM database authentication, without a password. It has no privileges until the administrator grants them in SQL.
 *
 * @see https://cloud.google.com/sql/docs/postgres/add-manage-iam-users
 *
 * @example
 * const login = new CloudSqlIamUser(this, "user", { instance: server.resource.name, engine: server.engine, email: identity.email }).login;
 */
export class CloudSqlIamUser extends Construct {
  /** The user. */
  public readonly resource: SqlUser;
  /** The name with which the principal logs in. */
  public readonly login: DatabaseLogin;
  /** Resources that must exist before the user logs in. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: CloudSqlIamUserProps) {
    super(scope, id);
    requireProps(this.node.path, "CLOUDSQL", props, { email: true, instance: true, engine: true });
    const { email, engine, instance, project, provider, dependsOn } = props;
    const kind = props.kind ?? CloudSqlIamKind.SERVICE_ACCOUNT;
    const checks = new SynthChecks(this, "CLOUDSQL");
    checks.matches("email", email, /^[^@\s]+@[^@\s]+\.[^@\s]+$/, "must be an e-mail address");
    if (kind === CloudSqlIamKind.SERVICE_ACCOUNT) {
      checks.matches(
        "email",
        email,
        /\.gserviceaccount\.com$/,
        "must end in .gserviceaccount.com for a service account; for a person set CloudSqlIamKind.USER",
      );
    }
    const username = iamUsername(engine, email);
    this.login = DatabaseLogin.withCloudIdentity(username);
    this.resource = new SqlUser(this, "Resource", {
      instance,
      // MySQL's API takes the whole address and truncates it; the provider suppresses that difference.
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
 * Database user name of an IAM principal. PostgreSQL: the e-mail address, of a service account without `.gserviceaccount.com`.
 * MySQL: the part before the at sign.
 *
 * @param engine the engine.
 * @param email the e-mail address; may be a token.
 *
 * @see https://cloud.google.com/sql/docs/postgres/iam-authentication
 */
export function iamUsername(engine: DatabaseEngine, email: string): string {
  if (isResolved(email)) {
    return isMysql(engine) ? (email.split("@")[0] ?? email) : email.replace(/\.gserviceaccount\.com$/, "");
  }
  return isMysql(engine)
    ? terraformCall("element", terraformCall("split", "@", email), 0)
    : terraformCall("trimsuffix", email, ".gserviceaccount.com");
}
