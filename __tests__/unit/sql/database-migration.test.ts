import type { TerraformStack } from "cdktf";
import { CoderSql } from "../../../lib/coder";
import { Cloud, DatabaseLogin } from "../../../lib/database";
import { GitlabMigrations, GitlabSql } from "../../../lib/gitlab";
import {
  DatabaseMigration,
  type DatabaseMigrationProps,
  DatabaseObjects,
  type IMigrationAdapter,
  MigrationAdapter,
  MigrationDirection,
  type SqlProgram,
} from "../../../lib/sql";
import { login, postgresServer } from "../../support/sql/sql-fixtures";
import { programOf, RecordingBackend } from "../../support/sql/sql-program";
import { problemsOf, synthesize } from "../../support/synth";

const registry = GitlabMigrations.registry("/config.yml");
const rails = GitlabMigrations.rails();
const praefect = GitlabMigrations.praefect("/praefect.toml");
const own = MigrationAdapter.fromCommands("wiki", { up: ["migrate", "a b", "c'd"], status: ["status"] });

type Options = Partial<DatabaseMigrationProps>;

function make(stack: TerraformStack, options: Options): void {
  const database =
    options.database ?? postgresServer(stack).database("registry", { owner: login("registry") });
  new DatabaseMigration(stack, "migration", {
    adapter: registry,
    applicationVersion: "1.0.0",
    backend: new RecordingBackend(),
    ...options,
    database,
  });
}
const problems = (options: Options) => problemsOf((stack) => make(stack, options));
const program = (options: Options = {}): SqlProgram =>
  programOf((stack, backend) => make(stack, { backend, ...options }));
const words = (options: Options) => program(options).environment.MIGRATION_COMMAND?.split("\n");

const UP = {};
const DOWN = { direction: MigrationDirection.DOWN, force: true };
const STATUS = { direction: MigrationDirection.STATUS };

test.each<[IMigrationAdapter, Options, string]>([
  [registry, UP, "registry database migrate up /config.yml"],
  [
    registry,
    { limit: 3, dryRun: true, skipPostDeployment: true },
    "registry database migrate up --dry-run --limit 3 --skip-post-deployment /config.yml",
  ],
  [registry, { ...DOWN, limit: 2 }, "registry database migrate down --limit 2 --force /config.yml"],
  [
    registry,
    { direction: MigrationDirection.DOWN, dryRun: true, limit: 1 },
    "registry database migrate down --dry-run --limit 1 /config.yml",
  ],
  [registry, STATUS, "registry database migrate status /config.yml"],
  [rails, UP, "gitlab-rake gitlab:db:configure"],
  [rails, { ...DOWN, limit: 2 }, "gitlab-rake db:rollback STEP=2"],
  [rails, STATUS, "gitlab-rake db:migrate:status"],
  [praefect, UP, "praefect -config /praefect.toml sql-migrate"],
  [praefect, { ...DOWN, limit: 2 }, "praefect -config /praefect.toml sql-migrate-down -f 2"],
  [
    praefect,
    { direction: MigrationDirection.DOWN, dryRun: true, limit: 2 },
    "praefect -config /praefect.toml sql-migrate-down 2",
  ],
  [praefect, STATUS, "praefect -config /praefect.toml sql-migrate-status"],
  [own, UP, "migrate a b c'd"],
])("command line %#", (adapter, options, line) => {
  expect(words({ adapter, ...options })?.join(" ")).toBe(line);
});

test("Rails skips post-deployment migrations by an environment variable", () => {
  expect(
    program({ adapter: rails, skipPostDeployment: true }).environment.SKIP_POST_DEPLOYMENT_MIGRATIONS,
  ).toBe("true");
  expect(program({ adapter: rails }).environment.SKIP_POST_DEPLOYMENT_MIGRATIONS).toBeUndefined();
});

