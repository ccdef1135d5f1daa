/** The two users of an owner whose users alternate: which one is in use, and which password a rotation changes. */
import { DatabaseLogin, SecretValue } from "../../../lib/database";
import { ownerOrAlternating, storedLogin, userVersions } from "../../../lib/database/private";

const secret = (version = 1) => SecretValue.fromEphemeral(`\${ephemeral.x.y.v${version}}`, { version });
const login = (name: string, version = 1) => DatabaseLogin.withPassword(name, secret(version));
const at = (version: number, since?: number) =>
  ownerOrAlternating("coder", userVersions(version, since), login);

test.each([1, 2, 3, 4, 7, 10])(
  "from version %i on, each increment changes the password of the user that is not in use",
  (since) => {
    // Before, there is one user; setting the property changes nothing.
    expect(at(since, since)).toEqual(at(since));
    let before = at(since, since);
    for (let version = since + 1; version < since + 6; version++) {
      const now = at(version, since);
      const kept = now.users.find((user) => user.username === before.username);
      expect(kept?.password?.version).toBe(before.password?.version);
      expect(now.username).not.toBe(before.username);
      expect(now.password?.version).toBe(version);
      expect(now.users.map((user) => user.username)).toEqual(["coder", "coder_clone"]);
      expect(now.ownerName).toBe("coder");
      before = now;
    }
  },
);

test("a single user has each version's password", () => {
  expect(at(5).alternating).toBeUndefined();
  expect([at(5).username, at(5).ownerName, at(5).password?.version]).toEqual(["coder", "coder", 5]);
  expect(at(5).users).toEqual([at(5)]);
});

test("two users with passwords are needed", () => {
  const owner = login("coder");
  const of = (clone: DatabaseLogin) => () => DatabaseLogin.alternating({ owner, clone, cloneInUse: true });
  expect(of(login("coder"))).toThrow(/^LOGIN-ALTERNATING: owner and clone must be two users/);
  expect(of(DatabaseLogin.withCloudIdentity("other"))).toThrow(/each with a password/);
  expect(of(at(2, 1))).toThrow(/must be single users/);
});

test("another stack reads the passwords of both users, each under an id that stays", () => {
  const stored = (name: string, version: number) =>
    DatabaseLogin.withPassword(
      name,
      SecretValue.fromEphemeral(`\${ephemeral.x.y.${name}}`, {
        version,
        store: { id: `arn:${name}`, version },
      }),
    );
  const read: string[] = [];
  const login = storedLogin(
    "stack/password",
    "TEST",
    DatabaseLogin.alternating({
      owner: stored("coder", 3),
      clone: stored("coder_clone", 4),
      cloneInUse: true,
    }),
    (id, version, suffix) => {
      read.push(`password${suffix}: ${id} ${version}`);
      return secret(version);
    },
  );
  expect(read).toEqual(["password: arn:coder 3", "password-clone: arn:coder_clone 4"]);
  expect([login.username, login.ownerName, login.password?.version]).toEqual(["coder_clone", "coder", 4]);
});
