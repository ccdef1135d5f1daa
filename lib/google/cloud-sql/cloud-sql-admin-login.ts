import type { DatabaseLogin } from "../../database";

/** The name of the administrator of a server that names none: legal on every cloud, and not the one attackers try first. */
export const DEFAULT_ADMIN_NAME = "dbadmin";

/** What a `CloudSqlAdminLogin` is about. */
export interface CloudSqlAdminLoginOptions {
  /** The administrator's name. @default dbadmin */
  readonly username?: string;
}

/**
 * The administrator who sets up databases in SQL: a user made by Cloud SQL's API. The built-in `postgres` and `root` are
 * not used, since google 6.50 would keep their password in the state.
 */
export class CloudSqlAdminLogin {
  /**
   * A generated password, kept in Secret Manager; it changes when the server's `passwordVersion` is raised.
   *
   * @param options the name. @default - dbadmin
   */
  public static generated(options: CloudSqlAdminLoginOptions = {}): CloudSqlAdminLogin {
    return new CloudSqlAdminLogin(options.username ?? DEFAULT_ADMIN_NAME);
  }

  /**
   * A user with a password of yours, which is made on the server.
   *
   * @param login name and password.
   */
  public static given(login: DatabaseLogin): CloudSqlAdminLogin {
    return new CloudSqlAdminLogin(login.username, login);
  }

  /** The administrator's name. */
  public readonly username: string;
  /** The login that was given. @internal */
  public readonly _login?: DatabaseLogin;

  private constructor(username: string, login?: DatabaseLogin) {
    this.username = username;
    this._login = login;
  }
}
