import { DatabaseLogin } from "../../login";
import type { SecretValue } from "../../secret-value";

/**
 * A login of another stack with its password as this stack reads it from the secret store.
 *
 * @param path path of the construct that reads it, for messages.
 * @param subject first part of the id of a refusal, such as `SECRETS-MANAGER`.
 * @param login the login of the other stack.
 * @param read reads the secret of an identifier, under the version of the store.
 * @throws Error if no store holds the password.
 */
export function storedLogin(
  path: string,
  subject: string,
  login: DatabaseLogin | undefined,
  read: (secretId: string, version: number) => SecretValue,
): DatabaseLogin {
  const password = login?.password;
  if (!login || !password?.store) {
    const found = password
      ? "a password that the library did not store"
      : login
        ? "a login without a password"
        : "not set";
    throw new Error(
      `[${path}] ${subject}-LOGIN: login must have a password that the library generated and stored (got ${found}); ` +
        "give DatabaseLogin.withPassword(name, secret) with the secret as this stack reads it",
    );
  }
  return DatabaseLogin.withPassword(login.username, read(password.store.id, password.store.version));
}
