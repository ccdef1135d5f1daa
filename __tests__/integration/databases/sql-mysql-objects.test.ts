import { GitpodSql } from "../../../lib/gitpod";
import {
  ComponentObjects,
  DatabaseMigration,
  MigrationAdapter,
  SqlGrantTarget,
  SqlPrivilege,
  type SqlProgram,
} from "../../../lib/sql";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import type { Finished } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { nastyText, Random } from "../../support/random";
import { FrontendProxy } from "../../support/servers/frontend-proxy";
import { Mysql, type MysqlTools, mariadbTools, mysqlTools } from "../../support/servers/mysql";
import { login, mysqlProgram, mysqlServer } from "../../support/sql/sql-fixtures";
import { programOf, type RunProgramOptions, runProgram } from "../../support/sql/sql-program";

jest.setTimeout(600_000);

const NOTHING = ["The server is as wanted."];
const key = (name: string) => loginPasswordKey({ login: login(name) });

for (const find of [mysqlTools, mariadbTools]) {
  describeWith(`database objects on ${find === mysqlTools ? "MySQL" : "MariaDB"}`, find, (tools) =>
    suite(tools),
  );
}

function suite(tools: MysqlTools): void {
  let mysql: Mysql;
  beforeAll(async () => {
    mysql = await Mysql.start(tools);
  });
  afterAll(() => mysql?.stop());

  const program = (...components: ComponentObjects[]): SqlProgram =>
    mysqlProgram({ host: "127.0.0.1", port: mysql.port, admin: mysql.admin.user }, () => components);
  const run = (of: SqlProgram, passwords: Record<string, string>, more: Partial<RunProgramOptions> = {}) =>
    runProgram(of, {
      ca: mysql.ca,
      ...more,
      secrets: {
        admin: mysql.admin.password,
        ...Object.fromEntries(Object.entries(passwords).map(([name, value]) => [key(name), value])),
      },
    });
  async function succeed(of: SqlProgram, passwords: Record<string, string>): Promise<string[]> {
    const done = await run(of, passwords);
    expect([done.code, done.stderr]).toEqual([0, ""]);
    return done.stdout.trim().split("\n");
  }
  const accounts = () =>
    mysql.query(
      mysql
        .query(
          "SELECT CONCAT('SHOW GRANTS FOR ', QUOTE(User), '@', QUOTE(Host), ';SHOW CREATE USER ', QUOTE(User), '@', QUOTE(Host), ';') FROM user WHERE User NOT LIKE 'm%.%' AND Host = '%' ORDER BY User",
        )
        .join("\n"),
    );
  const schemata = () =>
    mysql.query(
      "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA ORDER BY 1",
    );
  const everything = () => [...accounts(), ...schemata()];

  const wiki = (n = ""): ComponentObjects =>
    new ComponentObjects({
      component: `wiki${n}`,
      logins: [{ login: login(`wiki${n}`), connectionLimit: 9 }, { login: login(`reader${n}`) }],
      databases: [
        {
          name: `wiki_1${n}`,
          owner: `wiki${n}`,
          collation: "utf8mb4_bin",
          grants: [
            {
              on: SqlGrantTarget.DATABASE,
              grantee: `reader${n}`,
              privileges: [SqlPrivilege.SELECT, SqlPrivilege.SHOW_VIEW],
            },
          ],
          queries: [
            {
              name: "page",
              sql: "CREATE TABLE page AS SELECT 1 AS id",
              unless:
                "SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'page'",
            },
          ],
        },
      ],
    });
  const passwords = (n = "") => ({ [`wiki${n}`]: 'wi\'ki \\ "%1" ü', [`reader${n}`]: "reader" });

  test("creates users, databases and grants, and users have no other rights", async () => {
    const said = await succeed(program(wiki()), passwords());
    expect(said.at(-1)).toBe(NOTHING[0]);
    const pw = passwords() as Record<string, string>;
    expect(
      mysql.as(
        "wiki",
        pw.wiki!,
        "CREATE TABLE t (i int); INSERT INTO t VALUES (1); SELECT * FROM t",
        "wiki_1",
      ),
    ).toMatchObject({ stdout: "1\n" });
    expect(mysql.as("reader", pw.reader!, "SELECT id FROM page", "wiki_1")).toMatchObject({ stdout: "1\n" });
    expect(mysql.as("reader", pw.reader!, "DELETE FROM page", "wiki_1").stderr).toContain("denied");
    // An underscore that is not escaped in a grant stands for any character.
    mysql.query("CREATE DATABASE wikiX1");
    expect(mysql.as("wiki", pw.wiki!, "SELECT 1", "wikiX1").stderr).toContain("denied");
    expect(mysql.as("wiki", "wrong", "SELECT 1", "wiki_1").stderr).toContain("denied");
  });

  test("a second run changes nothing, not even a password's salt", async () => {
    const before = everything();
    expect(await succeed(program(wiki()), passwords())).toEqual(NOTHING);
    expect(everything()).toEqual(before);
  });

  test("no password is in the server's log or in what the program says", async () => {
    const done = await run(program(wiki("_s")), { wiki_s: "Ver-y-secret-1", reader_s: "Ver-y-secret-2" });
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).not.toContain("Ver-y-secret");
    if (tools.name === "MySQL") {
      // MariaDB writes passwords into its general log as they are; who turns that log on there reads them.
      expect(mysql.log()).not.toContain("Ver-y-secret");
      expect(mysql.log()).toContain("'wiki_s'@'%' IDENTIFIED BY <secret>");
    }
  });

  const DRIFTS = [
    "ALTER USER wiki@'%' IDENTIFIED BY 'other'",
    "ALTER USER reader@'%' ACCOUNT LOCK",
    "ALTER USER wiki@'%' REQUIRE NONE WITH MAX_USER_CONNECTIONS 1",
    "ALTER DATABASE wiki_1 CHARACTER SET latin1",
    "REVOKE SELECT ON `wiki\\_1`.* FROM reader@'%'",
    "GRANT DELETE ON `wiki\\_1`.* TO reader@'%'",
    "GRANT SELECT ON `wiki\\_1`.* TO reader@'%' WITH GRANT OPTION",
    "GRANT SELECT ON `wiki_1`.* TO reader@'%'",
    "GRANT SELECT, PROCESS ON *.* TO wiki@'%' WITH GRANT OPTION",
    "REVOKE CREATE, INDEX ON `wiki\\_1`.* FROM wiki@'%'",
    "DROP TABLE wiki_1.page",
  ];
  test("corrects every kind of drift, and then finds nothing to do", async () => {
    // A new password has a new salt.
    const settled = () =>
      everything()
        .map((line) =>
          line.replace(/ (IDENTIFIED (BY PASSWORD|WITH '\w+' AS)|AS) '.*?' (?=REQUIRE|USING)/s, " "),
        )
        .filter((line) => !/^.?\$A|REQUIRE SSL/.test(line) || line.startsWith("GRANT"));
    const before = settled();
    for (const drifts of [DRIFTS, ["DROP USER reader@'%'"]]) {
      const now = () => [...everything(), mysql.query("SHOW TABLES IN wiki_1").join()];
      let previous = now();
      for (const sql of drifts) {
        mysql.query(sql);
        const present = now();
        expect([sql, present]).not.toEqual([sql, previous]);
        previous = present;
      }
      await succeed(program(wiki()), passwords());
      expect(settled()).toEqual(before);
      expect(await succeed(program(wiki()), passwords())).toEqual(NOTHING);
      const pw = passwords() as Record<string, string>;
      for (const user of ["wiki", "reader"]) {
        expect(mysql.as(user, pw[user]!, "SELECT id FROM page", "wiki_1")).toMatchObject({ code: 0 });
      }
    }
  });

  test("what the administrator may not revoke is named, and everything else is done", async () => {
    mysql.query(
      "CREATE USER other@'%' IDENTIFIED BY 'x'; GRANT PROXY ON ''@'' TO root@localhost WITH GRANT OPTION; GRANT PROXY ON other@'%' TO reader@'%'; ALTER USER wiki@'%' REQUIRE NONE",
    );
    const done = await run(program(wiki()), passwords());
    expect(done).toMatchObject({ code: 1 });
    expect(done.stderr).toContain("still to be done: REVOKE PROXY ON 'other'@'%' FROM 'reader'@'%';");
    expect(mysql.query("SELECT ssl_type FROM user WHERE User = 'wiki'")).toEqual(["ANY"]);
    mysql.query("REVOKE PROXY ON other@'%' FROM reader@'%'");
    expect(await succeed(program(wiki()), passwords())).toEqual(NOTHING);
  });

  test("a login whose host is narrowed locks the account of the old host and names it", async () => {
    const moving = (host?: string) =>
      new ComponentObjects({
        component: "moving",
        logins: [{ login: login("moving"), host }],
        databases: [{ name: "moving", owner: "moving" }],
      });
    await succeed(program(moving()), { moving: "m" });
    const said = await succeed(program(moving("10.9.%")), { moving: "m" });
    expect(said).toContain("ALTER USER 'moving'@'%' ACCOUNT LOCK;");
    expect(said.join()).toContain("note: 'moving'@'%' is locked");
    expect(mysql.as("moving", "m", "SELECT 1", "moving").stderr).toMatch(/locked|denied/);
    const again = await succeed(program(moving("10.9.%")), { moving: "m" });
    expect(again.filter((line) => !line.startsWith("note: "))).toEqual(NOTHING);
    // The password of an account for other hosts is compared, too.
    expect((await succeed(program(moving("10.9.%")), { moving: "new" })).join()).toContain(
      "ALTER USER 'moving'@'10.9.%' IDENTIFIED BY",
    );
  });

  const single = (name: string, host?: string) =>
    new ComponentObjects({
      component: name,
      logins: [{ login: login(name), host }],
      databases: [{ name, owner: name }],
    });

  test("a password that its lifetime has ended is set again, and its end is named before", async () => {
    await succeed(program(single("aging")), { aging: "a" });
    const age = (account: string) =>
      mysql.query(
        tools.name === "MySQL"
          ? `UPDATE user SET password_last_changed = NOW() - INTERVAL 9 DAY WHERE User = '${account}'; FLUSH PRIVILEGES`
          : `UPDATE global_priv SET Priv = JSON_SET(Priv, '$.password_last_changed', UNIX_TIMESTAMP() - 9 * 86400) WHERE User = '${account}'; FLUSH PRIVILEGES`,
      );
    // The default is for root as well.
    mysql.query(
      "ALTER USER root@localhost PASSWORD EXPIRE NEVER; ALTER USER platform_admin@'%' PASSWORD EXPIRE NEVER",
    );
    for (const policy of [
      "ALTER USER aging@'%' PASSWORD EXPIRE INTERVAL 5 DAY",
      "SET GLOBAL default_password_lifetime = 5; ALTER USER aging@'%' PASSWORD EXPIRE DEFAULT",
    ]) {
      mysql.query(policy);
      age("aging");
      expect(mysql.as("aging", "a", "SELECT 1", "aging").stderr).toMatch(/ERROR (1862|1820)/);
      const said = await succeed(program(single("aging")), { aging: "a" });
      expect(said[0]).toContain("ALTER USER 'aging'@'%' IDENTIFIED BY ...");
      expect(said.join()).toMatch(
        /note: the password of 'aging'@'%' expires at [0-9: -]+ unless it is changed before/,
      );
      expect(mysql.as("aging", "a", "SELECT 1", "aging")).toMatchObject({ code: 0 });
      const again = await succeed(program(single("aging")), { aging: "a" });
      expect(again.filter((line) => !line.startsWith("note: "))).toEqual(NOTHING);
    }
    mysql.query("SET GLOBAL default_password_lifetime = 0");
    expect(await succeed(program(single("aging")), { aging: "a" })).toEqual(NOTHING);
  });

  if (tools.name === "MySQL") {
    test("a second password is discarded, also when the described one is the second", async () => {
      await succeed(program(single("twofold")), { twofold: "d" });
      const opens = (password: string) => mysql.as("twofold", password, "SELECT 1", "twofold").code === 0;
      mysql.query("ALTER USER twofold@'%' IDENTIFIED BY 'other' RETAIN CURRENT PASSWORD");
      expect([opens("d"), opens("other")]).toEqual([true, true]);
      const said = await succeed(program(single("twofold")), { twofold: "d" });
      expect(said.slice(0, 2)).toEqual([
        "ALTER USER 'twofold'@'%' DISCARD OLD PASSWORD;",
        expect.stringContaining("ALTER USER 'twofold'@'%' IDENTIFIED BY ..."),
      ]);
      expect([opens("d"), opens("other")]).toEqual([true, false]);
      // That of a rotation by hand.
      mysql.query("ALTER USER twofold@'%' IDENTIFIED BY 'new' RETAIN CURRENT PASSWORD");
      expect(await succeed(program(single("twofold")), { twofold: "new" })).toEqual([
        "ALTER USER 'twofold'@'%' DISCARD OLD PASSWORD;",
        ...NOTHING,
      ]);
      expect([opens("d"), opens("new")]).toEqual([false, true]);
    });
  }

  test("other ways to described databases are named: roles, columns, privileges on the server, mandatory roles", async () => {
    await succeed(program(single("reached")), { reached: "r" });
    mysql.query(
      `CREATE ROLE reading; GRANT SELECT ON reached.* TO reading; CREATE USER bob@'%' IDENTIFIED BY 'x'; GRANT reading TO bob@'%';
       CREATE TABLE reached.t (a int, b int); CREATE USER col@'%' IDENTIFIED BY 'x'; GRANT SELECT (a) ON reached.t TO col@'%';
       CREATE PROCEDURE reached.p() SELECT 1; CREATE USER caller@'%' IDENTIFIED BY 'x'; GRANT EXECUTE ON PROCEDURE reached.p TO caller@'%';
       CREATE USER backup@'%' IDENTIFIED BY 'x'; GRANT SELECT, LOCK TABLES, RELOAD ON *.* TO backup@'%';
       ALTER USER reached@'%' REQUIRE X509 WITH MAX_QUERIES_PER_HOUR 100000`,
    );
    if (tools.name === "MySQL") mysql.query("SET GLOBAL mandatory_roles = 'reading'");
    const said = await succeed(program(single("reached")), { reached: "r" });
    if (tools.name === "MySQL") mysql.query("SET GLOBAL mandatory_roles = ''");
    expect(said.filter((line) => line.startsWith("note: "))).toEqual([
      `note: 'reading'@'${tools.name === "MySQL" ? "%" : ""}' may SELECT on reached and is not described`,
      "note: 'backup'@'%' may LOCK TABLES,SELECT on every database and is not described",
      "note: 'col'@'%' may SELECT on the columns `a` of the table t of reached and is not described",
      "note: 'caller'@'%' may EXECUTE on the procedure p of reached and is not described",
      ...(tools.name === "MySQL"
        ? ["note: every account may act as reading (mandatory_roles), which is not described"]
        : []),
      "note: 'reached'@'%' has to show a client certificate (REQUIRE X509), which the run cannot test",
      "note: 'reached'@'%' is limited to 100000 queries in an hour, which is not described",
    ]);
    mysql.query("DROP USER bob@'%', col@'%', caller@'%', backup@'%'; DROP ROLE reading");
  });

  test("defaults of the server do not change how the program is read", async () => {
    const settings = [
      "sql_select_limit = 1",
      "max_join_size = 1000",
      "autocommit = 0",
      "sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
      tools.name === "MySQL" ? "max_execution_time = 1" : "max_statement_time = 0.01",
    ];
    const name = "defaults";
    const component = new ComponentObjects({
      component: name,
      logins: [{ login: login(name) }, { login: login(`${name}_2`) }],
      databases: [
        {
          name,
          owner: name,
          grants: [{ on: SqlGrantTarget.DATABASE, grantee: `${name}_2`, privileges: [SqlPrivilege.SELECT] }],
          queries: [
            {
              name: "table",
              sql: "CREATE TABLE t (i int)",
              unless: "SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
            },
            { name: "row", sql: "INSERT INTO t VALUES (1)", unless: "SELECT count(*) FROM t" },
          ],
        },
      ],
    });
    const secrets = { [name]: "a'b\\c\"d", [`${name}_2`]: "e" };
    const before = settings.map((s) => [
      s.split(" ")[0],
      mysql.query(`SELECT @@GLOBAL.${s.split(" ")[0]}`)[0] ?? "",
    ]);
    for (const set of settings) mysql.query(`SET GLOBAL ${set}`);
    try {
      await succeed(program(component), secrets);
      expect(await succeed(program(component), secrets)).toEqual(NOTHING);
    } finally {
      for (const [variable, value] of before)
        mysql.query(`SET GLOBAL ${variable} = ${/^[0-9.]+$/.test(value!) ? value : `'${value}'`}`);
    }
    expect(mysql.as(name, secrets[name]!, "SELECT i FROM t", name).stdout).toBe("1\n");
  });

  test("a password that no try from here can tell is set and named, and the account for tries goes with the next run", async () => {
    mysql.query(
      "CREATE USER devplatforms_probe@'10.1.1.1' IDENTIFIED BY 'x'; SET GLOBAL init_connect = 'nonsense'",
    );
    const said = await run(program(single("untried", "10.9.%")), { untried: "u" });
    mysql.query("SET GLOBAL init_connect = ''");
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout).toContain(
      "note: the password of untried cannot be tested from here, so each run sets it: ERROR",
    );
    expect(mysql.query("SELECT Host FROM user WHERE User = 'devplatforms_probe'")).toEqual([]);
    expect(await succeed(program(single("untried", "10.9.%")), { untried: "u" })).toEqual(NOTHING);
  });

  test("a statement that another session keeps waiting is named after half a minute, and the rest is done", async () => {
    await succeed(program(single("waiting")), { waiting: "w" });
    mysql.query(
      "CREATE TABLE waiting.t (i int); ALTER DATABASE waiting CHARACTER SET latin1; REVOKE SELECT ON waiting.* FROM waiting@'%'",
    );
    const holder = mysql.session("LOCK TABLES waiting.t WRITE");
    await holder.ready;
    const begun = Date.now();
    const done = await run(program(single("waiting")), { waiting: "w" });
    const seconds = (Date.now() - begun) / 1000;
    holder.end();
    expect(done.stderr).toContain("ERROR 1205");
    expect(done.stderr).toContain("still to be done: ALTER DATABASE `waiting` CHARACTER SET utf8mb4;");
    expect(done.stderr).not.toContain("GRANT");
    expect(seconds).toBeLessThan(60);
    await succeed(program(single("waiting")), { waiting: "w" });
  });

  test("adopts existing users and databases with their data", async () => {
    mysql.query(
      "CREATE DATABASE found CHARACTER SET latin1; CREATE TABLE found.kept AS SELECT 42 AS answer; CREATE USER found@'%' IDENTIFIED BY 'old'",
    );
    const found = new ComponentObjects({
      component: "found",
      logins: [{ login: login("found") }],
      databases: [{ name: "found", owner: "found" }],
    });
    await succeed(program(found), { found: "new" });
    expect(mysql.as("found", "new", "SELECT answer FROM kept", "found")).toMatchObject({ stdout: "42\n" });
  });

  test("creates Gitpod's databases for a user without the right to create databases", async () => {
    const of = mysqlProgram({ host: "127.0.0.1", port: mysql.port, admin: mysql.admin.user }, (server) => [
      GitpodSql.objects(server.database("gitpod", { owner: login("gitpod") }), {
        authorizationDatabase: true,
        nativePassword: true,
      }),
    ]);
    await succeed(of, { gitpod: "gitpod-password" });
    for (const database of ["gitpod", "gitpod-sessions", "authorization"]) {
      expect(mysql.as("gitpod", "gitpod-password", "CREATE TABLE t (i int)", database)).toMatchObject({
        code: 0,
      });
    }
    expect(mysql.as("gitpod", "gitpod-password", "CREATE DATABASE more", "gitpod").stderr).toContain(
      "denied",
    );
    if (tools.name === "MySQL") {
      expect(mysql.query("SELECT plugin FROM user WHERE User = 'gitpod'")).toEqual(["mysql_native_password"]);
    }
  });

  test("eight parallel runs reach the described state", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => run(program(wiki("8")), passwords("8"))));
    expect(all.map((done) => [done.code, done.stderr])).toEqual(all.map(() => [0, ""]));
    expect(await succeed(program(wiki("8")), passwords("8"))).toEqual(NOTHING);
    expect(mysql.query("SELECT count(*) FROM wiki_18.page")).toEqual(["1"]);
  });

  // MariaDB is here for its dialect; the program and its order are the same.
  const once = (name: string, body: () => Promise<void>) => {
    if (tools.name === "MySQL") test(name, body);
  };
  once("killed at every statement that changes something, the next run comes to the same state", async () => {
    // Without TLS the client asks the server for a key unless the password is kept in the old way.
    mysql.query(
      "CREATE USER plain@'%' IDENTIFIED WITH mysql_native_password BY 'plain'; GRANT ALL ON *.* TO plain@'%' WITH GRANT OPTION",
    );
    const of = (n: string) =>
      mysqlProgram({ host: "127.0.0.1", port: mysql.port, admin: "plain" }, () => [wiki(n)]);
    const until = async (n: string, at: number): Promise<{ writes: number; done: Finished }> => {
      let pid = 0;
      let writes = 0;
      const proxy = new FrontendProxy("mysql", mysql.port, (statement) => {
        if (/^\s*(CREATE|ALTER|GRANT|REVOKE|INSERT)\b/.test(statement) && writes++ === at) {
          process.kill(-pid, "SIGKILL");
          return false;
        }
        return true;
      });
      const port = await proxy.listen();
      const done = await runProgram(of(n), {
        ca: mysql.ca,
        secrets: { admin: "plain", [key(`wiki${n}`)]: "w", [key(`reader${n}`)]: "r" },
        environment: { SQL_TLS_MODE: "disable", MYSQL_TCP_PORT: String(port) },
        started: (child) => {
          pid = child.pid as number;
        },
      });
      proxy.close();
      return { writes, done };
    };
    const whole = await until("_kx", Number.POSITIVE_INFINITY);
    expect(whole.done).toMatchObject({ code: 0 });
    expect(whole.writes).toBeGreaterThan(5);
    const state = (n: string) =>
      everything()
        .filter((line) => line.includes(n))
        .map((line) =>
          line
            .replaceAll(n, "_N")
            .replace(/ (IDENTIFIED (BY PASSWORD|WITH '\w+' AS)|AS) '.*?' (?=REQUIRE|USING)/s, " ")
            .replace(/\$A\$.*/, ""),
        )
        .filter((line) => !line.startsWith("CREATE USER"));
    for (let at = 0; at < whole.writes; at++) {
      const n = `_k${at}`;
      expect((await until(n, at)).done.code).toBe(137);
      const again = await run(program(wiki(n)), { [`wiki${n}`]: "w", [`reader${n}`]: "r" });
      expect([at, again.code, again.stderr]).toEqual([at, 0, ""]);
      expect([at, state(n)]).toEqual([at, state("_kx")]);
      expect(mysql.as(`wiki${n}`, "w", "SELECT count(*) FROM page", `wiki_1${n}`)).toMatchObject({
        stdout: "1\n",
      });
    }
    console.log(`${tools.name}: killed before ${whole.writes} statements`);
  });

  test("creates generated names and passwords exactly", async () => {
    const random = new Random(8);
    const names = new Set<string>();
    while (names.size < 120) {
      const name = [...nastyText(random, 6)].slice(0, 32).join("").trim();
      // What looks like a template is Terraform's, not a name.
      if (name && !/[$%]\{|[\ud800-\udfff]|^'.*'$/.test(name)) names.add(name);
    }
    // Those that differ only in case or accents are one name to the server's collation.
    const distinct = [...new Map([...names].map((n) => [n.normalize("NFKD").toLowerCase(), n])).values()];
    const given = Object.fromEntries(distinct.map((name) => [name, nastyText(random, 8)]));
    const component = new ComponentObjects({
      component: "names",
      logins: distinct.map((name) => ({ login: login(name) })),
      databases: [{ name: "names", owner: distinct[0] as string }],
    });
    const before = mysql.query("SELECT count(*) FROM user");
    await succeed(program(component), given);
    const made = new Set(mysql.query("SELECT HEX(User) FROM user"));
    for (const name of distinct)
      expect([name, made.has(Buffer.from(name).toString("hex").toUpperCase())]).toEqual([name, true]);
    expect(mysql.query("SELECT count(*) FROM user")).toEqual([String(Number(before[0]) + distinct.length)]);
    expect(await succeed(program(component), given)).toEqual(NOTHING);
  });

  test("a migration runs as the database's owner, fails with its exit status, and does not start on a replica", async () => {
    const migrate = (up: string[], more: Partial<RunProgramOptions> = {}) => {
      const of = programOf((stack, backend) => {
        const server = mysqlServer(stack, { host: "127.0.0.1", port: mysql.port });
        new DatabaseMigration(stack, "migration", {
          adapter: MigrationAdapter.fromCommands("wiki", { up }),
          database: server.database("wiki_1", { owner: login("wiki") }),
          applicationVersion: "1",
          backend,
        });
      });
      // As the local back end joins them.
      const script = `(\n${of.before}\n) || exit $?\n${of.script}`;
      return runProgram(
        { ...of, script },
        { ca: mysql.ca, secrets: { owner: passwords().wiki as string }, ...more },
      );
    };
    const sql = "CREATE TABLE migrated AS SELECT CURRENT_USER() AS who";
    const client = `mysql --no-defaults -h127.0.0.1 -P"$MYSQL_TCP_PORT" -u"$SQL_USER" --ssl-ca="$PGSSLROOTCERT" "$SQL_DATABASE"`;
    expect(await migrate(["sh", "-c", `${client} -e "${sql}"`])).toMatchObject({ code: 0, stderr: "" });
    expect(mysql.query("SELECT who FROM wiki_1.migrated")).toEqual(["wiki@%"]);
    expect(await migrate(["sh", "-c", "exit 6"])).toMatchObject({ code: 6 });
    const wrong = await migrate(["true"], { secrets: { owner: "wrong" } });
    expect(wrong).toMatchObject({ code: 4 });
    expect(wrong.stderr).toMatch(/Access denied[\s\S]*the server did not answer, see above/);
    // A server that ends idle sessions does not end the lock.
    mysql.query("SET GLOBAL wait_timeout = 1");
    const [slow, second] = await Promise.all([
      migrate(["sleep", "4"]),
      new Promise((resolve) => setTimeout(resolve, 2000)).then(() => migrate(["echo", "second"])),
    ]);
    mysql.query("SET GLOBAL wait_timeout = 28800");
    expect(slow).toMatchObject({ code: 0 });
    expect(second).toMatchObject({ code: 5, stdout: "" });
    mysql.query("SET GLOBAL read_only = 1");
    const refused = await migrate(["sh", "-c", "echo started"]);
    mysql.query("SET GLOBAL read_only = 0; DROP TABLE wiki_1.migrated");
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain("this server is read-only, as a replica is");
  });

  test("changes nothing on a replica", async () => {
    mysql.query("SET GLOBAL read_only = 1");
    const before = everything();
    const done = await run(program(wiki("_replica")), passwords("_replica"));
    mysql.query("SET GLOBAL read_only = 0");
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain("Nothing was done.");
    expect(everything()).toEqual(before);
  });

  test("refuses a description that it cannot reach before it changes anything", async () => {
    const before = everything();
    const existing = new ComponentObjects({
      component: "cloud",
      logins: [{ login: login("by_api"), existing: true }],
      databases: [],
    });
    expect((await run(program(existing), {})).stderr).toContain("the user 'by_api'@'%' does not exist");
    const broken = await run(program(wiki("_b")), { wiki_b: "a\nb", reader_b: "x" });
    expect(broken.stderr).toContain("holds a line break");
    const returned = await run(program(wiki("_b")), { wiki_b: "a\r", reader_b: "x" });
    expect(returned.stderr).toContain("holds a line break");
    expect(everything()).toEqual(before);
  });
}
