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
 * The two users of an owner whose users alternate (alternating users rotation): each rotation gives a new password to the user that is
 * not in use, and clients change over to that user. The user before stays valid until the next rotation.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html#rotating-secrets-two-users
 */
export interface AlternatingUsers {
  /** User that owns the databases and their objects. */
  readonly owner: DatabaseLogin;
  /** Second user, which has the owner's privileges. In PostgreSQL its sessions act as the owner, so that the owner owns what they create. */
  readonly clone: DatabaseLogin;
  /** True if clients log in as the clone, false if as the owner. */
  readonly cloneInUse: boolean;
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

  /**
   * The login that is in use, of an owner whose users alternate. Servers with `alternatingUsersSince` create it; for a server that
   * others administer, name the user that is in use now.
   *
   * @param users owner and clone, each with a password.
   * @throws Error if one of them has no password, both have one name, or one of them alternates itself.
   */
  public static alternating(users: AlternatingUsers): DatabaseLogin {
    const { owner, clone, cloneInUse } = users;
    if (!owner.password || !clone.password || owner.username === clone.username) {
      throw new Error(
        `LOGIN-ALTERNATING: owner and clone must be two users, each with a password (got ${owner.username} and ${clone.username})`,
      );
    }
    if (owner.alternating || clone.alternating) {
      throw new Error("LOGIN-ALTERNATING: owner and clone must be single users (got alternating users)");
    }
    const { username, password } = cloneInUse ? clone : owner;
    return new DatabaseLogin(username, LoginAuthentication.PASSWORD, password, users);
  }

  /** User name; may be a token. */
  public readonly username: string;
  /** Authentication method. */
  public readonly authentication: LoginAuthentication;
  /** Password. Set for `LoginAuthentication.PASSWORD` only. */
  public readonly password?: SecretValue;
  /** Owner and clone, of which this login is the one in use. Not set for a single user. */
  public readonly alternating?: AlternatingUsers;

  private constructor(
    username: string,
    authentication: LoginAuthentication,
    password: SecretValue | undefined,
    alternating?: AlternatingUsers,
  ) {
    this.username = username;
    this.authentication = authentication;
    this.password = password;
    this.alternating = alternating;
  }

  /** Name of the user that owns databases: that of the owner if users alternate, else the user name. */
  public get ownerName(): string {
    return this.alternating?.owner.username ?? this.username;
  }

  /** Users that are valid at the server: owner and clone if users alternate, else this login alone. */
  public get users(): DatabaseLogin[] {
    return this.alternating ? [this.alternating.owner, this.alternating.clone] : [this];
  }
}
