/**
 * What lib/google believes of PostgreSQL's rights, on a real server dressed up as Cloud SQL: its roles, and no superuser.
 * (That Cloud SQL gives new users and databases to `cloudsqlsuperuser` is documented, and cannot be tried here.)
 */

import { dirname } from "node:path";
import { CoderSql } from "../../../lib/coder";
import { Cloud, DatabaseLogin } from "../../../lib/database";

import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import { describeWith } from "../../support/describe-with";
import { postgresProgram } from "../../support/sql/sql-fixtures";
import { runProgram } from "../../support/sql/sql-program";

jest.setTimeout(120_000);

const ROOT = { user: "rds_superuser_of_test", password: "superuser" };
const IDENTITY = "coder@platform.iam";

describeWith("PostgreSQL with the roles of Cloud SQL", postgresTools, (tools) => {
  let postgres: Postgres;
  const user = (name: string, database?: string) => ({ user: name, password: "p", database });

  beforeAll(async () => {
    postgres = await Postgres.start(tools);
    postgres.query(
      `CREATE ROLE cloudsqlsuperuser NOLOGIN CREATEROLE CREATEDB;
       CREATE ROLE cloudsqliamserviceaccount NOLOGIN;
       CREATE ROLE one LOGIN PASSWORD 'p' CREATEROLE CREATEDB IN ROLE cloudsqlsuperuser;
       CREATE ROLE two LOGIN PASSWORD 'p' CREATEROLE CREATEDB IN ROLE cloudsqlsuperuser;
       CREATE ROLE "${IDENTITY}" LOGIN PASSWORD 'p' IN ROLE cloudsqliamserviceaccount;`,
      ROOT,
    );
    postgres.query("CREATE DATABASE main OWNER cloudsqlsuperuser", ROOT);
  });

  afterAll(async () => {
    await postgres?.stop();
  });

  function setUp(owner: string, database: string) {
    const program = postgresProgram(
      { port: postgres.port, admin: postgres.admin.user, cloud: Cloud.GOOGLE, acceptsCloudIdentity: true },
      (server) => [
        CoderSql.objects(server.database(database, { owner: DatabaseLogin.withCloudIdentity(owner) })),
      ],
    );
    return runProgram(program, {
      ca: postgres.ca,
      path: `${dirname(tools.psql)}:${process.env.PATH}`,
      secrets: { admin: postgres.admin.password },
    });
  }

  test("an owner that the API created can run a migration, also in the schema public of PostgreSQL 15", () => {
    const migration = "CREATE TABLE a (id int); CREATE SCHEMA s; CREATE TYPE t AS ENUM ('x'); DROP TABLE a;";
    expect(postgres.query(migration, user("one", "main"))).toEqual([]);
  });

  test("such an owner can read other databases, which is a warning", () => {
    postgres.query("CREATE TABLE secrets (id int)", user("one", "main"));
    // Before PostgreSQL 16, by making itself a member of the other user; in all versions, by dropping the database.
    expect(postgres.psql("DROP DATABASE main", user("two")).code).toBe(0);
  });

  test("an IAM user has no privileges before the SQL job, and can run a migration after it", async () => {
    expect(await setUp(IDENTITY, "coder")).toMatchObject({ code: 0, stderr: "" });
    const migration = "CREATE TABLE a (id int); INSERT INTO a VALUES (1); CREATE SCHEMA s; SELECT id FROM a;";
    expect(postgres.query(migration, user(IDENTITY, "coder"))).toEqual(["1"]);
    expect(postgres.psql("SELECT 1", user("two", "coder")).code).not.toBe(0);
  });

  test("the SQL job can run again, and needs no rights on the IAM user's role, which no administrator has", async () => {
    expect(await setUp(IDENTITY, "coder")).toMatchObject({ code: 0, stderr: "" });
    expect(
      postgres.query(`SELECT pg_has_role('${postgres.admin.user}', '${IDENTITY}', 'MEMBER')`, ROOT),
    ).toEqual(["f"]);
    expect(
      postgres.query("SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'coder@platform.iam'", ROOT),
    ).toEqual(["f"]);
  });

  test("an IAM user that the API did not create is reported, and not created", async () => {
    const done = await setUp("nobody@platform.iam", "other");
    expect(done.code).not.toBe(0);
    expect(done.stderr).toContain(
      "does not exist; it is described as existing, so create it first, for instance by the cloud's API",
    );
    expect(postgres.query("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'nobody%'", ROOT)).toEqual(["0"]);
  });
});
