import { SecretValue } from "../database";
import { isResolved, terraformCall } from "../database/private";
import type { IImageRegistry } from "./image-registry";

/**
 * A name and a password for a registry, for clients that know no identities, and the configuration file that Docker and
 * Kubernetes log in with.
 *
 * @example
 * const login = RegistryLogin.of("pusher", password);
 */
export class RegistryLogin {
  /** Artifact Registry's name for a login with a key file as it is; the one for its base64 is another. */
  public static readonly GOOGLE_KEY_NAME = "_json_key";

  /**
   * A login by name and password.
   *
   * @param username the name, which is no secret and has no colon; may be a token.
   * @param password the password.
   * @throws Error when the name is empty or has a colon, at which clients part name and password.
   */
  public static of(username: string, password: SecretValue): RegistryLogin {
    if (username === "" || (isResolved(username) && username.includes(":"))) {
      throw new Error(
        `the name "${username}" of a registry's login has to have one character or more and no colon`,
      );
    }
    return new RegistryLogin(username, password);
  }

  /**
   * A login to Artifact Registry with a key file of a Google service account.
   *
   * @param serviceAccountJson the file's JSON text.
   */
  public static googleKey(serviceAccountJson: SecretValue): RegistryLogin {
    // cloud.google.com/artifact-registry "Set up authentication for Docker": the name for a key that is not base64.
    return new RegistryLogin(RegistryLogin.GOOGLE_KEY_NAME, serviceAccountJson);
  }

  /** The name. */
  public readonly username: string;
  /** The password. */
  public readonly password: SecretValue;

  private constructor(username: string, password: SecretValue) {
    this.username = username;
    this.password = password;
  }

  /**
   * The text of a Docker configuration that logs in to a registry: the value of the key `.dockerconfigjson` of a Kubernetes
   * secret of the type `kubernetes.io/dockerconfigjson`.
   *
   * @param registry the registry; its `server` is the entry's name.
   */
  public dockerConfigJson(registry: IImageRegistry): SecretValue {
    const { username } = this;
    // A line break at the end of a file is part of no password, and the cloud would refuse it.
    const password = terraformCall("trimspace", this.password.writeOnly());
    const auth = terraformCall("base64encode", terraformCall("format", "%s:%s", username, password));
    const entry = { username, password, auth };
    // A map by two lists, as the server may be a token and CDKTF's objects have fixed names.
    const auths = terraformCall("zipmap", [registry.server], [entry]);
    return SecretValue.fromEphemeral(terraformCall("jsonencode", { auths }), {
      version: this.password.version,
      dependables: [...this.password.dependables, ...registry.dependables],
    });
  }
}