test.each<[string, Options, string]>([
  [
    "down without force",
    { direction: MigrationDirection.DOWN },
    "SQL-FORCE: force must be true for a migration down, which loses data (got false); set dryRun to see what it would revert",
  ],
  [
    "force without down",
    { force: true },
    "SQL-FORCE: force must be false unless the direction is down (got true)",
  ],
  ["a limit below one", { limit: 0 }, "limit must be a whole number from 1"],
  ["a limit that is no number of migrations", { limit: 1.5 }, "must be a whole number"],
  [
    "a dry run of Rails",
    { adapter: rails, dryRun: true },
    "SQL-DRY-RUN: dryRun must be false: GitLab's Rake tasks have no dry run (got true); use the direction status",
  ],
  ["a limit up for Rails", { adapter: rails, limit: 1 }, "GitLab migrates up to its version or not at all"],
  [
    "a dry run up of Praefect",
    { adapter: praefect, dryRun: true },
    "SQL-DRY-RUN: dryRun must be false: Praefect has a dry run for down only (got true); use the direction status",
  ],
  [
    "a limit up of Praefect",
    { adapter: praefect, limit: 1 },
    "SQL-LIMIT: limit must not be set: Praefect has a limit for down only (got 1)",
  ],
  [
    "no limit down of Praefect",
    { adapter: praefect, ...DOWN },
    "SQL-LIMIT: limit must be set for down: the number of migrations to revert (got not set)",
  ],
  ["no limit down of Rails", { adapter: rails, ...DOWN }, "SQL-LIMIT: limit must be set for down"],
  ["no limit down of the registry", { adapter: registry, ...DOWN }, "SQL-LIMIT: limit must be set for down"],
  [
    "a limit for status of Rails",
    { adapter: rails, ...STATUS, limit: 1 },
    "SQL-LIMIT: limit must not be set for status",
  ],
  [
    "a limit that the commands do not obey",
    { adapter: own, limit: 1 },
    "SQL-LIMIT: limit must not be set: the commands do not declare that they obey MIGRATION_LIMIT (obeysLimit) (got 1)",
  ],
  [
    "a limit of a component that migrates at startup",
    { adapter: MigrationAdapter.atStartup("coder"), limit: 1 },
    "SQL-LIMIT: limit must not be set: coder migrates at startup (got 1)",
  ],
  [
    "post-deployment migrations of Praefect",
    { adapter: praefect, skipPostDeployment: true },
    "SQL-SKIP-POST-DEPLOYMENT: skipPostDeployment must be false: Praefect has no post-deployment migrations (got true)",
  ],
  [
    "post-deployment migrations down",
    { ...DOWN, skipPostDeployment: true },
    "SQL-SKIP-POST-DEPLOYMENT: skipPostDeployment must be false for down (got true)",
  ],
  [
    "a direction without a command",
    { adapter: own, ...DOWN },
    'SQL-DIRECTION: direction must be a direction that the adapter has a command for (got "down")',
  ],
  [
    "Coder down",
    { adapter: CoderSql.migrations(), ...DOWN },
    'SQL-DIRECTION: direction must be up: coder migrates up at startup (got "down")',
  ],
  [
    "Coder with options",
    { adapter: CoderSql.migrations(), dryRun: true },
    "SQL-DRY-RUN: dryRun must not be set: coder migrates at startup (got true)",
  ],
  [
    "nowhere to run",
    { backend: undefined },
    "SQL-BACKEND: backend must be set to run the migrations of gitlab-registry (got not set)",
  ],
  [
    "a word on two lines",
    { adapter: MigrationAdapter.fromCommands("x", { up: ["a\nb"] }) },
    'SQL-ADAPTER: adapter must have no line break or NUL in an argument (got "a',
  ],
  [
    "our variables",
    { environment: { MIGRATION_COMMAND: "x" } },
    'SQL-ENVIRONMENT: environment must not set variables that begin with MIGRATION_ or SQL_ (got "MIGRATION_COMMAND")',
  ],
  ["too little memory", { memoryMiB: 1 }, "must be a whole number from 64"],
])("%s is refused", (_, options, message) => {
  expect(problems(options).join("\n")).toContain(message);
});

test.each<[string, Options, string]>([
  [
    "a variable with an odd name",
    { environment: { "A-B": "x" } },
    'SQL-ENVIRONMENT: environment must have names of letters, digits and underscores, with no digit first (got "A-B")',
  ],
  [
    "a variable with a NUL",
    { environment: { A: "x\0" } },
    'SQL-ENVIRONMENT: environment[A] must have no NUL (got "x\0")',
  ],
])("%s is refused", (_, options, message) => {
  expect(problems(options).join("\n")).toContain(message);
});

test("an owner without a password is refused", () => {
  const found = problemsOf((stack) => {
    const server = postgresServer(stack, { cloud: Cloud.AWS, acceptsCloudIdentity: true });
    const owner = DatabaseLogin.withCloudIdentity("registry");
    make(stack, { database: server.database("registry", { owner }) });
  });
  expect(found.join()).toContain(
    'SQL-DATABASE-OWNER: database.owner must have a password: migrations log in as the database\'s owner (got "registry")',
  );
});

