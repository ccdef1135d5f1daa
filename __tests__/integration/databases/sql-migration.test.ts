/** Migrations on a real PostgreSQL: the command's status decides, its log is private, and a replica is refused. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseMigration, MigrationAdapter, type SqlProgram } from "../../../lib/sql";
import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import type { Finished } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { login, postgresServer } from "../../support/sql/sql-fixtures";
import { programOf, runProgram } from "../../support/sql/sql-program";

jest.setTimeout(120_000);

describeWith("a migration", postgresTools, (tools) => {
  let postgres: Postgres;
  let logs: string;
  beforeAll(async () => {
    postgres = await Postgres.start(tools);
    logs = mkdtempSync(join(tmpdir(), "devplatforms-migration-"));
    postgres.query("CREATE ROLE app LOGIN PASSWORD 'ap''p'; CREATE DATABASE app", SUPERUSER);
    postgres.query("ALTER DATABASE app OWNER TO app", SUPERUSER);
  });
  afterAll(async () => {
    await postgres?.stop();
    if (logs) rmSync(logs, { recursive: true, force: true });
  });
  const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser" };

  const program = (up: string[], logFolder?: string): SqlProgram =>
    programOf((stack, backend) => {
      const server = postgresServer(stack, { port: postgres.port });
      new DatabaseMigration(stack, "migration", {
        adapter: MigrationAdapter.fromCommands("wiki", { up }),
        database: server.database("app", { owner: login("app") }),
        applicationVersion: "1",
        backend,
        logFolder,
      });
    });
  const run = (of: SqlProgram): Promise<Finished> =>
    // As the local back end joins them.
    runProgram(
      { ...of, script: `(\n${of.before}\n) || exit $?\n${of.script}` },
      { ca: postgres.ca, path: `${dirname(tools.psql)}:${process.env.PATH}`, secrets: { owner: "ap'p" } },
    );

  test("runs the command as the database's owner, with its arguments unchanged", async () => {
    const sql = 'CREATE TABLE "odd; \'name $(id)" (i int)';
    expect(await run(program(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql]))).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(
      postgres.query("SELECT relname, relowner::regrole FROM pg_class WHERE relname LIKE 'odd%'", {
        ...SUPERUSER,
        database: "app",
      }),
    ).toEqual(["odd; 'name $(id)|app"]);
  });

  test("fails with the exit status of the command", async () => {
    const done = await run(program(["sh", "-c", "echo out; echo err >&2; exit 7"]));
    expect(done).toMatchObject({ code: 7, stdout: "out\n" });
    expect(done.stderr).toContain("the migration ended with status 7");
  });

  test("the log is readable by its owner only and has all output of the command", async () => {
    const folder = join(logs, "of migrations");
    const done = await run(program(["sh", "-c", "echo out; echo err >&2"], folder));
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).not.toContain("out\n");
    const [name] = readdirSync(folder);
    expect(name).toMatch(/^wiki-\d{8}T\d{6}Z-\d+\.log$/);
    const file = join(folder, name as string);
    expect(readFileSync(file, "utf8")).toBe("out\nerr\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("does not start the command on a replica", async () => {
    await postgres.becomeStandby();
    const done = await run(program(["sh", "-c", "echo started"]));
    expect(done).toMatchObject({ code: 3, stdout: "" });
    expect(done.stderr).toContain("this server is a replica; migrations run on the primary");
    // As a further server, it is asked by a program of its own.
    const check = await run({
      ...program(["true"]),
      before: ":",
      script: program(["true"]).before as string,
    });
    expect(check).toMatchObject({ code: 3, stdout: "", stderr: done.stderr });
  });
});
