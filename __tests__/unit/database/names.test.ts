import { TerraformVariable } from "cdktf";
import { Cloud, DatabaseEngine, MysqlVersion, PostgresVersion } from "../../../lib/database";
import {
  checkAdminName,
  checkDatabaseName,
  checkServerName,
  checkUserName,
  SynthChecks,
} from "../../../lib/database/private";
import { problemsOf } from "../../support/synth";

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);

const check = (judge: (checks: SynthChecks) => void) => problemsOf((stack) => judge(new SynthChecks(stack)));
const server = (cloud: Cloud, name: string) => check((c) => checkServerName(c, "identifier", cloud, name));
const database = (engine: DatabaseEngine, name: string) =>
  check((c) => checkDatabaseName(c, "databaseName", engine, name));
const admin = (cloud: Cloud, name: string) => check((c) => checkAdminName(c, "username", cloud, name));
const user = (cloud: Cloud, engine: DatabaseEngine, name: string) =>
  check((c) => checkUserName(c, "owner", cloud, engine, name));

describe("server names", () => {
  test.each([
    [Cloud.AWS, ["a", "coder", "coder-prod-1", "a".repeat(63)]],
    [Cloud.GOOGLE, ["a", "coder", "coder-prod-1", "a".repeat(84)]],
    [Cloud.AZURE, ["abc", "1coder", "coder-prod-1", "a".repeat(63)]],
    [Cloud.SELF_MANAGED, ["", "Whatever it is!"]],
  ])("%s takes %p", (cloud, names) => {
    for (const name of names) expect(server(cloud, name)).toEqual([]);
  });

  test.each([
    [Cloud.AWS, ["", "1coder", "-coder", "coder-", "co--der", "Coder", "co_der", "a.b", "a".repeat(64), "ä"]],
    [Cloud.GOOGLE, ["", "1coder", "-coder", "Coder", "co_der", "a".repeat(85), "coder\n"]],
    [Cloud.AZURE, ["", "ab", "-coder", "coder-", "Coder", "co_der", "a".repeat(64)]],
  ])("%s refuses %p", (cloud, names) => {
    for (const name of names) {
      expect(server(cloud, name)).toEqual([
        expect.stringMatching(/^identifier is ".*": allowed are .*lower-case letters, digits/s),
      ]);
    }
  });
});

describe("database names", () => {
  test.each([
    [PG, ["coder", "gitpod-sessions", "_x", "Coder_1", "a".repeat(63)]],
    [MYSQL, ["coder", "gitpod-sessions", "_x", "Coder_1", "a".repeat(64)]],
  ])("%p takes %p", (engine, names) => {
    for (const name of names) expect(database(engine, name)).toEqual([]);
  });

  test.each([
    [PG, ["", "1a", "-a", "a b", 'a"b', "a;b", "a".repeat(64)]],
    [MYSQL, ["", "1a", "-a", "a b", "a`b", "a;b", "a".repeat(65)]],
  ])("%p refuses %p", (engine, names) => {
    for (const name of names) {
      expect(database(engine, name)).toEqual([
        expect.stringMatching(/^databaseName is .*: allowed are 1 to 6[34] /),
      ]);
    }
  });

  test("what a server has for itself is refused, in any case", () => {
    for (const name of ["postgres", "template1", "rdsadmin", "cloudsqladmin", "azure_sys", "Postgres"]) {
      expect(database(PG, name)).toEqual([
        `databaseName is "${name}": the server keeps this database for itself; take another name`,
      ]);
    }
    for (const name of ["mysql", "sys", "information_schema", "MYSQL"]) {
      expect(database(MYSQL, name)).toHaveLength(1);
      expect(database(PG, name)).toEqual([]);
    }
  });
});

describe("administrators", () => {
  test("dbadmin is legal everywhere", () => {
    for (const cloud of [Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE, Cloud.SELF_MANAGED])
      expect(admin(cloud, "dbadmin")).toEqual([]);
  });

  test.each(["", "1admin", "_admin", "db-admin", "db admin", "a".repeat(17), "db@admin"])(
    "%p is no name",
    (name) => {
      expect(admin(Cloud.AWS, name)).toEqual([
        `username is "${name}": allowed are 1 to 16 letters, digits and underscores, with a letter first`,
      ]);
    },
  );

  test.each([
    [Cloud.AWS, "rdsadmin"],
    [Cloud.AWS, "admin"],
    [Cloud.AWS, "RDSADMIN"],
    [Cloud.GOOGLE, "cloudsqladmin"],
    [Cloud.GOOGLE, "postgres"],
    [Cloud.AZURE, "azure_superuser"],
    [Cloud.AZURE, "administrator"],
    [Cloud.AZURE, "Guest"],
  ])("%s keeps %p", (cloud, name) => {
    expect(admin(cloud, name)).toEqual([
      expect.stringMatching(`username is "${name}": the name is reserved; not allowed are `),
    ]);
  });

  test("pg_ belongs to PostgreSQL", () => {
    expect(admin(Cloud.AZURE, "pg_admin")).toEqual([
      'username is "pg_admin": names that begin with pg_ belong to PostgreSQL; take another',
    ]);
  });
});

describe("users of applications", () => {
  test.each([
    [Cloud.AWS, PG, ["coder", "_coder", "a".repeat(63), "postgres"]],
    [Cloud.GOOGLE, PG, ["coder", "coder-sa@my-project.iam"]],
    [Cloud.AZURE, MYSQL, ["coder", "a".repeat(32), "pg_like_but_mysql"]],
  ])("%s takes %p %p", (cloud, engine, names) => {
    for (const name of names) expect(user(cloud, engine, name)).toEqual([]);
  });

  test.each([
    [PG, ["", "1a", "a b", 'a"b', "a'b", "a".repeat(64)]],
    [MYSQL, ["", "1a", "a b", "a`b", "a".repeat(33)]],
  ])("%p refuses %p", (engine, names) => {
    for (const name of names) {
      expect(user(Cloud.AWS, engine, name)).toEqual([
        expect.stringMatching(/^owner is .*: allowed are 1 to /),
      ]);
    }
  });

  test("reserved names, and pg_ in PostgreSQL", () => {
    expect(user(Cloud.AWS, PG, "rds_superuser")).toHaveLength(1);
    expect(user(Cloud.GOOGLE, MYSQL, "root")).toHaveLength(1);
    expect(user(Cloud.SELF_MANAGED, PG, "root")).toEqual([]);
    expect(user(Cloud.SELF_MANAGED, PG, "PG_monitor")).toEqual([
      'owner is "PG_monitor": names that begin with pg_ belong to PostgreSQL; take another',
    ]);
  });
});

test("names that are absent or known later are left to Terraform", () => {
  expect(
    problemsOf((stack) => {
      const checks = new SynthChecks(stack);
      for (const name of [undefined, new TerraformVariable(stack, "name", {}).stringValue, "x-${var.name}"]) {
        checkServerName(checks, "a", Cloud.AWS, name);
        checkAdminName(checks, "b", Cloud.AWS, name);
        checkUserName(checks, "c", Cloud.AWS, PG, name);
        if (name) checkDatabaseName(checks, "d", PG, name);
      }
    }),
  ).toEqual([]);
});
