import type { SecretValue } from "./secret-value";

/** Authentication method of a login. */
export enum LoginAuthentication {
  /** Password. */
  PASSWORD = "password",
  /** Identity of the cloud, without a password: IAM database authentication on RDS and Cloud SQL, Microsoft Entra ID on Azure. */
  CLOUD_IDENTITY = "cloud-identity",
  /** Auth proxy sidecar that authenticates with an identity of the cloud; the client sends the user name only. */
  PROXY = "proxy",
}

/**
 * Login of a database server: a user name and its authentication method.
 *
 * @example
 * const login = DatabaseLogin.withPassword("coder", password);
 */
export class DatabaseLogin {
  /**
   * A login with a password.
   *
   * @param username the user name; may be a token.
   * @param password the password.
   */
  public static withPassword(username: string, password: SecretValue): DatabaseLogin {
    return new DatabaseLogin(username, LoginAuthentication.PASSWORD, password);
  }

  /**
   * A login that authenticates with an identity of the cloud.
   *
   * @param username the user name; may be a token.
   */
  public static withCloudIdentity(username: string): DatabaseLogin {
    return new DatabaseLogin(username, LoginAuthentication.CLOUD_IDENTITY, undefined);
  }

  /**
   * A login that an auth proxy sidecar authenticates.
   *
   * @param username the user name; may be a token.
   */
  public static throughProxy(username: string): DatabaseLogin {
    return new DatabaseLogin(username, LoginAuthentication.PROXY, undefined);
  }

  /** User name; may be a token. */
  public readonly username: string;
  /** Authentication method. */
  public readonly authentication: LoginAuthentication;
  /** Password. Set for `LoginAuthentication.PASSWORD` only. */
  public readonly password?: SecretValue;

  private constructor(
    username: string,
    authentication: LoginAuthentication,
    password: SecretValue | undefined,
  ) {
    this.username = username;
    this.authentication = authentication;
    this.password = password;
  }
}
