/**
 * The databases of a GitLab topology on a real PostgreSQL with PgBouncer in front: what `GitlabObjects` describes is made, and each
 * component reaches its own database with its own login and nothing else. The extensions come with PostgreSQL's contrib modules.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  DatabaseEngine,
  DatabaseLogin,
  DatabaseServer,
  type IDatabase,
  PoolMode,
  PostgresVersion,
  SecretValue,
  TerraformData,
} from "../../../lib/database";
import { DatabaseTopology, GitlabObjects, GitlabVersion, type IDatabaseTopology } from "../../../lib/gitlab";
import { ClientTls, PgBouncer, PgBouncerImage } from "../../../lib/pooling";
import type { SqlProgram } from "../../../lib/sql";
import { Postgres } from "../../../tools/machine/postgres";
import { freePort } from "../../../tools/machine/processes";
import { describeWith } from "../../support/describe-with";
import { LocalPooler, literal, poolingTools } from "../../support/servers/pooling";
import { RecordingBackend, runProgram } from "../../support/sql/sql-program";
import { synthesize } from "../../support/synth";

jest.setTimeout(240_000);

const SUPERUSER = { user: "rds_superuser_of_test", password: "superuser" };
const CONTRIB = ["amcheck", "btree_gist", "pg_trgm"];
/** Entry, database and user; main and ci are one application, and so one login. */
const ENTRIES = [
  { entry: "main", database: "gitlabhq_production", user: "gitlab", password: 'rails "one" $(word) \\ \'' },
  { entry: "ci", database: "gitlabhq_production_ci", user: "gitlab", password: 'rails "one" $(word) \\ \'' },
  { entry: "registry", database: "registry", user: "registry", password: "registry-2%" },
  { entry: "praefect", database: "praefect", user: "praefect", password: "praefect-3" },
] as const;
/** The newest GitLab that takes a PostgreSQL. */
const GITLAB: { readonly [postgres: string]: string } = { 15: "16.11", 16: "17.11", 17: "18.5" };

/** Remembers the program, and stands for its run in what depends on it. */
class Backend extends RecordingBackend {
  public override run(scope: Construct, program: SqlProgram) {
    super.run(scope, program);
    return [new TerraformData(scope, "Run")];
  }
}

