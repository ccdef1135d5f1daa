/**
 * The runbook's commands bring a dump back into a database whose extensions an administrator has created, as in GitLab's: the owner of the
 * database, who restores, may not drop them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LogicalBackup, RehearsalCheck } from "../../../lib/recovery";
import { ObjectStoreKind } from "../../../lib/storage";
import { Postgres, type PostgresTools, postgresTools } from "../../../tools/machine/postgres";
import { run } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { buildWay } from "../../support/recovery/whole-way";
import type { RunningStore } from "../../support/servers/object-stores";
import { synthesize } from "../../support/synth";

jest.setTimeout(120_000);

const OWNER = { user: "gitlab", password: "gitlab" };
const ROOT = { user: "rds_superuser_of_test", password: "superuser" };

/** Commands of the restore, with the databases of a backup of `production`. */
function restoreCommands(port: number): string[] {
  let commands: string[] = [];
  synthesize((stack) => {
    buildWay(stack, {
      source: { ...OWNER, family: "postgres", port, ca: "", databases: ["production"], image: { path: "" } },
      kind: ObjectStoreKind.S3,
      store: {} as RunningStore,
      tools: {} as never,
      name: "dump",
      folder: "",
      checks: ([database]) => [
        RehearsalCheck.atLeast("rows", database as never, "SELECT count(*) FROM notes", 1),
      ],
    });
    const backup = stack.node.findChild("backup") as LogicalBackup;
    commands = backup.protection().procedures[0]?.steps.at(-1)?.commands?.slice() ?? [];
  });
  return commands;
}

describeWith("a dump comes back", postgresTools, (tools: PostgresTools) => {
  let postgres: Postgres;
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-extensions-"));

  beforeAll(async () => {
    postgres = await Postgres.start(tools);
    postgres.query("CREATE ROLE gitlab LOGIN PASSWORD 'gitlab'", ROOT);
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const newDatabase = () => {
    postgres.query("DROP DATABASE IF EXISTS production", ROOT);
    postgres.query("CREATE DATABASE production OWNER gitlab", ROOT);
    const inside = { ...ROOT, database: "production" };
    postgres.query(
      "ALTER SCHEMA public OWNER TO gitlab; CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist",
      inside,
    );
  };
  const rows = () => postgres.query("SELECT count(*) FROM notes", { ...OWNER, database: "production" });

  test("into a new database and into a damaged one, whose extensions belong to the administrator", () => {
    newDatabase();
    const inside = { ...OWNER, database: "production" };
    postgres.query(
      `CREATE TABLE notes (id int PRIMARY KEY, note text); INSERT INTO notes SELECT n, 'note ' || n FROM generate_series(1, 100) n;
       CREATE INDEX ON notes USING gin (note gin_trgm_ops)`,
      inside,
    );
    const env = {
      ...process.env,
      ...postgres.environment(inside),
      RESTORE_HOST: "localhost",
      RESTORE_USER: OWNER.user,
    };
    const file = "1-production.dump";
    expect(run("pg_dump", ["-Fc", `--file=${join(folder, file)}`], { env }).stderr).toBe("");
    const commands = restoreCommands(postgres.port).filter((command) => !command.startsWith("rclone "));
    expect(commands.join("\n")).toContain("pg_restore");
    const restore = () =>
      run("bash", ["-c", ["set -euo pipefail", ...commands].join("\n")], { env, cwd: folder });

    newDatabase();
    expect([restore(), rows()]).toEqual([expect.objectContaining({ code: 0 }), ["100"]]);
    postgres.query("DELETE FROM notes WHERE id > 10", inside);
    expect([restore(), rows()]).toEqual([expect.objectContaining({ code: 0 }), ["100"]]);
  });
});
