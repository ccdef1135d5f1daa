/** Coder's database and its owner, made as the job makes them, by an administrator who is no superuser. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CoderSql } from "../../../lib/coder";
import { Cloud, DatabaseLogin } from "../../../lib/database";

import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import { type Finished, must } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { login, postgresProgram } from "../../support/sql/sql-fixtures";
import { runProgram } from "../../support/sql/sql-program";

jest.setTimeout(120_000);

const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser" };
const DONE = "The server is as wanted.";

interface Setup {
  readonly database: string;
  readonly owner: string;
  /** Left out: the owner logs in by identity. */
  readonly password?: string;
}

describeWith("Coder's database", postgresTools, (tools) => {
  // From 16 on the creator of a role stays a member with the ADMIN option alone, and needs that option for all it does.
  const version = Number(/ (\d+)/.exec(must(tools.postgres, ["--version"]))?.[1]);
  const administered = (...roles: string[]) =>
    version >= 16
      ? `GRANT ${roles.join(", ")} TO ${postgres.admin.user} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE`
      : "SELECT";
  let postgres: Postgres;
  let folder: string;

  beforeAll(async () => {
    postgres = await Postgres.start(tools);
    folder = mkdtempSync(join(tmpdir(), "devplatforms-setup-"));
  });

  afterAll(async () => {
    await postgres?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  interface Change {
    readonly environment?: Readonly<Record<string, string>>;
    readonly path?: string;
    /** Gets the folder with the passwords and the owner's key. */
    readonly secrets?: (secrets: string, owner: string) => void;
  }

  /** Runs the program as the pod does: passwords in files. */
  function setUp(setup: Setup, change: Change = {}): Promise<Finished> {
    const { database, owner, password } = setup;
    const program = postgresProgram(
      { port: postgres.port, admin: postgres.admin.user, cloud: Cloud.AWS, acceptsCloudIdentity: true },
      (server) => {
        const owned = password === undefined ? DatabaseLogin.withCloudIdentity(owner) : login(owner);
        return [CoderSql.objects(server.database(database, { owner: owned }))];
      },
    );
    const secrets = mkdtempSync(join(folder, "secrets-"));
    const key = program.secrets.map((secret) => secret.key).find((each) => each !== "admin") ?? "none";
    // A line break at the end, as an editor leaves it: the program has to take it off.
    writeFileSync(join(secrets, "admin"), `${postgres.admin.password}\n`);
    if (password !== undefined) writeFileSync(join(secrets, key), password);
    change.secrets?.(secrets, key);
    return runProgram(program, {
      ca: postgres.ca,
      path: change.path ?? `${dirname(tools.psql)}:${process.env.PATH}`,
      secrets: {},
      environment: { SQL_SECRETS: secrets, ...change.environment },
    });
  }

  async function succeed(setup: Setup): Promise<string> {
    const done = await setUp(setup);
    expect(done).toMatchObject({ code: 0 });
    return done.stdout;
  }

  const superuser = (sql: string) => postgres.query(sql, SUPERUSER);
  const everything = () =>
    superuser(
      "SELECT r::text FROM pg_authid r UNION ALL SELECT d::text FROM pg_database d UNION ALL SELECT m::text FROM pg_auth_members m ORDER BY 1",
    );
  const memberships = (member: string) =>
    superuser(
      `SELECT DISTINCT roleid::regrole::text FROM pg_auth_members WHERE member = '${member}'::regrole ${version >= 16 ? "AND (inherit_option OR set_option)" : ""} ORDER BY 1`,
    );
  const logIn = (user: string, password: string, database: string, sql = "SELECT current_user") =>
    postgres.psql(sql, { user, password, database });

  test("makes the role and the database, which the role owns and can use", async () => {
    const said = await succeed({ database: "fresh", owner: "fresh_owner", password: "s3cret" });
    expect(said.trim().split("\n").at(-1)).toBe(DONE);
    const done = logIn("fresh_owner", "s3cret", "fresh", "CREATE TABLE public.t (i int); CREATE SCHEMA own;");
    expect(done).toMatchObject({ code: 0 });
    expect(
      superuser(
        "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datacl IS NOT NULL FROM pg_database WHERE datname = 'fresh'",
      ),
    ).toEqual(["fresh_owner|UTF8|t"]);
    expect(
      superuser(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'fresh_owner'",
      ),
    ).toEqual(["f|f|f|t|t"]);
  });

  test("leaves the administrator outside the owner's role, and everybody else outside the database", async () => {
    await succeed({ database: "closed", owner: "closed_owner", password: "s3cret" });
    expect(memberships(postgres.admin.user)).toEqual([]);
    expect(superuser("SELECT has_database_privilege('public', 'closed', 'CONNECT')")).toEqual(["f"]);
    superuser("CREATE ROLE passer_by LOGIN PASSWORD 'pass'");
    expect(logIn("passer_by", "pass", "closed").stderr).toContain("permission denied for database");
  });

  test("changes nothing when it runs again, not even the password's salt", async () => {
    const setup = { database: "twice", owner: "twice_owner", password: "s3cret" };
    await succeed(setup);
    const before = everything();
    const said = await succeed(setup);
    expect(everything()).toEqual(before);
    expect(said.trim()).toBe(DONE);
  });

  test("brings what it finds to the wanted state and drops nothing", async () => {
    superuser("CREATE ROLE former_owner LOGIN");
    superuser("CREATE ROLE drifted_owner NOLOGIN PASSWORD 'other' VALID UNTIL '2020-01-01'");
    superuser("CREATE DATABASE drifted OWNER former_owner");
    superuser(administered("former_owner", "drifted_owner"));
    postgres.query("CREATE TABLE kept AS SELECT 42 AS answer", { ...SUPERUSER, database: "drifted" });
    const setup = { database: "drifted", owner: "drifted_owner", password: "wanted" };
    await succeed(setup);
    expect(logIn("drifted_owner", "wanted", "drifted")).toMatchObject({ code: 0 });
    expect(superuser("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'drifted'")).toEqual([
      "drifted_owner",
    ]);
    expect(postgres.query("SELECT answer FROM kept", { ...SUPERUSER, database: "drifted" })).toEqual(["42"]);
    expect(memberships(postgres.admin.user)).toEqual([]);
    expect(memberships("former_owner")).toEqual([]);
    const before = everything();
    await succeed(setup);
    expect(everything()).toEqual(before);
  });

  test("sets a new password when the secret has one", async () => {
    const names = { database: "rotated", owner: "rotated_owner" };
    await succeed({ ...names, password: "first" });
    await succeed({ ...names, password: "second" });
    expect(logIn("rotated_owner", "first", "rotated")).toMatchObject({ code: 2 });
    expect(logIn("rotated_owner", "second", "rotated")).toMatchObject({ code: 0 });
  });

  test("keeps a membership that the administrator had before", async () => {
    const option = version >= 16 ? "WITH ADMIN OPTION" : "";
    superuser(`CREATE ROLE joint_owner LOGIN; GRANT joint_owner TO ${postgres.admin.user} ${option}`);
    await succeed({ database: "joint", owner: "joint_owner", password: "s3cret" });
    expect(memberships(postgres.admin.user)).toEqual(["joint_owner"]);
    superuser(`REVOKE joint_owner FROM ${postgres.admin.user}`);
  });

  test.each([["SUPERUSER"], ["CREATEROLE"], ["REPLICATION"], ["BYPASSRLS"]])(
    "refuses an owner that exists with %s",
    async (attribute) => {
      const owner = `powerful_${attribute.toLowerCase()}`;
      superuser(`CREATE ROLE ${owner} LOGIN ${attribute}`);
      const before = everything();
      const done = await setUp({ database: "powerful", owner, password: "s3cret" });
      expect(done.code).not.toBe(0);
      expect(done.stderr).toContain("is an administrator");
      expect(everything()).toEqual(before);
    },
  );

  test("refuses the administrator as owner", async () => {
    const setup = { database: "own", owner: "own_owner", password: "s3cret" };
    // At synth it was another one.
    const environment = { PGUSER: setup.owner };
    superuser(`CREATE ROLE own_owner LOGIN CREATEROLE CREATEDB PASSWORD 's3cret'`);
    const done = await setUp(setup, {
      environment,
      secrets: (secrets) => writeFileSync(join(secrets, "admin"), "s3cret"),
    });
    expect(done.code).not.toBe(0);
    expect(done.stderr).toContain("is an administrator");
  });

  test("fails when the administrator's password is wrong, and when the server's certificate is", async () => {
    const setup = { database: "never", owner: "never_owner", password: "s3cret" };
    const refused = await setUp(setup, {
      secrets: (secrets) => writeFileSync(join(secrets, "admin"), "wrong"),
    });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("password authentication failed");
    const stranger = await setUp(setup, {
      environment: { PGHOST: "db.example.com", PGHOSTADDR: postgres.host },
    });
    expect(stranger.code).not.toBe(0);
    expect(stranger.stderr).toContain("does not match host name");
    expect(superuser("SELECT count(*) FROM pg_database WHERE datname = 'never'")).toEqual(["0"]);
  });

  test.each([["missing"], ["empty"]])("changes nothing when a secret is %s", async (file) => {
    for (const admin of [true, false]) {
      const done = await setUp(
        { database: "never", owner: "never_owner", password: "s3cret" },
        {
          secrets: (secrets, owner) => {
            const path = join(secrets, admin ? "admin" : owner);
            if (file === "missing") rmSync(path);
            else writeFileSync(path, "\n");
          },
        },
      );
      expect(done.code).not.toBe(0);
    }
    expect(superuser("SELECT count(*) FROM pg_roles WHERE rolname = 'never_owner'")).toEqual(["0"]);
    expect(superuser("SELECT count(*) FROM pg_database WHERE datname = 'never'")).toEqual(["0"]);
  });

  test("no password is in the server's log, which holds every statement", async () => {
    const password = "canary'in\"the\\mine";
    await succeed({ database: "logged", owner: "logged_owner", password });
    const log = readFileSync(join(dirname(postgres.ca), "log"), "utf8");
    expect(log).toContain("CREATE ROLE logged_owner");
    expect(log).toContain("SCRAM-SHA-256$");
    expect(log).not.toContain("canary");
  });

  test("no password is on a command line", async () => {
    // A psql in front of the real one, which writes down what it was started with.
    const bin = mkdtempSync(join(folder, "bin-"));
    const seen = join(bin, "seen");
    writeFileSync(join(bin, "psql"), `#!/bin/sh\nprintf '%s\\n' "$@" >>${seen}\nexec ${tools.psql} "$@"\n`, {
      mode: 0o755,
    });
    const setup = { database: "listed", owner: "listed_owner", password: "canary" };
    expect(await setUp(setup, { path: `${bin}:${process.env.PATH}` })).toMatchObject({ code: 0 });
    const lines = readFileSync(seen, "utf8");
    expect(lines).toContain("listed_owner");
    expect(lines).not.toContain("canary");
    expect(lines).not.toContain(postgres.admin.password);
  });

  describe("an owner who logs in by identity", () => {
    test("is refused where the server has no rds_iam", async () => {
      const done = await setUp({ database: "no_iam", owner: "no_iam_owner" });
      expect(done.code).not.toBe(0);
      expect(done.stderr).toContain("no role rds_iam");
    });

    describe("on a server like RDS", () => {
      beforeAll(() => {
        superuser("CREATE ROLE rds_iam NOLOGIN");
        superuser(administered("rds_iam"));
        likeRds();
      });

      // RDS takes tokens, and no password, from members of rds_iam, direct or not.
      function likeRds(): void {
        const exempt = version >= 16 ? `hostssl all ${postgres.admin.user} 127.0.0.1/32 scram-sha-256\n` : "";
        postgres.authenticate(
          `${exempt}hostssl all +rds_iam 127.0.0.1/32 reject\nhostssl all all 127.0.0.1/32 scram-sha-256\n`,
        );
      }

      test("gets rds_iam and no password; the administrator can still log in", async () => {
        const setup = { database: "iam", owner: "iam_owner" };
        const said = await succeed(setup);
        expect(said).toContain("GRANT rds_iam TO iam_owner");
        expect(memberships("iam_owner")).toEqual(["rds_iam"]);
        expect(superuser("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'iam'")).toEqual([
          "iam_owner",
        ]);
        const before = everything();
        await succeed(setup);
        expect(everything()).toEqual(before);
        expect(postgres.psql("SELECT 1")).toMatchObject({ code: 0 });
      });

      test("changes from a password to IAM and back", async () => {
        const names = { database: "both", owner: "both_owner" };
        await succeed({ ...names, password: "s3cret" });
        await succeed(names);
        expect(superuser("SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'both_owner'")).toEqual([
          "t",
        ]);
        await succeed({ ...names, password: "s3cret" });
        expect(memberships("both_owner")).toEqual([]);
        expect(logIn("both_owner", "s3cret", "both")).toMatchObject({ code: 0 });
      });

      // Whether RDS itself locks out a member with the ADMIN option alone is not known: both are tried.
      const before16 = version < 16 ? test : test.skip;

      before16("a membership that would lock the administrator out is taken away first", async () => {
        superuser(`CREATE ROLE close_owner LOGIN; GRANT close_owner TO ${postgres.admin.user}`);
        await succeed({ database: "close", owner: "close_owner" });
        expect(memberships(postgres.admin.user)).toEqual([]);
        expect(postgres.psql("SELECT 1")).toMatchObject({ code: 0 });
      });

      test("when the administrator is locked out all the same, the grant is taken back", async () => {
        if (version >= 16) {
          // As if the ADMIN option, which the creator of a role keeps, locked out as well.
          postgres.authenticate(
            "hostssl all +trap_owner 127.0.0.1/32 reject\nhostssl all all 127.0.0.1/32 scram-sha-256\n",
          );
        } else {
          // An indirect membership by way of a superuser, which the program does not take away.
          superuser(
            `CREATE ROLE between SUPERUSER; CREATE ROLE trap_owner LOGIN; GRANT trap_owner TO between; GRANT between TO ${postgres.admin.user}`,
          );
        }
        const done = await setUp({ database: "trap", owner: "trap_owner" });
        expect(done.code).not.toBe(0);
        expect(done.stderr).toContain("would lock the administrator out; the grant was taken back");
        expect(memberships("trap_owner")).toEqual([]);
        likeRds();
        expect(postgres.psql("SELECT 1")).toMatchObject({ code: 0 });
      });
    });
  });
});
