import { SecretValue } from "../database";
import { isResolved, terraformCall } from "../database/private";
import type { IImageRegistry } from "./image-registry";

/**
 * Credentials of an image registry, for clients without workload identities, and the Docker configuration file made from them.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 *
 * @example
 * const login = RegistryLogin.of("pusher", password);
 */
export class RegistryLogin {
  /** Artifact Registry's user name for a key file in plain text; the one for a base64-encoded key file is another. */
  public static readonly GOOGLE_KEY_NAME = "_json_key";

  /**
   * User name and password.
   *
   * @param username the user name, which is not secret and has no colon; may be a token.
   * @param password the password.
   * @throws Error when the user name is empty or has a colon, the separator of name and password.
   */
  public static of(username: string, password: SecretValue): RegistryLogin {
    if (username === "" || (isResolved(username) && username.includes(":"))) {
      throw new Error(
        `REGISTRY-LOGIN-USERNAME: username must have at least one character and no colon (got "${username}")`,
      );
    }
    return new RegistryLogin(username, password);
  }

  /**
   * Key file of a Google service account, for Artifact Registry.
   *
   * @param serviceAccountJson JSON text of the key file.
   */
  public static googleKey(serviceAccountJson: SecretValue): RegistryLogin {
    // cloud.google.com/artifact-registry "Set up authentication for Docker": the user name for a key that is not base64-encoded.
    return new RegistryLogin(RegistryLogin.GOOGLE_KEY_NAME, serviceAccountJson);
  }

  /** User name. */
  public readonly username: string;
  /** Password. */
  public readonly password: SecretValue;

  private constructor(username: string, password: SecretValue) {
    this.username = username;
    this.password = password;
  }

  /**
   * Docker configuration with the credentials of a registry: the value of the key `.dockerconfigjson` of a Kubernetes secret of the
   * type `kubernetes.io/dockerconfigjson`.
   *
   * @param registry the registry; its `server` is the name of the entry.
   */
  public dockerConfigJson(registry: IImageRegistry): SecretValue {
    const { username } = this;
    // A trailing line break of a file does not belong to the password, and the cloud would refuse it.
    const password = terraformCall("trimspace", this.password.writeOnly());
    const auth = terraformCall("base64encode", terraformCall("format", "%s:%s", username, password));
    const entry = { username, password, auth };
    // A map from two lists, since the server may be a token and CDKTF's objects have fixed keys.
    const auths = terraformCall("zipmap", [registry.server], [entry]);
    return SecretValue.fromEphemeral(terraformCall("jsonencode", { auths }), {
      version: this.password.version,
      dependables: [...this.password.dependables, ...registry.dependables],
    });
  }
}
