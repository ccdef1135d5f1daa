/**
 * Passwords of Coder's owner are rotated on a real PostgreSQL by the real Terraform while pods open new connections all the time: with
 * users that alternate none is refused, wherever an apply is killed; with one user some are.
 */
import { readFileSync } from "node:fs";
import { CoderSql } from "../../../lib/coder";
import { databaseAccess } from "../../../lib/coder/database/database-access";
import { DatabaseEngine, DatabaseLogin, DatabaseServer, PostgresVersion } from "../../../lib/database";
import { DatabaseObjects, LocalSqlBackend } from "../../../lib/sql";
import { Postgres, postgresTools } from "../../../tools/machine/postgres";
import { terraformTools } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { type Attempt, Pods, session } from "../../support/rotation/pods";
import { RotatedStack } from "../../support/rotation/rotated-stack";

jest.setTimeout(600_000);

const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser" };

const needs = () => {
  const postgres = postgresTools();
  const terraform = terraformTools();
  if (postgres instanceof Unavailable) return postgres;
  if (terraform instanceof Unavailable) return terraform;
  return { postgres, terraform };
};

/** Creates and alters objects as a migration does, so that each of two users has to alter what the other one made. */
const WORK = `BEGIN;
SELECT pg_advisory_xact_lock(1);
CREATE TABLE IF NOT EXISTS migrations (id serial PRIMARY KEY, at timestamptz DEFAULT now());
ALTER TABLE migrations ALTER COLUMN at SET NOT NULL;
CREATE OR REPLACE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
INSERT INTO migrations DEFAULT VALUES;
COMMIT;
`;

describeWith("rotation of Coder's password", needs, (tools) => {
  let postgres: Postgres;
  let stack: RotatedStack | undefined;
  let pods: Pods | undefined;

  beforeAll(async () => {
    postgres = await Postgres.start(tools.postgres);
  });
  afterAll(() => postgres?.stop());
  afterEach(async () => {
    await pods?.stop();
    stack?.remove();
  });

  /** `psql` with the connection URL of the Secret, as Coder reads it at its start. */
  const start = (of: RotatedStack) => (): Attempt => {
    const url = of.secret("url").replace(/(sslrootcert=)[^&]*/, `$1${encodeURIComponent(postgres.ca)}`);
    const env = { PGCONNECT_TIMEOUT: "10", PGOPTIONS: "-c client_min_messages=warning" };
    const args = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url];
    return () => session(tools.postgres.psql, args, env, WORK);
  };

  function rotated(name: string, since?: number): RotatedStack {
    return new RotatedStack({
      tools: tools.terraform,
      ownerName: name,
      since,
      client: tools.postgres.psql,
      variables: { admin: postgres.admin.password },
      build: (scope, owner, variable) => {
        const server = DatabaseServer.fromServerAttributes(scope, "postgres", {
          engine: DatabaseEngine.postgres(PostgresVersion.V15),
          host: "localhost",
          port: postgres.port,
          tls: {
            enforced: true,
            hostnameVerifiable: true,
            caCertificatesPem: readFileSync(postgres.ca, "utf8"),
          },
          adminLogin: DatabaseLogin.withPassword(postgres.admin.user, variable("admin")),
        });
        const database = server.database(name, { owner });
        const objects = new DatabaseObjects(scope, "objects", {
          server,
          components: [CoderSql.objects(database)],
          backend: new LocalSqlBackend(),
        });
        return { database, dependables: objects.dependables };
      },
      application: (database) => ({
        entries: databaseAccess(database, {
          secretName: "coder-db-url",
          secretKey: "url",
          caSecretName: "ca",
          clientSecretName: "client",
        }).entries,
        values: {},
      }),
    });
  }

  const su = (sql: string, database = "postgres") => postgres.query(sql, { ...SUPERUSER, database });
  const logsIn = (user: string, password: string, database: string) =>
    postgres.psql("SELECT 1", { user, password, database }).code === 0;

  test("one user: connections of pods that still run are refused", async () => {
    stack = rotated("single");
    stack.use(1);
    pods = new Pods({ stack, start: start(stack), replicas: 2 });
    pods.start();
    await stack.apply();
    expect(pods.refusals).toEqual([]);
    stack.use(2);
    await stack.apply();
    expect(pods.refusals.join()).toContain("password authentication failed");
  });

  test("users that alternate: no connection is refused, also when the apply is killed at each step", async () => {
    stack = rotated("coder", 3);
    // A server that runs with one user, at its third password.
    stack.use(3);
    pods = new Pods({ stack, start: start(stack), replicas: 2 });
    pods.start();
    await stack.apply();
    expect(su("SELECT count(*) FROM pg_roles WHERE rolname = 'coder_clone'")).toEqual(["0"]);

    let version = 3;
    const look = (of: RotatedStack, where: string) => {
      expect([where, pods?.refusals]).toEqual([where, []]);
      const user = of.userInUse;
      expect([where, of.secret("url")]).toEqual([where, expect.stringContaining(`//${user}:`)]);
      const password = of.password(user, version);
      const other = user === "coder" ? "coder_clone" : "coder";
      expect([
        where,
        logsIn(user, password, "coder"),
        logsIn(other, of.password(other, version - 1), "coder"),
      ]).toEqual([where, true, true]);
      expect(of.state()).not.toMatch(/Secret-\d+-of/);
    };

    // Each apply of a rotation is killed one step later than the one before, so each step is also the state that a killed apply begins with.
    // The first rotation makes the second user.
    let killed = 0;
    const rotate = async (steps: Iterable<string>) => {
      stack?.use(++version);
      let held = true;
      for (const step of steps) {
        held = (await stack?.applyAndKill(step)) ?? false;
        expect([step, pods?.refusals]).toEqual([step, []]);
        if (!held) break;
        killed++;
      }
      if (held) await stack?.apply();
      look(stack as RotatedStack, `rotation to version ${version}, after ${killed} kills`);
      return held;
    };
    // The last one is not reached: the run of the SQL ended before.
    const inTheSql = Array.from({ length: 30 }, (_, index) => `client-${index + 1}`);
    const afterTheSql = ["secret", "secret-written", "release", "release-half", "released"];
    expect(await rotate(inTheSql)).toBe(false);
    // Both users exist: the owner gets a new password while the clone is in use.
    expect(await rotate(["client-1", "client-3", ...afterTheSql])).toBe(true);
    expect(killed).toBeGreaterThan(5 + afterTheSql.length);
    expect(await rotate([])).toBe(true);
    // Whichever user ran a migration, the owner owns what it made.
    expect(
      su(
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname ~ '^migrations' UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'bump'",
        "coder",
      ),
    ).toEqual(["coder"]);
    console.log(`${killed} applies were killed; ${pods.connections} connections, none refused`);
  });

  test("the next run gives the owner what the second user made without the owner's role", async () => {
    stack = rotated("left", 1);
    stack.use(1);
    pods = new Pods({ stack, start: start(stack), replicas: 1 });
    pods.start();
    await stack.apply();
    stack.use(2);
    await stack.apply();
    const clone = { user: "left_clone", password: stack.password("left_clone", 2), database: "left" };
    const made = postgres.psql("SET ROLE none; CREATE TABLE stray (i int); SELECT current_user", clone);
    expect([made.code, made.stdout]).toEqual([0, "left_clone\n"]);
    stack.use(3);
    await stack.apply();
    expect(su("SELECT tableowner FROM pg_tables WHERE tablename = 'stray'", "left")).toEqual(["left"]);
    expect(pods.refusals).toEqual([]);
  });
});