test("depends on the objects and on dependsOn", () => {
  const anchor = (fqn: string) => ({ fqn }) as never;
  const { dependsOn } = programOf((stack, backend) => {
    const server = postgresServer(stack);
    const database = server.database("registry", { owner: login("registry") });
    const objects = new DatabaseObjects(stack, "objects", {
      server,
      components: [GitlabSql.registry(database)],
      backend: { run: () => [anchor("null_resource.objects")] },
    });
    make(stack, { backend, database, objects, dependsOn: [anchor("null_resource.more")] });
  });
  expect(dependsOn.map(({ fqn }) => fqn)).toEqual(
    expect.arrayContaining(["null_resource.objects", "null_resource.more"]),
  );
});

test("connects to the server, past the pooler", () => {
  const environment = programOf((stack, backend) => {
    const direct = postgresServer(stack, { host: "primary.internal" }).database("registry", {
      owner: login("registry"),
    });
    const pooled = postgresServer(stack, { id: "pooler", host: "pooler", port: 6432 }).database("registry", {
      owner: login("pooled"),
    });
    Object.assign(pooled, { pooling: { direct } });
    make(stack, { backend, database: pooled });
  }).environment;
  expect(environment).toMatchObject({ PGHOST: "primary.internal", PGPORT: "5432", PGUSER: "registry" });
});

test("runs again only when the version, the connection or the set of databases changes", () => {
  const of = (options: Options = {}, host = "a") =>
    programOf((stack, backend) => {
      const server = postgresServer(stack, { id: "s", host });
      const database = server.database("main", { owner: login("gitlab") });
      const ci = server.database("ci", { owner: login("gitlab") });
      make(stack, {
        backend,
        ...options,
        database,
        furtherDatabases: options.furtherDatabases ? [ci] : undefined,
      });
    }).environment.MIGRATION_OF;
  expect(of()).toBe(of());
  expect(
    new Set([of(), of({ applicationVersion: "1.0.1" }), of({}, "b"), of({ furtherDatabases: [] })]).size,
  ).toBe(4);
});

test("each further server is checked before every migration, with its login", () => {
  const backend = new RecordingBackend();
  synthesize((stack) => {
    const [main, far] = [
      postgresServer(stack),
      postgresServer(stack, { id: "far", host: "far.example.com" }),
    ];
    make(stack, {
      backend,
      database: main.database("main", { owner: login("gitlab") }),
      furtherDatabases: [
        main.database("near", { owner: login("gitlab") }),
        far.database("ci", { owner: login("gitlab_ci") }),
        far.database("sec", { owner: login("gitlab_sec") }),
      ],
    });
  });
  const [check, migration, ...others] = backend.programs as [SqlProgram, SqlProgram];
  expect(others).toEqual([]);
  expect(check.environment).toMatchObject({
    PGHOST: "far.example.com",
    PGUSER: "gitlab_ci",
    PGDATABASE: "ci",
  });
  expect(check.environment.MIGRATION_OF).toBe(migration.environment.MIGRATION_OF);
  expect(check.script).toBe(migration.before);
  expect(migration.dependsOn.map(({ fqn }) => fqn)).toContain(check.name);
});

test("a further server whose owner has no password is refused", () => {
  expect(
    problemsOf((stack) => {
      const far = postgresServer(stack, { id: "far", cloud: Cloud.AWS, acceptsCloudIdentity: true });
      const ci = far.database("ci", { owner: DatabaseLogin.withCloudIdentity("gitlab_ci") });
      make(stack, { furtherDatabases: [ci] });
    }),
  ).toContainEqual(
    expect.stringContaining(
      'SQL-FURTHER-DATABASES-OWNER: furtherDatabases[ci].owner must have a password: the check for a replica logs in as the database\'s owner (got "gitlab_ci")',
    ),
  );
});

test("Coder runs no command, and its dependables include the dependencies", () => {
  const backend = new RecordingBackend();
  const anchor = { fqn: "null_resource.objects" } as never;
  let dependables: unknown[] = [];
  problemsOf((stack) => {
    const database = postgresServer(stack).database("coder", { owner: login("coder") });
    dependables = new DatabaseMigration(stack, "migration", {
      adapter: CoderSql.migrations(),
      database,
      applicationVersion: "2.33.6",
      dependsOn: [anchor],
    }).dependables;
  });
  expect(backend.program).toBeUndefined();
  expect(dependables).toContain(anchor);
});
