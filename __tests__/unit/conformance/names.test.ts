import { TerraformVariable } from "cdktf";
import { Cloud, DatabaseEngine, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { checkAdminName, checkDatabaseName, checkUserName, SynthChecks } from "../../../lib/database/private";
import { reservedNamesOf, serverNameOf } from "../../support/cloud-facts";
import { problemsOf } from "../../support/synth";

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);

const ALL = {
  users: [],
  databases: [Cloud.AWS, Cloud.GOOGLE, Cloud.AZURE].flatMap(
    (cloud) => reservedNamesOf(cloud)?.databases ?? [],
  ),
};

const check = (judge: (checks: SynthChecks) => void) =>
  problemsOf((stack) => judge(new SynthChecks(stack, "")));
const server = (cloud: Cloud, name: string) =>
  check((c) => c.matches("identifier", name, serverNameOf(cloud).pattern, serverNameOf(cloud).rule));
const database = (engine: DatabaseEngine, name: string) =>
  check((c) => checkDatabaseName(c, "databaseName", engine, name, ALL));
const admin = (cloud: Cloud, name: string) =>
  check((c) => checkAdminName(c, "username", name, reservedNamesOf(cloud)));
const user = (cloud: Cloud, engine: DatabaseEngine, name: string) =>
  check((c) => checkUserName(c, "owner", engine, name, reservedNamesOf(cloud)));

describe("server names", () => {
  test.each([
    [Cloud.AWS, ["a", "coder", "coder-prod-1", "a".repeat(63)]],
    [Cloud.GOOGLE, ["a", "coder", "coder-prod-1", "a".repeat(84)]],
    [Cloud.AZURE, ["abc", "1coder", "coder-prod-1", "a".repeat(63)]],
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
        expect.stringMatching(/^identifier must be .*lower-case letters, digits/s),
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
      expect(database(engine, name)).toEqual([expect.stringMatching(/^databaseName must be 1 to 6[34] /)]);
    }
  });

  test("what a server has for itself is refused, in any case", () => {
    for (const name of ["postgres", "template1", "rdsadmin", "cloudsqladmin", "azure_sys", "Postgres"]) {
      expect(database(PG, name)).toEqual([
        `databaseName must not be a database that the server reserves (got "${name}"); choose another name`,
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
        `username must be 1 to 16 letters, digits and underscores, with a letter first (got "${name}")`,
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
      expect.stringMatching(/^username must not be one of the reserved names /),
    ]);
  });

  test("pg_ belongs to PostgreSQL", () => {
    expect(admin(Cloud.AZURE, "pg_admin")).toEqual([
      'username must not begin with pg_, which PostgreSQL reserves (got "pg_admin"); choose another name',
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
      expect(user(Cloud.AWS, engine, name)).toEqual([expect.stringMatching(/^owner must be 1 to /)]);
    }
  });

  test("reserved names, and pg_ in PostgreSQL", () => {
    expect(user(Cloud.AWS, PG, "rds_superuser")).toHaveLength(1);
    expect(user(Cloud.GOOGLE, MYSQL, "root")).toHaveLength(1);
    expect(user(Cloud.SELF_MANAGED, PG, "root")).toEqual([]);
    expect(user(Cloud.SELF_MANAGED, PG, "PG_monitor")).toEqual([
      'owner must not begin with pg_, which PostgreSQL reserves (got "PG_monitor"); choose another name',
    ]);
  });
});

test("names that are absent or known later are left to Terraform", () => {
  expect(
    problemsOf((stack) => {
      const checks = new SynthChecks(stack, "");
      for (const name of [undefined, new TerraformVariable(stack, "name", {}).stringValue, "x-${var.name}"]) {
        checkAdminName(checks, "b", name, reservedNamesOf(Cloud.AWS));
        checkUserName(checks, "c", PG, name, reservedNamesOf(Cloud.AWS));
        if (name) checkDatabaseName(checks, "d", PG, name);
      }
    }),
  ).toEqual([]);
});
