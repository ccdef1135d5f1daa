/** The local back end with the real Terraform: applies, plans nothing more, and keeps no secret anywhere. */

import { readFileSync } from "node:fs";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { CoderSql } from "../../../lib/coder";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { ComponentObjects, DatabaseObjects, LocalSqlBackend } from "../../../lib/sql";
import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import { terraformTools } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { StackCopy } from "../../support/terraform/stack-copy";
import { writtenStack } from "../../support/terraform/written-stack";

jest.setTimeout(300_000);

const needs = () => {
  const postgres = postgresTools();
  const terraform = terraformTools();
  if (postgres instanceof Unavailable) return postgres;
  if (terraform instanceof Unavailable) return terraform;
  return { postgres, terraform };
};

describeWith("the local back end", needs, (tools) => {
  let postgres: Postgres;
  let copy: StackCopy | undefined;
  beforeAll(async () => {
    postgres = await Postgres.start(tools.postgres);
  });
  afterAll(async () => {
    copy?.remove();
    await postgres?.stop();
  });

  const stack =
    (version: number, everyApply = false) =>
    (scope: TerraformStack) => {
      const secret = (name: string, of: number) =>
        SecretValue.fromVariable(new TerraformVariable(scope, name, { type: "string" }), of);
      const server = DatabaseServer.fromServerAttributes(scope, "postgres", {
        engine: DatabaseEngine.postgres(PostgresVersion.V17),
        host: "localhost",
        port: postgres.port,
        tls: {
          enforced: true,
          hostnameVerifiable: true,
          caCertificatesPem: readFileSync(postgres.ca, "utf8"),
        },
        adminLogin: DatabaseLogin.withPassword(postgres.admin.user, secret("admin_password", 1)),
      });
      const database = server.database("coder", {
        owner: DatabaseLogin.withPassword("coder", secret("coder_password", version)),
      });
      new DatabaseObjects(scope, "objects", {
        server,
        components: [CoderSql.objects(database)],
        backend: new LocalSqlBackend(),
        everyApply,
      });
    };
  const variables = (password: string) => ({
    admin_password: postgres.admin.password,
    coder_password: password,
  });
  const changes = (stackCopy: StackCopy) =>
    (stackCopy.plan().resource_changes ?? [])
      .map((c) => c.change.actions.join("-"))
      .filter((a) => a !== "no-op");

  test("applies, plans nothing more, and sets a new password when its version is raised", async () => {
    const canary = "Can't-be-anywhere-1 $x";
    copy = new StackCopy(tools.terraform, writtenStack(stack(1)), { variables: {} });
    // Ephemeral variables go with each command, and into no file of ours.
    copy.setVariables(variables(canary));
    copy.init();
    expect(copy.validate()).toMatchObject({ valid: true });
    const said = await copy.apply();
    expect(said).not.toContain("Can't-be-anywhere");
    expect(
      postgres.psql("SELECT current_user", { user: "coder", password: canary, database: "coder" }),
    ).toMatchObject({
      code: 0,
      stdout: "coder\n",
    });
    expect(changes(copy)).toEqual([]);
    for (const { name, text } of copy.written())
      expect([name, text.includes("Can't-be-anywhere")]).toEqual([name, false]);

    // A new password alone is not seen, as with every write-only value; its version is.
    copy.setVariables(variables("second"));
    expect(changes(copy)).toEqual([]);
    copy.use(writtenStack(stack(2)));
    expect(changes(copy)).toEqual(["delete-create"]);
    await copy.apply();
    expect(postgres.psql("SELECT 1", { user: "coder", password: "second", database: "coder" }).code).toBe(0);
  });

  test("everyApply corrects manual changes", async () => {
    postgres.query("ALTER ROLE coder CONNECTION LIMIT 1", {
      user: "rds_superuser_of_test",
      password: "superuser",
    });
    copy?.use(writtenStack(stack(2, true)));
    await copy?.apply();
    expect(postgres.query("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'coder'")).toEqual(["-1"]);
  });

  test("a failed run fails the apply, and the next one tries again", async () => {
    copy?.use(writtenStack(stack(3)));
    copy?.setVariables({ ...variables("third"), admin_password: "wrong" });
    await expect(copy?.apply()).rejects.toThrow(/exit status/);
    copy?.setVariables(variables("third"));
    await copy?.apply();
    expect(postgres.psql("SELECT 1", { user: "coder", password: "third", database: "coder" }).code).toBe(0);
  });

  test("names that are known only at apply are used unchanged", async () => {
    const odd = "we\"ird \\ ${x} %{y} '; DROP ROLE coder; --";
    const folder = writtenStack((scope) => {
      const text = (name: string) => new TerraformVariable(scope, name, { type: "string" });
      const secret = (name: string) => SecretValue.fromVariable(text(name), 1);
      const server = DatabaseServer.fromServerAttributes(scope, "postgres", {
        engine: DatabaseEngine.postgres(PostgresVersion.V17),
        host: text("host").stringValue,
        port: new TerraformVariable(scope, "port", { type: "number" }).numberValue,
        tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: text("ca").stringValue },
        adminLogin: DatabaseLogin.withPassword(text("admin").stringValue, secret("admin_password")),
      });
      const name = text("odd").stringValue;
      new DatabaseObjects(scope, "objects", {
        server,
        components: [
          new ComponentObjects({
            component: "odd",
            logins: [{ id: "odd", login: DatabaseLogin.withPassword(name, secret("odd_password")) }],
            databases: [{ name: `${name} db`, owner: name }],
          }),
        ],
        backend: new LocalSqlBackend(),
      });
    });
    const other = new StackCopy(tools.terraform, folder, {
      variables: {
        host: "localhost",
        port: postgres.port,
        ca: readFileSync(postgres.ca, "utf8"),
        admin: postgres.admin.user,
        admin_password: postgres.admin.password,
        odd,
        odd_password: "odd",
      },
    });
    try {
      other.init();
      await other.apply();
      const login = { user: odd, password: "odd", database: `${odd} db` };
      expect(postgres.psql("SELECT current_user", login)).toMatchObject({ code: 0, stdout: `${odd}\n` });
      expect(changes(other)).toEqual([]);
    } finally {
      other.remove();
    }
  });

  test("destroying it drops nothing", async () => {
    await copy?.destroy();
    expect(postgres.query("SELECT datname FROM pg_database WHERE datname = 'coder'")).toEqual(["coder"]);
  });
});
