import { CoderSql } from "../../../lib/coder";
import { Cloud, DatabaseLogin } from "../../../lib/database";
import { GitlabSql } from "../../../lib/gitlab";
import { type GitpodObjectsOptions, GitpodSql } from "../../../lib/gitpod";
import { ComponentObjects, SqlGrantTarget, SqlPrivilege } from "../../../lib/sql";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { jsonText } from "../../../lib/sql/terraform-text";
import { login, mysqlProgram, postgresProgram } from "../../support/sql/sql-fixtures";

const desired = (program: { environment: { readonly [name: string]: string } }) =>
  JSON.parse(program.environment.SQL_DESIRED as string);

test("Coder: one login and one database, CONNECT for its owner only", () => {
  const program = postgresProgram({}, (server) => [
    CoderSql.objects(server.database("coder", { owner: login("coder") })),
  ]);
  expect(desired(program)).toMatchObject({
    roles: [
      { name: "coder", login: true, createRole: false, createDatabase: false, existing: false },
      { name: "coder_connect", login: false },
    ],
    databases: [
      {
        name: "coder",
        owner: "coder",
        encoding: "UTF8",
        revokePublic: true,
        extensions: [],
        grants: [
          { on: "database", grantee: "coder_connect", privileges: ["CONNECT"] },
          { on: "schema", schema: "public", grantee: "coder_connect", privileges: ["USAGE"] },
        ],
      },
    ],
  });
  expect(program.environment).toMatchObject({
    PGHOST: "localhost",
    PGPORT: "5432",
    PGUSER: "dbadmin",
    PGSSLMODE: "verify-full",
  });
  expect(program.secrets.map((s) => s.key)).toEqual([
    "admin",
    loginPasswordKey({ login: login("coder"), id: "coder" }),
  ]);
});

const alternating = (owner: string) =>
  DatabaseLogin.alternating({ owner: login(owner), clone: login(`${owner}_clone`), cloneInUse: true });

test("PostgreSQL: the clone of an owner is a member whose sessions act as the owner, which owns the database", () => {
  const program = postgresProgram({}, (server) => [
    CoderSql.objects(server.database("coder", { owner: alternating("coder") })),
  ]);
  expect(desired(program)).toMatchObject({
    roles: [
      { name: "coder", memberOf: [], settings: [] },
      { name: "coder_clone", memberOf: ["coder"], settings: [{ name: "role", values: ["coder"] }] },
      { name: "coder_connect" },
    ],
    databases: [{ name: "coder", owner: "coder", queries: [{ runAs: "coder_clone" }] }],
  });
  // The key of the owner's password is that of a single user.
  expect(program.secrets.map((s) => s.key)).toEqual([
    "admin",
    loginPasswordKey({ login: login("coder"), id: "coder" }),
    loginPasswordKey({ login: login("coder_clone"), id: "coder clone" }),
  ]);
});

test("MySQL: the clone of an owner has the owner's privileges on each of its databases", () => {
  const { users, grants } = desired(
    mysqlProgram({}, (server) => [
      GitpodSql.objects(server.database("gitpod", { owner: alternating("gitpod") })),
    ]),
  );
  expect(users.map((user: { name: string }) => user.name)).toEqual(["gitpod", "gitpod_clone"]);
  const of = (user: string) =>
    grants
      .filter((grant: { user: string }) => grant.user === user)
      .map((grant: { database: string; privileges: string[] }) => [grant.database, grant.privileges]);
  expect(of("gitpod").map(([database]: [string]) => database)).toEqual(["gitpod", "gitpod-sessions"]);
  expect(of("gitpod_clone")).toEqual(of("gitpod").map(([d, p]: [string, string[]]) => [d, [...p].sort()]));
});

test("GitLab: main and ci have one owner and the same extensions; a shared database is described once", () => {
  const split = desired(
    postgresProgram({}, (server) => [
      GitlabSql.rails({
        main: server.database("main", { owner: login("gitlab") }),
        ci: server.database("ci", { owner: login("gitlab") }),
      }),
    ]),
  );
  expect(split.roles.filter((r: { login: boolean }) => r.login)).toHaveLength(1);
  expect(split.databases.map((d: { name: string }) => d.name)).toEqual(["main", "ci"]);
  for (const database of split.databases) {
    expect(database.extensions.map((e: { name: string }) => e.name)).toEqual([
      "amcheck",
      "btree_gist",
      "pg_trgm",
    ]);
  }
  const together = desired(
    postgresProgram({}, (server) => {
      const main = server.database("main", { owner: login("gitlab") });
      return [GitlabSql.rails({ main, ci: main })];
    }),
  );
  expect(together.databases).toHaveLength(1);
});

