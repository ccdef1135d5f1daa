import { DatabaseLogin } from "../../login";
import { isResolved } from "../is-resolved";
import type { SynthChecks } from "../synth-checks";

/** AWS Secrets Manager's rotation functions name the second user so. */
const SUFFIX = "_clone";

/** Password versions of owner and clone. */
export interface UserVersions {
  /** Version of the owner's password. */
  readonly owner: number;
  /** Version of the clone's password; not set before the first rotation, when there is no clone. */
  readonly clone?: number;
}

/**
 * Password versions of the two users at a password version. Each increment changes the version of one of them, that of the user which
 * was not in use; so the password with which pods still run is never set anew while they are replaced.
 *
 * @param version password version of the server.
 * @param since password version at which the owner itself is in use; not set if users do not alternate.
 */
export function userVersions(version: number, since: number | undefined): UserVersions {
  if (since === undefined) return { owner: version };
  const rotations = version - since;
  if (rotations === 0) return { owner: version };
  return rotations % 2 === 0
    ? { owner: version, clone: version - 1 }
    : { owner: version - 1, clone: version };
}

/**
 * The login of an owner, or of the one of two alternating users that is in use.
 *
 * @param username user name of the owner.
 * @param versions password versions, of `userVersions`.
 * @param login the login of a user with the password of a version.
 */
export function ownerOrAlternating(
  username: string,
  versions: UserVersions,
  login: (username: string, version: number) => DatabaseLogin,
): DatabaseLogin {
  const owner = login(username, versions.owner);
  if (versions.clone === undefined) return owner;
  const clone = login(cloneName(username), versions.clone);
  return DatabaseLogin.alternating({ owner, clone, cloneInUse: versions.clone > versions.owner });
}

/**
 * Reports an owner that has the name of another owner's clone, from the day on which users begin to alternate.
 *
 * @param checks where to report.
 * @param owners names of the server's owners so far; gets this one.
 * @param username user name of the owner.
 */
export function checkCloneNames(checks: SynthChecks, owners: Set<string>, username: string): void {
  if (owners.has(username)) return;
  owners.add(username);
  for (const owner of owners) {
    const clone = cloneName(owner);
    if (!owners.has(clone) || (owner !== username && clone !== username)) continue;
    checks.fail(
      "alternatingUsersSince",
      clone,
      `must leave ${clone} to the second user of ${owner}: another database has an owner of this name; give that owner another one (ownerName)`,
      `alternatingUsersSince.${owner}`,
    );
  }
}

/** Name of an owner's clone. */
export function cloneName(username: string): string {
  return `${username}${SUFFIX}`;
}

/**
 * The password version from which users alternate; a value that cannot be is reported and left out.
 *
 * @param checks where to report.
 * @param since `alternatingUsersSince` as the user writes it.
 * @param version password version of the server.
 */
export function alternatingSince(
  checks: SynthChecks,
  since: number | undefined,
  version: number,
): number | undefined {
  if (since === undefined) return undefined;
  const refuse = (rule: `must ${string}`) => {
    checks.fail("alternatingUsersSince", since, rule);
    return undefined;
  };
  if (!isResolved([since, version])) {
    return refuse(
      "must be known at synth, like passwordVersion: which of the two users is in use follows from both",
    );
  }
  if (!Number.isInteger(since) || since < 1 || since > version) {
    return refuse(
      `must be a whole number from 1 to passwordVersion (${version}): the passwordVersion of a running server when it is set first, 1 for a new one`,
    );
  }
  return since;
}