describeWith("GitLab's databases behind a pooler", poolingTools, (tools) => {
  let postgres: Postgres;
  let pooler: LocalPooler;
  let port: number;
  let major: string;
  let program: SqlProgram;

  const su = (sql: string, database = "postgres") => postgres.query(sql, { ...SUPERUSER, database });

  function topologyIn(stack: TerraformStack, backend = new Backend()): IDatabaseTopology {
    const logins = new Map<string, DatabaseLogin>();
    for (const { user, password } of ENTRIES) {
      const value = SecretValue.fromEphemeral(literal(password), { version: 1 });
      if (!logins.has(user)) logins.set(user, DatabaseLogin.withPassword(user, value));
    }
    const server = DatabaseServer.fromServerAttributes(stack, "server", {
      engine: DatabaseEngine.postgres(PostgresVersion.of(major)),
      host: "localhost",
      port: postgres.port,
      maxConnections: 400,
      // amcheck is for superusers only here; a managed server's administrator may make it.
      adminLogin: DatabaseLogin.withPassword(
        SUPERUSER.user,
        SecretValue.fromEphemeral(literal(SUPERUSER.password), { version: 1 }),
      ),
      tls: { enforced: true, hostnameVerifiable: true, caCertificatesPem: readFileSync(postgres.ca, "utf8") },
    });
    const databases = Object.fromEntries(
      ENTRIES.map(({ entry, database, user }) => [
        entry,
        server.database(database, { owner: logins.get(user) as DatabaseLogin }),
      ]),
    ) as { readonly [entry in (typeof ENTRIES)[number]["entry"]]: IDatabase };
    const topology = new DatabaseTopology(stack, "servers", {
      version: GitlabVersion.of(GITLAB[major] as string),
      ...databases,
      allowSeparateCiDatabase: true,
    });
    const objects = new GitlabObjects(stack, "objects", { topology, backend });
    const made = new PgBouncer(stack, "pooler", {
      namespace: "gitlab",
      port,
      image: PgBouncerImage.of("pgbouncer:1.18.0", "1.18.0"),
      clientTls: ClientTls.none(),
      entries: ENTRIES.map(({ entry, user }) => ({
        database: databases[entry],
        name: entry,
        component: user,
        mode: entry === "praefect" ? PoolMode.SESSION : PoolMode.TRANSACTION,
        poolSize: 4,
      })),
      dependsOn: objects.dependables,
    });
    return topology.pooledBy(made);
  }

  const run = () =>
    runProgram(program, {
      ca: postgres.ca,
      path: `${dirname(tools.postgres.psql)}:${process.env.PATH}`,
      secrets: Object.fromEntries(
        program.secrets.map(({ key, value }) => {
          const known = [...ENTRIES, SUPERUSER].find((e) => literal(e.password) === value.writeOnly());
          return [key, known?.password ?? ""];
        }),
      ),
    });

  beforeAll(async () => {
    postgres = await Postgres.start(tools.postgres);
    major = String(Math.floor(Number(su("SHOW server_version_num")[0]) / 10_000));
    const there = su("SELECT name FROM pg_available_extensions");
    const missing = CONTRIB.filter((name) => !there.includes(name));
    if (missing.length > 0) throw new Error(`PostgreSQL lacks its contrib modules: ${missing.join(", ")}`);
    if (GITLAB[major] === undefined) throw new Error(`no GitLab is known for PostgreSQL ${major}`);
    port = await freePort();
    const backend = new Backend();
    synthesize((stack) => void topologyIn(stack, backend));
    program = backend.program as SqlProgram;
    const done = await run();
    expect([done.code, done.stderr]).toEqual([0, ""]);
    pooler = new LocalPooler(tools, (stack) => void topologyIn(stack));
    await pooler.start();
  });

  afterAll(async () => {
    await pooler?.stop();
    await postgres?.stop();
  });

  const through = (entry: string, as: { user: string; password: string }, sql: string) =>
    pooler.psql(sql, { database: entry, user: as.user, password: as.password });

  test("a second run changes nothing", async () => {
    expect(await run()).toMatchObject({ code: 0, stderr: "", stdout: "The server is as wanted.\n" });
  });

  test.each(ENTRIES)("$entry: its login connects to its database through the pooler", (as) => {
    const done = through(as.entry, as, "SELECT current_user || ' in ' || current_database()");
    expect([done.code, done.stdout.trim()]).toEqual([0, `${as.user} in ${as.database}`]);
  });

  test.each(ENTRIES)("$entry: no other login connects, neither through the pooler nor past it", (target) => {
    const strangers = ENTRIES.filter(({ user }) => user !== target.user);
    expect(strangers.length).toBeGreaterThan(1);
    for (const stranger of strangers) {
      expect(through(target.entry, stranger, "SELECT 1").code).not.toBe(0);
      const direct = postgres.psql("SELECT 1", { ...stranger, database: target.database });
      expect(direct.stderr).toMatch(/permission denied for database/);
    }
    expect(through(target.entry, { ...target, password: "wrong" }, "SELECT 1").code).not.toBe(0);
  });

  test("the Rails databases have GitLab's extensions, the others none", () => {
    const extensions = (database: string) => su("SELECT extname FROM pg_extension ORDER BY 1", database);
    for (const { entry, database } of ENTRIES) {
      const rails = entry === "main" || entry === "ci";
      expect([entry, extensions(database)]).toEqual([entry, rails ? [...CONTRIB, "plpgsql"] : ["plpgsql"]]);
    }
  });

  test("the owner can use them like GitLab's migrations", () => {
    const [main] = ENTRIES;
    const sql = `
      CREATE SCHEMA gitlab_partitions_dynamic;
      CREATE TABLE public.probe (id bigint, name text, during tstzrange, EXCLUDE USING gist (id WITH =, during WITH &&));
      CREATE INDEX ON public.probe USING gin (name gin_trgm_ops);
      CREATE TABLE gitlab_partitions_dynamic.part () INHERITS (public.probe);
      INSERT INTO public.probe VALUES (1, 'projects', tstzrange(now(), NULL));
      SELECT count(*) FROM public.probe WHERE name ILIKE '%JECT%';`;
    const done = postgres.psql(sql, { ...main, database: main.database });
    expect([done.code, done.stderr, done.stdout.trim()]).toEqual([0, "", "1"]);
    // What main made, ci does not see: shared tables have other rows in each database.
    expect(through("ci", main, "SELECT to_regclass('public.probe') IS NULL").stdout.trim()).toBe("t");
  });

  test("statement_timeout applies to the Rails databases, also through the pooler", () => {
    for (const as of ENTRIES) {
      const rails = as.entry === "main" || as.entry === "ci";
      expect([as.entry, through(as.entry, as, "SHOW statement_timeout").stdout.trim()]).toEqual([
        as.entry,
        rails ? "1min" : "0",
      ]);
    }
  });

  test("the topology's identities match those by which GitLab distinguishes databases", () => {
    const identities = new Map(
      ENTRIES.map(({ database }) => [
        database as string,
        su("SELECT system_identifier || ' ' || current_database() FROM pg_control_system()", database)[0],
      ]),
    );
    expect(new Set(identities.values()).size).toBe(ENTRIES.length);
    synthesize((stack) => {
      const topology = topologyIn(stack);
      const shared = new DatabaseTopology(stack, "one", {
        version: topology.version,
        main: topology.main.database,
        // The same database past the pooler.
        ci: topology.main.direct,
      });
      const entries = [...topology.entries, ...shared.entries];
      for (const a of entries) {
        for (const b of entries) {
          expect([a.name, b.name, a.physical === b.physical]).toEqual([
            a.name,
            b.name,
            identities.get(a.direct.databaseName) === identities.get(b.direct.databaseName),
          ]);
        }
      }
      expect(shared.ci?.databaseTasks).toBe(false);
      expect(topology.ci?.databaseTasks).toBe(true);
    });
  });
});