test("the registry's backup login has read access to existing and future objects only", () => {
  const [database] = desired(
    postgresProgram({}, (server) => [
      GitlabSql.registry(server.database("registry", { owner: login("registry") }), {
        backupLogin: login("backup"),
      }),
    ]),
  ).databases;
  const privileges = [...database.grants, ...database.defaultPrivileges]
    .filter((g: { grantee: string }) => g.grantee === "backup")
    .flatMap((g: { privileges: string[] }) => g.privileges);
  expect([...new Set(privileges)].sort()).toEqual(["CONNECT", "SELECT", "USAGE"]);
  expect(database.schemas).toEqual([{ name: "partitions", owner: "registry" }]);
});

test("Gitpod: the databases that its installer would create are described", () => {
  const state = desired(
    mysqlProgram({}, (server) => [GitpodSql.objects(server.database("gitpod", { owner: login("gitpod") }))]),
  );
  expect(
    state.databases.map((d: { name: string; characterSet: string }) => [d.name, d.characterSet]),
  ).toEqual([
    ["gitpod", "utf8mb4"],
    ["gitpod-sessions", "utf8mb4"],
  ]);
  expect(
    state.grants.map((g: { user: string; privileges: string[] }) => [g.user, g.privileges.length]),
  ).toEqual([
    ["gitpod", 18],
    ["gitpod", 18],
  ]);
});

test("Gitpod: TLS is optional for a proxy, and the session database is optional", () => {
  const users = (options: GitpodObjectsOptions) =>
    desired(
      mysqlProgram({}, (server) => [
        GitpodSql.objects(server.database("gitpod", { owner: login("gitpod") }), options),
      ]),
    );
  expect(users({}).users).toMatchObject([{ name: "gitpod", requireTls: true }]);
  expect(users({ requireTls: false }).users).toMatchObject([{ name: "gitpod", requireTls: false }]);
  expect(users({ sessionsDatabase: false }).databases).toMatchObject([{ name: "gitpod" }]);
});

test("objects that the cloud's API creates are only looked up", () => {
  const program = postgresProgram({}, (server) => {
    const database = server.database("coder", { owner: login("coder") });
    Object.assign(database, { provisioning: "done" });
    return [CoderSql.objects(database)];
  });
  expect(desired(program)).toMatchObject({
    roles: [{ name: "coder", existing: true, password: null }, { name: "coder_connect" }],
    databases: [{ name: "coder", existing: true, encoding: null }],
  });
  expect(program.secrets.map((s) => s.key)).toEqual(["admin"]);
});

test("a password's key is made from the login's id, not from its position", () => {
  const keys = (...names: string[]) =>
    postgresProgram({}, () => [
      new ComponentObjects({
        component: "c",
        logins: names.map((n) => ({ login: login(n) })),
        databases: [],
      }),
    ]).secrets.map((s) => s.key);
  expect(keys("b", "a")).toEqual([keys("a")[0], keys("b")[1], keys("a")[1]]);
  // A contract: it is a key of the job's secret.
  expect(loginPasswordKey({ login: login("coder") })).toBe("pc84a9e3a");
});

test("IAM database authentication on RDS", () => {
  const program = postgresProgram({ cloud: Cloud.AWS, acceptsCloudIdentity: true }, () => [
    new ComponentObjects({
      component: "c",
      logins: [{ login: DatabaseLogin.withCloudIdentity("by_iam") }],
      databases: [{ name: "c", owner: "by_iam" }],
    }),
  ]);
  expect(desired(program)).toMatchObject({
    identityRole: "rds_iam",
    roles: [{ cloudIdentity: true, password: null }, {}],
  });
});

test("ALL is expanded to the same privileges on every version", () => {
  const [database] = desired(
    postgresProgram({}, () => [
      new ComponentObjects({
        component: "c",
        logins: [{ login: login("c") }, { login: login("d") }],
        databases: [
          {
            name: "c",
            owner: "c",
            grants: [{ on: SqlGrantTarget.TABLES, grantee: "d", privileges: [SqlPrivilege.ALL] }],
          },
        ],
      }),
    ]),
  ).databases;
  expect(database.grants[0].privileges).toEqual([
    "DELETE",
    "INSERT",
    "REFERENCES",
    "SELECT",
    "TRIGGER",
    "TRUNCATE",
    "UPDATE",
  ]);
});

describe("JSON for Terraform", () => {
  test("values known at synth are literal, with Terraform's templates escaped", () => {
    expect(jsonText({ a: ['"', "$${x}", "%%{y}", undefined], b: undefined, c: null, d: 1 })).toBe(
      '{"a":["\\"","$$${x}","%%%{y}",null],"c":null,"d":1}',
    );
  });

  test("tokens are encoded by jsonencode, all other values stay literal", () => {
    const text = jsonText({ known: '"x"', unknown: "${var.a}" });
    expect(text).toContain('{"known":"\\"x\\"","unknown":');
    expect(text).not.toContain('"${var.a}"');
  });
});
