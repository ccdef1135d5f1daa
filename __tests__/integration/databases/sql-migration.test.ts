/** Migrations on a real PostgreSQL: the command's status decides, its log is private, and a replica is refused. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseMigration, MigrationAdapter, type SqlProgram } from "../../../lib/sql";
import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import type { Finished } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { login, postgresServer } from "../../support/sql/sql-fixtures";
import { programOf, type RunProgramOptions, runProgram } from "../../support/sql/sql-program";

jest.setTimeout(120_000);

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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
  const run = (of: SqlProgram, more: Partial<RunProgramOptions> = {}): Promise<Finished> =>
    // As the local back end joins them.
    runProgram(
      { ...of, script: `(\n${of.before}\n) || exit $?\n${of.script}` },
      {
        ca: postgres.ca,
        path: `${dirname(tools.psql)}:${process.env.PATH}`,
        secrets: { owner: "ap'p" },
        ...more,
      },
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

  test("names a wrong password and a server that does not answer, and calls neither a replica", async () => {
    const of = program(["sh", "-c", "echo started"]);
    const wrong = await run(of, { secrets: { owner: "wrong" } });
    expect(wrong).toMatchObject({ code: 4, stdout: "" });
    expect(wrong.stderr).toMatch(/password authentication failed[\s\S]*the server did not answer, see above/);
    const away = await run(of, { environment: { PGPORT: "1" } });
    expect(away).toMatchObject({ code: 4, stdout: "" });
    expect(wrong.stderr + away.stderr).not.toContain("replica");
  });

  test("a second run of the component is refused while the first one runs, also by a server that ends idle sessions", async () => {
    const idle = (timeout: string) =>
      postgres.query(
        `DO $$ BEGIN EXECUTE (SELECT format('ALTER ROLE app SET %I TO %L', name, '${timeout}') FROM pg_settings WHERE name = 'idle_session_timeout'); EXCEPTION WHEN null_value_not_allowed THEN NULL; END $$`,
        SUPERUSER,
      );
    idle("500ms");
    const file = join(logs, "first-runs");
    const first = run(
      program(["sh", "-c", `touch ${file}; while [ -e ${file} ]; do sleep 0.1; done; echo first`]),
    );
    for (const end = Date.now() + 20_000; !existsSync(file) && Date.now() < end; ) await sleep(50);
    await sleep(1500);
    const second = await run(program(["sh", "-c", "echo second"]));
    rmSync(file);
    idle("0");
    expect(second).toMatchObject({ code: 5, stdout: "" });
    expect(second.stderr).toContain("another migration of wiki runs on this database");
    expect(await first).toMatchObject({ code: 0, stdout: "first\n" });
    expect(await run(program(["sh", "-c", "echo third"]))).toMatchObject({ code: 0, stdout: "third\n" });
  });

  test("SIGTERM reaches the command, and the run ends with the command's status", async () => {
    const file = join(logs, "runs");
    let pid = 0;
    const done = run(
      program(["sh", "-c", `trap 'echo cleaned; exit 9' TERM; touch ${file}; while :; do sleep 0.1; done`]),
      {
        started: (child) => {
          pid = child.pid as number;
        },
      },
    );
    for (const end = Date.now() + 20_000; !existsSync(file) && Date.now() < end; ) await sleep(50);
    // Only the shell of the program, as a container's runtime does it.
    process.kill(pid, "SIGTERM");
    const { code, stdout } = await done;
    expect([code, stdout]).toEqual([9, "cleaned\n"]);
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
