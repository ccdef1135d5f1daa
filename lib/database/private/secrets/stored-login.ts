import { DatabaseLogin } from "../../login";
import type { SecretValue } from "../../secret-value";

/**
 * A login of another stack with its password as this stack reads it from the secret store.
 *
 * @param path path of the construct that reads it, for messages.
 * @param subject first part of the id of a refusal, such as `SECRETS-MANAGER`.
 * @param login the login of the other stack.
 * @param read reads the secret of an identifier, under the version of the store; the suffix, empty for all but the clone of alternating
 * users, keeps their construct ids apart.
 * @throws Error if no store holds the password.
 */
export function storedLogin(
  path: string,
  subject: string,
  login: DatabaseLogin | undefined,
  read: (secretId: string, version: number, suffix: string) => SecretValue,
): DatabaseLogin {
  if (login?.alternating) {
    const { owner, clone, cloneInUse } = login.alternating;
    return DatabaseLogin.alternating({
      owner: storedLogin(path, subject, owner, read),
      clone: storedLogin(path, subject, clone, (id, version) => read(id, version, "-clone")),
      cloneInUse,
    });
  }
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
  return DatabaseLogin.withPassword(login.username, read(password.store.id, password.store.version, ""));
}
