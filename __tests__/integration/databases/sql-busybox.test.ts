/** The programs with nothing but busybox around them, as in the image of PostgreSQL that the jobs use. */
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ComponentObjects, DatabaseMigration, MigrationAdapter, type SqlProgram } from "../../../lib/sql";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { debianFolders, Postgres, postgresTools } from "../../../tools/machine/postgres";
import { type Finished, findProgram, must } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { Mysql, mariadbTools } from "../../support/servers/mysql";
import { login, mysqlProgram, postgresProgram, postgresServer } from "../../support/sql/sql-fixtures";
import { programOf, runProgram } from "../../support/sql/sql-program";

jest.setTimeout(180_000);

const NOTHING = "The server is as wanted.\n";

const needs = () => {
  const busybox = findProgram(["busybox"], ["/bin", "/usr/bin"]);
  const postgres = postgresTools();
  const mariadb = mariadbTools();
  if (!busybox) return new Unavailable("busybox is not installed");
  if (postgres instanceof Unavailable) return postgres;
  if (mariadb instanceof Unavailable) return mariadb;
  return { busybox, postgres, mariadb };
};

describeWith("the programs in busybox", needs, (tools) => {
  let path: string;
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), "devplatforms-busybox-"));
    chmodSync(path, 0o755);
    for (const name of must(tools.busybox, ["--list"]).trim().split("\n"))
      symlinkSync(tools.busybox, join(path, name));
    // Debian's psql on PATH is a script in Perl.
    const own = debianFolders()
      .map((folder) => join(folder, "psql"))
      .find(existsSync);
    symlinkSync(own ?? tools.postgres.psql, join(path, "psql"));
    symlinkSync(tools.mariadb.client, join(path, "mysql"));
  });
  afterAll(() => rmSync(path, { recursive: true, force: true }));

  const objects = new ComponentObjects({
    component: "wiki",
    logins: [{ login: login("wiki") }],
    databases: [
      {
        name: "wiki",
        owner: "wiki",
        queries: [
          {
            name: "t",
            sql: "CREATE TABLE t (i int)",
            unless: "SELECT count(*) > 0 FROM information_schema.tables WHERE table_name = 't'",
          },
        ],
      },
    ],
  });
  const secrets = (admin: string) => ({
    admin,
    [loginPasswordKey({ login: login("wiki") })]: "wi'ki \\",
    owner: "wi'ki \\",
  });
  async function twice(run: () => Promise<Finished>): Promise<void> {
    expect(await run()).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("CREATE TABLE t"),
    });
    expect(await run()).toMatchObject({ code: 0, stderr: "", stdout: NOTHING });
  }

  test("PostgreSQL: creates objects, then fails with the exit status of the migration", async () => {
    const postgres = await Postgres.start(tools.postgres);
    try {
      const run = (of: SqlProgram) =>
        runProgram(of, { ca: postgres.ca, path, secrets: secrets(postgres.admin.password) });
      const server = { port: postgres.port, admin: postgres.admin.user };
      await twice(() => run(postgresProgram(server, () => [objects])));
      const migration = programOf((stack, backend) => {
        new DatabaseMigration(stack, "migration", {
          adapter: MigrationAdapter.fromCommands("wiki", { up: ["sh", "-c", "exit 5"] }),
          database: postgresServer(stack, server).database("wiki", { owner: login("wiki") }),
          applicationVersion: "1",
          backend,
        });
      });
      const script = `(\n${migration.before}\n) || exit $?\n${migration.script}`;
      expect(await run({ ...migration, script })).toMatchObject({ code: 5 });
    } finally {
      await postgres.stop();
    }
  });

  test("MariaDB: creates objects", async () => {
    const mysql = await Mysql.start(tools.mariadb);
    try {
      const of = mysqlProgram({ host: "127.0.0.1", port: mysql.port, admin: mysql.admin.user }, () => [
        objects,
      ]);
      await twice(() => runProgram(of, { ca: mysql.ca, path, secrets: secrets(mysql.admin.password) }));
    } finally {
      await mysql.stop();
    }
  });
});
