import type { SecretValue } from "./secret-value";

/** How a login proves who it is. */
export enum LoginAuthentication {
  /** By a password. */
  PASSWORD = "password",
  /** By the cloud's identity (RDS IAM, Cloud SQL IAM, Entra), without a password. */
  CLOUD_IDENTITY = "cloud-identity",
  /** By a proxy beside the client, which logs in for it by the cloud's identity; the client gives a name only. */
  PROXY = "proxy",
}

/** A user of a database server. */
export class DatabaseLogin {
  /**
   * A user with a password.
   *
   * @param username the user's name; may be a token.
   * @param password the password.
   */
  public static withPassword(username: string, password: SecretValue): DatabaseLogin {
    return new DatabaseLogin(username, LoginAuthentication.PASSWORD, password);
  }

  /**
   * A user whom the cloud's identity lets in.
   *
   * @param username the user's name; may be a token.
   */
  public static withCloudIdentity(username: string): DatabaseLogin {
    return new DatabaseLogin(username, LoginAuthentication.CLOUD_IDENTITY, undefined);
  }

  /**
   * A user for whom a proxy beside the client logs in.
   *
   * @param username the user's name; may be a token.
   */
  public static throughProxy(username: string): DatabaseLogin {
    return new DatabaseLogin(username, LoginAuthentication.PROXY, undefined);
  }

  /** The user's name. */
  public readonly username: string;
  /** How the user proves who it is. */
  public readonly authentication: LoginAuthentication;
  /** The password; set for a login by password only. */
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
