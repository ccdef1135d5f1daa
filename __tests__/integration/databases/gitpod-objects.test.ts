/** Gitpod's databases and login on a real MySQL 8.0 and a real MariaDB, and the look that comes before Gitpod is installed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { SqlProgram } from "../../../lib/sql";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { type Finished, freePort } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { Mysql, type MysqlTools, mariadbTools, mysqlTools } from "../../support/servers/mysql";
import { login } from "../../support/sql/sql-fixtures";
import { RecordingBackend, runProgram } from "../../support/sql/sql-program";
import { type Json, synthesize } from "../../support/synth";
import { gitpodIn } from "../../unit/gitpod/database-fixture";

jest.setTimeout(300_000);

const PASSWORD = "Abcdefgh12345678";

for (const find of [mysqlTools, mariadbTools]) {
  describeWith(`Gitpod's database on ${find === mysqlTools ? "MySQL" : "MariaDB"}`, find, (tools) =>
    suite(tools),
  );
}

function suite(tools: MysqlTools): void {
  const series = tools.name === "MySQL" ? "8.0" : "10.11 11.4 11.8";
  let mysql: Mysql;
  let objects: SqlProgram;
  let look: SqlProgram;
  const folder = mkdtempSync(join(tmpdir(), "devplatforms-gitpod-"));

  beforeAll(async () => {
    mysql = await Mysql.start(tools);
    ({ objects, look } = programs(mysql));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await mysql?.stop();
  });

  /** What Gitpod's secret holds, and so the look. */
  const preflight = (
    changes: Record<string, string> = {},
    environment: Record<string, string> = {},
  ): Promise<Finished> => {
    const content = {
      host: "localhost",
      port: `${mysql.port}`,
      username: "gitpod",
      password: PASSWORD,
      encryptionKeys: "[]",
      ...changes,
    };
    for (const [name, value] of Object.entries(content)) writeFileSync(join(folder, name), value);
    return runProgram(look, {
      secrets: {},
      ca: mysql.ca,
      environment: {
        GITPOD_SECRET: folder,
        GITPOD_CA: mysql.ca,
        GITPOD_MYSQL: series,
        GITPOD_TRIES: "2",
        GITPOD_PAUSE: "0",
        ...environment,
      },
    });
  };
  const flag = (value: "ON" | "OFF") => mysql.query(`SET GLOBAL explicit_defaults_for_timestamp = ${value}`);
  const asGitpod = (sql: string, database = "gitpod") => mysql.as("gitpod", PASSWORD, sql, database);

  test("the check reports the missing user and databases before the SQL job has run", async () => {
    const done = await preflight();
    expect([done.code, done.stdout]).toEqual([1, ""]);
    expect(done.stderr).toContain("error: the server refuses the login gitpod: ERROR 1045");
  });

  test("creates the databases and the login; a second run changes nothing", async () => {
    flag("OFF");
    const run = () =>
      runProgram(objects, {
        ca: mysql.ca,
        secrets: {
          admin: mysql.admin.password,
          [loginPasswordKey({ login: login("gitpod"), id: "gitpod" })]: PASSWORD,
        },
      });
    const first = await run();
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toContain("CREATE DATABASE IF NOT EXISTS `gitpod-sessions` CHARACTER SET utf8mb4");
    expect((await run()).stdout).toBe("The server is as wanted.\n");
  });

  test("the login does what Gitpod's migrations and init job do", () => {
    for (const database of ["gitpod", "gitpod-sessions"]) {
      expect(
        asGitpod(
          "CREATE DATABASE IF NOT EXISTS `gitpod-sessions` CHARSET utf8mb4; CREATE TABLE sessions (id varchar(9) PRIMARY KEY, at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)); ALTER TABLE sessions ADD INDEX (at); DROP TABLE sessions",
          database,
        ),
      ).toMatchObject({ code: 0, stderr: "" });
    }
  });

  test("explicit_defaults_for_timestamp=OFF turns NULL into the current time in a TIMESTAMP; ON refuses NULL", () => {
    const insert = "INSERT INTO times VALUES (1, NULL); SELECT at > NOW() - INTERVAL 1 MINUTE FROM times";
    asGitpod("CREATE TABLE times (id int, at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6))");
    expect(asGitpod(insert)).toMatchObject({ code: 0, stdout: "1\n" });
    // MariaDB takes it in both cases.
    if (tools.name === "MySQL") {
      flag("ON");
      const refused = asGitpod(insert);
      flag("OFF");
      expect(refused.stderr).toContain("Column 'at' cannot be null");
    }
    asGitpod("DROP TABLE times");
  });

  test("the login has no access to other databases", () => {
    mysql.query("CREATE DATABASE others; CREATE TABLE others.secret (i int)");
    for (const sql of [
      "SELECT * FROM others.secret",
      "CREATE DATABASE more",
      "SELECT * FROM mysql.user",
      "CREATE USER friend",
      "GRANT ALL ON gitpod.* TO gitpod",
      "SET GLOBAL max_connections = 9",
    ]) {
      expect([sql, asGitpod(sql).stderr]).toEqual([sql, expect.stringMatching(/denied/i)]);
    }
  });

  test("the check passes when everything is as described", async () => {
    const done = await preflight();
    expect([done.code, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).toMatch(/^The database is as Gitpod needs it: .+, gitpod gitpod-sessions\.\n$/);
  });

  test("the check finds explicit_defaults_for_timestamp=ON", async () => {
    flag("ON");
    const done = await preflight();
    flag("OFF");
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(/explicit_defaults_for_timestamp is (1|ON) and has to be OFF/);
  });

  test("the check reports all problems at once", async () => {
    flag("ON");
    const done = await preflight({}, { GITPOD_MYSQL: "5.7", GITPOD_DATABASES: "gitpod missing others" });
    flag("OFF");
    expect(done.code).toBe(1);
    expect(done.stderr.trim().split("\n")).toEqual([
      expect.stringContaining("Gitpod is to run with 5.7"),
      expect.stringContaining("explicit_defaults_for_timestamp"),
      "error: the database missing does not exist, or gitpod may not use it",
      // There, and nobody's business.
      "error: the database others does not exist, or gitpod may not use it",
    ]);
  });

  test("the check finds a database with another character set", async () => {
    mysql.query("ALTER DATABASE gitpod CHARACTER SET latin1");
    const done = await preflight();
    mysql.query("ALTER DATABASE gitpod CHARACTER SET utf8mb4");
    expect(done.stderr).toContain("the database gitpod has the character set latin1; Gitpod needs utf8mb4");
  });

  if (tools.name === "MySQL") {
    test("the check finds an authentication plugin that Gitpod's driver does not support", async () => {
      mysql.query(
        `CREATE USER modern@'%' IDENTIFIED WITH caching_sha2_password BY '${PASSWORD}'; GRANT ALL ON gitpod.* TO modern@'%'; GRANT ALL ON \`gitpod-sessions\`.* TO modern@'%'`,
      );
      const done = await preflight({ username: "modern" });
      expect([done.code, done.stderr]).toEqual([
        1,
        "error: the password of modern is kept for caching_sha2_password, and Gitpod knows mysql_native_password only\n",
      ]);
    });

    test("the login uses mysql_native_password", () => {
      expect(mysql.query("SELECT plugin, ssl_type FROM user WHERE User = 'gitpod'")).toEqual([
        "mysql_native_password\tANY",
      ]);
    });
  }

  test("the check finds a wrong password at once and does not print it", async () => {
    const done = await preflight({ password: "Wrong12345678901" });
    expect(done.stderr).toContain("the server refuses the login gitpod");
    expect(done.stderr + done.stdout).not.toContain("Wrong1234");
  });

  test("the check refuses a password with shell characters before it connects", async () => {
    const done = await preflight({ password: "a$(id)" });
    expect(done.stderr).toBe(
      "error: the password has other characters than letters and digits; Gitpod hands it to a shell without quotes\n",
    );
  });

  test("the check finds a server certificate of another CA", async () => {
    const other = join(folder, "other.pem");
    writeFileSync(other, STRANGER);
    const done = await preflight({}, { GITPOD_CA: other });
    expect([done.code, done.stdout]).toEqual([1, ""]);
    expect(done.stderr).toMatch(/error: TLS with localhost fails.*ERROR 2026/);
  });

  test("the check finds a server without TLS when the login requires TLS", async () => {
    const done = await preflight({}, { GITPOD_CA: "" });
    expect(done.stderr).toContain("the server refuses the login gitpod");
  });

  test("the check retries a server that does not answer, then names it", async () => {
    const port = await freePort();
    const done = await preflight({ port: `${port}` });
    expect(done.stderr).toContain(`error: the server cannot be reached at localhost, port ${port}: ERROR 2`);
  });

  test("the check finds a secret with a missing key", async () => {
    const done = await preflight({ encryptionKeys: "" });
    expect(done.stderr).toBe("error: the secret has no encryptionKeys\n");
  });
}

/** The programs of a `GitpodDatabase` on the server: the one that makes, and the one that looks. */
function programs(mysql: Mysql): { objects: SqlProgram; look: SqlProgram } {
  const backend = new RecordingBackend();
  const out = synthesize(
    (stack) =>
      void gitpodIn(stack, {
        server: { host: "localhost", port: mysql.port, adminLogin: login(mysql.admin.user) },
        owner: login("gitpod"),
        props: { databaseSetup: { backend } },
      }),
  );
  const job = out.resources("kubernetes_job_v1").find((j: Json) => j.metadata.name.endsWith("preflight"));
  const [container] = job.spec.template.spec.container;
  const environment = Object.fromEntries(
    container.env.map((e: { name: string; value: string }) => [e.name, e.value]),
  );
  const script = container.args[0].replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
  if (!backend.program) throw new Error("nothing was given to the back end");
  return { objects: backend.program, look: { ...backend.program, script, environment } };
}

/** An authority that did not sign the server's certificate. */
const STRANGER = rootCertificates[0] ?? "";
