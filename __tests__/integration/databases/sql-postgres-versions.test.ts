/** What a run has to do on every version of PostgreSQL, with an administrator that is no superuser. */
import { dirname } from "node:path";
import { CoderSql } from "../../../lib/coder";
import { DatabaseLogin } from "../../../lib/database";
import {
  ComponentObjects,
  type ComponentObjectsProps,
  DatabaseObjects,
  type SqlDatabase,
  SqlGrantTarget,
  SqlPrivilege,
} from "../../../lib/sql";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { Postgres, postgresVersions } from "../../../tools/machine/postgres";
import type { Finished } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { login, postgresProgram, postgresServer } from "../../support/sql/sql-fixtures";
import { programOf, runProgram } from "../../support/sql/sql-program";

jest.setTimeout(300_000);

const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser", sslmode: "disable" };
const PLAIN = { PGSSLMODE: "disable", PGGSSENCMODE: "disable", PGHOST: "127.0.0.1" };
const FOUND = "found, and not described: ";

describeWith("database objects on every version", postgresVersions, (versions) => {
  describe.each(versions.map((each) => [each.version, each.tools] as const))(
    "PostgreSQL %s",
    (version, tools) => {
      let postgres: Postgres;
      beforeAll(async () => {
        postgres = await Postgres.start(tools);
        postgres.authenticate("host all all 127.0.0.1/32 scram-sha-256\n");
        su("CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
      });
      afterAll(() => postgres?.stop());

      const su = (sql: string, database = "postgres") => postgres.query(sql, { ...SUPERUSER, database });
      /** From 16 on an administrator needs the ADMIN option on what others made. */
      const administered = (...roles: string[]) => {
        if (version < 16) return;
        for (const role of roles)
          su(`GRANT ${role} TO platform_admin WITH ADMIN OPTION, INHERIT FALSE, SET FALSE`);
      };
      const connects = (user: string, database: string): boolean =>
        su(`SELECT has_database_privilege('${user}', '${database}', 'CONNECT')`)[0] === "t";
      /** A component whose logins and databases are named after it. */
      const component = (
        name: string,
        more: Partial<ComponentObjectsProps> = {},
        database: Partial<SqlDatabase> = {},
      ) =>
        new ComponentObjects({
          component: name,
          logins: [{ login: login(name) }],
          databases: [{ name, owner: name, ...database }],
          ...more,
        });
      const run = (
        components: ComponentObjects[],
        passwords: Record<string, string> = {},
      ): Promise<Finished> =>
        runProgram(
          postgresProgram({ port: postgres.port, admin: postgres.admin.user }, () => components),
          {
            ca: postgres.ca,
            path: `${dirname(tools.psql)}:${process.env.PATH}`,
            secrets: {
              admin: postgres.admin.password,
              ...Object.fromEntries(
                components
                  .flatMap((c) => c.logins)
                  .map((l) => [loginPasswordKey(l), passwords[l.login.username] ?? `pw ${l.login.username}`]),
              ),
            },
            environment: PLAIN,
          },
        );
      /** A run that ends well; its lines, but for those about the schema "public" before PostgreSQL 15. */
      const succeed = async (...components: ComponentObjects[]): Promise<string[]> => {
        const done = await run(components);
        expect([done.code, done.stderr]).toEqual([0, ""]);
        const lines = done.stdout.trim().split("\n");
        return lines.filter((line) => !/PUBLIC has CREATE on the schema public/.test(line));
      };
      const NOTHING = ["The server is as wanted."];

      test("owners who hold grants on each other's databases leave none open to PUBLIC", async () => {
        const grant = (grantee: string) => ({
          on: SqlGrantTarget.DATABASE,
          grantee,
          privileges: [SqlPrivilege.ALL],
          grantable: true,
        });
        const described = (grants: boolean) =>
          new ComponentObjects({
            component: "pair",
            logins: [{ login: login("wiki") }, { login: login("reports") }],
            databases: [
              { name: "d1", owner: "wiki", grants: grants ? [grant("reports")] : [] },
              { name: "d2", owner: "reports", grants: grants ? [grant("wiki")] : [] },
            ],
          });
        await succeed(described(true));
        expect([connects("public", "d1"), connects("public", "d2"), connects("stranger", "d1")]).toEqual([
          false,
          false,
          false,
        ]);
        expect(await succeed(described(true))).toEqual(NOTHING);
        // What they have handed on goes with the grant.
        su("SET SESSION AUTHORIZATION reports; GRANT ALL ON DATABASE d1 TO stranger");
        await succeed(described(false));
        expect([connects("stranger", "d1"), connects("reports", "d1"), connects("wiki", "d2")]).toEqual([
          false,
          false,
          false,
        ]);
        expect(await succeed(described(false))).toEqual(NOTHING);
      });

      test("the clone of an owner acts as the owner, who gets what it made otherwise", async () => {
        const described = (owner: DatabaseLogin) =>
          programOf((stack, backend) => {
            const server = postgresServer(stack, { port: postgres.port, admin: postgres.admin.user });
            const components = [CoderSql.objects(server.database("taken", { owner }))];
            new DatabaseObjects(stack, "objects", { server, components, backend });
          });
        const clone = DatabaseLogin.alternating({
          owner: login("taken"),
          clone: login("taken_clone"),
          cloneInUse: true,
        });
        const ran = async (owner: DatabaseLogin) => {
          const program = described(owner);
          const done = await runProgram(program, {
            ca: postgres.ca,
            path: `${dirname(tools.psql)}:${process.env.PATH}`,
            secrets: Object.fromEntries(
              program.secrets.map(({ key }) => [
                key,
                key === "admin" ? postgres.admin.password : `pw ${key}`,
              ]),
            ),
            environment: PLAIN,
          });
          expect([done.code, done.stderr]).toEqual([0, ""]);
          return done.stdout
            .split("\n")
            .filter((line) => line && !/PUBLIC has CREATE on the schema/.test(line));
        };
        await ran(login("taken"));
        su("SET SESSION AUTHORIZATION taken; CREATE TABLE first (i int)", "taken");
        await ran(clone);
        expect(await ran(clone)).toEqual(NOTHING);
        const key = loginPasswordKey({ login: login("taken_clone"), id: "taken clone" });
        const session = (sql: string) =>
          postgres.query(sql, {
            user: "taken_clone",
            password: `pw ${key}`,
            database: "taken",
            sslmode: "disable",
          });
        expect(
          session(
            "SELECT current_user, session_user; DISCARD ALL; SELECT current_user; ALTER TABLE first ADD j int; CREATE TABLE second (i int)",
          ),
        ).toEqual(["taken|taken_clone", "taken"]);
        // The owner alters what the clone made, without being its member.
        su("SET SESSION AUTHORIZATION taken; ALTER TABLE second ADD j int", "taken");
        session("SET ROLE none; CREATE SCHEMA stray; CREATE TABLE stray.third (i int)");
        expect(await ran(clone)).not.toEqual(NOTHING);
        expect(
          su(
            "SELECT DISTINCT relowner::regrole FROM pg_class WHERE relname IN ('first', 'second', 'third') UNION SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'stray'",
            "taken",
          ),
        ).toEqual(["taken"]);
        expect(await ran(clone)).toEqual(NOTHING);
        expect([
          connects("public", "taken"),
          connects("stranger", "taken"),
          connects("taken_clone", "taken"),
        ]).toEqual([false, false, true]);
        // The administrator is left in no role.
        expect(
          su(
            "SELECT roleid::regrole FROM pg_auth_members m WHERE member = 'platform_admin'::regrole AND roleid::regrole::text LIKE 'taken%' AND coalesce((to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean, true)",
          ),
        ).toEqual([]);
      });

      test("a database that is closed to PUBLIC and belongs to another is taken over", async () => {
        su("CREATE ROLE former NOLOGIN; CREATE ROLE closed LOGIN");
        administered("former", "closed");
        su("CREATE DATABASE closed OWNER former");
        su("REVOKE ALL ON DATABASE closed FROM PUBLIC; CREATE SCHEMA app AUTHORIZATION former", "closed");
        const closed = component(
          "closed",
          {},
          { schemas: [{ name: "app" }], extensions: [{ name: "pg_trgm" }] },
        );
        await succeed(closed);
        expect(su("SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'app'", "closed")).toEqual([
          "closed",
        ]);
        expect(connects("public", "closed")).toBe(false);
        expect(await succeed(closed)).toEqual(NOTHING);
      });

      test("an administrator with NOINHERIT makes and takes over all kinds of objects, and keeps it", async () => {
        su("ALTER ROLE platform_admin NOINHERIT; CREATE ROLE elder NOLOGIN");
        administered("elder");
        su("CREATE DATABASE inherited OWNER elder");
        const all = [
          component(
            "fresh",
            { groupRoles: [{ name: "freshers" }] },
            {
              schemas: [{ name: "app", owner: "freshers" }],
              extensions: [{ name: "citext" }],
              settings: [{ name: "lock_timeout", values: ["5s"] }],
              queries: [
                { name: "t", sql: "CREATE TABLE t ()", unless: "SELECT to_regclass('t') IS NOT NULL" },
              ],
            },
          ),
          component("inherited", {}, { schemas: [{ name: "app" }] }),
        ];
        await succeed(...all);
        expect(await succeed(...all)).toEqual(NOTHING);
        expect(su("SELECT rolinherit FROM pg_roles WHERE rolname = 'platform_admin'")).toEqual(["f"]);
        expect(
          su(`SELECT count(*) FROM pg_auth_members m WHERE member = 'platform_admin'::regrole
             AND coalesce((to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean, true)`),
        ).toEqual(["0"]);
        su("ALTER ROLE platform_admin INHERIT");
      });

      test("nothing is made when something that can be known before is wrong, and all of it is said", async () => {
        su("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        const before = su(
          "SELECT rolname FROM pg_roles UNION ALL SELECT datname FROM pg_database ORDER BY 1",
        );
        const done = await run(
          [
            component(
              "missing",
              {},
              { extensions: [{ name: "no_such_extension" }, { name: "pg_trgm", version: "0.1" }] },
            ),
            component("latin"),
            component("empty"),
          ],
          { empty: "" },
        );
        expect(done.code).not.toBe(0);
        for (const problem of [
          "the extension no_such_extension is not available on this server; install the package",
          "the extension pg_trgm has no version '0.1' on this server",
          "the database latin has the encoding LATIN1, wanted is UTF8",
          "the password of empty is empty",
        ]) {
          expect(done.stderr).toContain(problem);
        }
        expect(
          su("SELECT rolname FROM pg_roles UNION ALL SELECT datname FROM pg_database ORDER BY 1"),
        ).toEqual(before);
      });

      test("a query that fails and a database that refuses connections stop nothing else, and are named", async () => {
        const query = (sql: string) => ({
          queries: [{ name: "q", sql, unless: "SELECT to_regclass('t') IS NOT NULL" }],
        });
        const all = [
          component("a_fails", {}, query("CREATE TABLE t (); SELECT 1/0")),
          component("b_shut"),
          component("c_works", {}, query("CREATE TABLE t ()")),
        ];
        su("CREATE ROLE b_shut LOGIN");
        administered("b_shut");
        su("CREATE DATABASE b_shut OWNER b_shut ALLOW_CONNECTIONS false");
        const done = await run(all);
        expect(done.code).toBe(1);
        expect(done.stderr).toContain('in the database a_fails: the query "q": division by zero');
        expect(done.stderr).toContain("the database b_shut, which the run could not go through");
        expect(["a_fails", "b_shut", "c_works"].map((name) => connects("public", name))).toEqual([
          false,
          false,
          false,
        ]);
        expect(su("SELECT to_regclass('t') IS NULL", "a_fails")).toEqual(["t"]);
        for (const user of ["a_fails", "b_shut", "c_works"]) {
          expect(postgres.psql("SELECT 1", { user, password: `pw ${user}`, sslmode: "disable" }).code).toBe(
            0,
          );
        }
        expect(su("SELECT to_regclass('t') IS NULL", "c_works")).toEqual(["f"]);
        su("ALTER DATABASE b_shut ALLOW_CONNECTIONS true");
      });

      test("a login past its expiry keeps its password, and the others get theirs", async () => {
        const described = component("late", {
          logins: [{ login: login("late") }, { login: login("gone"), validUntil: "2020-01-01T00:00:00Z" }],
        });
        await succeed(described);
        const verifier = () => su("SELECT rolpassword FROM pg_authid WHERE rolname = 'gone'");
        const before = verifier();
        expect(before[0]).toMatch(/^SCRAM/);
        su("ALTER ROLE late PASSWORD 'other'");
        const said = await succeed(described);
        expect(said).toEqual([
          "the password of late",
          expect.stringMatching(`^${FOUND}the login gone, whose password expired at 2020-01-01`),
          ...NOTHING,
        ]);
        expect(verifier()).toEqual(before);
      });

      test("access that is no longer restricted is everybody's again, and the role that gave it is named", async () => {
        await succeed(component("turned"));
        expect(connects("stranger", "turned")).toBe(false);
        const open = component("turned", {}, { restrictAccess: false });
        const left = `${FOUND}the role turned_connect, which gave access to the database turned while that was restricted`;
        expect(await succeed(open)).toContain(left);
        expect(connects("stranger", "turned")).toBe(true);
        expect((await succeed(open)).filter((line) => !line.startsWith(FOUND))).toEqual(NOTHING);
      });

      test("users connect with and without INHERIT, also when that changes", async () => {
        const described = (inherit: boolean) =>
          component(
            "used",
            { logins: [{ login: login("used") }, { login: login("user_of_it"), inherit }] },
            { users: ["user_of_it"], schemas: [{ name: "app" }] },
          );
        for (const inherit of [true, false, true]) {
          await succeed(described(inherit));
          expect(connects("user_of_it", "used")).toBe(true);
          expect(su("SELECT has_schema_privilege('user_of_it', 'app', 'USAGE')", "used")).toEqual(["t"]);
          expect(await succeed(described(inherit))).toEqual(NOTHING);
        }
        // A login that the description only finds: nothing tells its INHERIT before.
        su("CREATE ROLE found_user NOINHERIT LOGIN");
        const existing = component(
          "visited",
          { logins: [{ login: login("visited") }, { login: login("found_user"), existing: true }] },
          { users: ["found_user"] },
        );
        const done = await run([existing]);
        if (version < 16) {
          expect(done.stderr).toContain("the login found_user cannot connect to the database visited");
          expect(done.code).toBe(1);
        } else {
          expect([done.code, connects("found_user", "visited")]).toEqual([0, true]);
        }
      });

      test("what is on the server and no longer described is named", async () => {
        const full = component("shrunk", {
          logins: [
            { login: login("shrunk"), settings: [{ name: "work_mem", values: ["8MB"] }] },
            { login: login("leaver") },
          ],
          databases: [
            {
              name: "shrunk",
              owner: "shrunk",
              users: ["leaver"],
              settings: [{ name: "lock_timeout", values: ["5s"] }],
              grants: [{ on: SqlGrantTarget.TABLES, grantee: "leaver", privileges: [SqlPrivilege.SELECT] }],
              queries: [
                { name: "t", sql: "CREATE TABLE t ()", unless: "SELECT to_regclass('t') IS NOT NULL" },
              ],
            },
            { name: "shrunk_more", owner: "shrunk" },
          ],
        });
        await succeed(full);
        const lines = await succeed(component("shrunk"));
        expect(lines.filter((line) => line.startsWith(FOUND)).sort()).toEqual(
          [
            "in the database shrunk leaver has SELECT on 1 tables of the schema public",
            "the database shrunk_more, which belongs to the login shrunk",
            "the role leaver, which has objects or privileges in the database shrunk",
            "the setting lock_timeout of the database shrunk",
            "the setting work_mem of the role shrunk",
          ].map((line) => FOUND + line),
        );
        expect(connects("leaver", "shrunk")).toBe(false);
      });

      test("privileges that no grant describes are named, on every kind of object", async () => {
        const opened = component(
          "opened",
          { groupRoles: [{ name: "opened_readers" }] },
          {
            schemas: [{ name: "app" }],
            grants: [
              {
                on: SqlGrantTarget.TABLES,
                schema: "app",
                grantee: "opened_readers",
                privileges: [SqlPrivilege.SELECT],
              },
            ],
          },
        );
        await succeed(opened);
        su(
          `CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO opened; CREATE TABLE app.superusers (i int);
           SET SESSION AUTHORIZATION opened; CREATE SCHEMA back; GRANT USAGE ON SCHEMA back TO PUBLIC;
           CREATE TABLE back.a (i int, j int); CREATE TABLE back.b (i int); GRANT SELECT ON back.a, back.b TO PUBLIC; GRANT UPDATE (i, j) ON back.a TO opened_readers;
           CREATE FUNCTION back.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION back.g() RETURNS int LANGUAGE sql AS 'SELECT 1';
           GRANT EXECUTE ON FUNCTION back.f(), back.g() TO opened_readers; SELECT lo_create(4711); GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC;
           CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw; GRANT USAGE ON FOREIGN SERVER elsewhere TO opened_readers`,
          "opened",
        );
        const lines = await succeed(opened);
        expect(lines.filter((line) => line.startsWith(FOUND)).sort()).toEqual(
          [
            "in the database opened 1 tables of the schema app belong to rds_superuser_of_test, which has to grant what the description grants on them to opened_readers",
            "in the database opened PUBLIC has SELECT on 1 large objects",
            "in the database opened PUBLIC has SELECT on 2 tables of the schema back",
            "in the database opened PUBLIC has USAGE on the schema back",
            "in the database opened opened_readers has EXECUTE on 2 functions of the schema back",
            "in the database opened opened_readers has UPDATE on 2 columns of the schema back",
            "in the database opened opened_readers has USAGE on 1 foreign servers",
          ].map((line) => FOUND + line),
        );
      });

      test("a database that was made a template is one no more", async () => {
        await succeed(component("copied"));
        su("ALTER DATABASE copied IS_TEMPLATE true");
        expect(await succeed(component("copied"))).toEqual([
          "ALTER DATABASE copied IS_TEMPLATE false",
          ...NOTHING,
        ]);
      });

      test("settings of the administrator and of a database do not change how the program is read", async () => {
        const name = "o'set \\ \"x";
        const odd = component(name, {}, { schemas: [{ name: "a'\\b" }] });
        await succeed(odd);
        const settings = [
          "standard_conforming_strings = off",
          "backslash_quote = off",
          "quote_all_identifiers = on",
          "statement_timeout = '1ms'",
          "idle_in_transaction_session_timeout = '1ms'",
          "lock_timeout = '1ms'",
          "transform_null_equals = on",
        ];
        const quoted = `"${name.replace(/"/g, '""')}"`;
        for (const set of settings)
          su(`ALTER ROLE platform_admin SET ${set}; ALTER DATABASE ${quoted} SET ${set}`);
        su(`ALTER DATABASE ${quoted} CONNECTION LIMIT 7`);
        const lines = await succeed(odd);
        su(`ALTER ROLE platform_admin RESET ALL; ALTER DATABASE ${quoted} RESET ALL`);
        expect(lines[0]).toBe(`ALTER DATABASE ${quoted} CONNECTION LIMIT -1`);
        expect(await succeed(odd)).toEqual(NOTHING);
      });

      test("a login that pg_hba.conf lets into its own database only has its password tested there, and another's is set", async () => {
        const guarded = component(
          "guarded",
          {
            logins: [
              { login: login("guarded") },
              { login: login("guarded_user") },
              { login: login("guarded_direct"), inherit: false },
            ],
          },
          { users: ["guarded_user", "guarded_direct"] },
        );
        await succeed(guarded);
        const rules = (database: string) =>
          `host ${database} all 127.0.0.1/32 scram-sha-256\nhost all rds_superuser_of_test,platform_admin 127.0.0.1/32 scram-sha-256\n`;
        postgres.authenticate(rules("guarded"));
        const own = await succeed(guarded);
        const changed = await run([guarded], { guarded_user: "new" });
        postgres.authenticate(rules("nothing"));
        const out = await succeed(guarded);
        postgres.authenticate("host all all 127.0.0.1/32 scram-sha-256\n");
        expect(own).toEqual(NOTHING);
        expect([changed.code, changed.stdout.split("\n")[0]]).toEqual([0, "the password of guarded_user"]);
        expect(
          out.filter((line) => line.includes("cannot be tested from here, so each run sets it: ")).length,
        ).toBe(3);
        expect(await succeed(guarded)).toEqual(NOTHING);
      });

      test("the server's log has the description once, and each database its part of it", async () => {
        const described = component("logged", {
          logins: [{ login: login("logged"), connectionLimit: 54_321 }],
        });
        await succeed(described);
        const before = postgres.log().length;
        await succeed(described);
        const logged = postgres.log().slice(before);
        expect(logged.match(/"connectionLimit":\s*54321/g)).toHaveLength(1);
        expect(logged.match(/devplatforms\.here', '/g)).toHaveLength(1);
      });

      test("the schema public: closed to PUBLIC, or named where only a superuser can close it", async () => {
        await succeed(component("roof"));
        const done = await run([component("roof")]);
        const kept =
          "in the database roof PUBLIC has CREATE on the schema public, which belongs to rds_superuser_of_test; only that role can revoke it";
        expect(done.stdout.trim().split("\n")).toEqual([...(version < 15 ? [FOUND + kept] : []), ...NOTHING]);
        if (version >= 15) {
          su("GRANT CREATE ON SCHEMA public TO PUBLIC", "roof");
        } else {
          // As where the cloud gives it to the administrator.
          su("ALTER SCHEMA public OWNER TO platform_admin", "roof");
        }
        await succeed(component("roof"));
        expect(
          su(
            "SELECT has_schema_privilege('public', 'public', 'CREATE'), has_schema_privilege('roof', 'public', 'CREATE')",
            "roof",
          ),
        ).toEqual(["f|t"]);
        expect(await succeed(component("roof"))).toEqual(NOTHING);
      });
    },
  );
});
