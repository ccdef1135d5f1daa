import { inspect } from "node:util";
import { DatabaseLogin, LoginAuthentication, SecretValue } from "../../../lib/database";

const password = SecretValue.fromEphemeral("${ephemeral.a.b.c}", { version: 1 });

test("a login proves who it is in one way", () => {
  expect(DatabaseLogin.withPassword("coder", password)).toMatchObject({
    username: "coder",
    authentication: LoginAuthentication.PASSWORD,
    password,
  });
  expect(DatabaseLogin.withCloudIdentity("coder")).toMatchObject({
    username: "coder",
    authentication: LoginAuthentication.CLOUD_IDENTITY,
    password: undefined,
  });
});

test("neither JSON nor a log shows the password's expression", () => {
  const login = DatabaseLogin.withPassword("coder", password);
  expect(JSON.stringify(login)).not.toContain("ephemeral");
  expect(inspect(login, { depth: 9, showHidden: true })).not.toContain("ephemeral.a.b.c");
});
