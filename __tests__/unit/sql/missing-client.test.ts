/** What the programs say where the server's client is not installed, before they speak to anybody. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ComponentObjects } from "../../../lib/sql";
import { findProgram } from "../../../tools/machine/processes";
import { login, mysqlProgram, postgresProgram } from "../../support/sql/sql-fixtures";
import { runProgram } from "../../support/sql/sql-program";

const wiki = () => [
  new ComponentObjects({
    component: "wiki",
    logins: [{ login: login("wiki") }],
    databases: [{ name: "wiki", owner: "wiki" }],
  }),
];

test.each([
  ["psql", () => postgresProgram({}, wiki), "error: psql is not installed\n"],
  ["the mysql client", () => mysqlProgram({}, wiki), "error: the mysql client is not installed\n"],
])("without %s the run fails and says why", async (_, program, message) => {
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-no-client-"));
  try {
    for (const name of ["sh", "mktemp", "rm", "cat", "sed"]) {
      symlinkSync(findProgram([name]) as string, join(folder, name));
    }
    const done = await runProgram(program(), { secrets: { admin: "x" }, ca: "", path: folder });
    expect(done).toMatchObject({ code: 1, stdout: "", stderr: message });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
