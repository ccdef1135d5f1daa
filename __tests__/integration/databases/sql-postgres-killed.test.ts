/** A run that is killed at any boundary between two statements leaves nothing that the next run does not put right. */
import { dirname } from "node:path";
import { ComponentObjects, SqlGrantTarget, SqlPrivilege, type SqlProgram } from "../../../lib/sql";
import { loginPasswordKey } from "../../../lib/sql/objects/desired-state";
import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import type { Finished } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { FrontendProxy } from "../../support/servers/frontend-proxy";
import { login, postgresProgram } from "../../support/sql/sql-fixtures";
import { runProgram } from "../../support/sql/sql-program";

jest.setTimeout(600_000);

const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser" };
/** Statements that change something, or make a change last; between others a kill is the same as beside them. */
const WRITES = /^\s*(CREATE|ALTER|GRANT|REVOKE|COMMIT|INSERT)\b/;

describeWith("database objects on PostgreSQL, killed", postgresTools, (tools) => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await Postgres.start(tools);
    postgres.authenticate("host all all 127.0.0.1/32 scram-sha-256\n");
  });
  afterAll(() => postgres?.stop());

  /** One of every kind, under names of their own for each kill. */
  const objects = (n: string): ComponentObjects =>
    new ComponentObjects({
      component: "wiki",
      logins: [
        {
          login: login(`wiki_${n}`),
          settings: [{ name: "work_mem", values: ["8MB"] }],
          memberOf: [`all_${n}`],
        },
      ],
      groupRoles: [{ name: `all_${n}` }],
      databases: [
        {
          name: `wiki_${n}`,
          owner: `wiki_${n}`,
          connectionLimit: 9,
          settings: [{ name: "lock_timeout", values: ["5s"] }],
          schemas: [{ name: "app" }],
          extensions: [{ name: "btree_gist" }],
          grants: [
            {
              on: SqlGrantTarget.SCHEMA,
              schema: "app",
              grantee: `all_${n}`,
              privileges: [SqlPrivilege.USAGE],
            },
          ],
          defaultPrivileges: [
            {
              on: SqlGrantTarget.TABLES,
              schema: "app",
              grantee: `all_${n}`,
              privileges: [SqlPrivilege.SELECT],
            },
          ],
          queries: [
            {
              name: "page",
              sql: "CREATE TABLE app.page (id int); INSERT INTO app.page VALUES (1)",
              unless: "SELECT to_regclass('app.page') IS NOT NULL",
            },
          ],
        },
      ],
    });

  const programFor = (n: string): SqlProgram =>
    postgresProgram({ port: postgres.port, admin: postgres.admin.user }, () => [objects(n)]);

  function run(n: string, port: number, kill?: (pid: number) => void): Promise<Finished> {
    return runProgram(programFor(n), {
      ca: postgres.ca,
      path: `${dirname(tools.psql)}:${process.env.PATH}`,
      secrets: {
        admin: postgres.admin.password,
        [loginPasswordKey({ login: login(`wiki_${n}`) })]: `password ${n}`,
      },
      environment: {
        PGSSLMODE: "disable",
        PGGSSENCMODE: "disable",
        PGHOST: "127.0.0.1",
        PGPORT: String(port),
      },
      started: (child) => kill?.(child.pid as number),
    });
  }

  /** Runs to the statement with the number `at`, which never reaches the server, and kills the whole process group there. */
  async function runUntil(
    n: string,
    at: number,
  ): Promise<{ killed: boolean; writes: string[]; done: Finished }> {
    let pid = 0;
    let killed = false;
    const writes: string[] = [];
    const proxy = new FrontendProxy("postgres", postgres.port, (statement) => {
      if (!WRITES.test(statement)) return !killed;
      if (killed) return false;
      if (writes.length === at) {
        killed = true;
        process.kill(-pid, "SIGKILL");
        return false;
      }
      writes.push(statement);
      return !killed;
    });
    try {
      const done = await run(n, await proxy.listen(), (started) => {
        pid = started;
      });
      return { killed, writes, done };
    } finally {
      proxy.close();
    }
  }

  const su = (sql: string, database = "postgres") =>
    postgres.query(sql, { ...SUPERUSER, database, sslmode: "disable" });
  /** What there is, by names, with the kill's own name taken out. */
  const described = (n: string): string[] =>
    [
      ...su(
        `SELECT rolname, rolcanlogin, rolinherit, rolcreatedb, rolcreaterole, rolsuper, rolconnlimit, (SELECT setconfig FROM pg_db_role_setting WHERE setrole = a.oid AND setdatabase = 0), left(rolpassword, 13) FROM pg_authid a WHERE rolname ~ '_${n}(_connect)?$'
         UNION ALL SELECT roleid::regrole::text, (member = 'wiki_${n}'::regrole), NULL, NULL, NULL, NULL, NULL, ARRAY[member::regrole::text], NULL FROM pg_auth_members
          WHERE roleid::regrole::text ~ '_${n}(_connect)?$' AND coalesce((to_jsonb(pg_auth_members) ->> 'inherit_option')::boolean OR (to_jsonb(pg_auth_members) ->> 'set_option')::boolean, true) ORDER BY 1, 2`,
      ),
      ...su(
        `SELECT datname, datdba::regrole, datconnlimit, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(datacl) a), (SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = d.oid) FROM pg_database d WHERE datname = 'wiki_${n}'`,
      ),
      ...su(
        `SELECT nspname, nspowner::regrole::text, (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(nspacl) a) FROM pg_namespace WHERE nspname IN ('app', 'public')
         UNION ALL SELECT extname, extnamespace::regnamespace::text, NULL FROM pg_extension
         UNION ALL SELECT 'default', defaclrole::regrole::text, defaclacl::text FROM pg_default_acl
         UNION ALL SELECT 'page', count(*)::text, (SELECT relowner::regrole::text FROM pg_class WHERE relname = 'page') FROM app.page ORDER BY 1`,
        `wiki_${n}`,
      ),
    ].map((line) => line.replaceAll(`_${n}`, "_N"));

  test("at every boundary", async () => {
    const whole = await runUntil("whole", Number.POSITIVE_INFINITY);
    expect([whole.done.code, whole.done.stderr]).toEqual([0, ""]);
    const wanted = described("whole");
    const boundaries = whole.writes.length;
    expect(boundaries).toBeGreaterThan(25);
    let next = 0;
    const one = async () => {
      while (next < boundaries) {
        const at = next++;
        const n = `k${at}`;
        const { killed, writes } = await runUntil(n, at);
        const where = `killed before ${whole.writes[at]}`;
        // The run came as far as it should have; with other names its statements are those of the whole run.
        expect([where, killed, writes.length]).toEqual([where, true, at]);
        // No boundary leaves a database that other logins may connect to.
        expect([
          where,
          su(
            `SELECT datname FROM pg_database WHERE datname = 'wiki_${n}' AND datallowconn AND has_database_privilege('public', oid, 'CONNECT')`,
          ),
        ]).toEqual([where, []]);
        const again = await run(n, postgres.port);
        expect([where, again.code, again.stderr]).toEqual([where, 0, ""]);
        expect([where, described(n)]).toEqual([where, wanted]);
        const password = postgres.psql("SELECT 1", {
          user: `wiki_${n}`,
          password: `password ${n}`,
          database: `wiki_${n}`,
          sslmode: "disable",
        });
        expect([where, password.code]).toEqual([where, 0]);
      }
    };
    await Promise.all([one(), one(), one()]);
    console.log(`killed at ${boundaries} boundaries; every next run came to the same state`);
  });

  test("a server that goes away before any statement ends the run with an error", async () => {
    const n = "gone";
    /** A run whose server is gone from a statement on; undefined if the run has not ended after a minute. */
    const runWithout = async (from: number): Promise<{ done?: Finished; statements: number }> => {
      let pid = 0;
      let statements = 0;
      const proxy = new FrontendProxy("postgres", postgres.port, () => statements++ < from);
      const port = await proxy.listen();
      const ended = run(n, port, (started) => {
        pid = started;
      });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), 60_000);
      });
      const done = await Promise.race([ended, late]);
      clearTimeout(timer);
      if (!done) process.kill(-pid, "SIGKILL");
      proxy.close();
      return { done, statements };
    };
    await run(n, postgres.port);
    const whole = await runWithout(Number.POSITIVE_INFINITY);
    expect([whole.done?.code, whole.done?.stdout]).toEqual([0, "The server is as wanted.\n"]);
    for (let at = 0; at < whole.statements; at++) {
      const { done } = await runWithout(at);
      expect([at, done?.code === 0 ? "as wanted" : done?.stderr]).toEqual([
        at,
        expect.stringMatching(/lost|terminated|refused|closed|could not/),
      ]);
      // The database that the run could not go through is not taken for the next one's.
      expect([at, done?.stdout]).toEqual([at, expect.not.stringContaining("as wanted")]);
    }
  });
});
