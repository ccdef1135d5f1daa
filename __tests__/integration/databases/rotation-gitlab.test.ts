/**
 * Passwords of GitLab's owner are rotated through a real PgBouncer while pods open new connections all the time, to two databases: with
 * users that alternate none of a ready pod is refused, wherever an apply is killed, although PgBouncer knows a new password late.
 */
import { readFileSync } from "node:fs";
import type { TerraformStack } from "cdktf";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  PostgresVersion,
  SecretValue,
} from "../../../lib/database";
import { ownerOrAlternating, userVersions } from "../../../lib/database/private";
import { cloneKey, keyInUse, passwordKey } from "../../../lib/gitlab/chart/release-database-values";
import { SecretEntry } from "../../../lib/kubernetes";
import { ClientTls, PgBouncer } from "../../../lib/pooling";
import { ComponentObjects, DatabaseObjects, LocalSqlBackend } from "../../../lib/sql";
import { Postgres } from "../../../tools/machine/postgres";
import { freePort } from "../../../tools/machine/processes";
import { terraformTools } from "../../../tools/machine/terraform";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { type Attempt, Pods, session } from "../../support/rotation/pods";
import { type Revision, RotatedStack } from "../../support/rotation/rotated-stack";
import { LocalPooler, literal, poolingTools } from "../../support/servers/pooling";

jest.setTimeout(600_000);

const needs = () => {
  const pooling = poolingTools();
  const terraform = terraformTools();
  if (pooling instanceof Unavailable) return pooling;
  if (terraform instanceof Unavailable) return terraform;
  return { pooling, terraform };
};

const KEY = passwordKey("main");
const SINCE = 1;

const WORK = `BEGIN;
SELECT pg_advisory_xact_lock(1);
CREATE TABLE IF NOT EXISTS migrations (id serial PRIMARY KEY, at timestamptz DEFAULT now());
ALTER TABLE migrations ALTER COLUMN at SET NOT NULL;
INSERT INTO migrations DEFAULT VALUES;
COMMIT;
`;

describeWith("rotation of GitLab's password through PgBouncer", needs, (tools) => {
  let postgres: Postgres;
  let pooler: LocalPooler | undefined;
  let stack: RotatedStack;
  let pods: Pods;

  const serverOf = (scope: TerraformStack, admin?: SecretValue) =>
    DatabaseServer.fromServerAttributes(scope, "postgres", {
      engine: DatabaseEngine.postgres(PostgresVersion.V15),
      host: "localhost",
      port: postgres.port,
      maxConnections: 100,
      tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: readFileSync(postgres.ca, "utf8") },
      ...(admin ? { adminLogin: DatabaseLogin.withPassword(postgres.admin.user, admin) } : {}),
    });

  beforeAll(async () => {
    postgres = await Postgres.start(tools.pooling.postgres);
    stack = new RotatedStack({
      tools: tools.terraform,
      ownerName: "gitlab",
      since: SINCE,
      client: tools.pooling.postgres.psql,
      variables: { admin: postgres.admin.password },
      build: (scope, owner, variable) => {
        const server = serverOf(scope, variable("admin"));
        const [main, ci] = ["main", "ci"].map((name) => server.database(name, { owner }));
        const objects = new DatabaseObjects(scope, "objects", {
          server,
          components: [
            ComponentObjects.fromDatabases(
              "gitlab",
              [main, ci].flatMap((each) => each ?? []),
            ),
          ],
          backend: new LocalSqlBackend(),
        });
        return { database: server.database("main"), dependables: objects.dependables };
      },
      application: ({ owner }) => ({
        entries: owner.users.flatMap(({ password }, index) =>
          password ? [SecretEntry.secret(index === 0 ? KEY : cloneKey(KEY), password)] : [],
        ),
        values: { username: owner.username, key: keyInUse(KEY, owner) },
      }),
    });
  });
  afterAll(async () => {
    await pods?.stop();
    await pooler?.stop();
    await postgres?.stop();
    stack?.remove();
  });

  /** The pooler at a password version, as a pod of it gets its files. */
  const poolerAt = (port: number, version: number) => (scope: TerraformStack) => {
    const owner = ownerOrAlternating("gitlab", userVersions(version, SINCE), (user, of) =>
      DatabaseLogin.withPassword(
        user,
        SecretValue.fromEphemeral(literal(stack.password(user, of)), { version: of }),
      ),
    );
    const server = serverOf(scope);
    new PgBouncer(scope, "pooler", {
      namespace: "test",
      port,
      image: tools.pooling.image,
      clientTls: ClientTls.none(),
      entries: ["main", "ci"].map((name) => ({
        database: server.database(name, { owner }),
        component: "gitlab",
        poolSize: 2,
      })),
    });
  };

  /** User name and key from the release, the password from the Secret of this moment, as in the chart's pods. */
  const start = ({ values }: Revision): Attempt => {
    const password = stack.secret(values.key as string);
    const flags = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--no-password"];
    const connect = async (database: string) => {
      const env = {
        PGHOST: "127.0.0.1",
        PGPORT: String(pooler?.port),
        PGUSER: values.username,
        PGPASSWORD: password,
        PGDATABASE: database,
        PGSSLMODE: "disable",
        PGCONNECT_TIMEOUT: "20",
      };
      const problem = await session(tools.pooling.postgres.psql, flags, env, WORK);
      return problem && `${database}: ${problem}`;
    };
    return async () => (await connect("main")) ?? (await connect("ci"));
  };

  const su = (sql: string, database: string) =>
    postgres.query(sql, { user: "rds_superuser_of_test", password: "superuser", database });

  test("no connection of a ready pod is refused, also when the apply is killed at each step", async () => {
    let version = 1;
    stack.use(version);
    pods = new Pods({
      stack,
      start,
      replicas: 2,
      // The chart's init container `dependencies` tries again until GitLab's databases answer.
      startFailures: 100,
    });
    const first = new LocalPooler(tools.pooling, poolerAt(await freePort(), version));
    pooler = first;
    await first.start();
    pods.start();
    await stack.apply();

    let killed = 0;
    const rotate = async (steps: Iterable<string>, poolerKnows: "release" | "release-half" | "late") => {
      stack.use(++version);
      for (const step of steps) {
        expect([step, await stack.applyAndKill(step)]).toEqual([step, true]);
        killed++;
        // The Secret of PgBouncer is written after the SQL has run, and reaches its pod some time later.
        if (step === poolerKnows) first.write(poolerAt(first.port, version));
        expect([step, pods.refusals]).toEqual([step, []]);
      }
      const applied = stack.apply();
      if (poolerKnows === "late") {
        await new Promise((resolve) => setTimeout(resolve, 4000));
        first.write(poolerAt(first.port, version));
      }
      await applied;
      expect(pods.refusals).toEqual([]);
      expect(stack.release()?.values.username).toBe(stack.userInUse);
    };
    await rotate(["client-1", "client-3", "secret", "secret-written", "release"], "late");
    expect(stack.userInUse).toBe("gitlab_clone");
    await rotate(["client-2", "secret-written", "release", "release-half", "released"], "release");
    expect(stack.userInUse).toBe("gitlab");
    await rotate([], "late");
    for (const database of ["main", "ci"]) {
      expect(
        su("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename = 'migrations'", database),
      ).toEqual(["gitlab"]);
    }
    expect(first.pgbouncerPids()).toHaveLength(1);
    console.log(
      `${killed} applies were killed; ${pods.connections} connections, none of a ready pod refused`,
    );
  });
});
