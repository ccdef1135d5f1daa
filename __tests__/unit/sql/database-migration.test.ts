import type { TerraformStack } from "cdktf";
import { Cloud, DatabaseLogin } from "../../../lib/database";
import {
  DatabaseMigration,
  type DatabaseMigrationProps,
  DatabaseObjects,
  MigrationAdapter,
  MigrationDirection,
  SqlPresets,
  type SqlProgram,
} from "../../../lib/sql";
import { login, postgresServer } from "../../support/sql/sql-fixtures";
import { programOf, RecordingBackend } from "../../support/sql/sql-program";
import { problemsOf, synthesize } from "../../support/synth";

const registry = MigrationAdapter.gitlabRegistry("/config.yml");
const rails = MigrationAdapter.gitlabRails();
const praefect = MigrationAdapter.praefect("/praefect.toml");
const own = MigrationAdapter.command("wiki", { up: ["migrate", "a b", "c'd"], status: ["status"] });

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

test.each<[MigrationAdapter, Options, string]>([
  [registry, UP, "registry database migrate up /config.yml"],
  [
    registry,
    { limit: 3, dryRun: true, skipPostDeployment: true },
    "registry database migrate up --dry-run --limit 3 --skip-post-deployment /config.yml",
  ],
  [registry, DOWN, "registry database migrate down --force /config.yml"],
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
])("%# is told what to do", (adapter, options, line) => {
  expect(words({ adapter, ...options })?.join(" ")).toBe(line);
});

test("post-deployment migrations of Rails are left out by its own variable", () => {
  expect(
    program({ adapter: rails, skipPostDeployment: true }).environment.SKIP_POST_DEPLOYMENT_MIGRATIONS,
  ).toBe("true");
  expect(program({ adapter: rails }).environment.SKIP_POST_DEPLOYMENT_MIGRATIONS).toBeUndefined();
});

test.each<[string, Options, string]>([
  ["down without force", { direction: MigrationDirection.DOWN }, "a migration down loses data; set force"],
  ["force without down", { force: true }, "force is true: it is for down only"],
  ["a limit below one", { limit: 0 }, "limit is 0: allowed is a whole number from 1"],
  ["a limit that is no number of migrations", { limit: 1.5 }, "allowed is a whole number"],
  ["a dry run of Rails", { adapter: rails, dryRun: true }, "GitLab's tasks know none"],
  ["a limit up for Rails", { adapter: rails, limit: 1 }, "GitLab migrates up to its version or not at all"],
  ["a dry run up of Praefect", { adapter: praefect, dryRun: true }, "Praefect knows it for down only"],
  ["a limit up of Praefect", { adapter: praefect, limit: 1 }, "Praefect knows it for down only"],
  ["no limit down of Praefect", { adapter: praefect, ...DOWN }, "Praefect wants to know how many"],
  [
    "post-deployment migrations of Praefect",
    { adapter: praefect, skipPostDeployment: true },
    "Praefect has no such migrations",
  ],
  ["post-deployment migrations down", { ...DOWN, skipPostDeployment: true }, "it is for up and status"],
  ["a direction without a command", { adapter: own, ...DOWN }, "there is no command for down"],
  [
    "Coder down",
    { adapter: MigrationAdapter.coder(), ...DOWN },
    "coder migrates up by itself when it starts",
  ],
  [
    "Coder with options",
    { adapter: MigrationAdapter.coder(), dryRun: true },
    "coder migrates by itself when it starts",
  ],
  ["nowhere to run", { backend: undefined }, "gitlab-registry has to be run; say where"],
  [
    "a word on two lines",
    { adapter: MigrationAdapter.command("x", { up: ["a\nb"] }) },
    "a word of a command is on one line",
  ],
  ["our variables", { environment: { MIGRATION_COMMAND: "x" } }, "names that begin so are ours"],
  ["too little memory", { memoryMiB: 1 }, "allowed is a whole number from 64"],
])("%s is refused", (_, options, message) => {
  expect(problems(options).join("\n")).toContain(message);
});

test.each<[string, Options, string]>([
  ["a variable with an odd name", { environment: { "A-B": "x" } }, "allowed are names of variables"],
  ["a variable with a NUL", { environment: { A: "x\0" } }, "a variable holds no NUL"],
])("%s is refused too", (_, options, message) => {
  expect(problems(options).join("\n")).toContain(message);
});

test("an owner without a password is refused: nobody could log in as it", () => {
  const found = problemsOf((stack) => {
    const server = postgresServer(stack, { cloud: Cloud.AWS, acceptsCloudIdentity: true });
    const owner = DatabaseLogin.withCloudIdentity("registry");
    make(stack, { database: server.database("registry", { owner }) });
  });
  expect(found.join()).toContain("a migration logs in as the database's owner, with a password");
});

test("waits for the objects and for what the caller says", () => {
  const anchor = (fqn: string) => ({ fqn }) as never;
  const { dependsOn } = programOf((stack, backend) => {
    const server = postgresServer(stack);
    const database = server.database("registry", { owner: login("registry") });
    const objects = new DatabaseObjects(stack, "objects", {
      server,
      components: [SqlPresets.gitlabRegistry(database)],
      backend: { run: () => [anchor("null_resource.objects")] },
    });
    make(stack, { backend, database, objects, dependsOn: [anchor("null_resource.more")] });
  });
  expect(dependsOn.map(({ fqn }) => fqn)).toEqual(
    expect.arrayContaining(["null_resource.objects", "null_resource.more"]),
  );
});

test("goes past the pooler, to the server itself", () => {
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

test("runs again for another version, connection or set of databases, and only then", () => {
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

test("each further server is looked at before, with its own login, and every time the migration runs", () => {
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

test("a further server without a password to ask it by is refused", () => {
  expect(
    problemsOf((stack) => {
      const far = postgresServer(stack, { id: "far", cloud: Cloud.AWS, acceptsCloudIdentity: true });
      const ci = far.database("ci", { owner: DatabaseLogin.withCloudIdentity("gitlab_ci") });
      make(stack, { furtherDatabases: [ci] });
    }),
  ).toContainEqual(
    expect.stringMatching(/furtherDatabases\.ci\.owner is "gitlab_ci": whether its server is a replica/),
  );
});

test("Coder runs nothing, but what depends on the migration comes after what it depends on", () => {
  const backend = new RecordingBackend();
  const anchor = { fqn: "null_resource.objects" } as never;
  let dependables: unknown[] = [];
  problemsOf((stack) => {
    const database = postgresServer(stack).database("coder", { owner: login("coder") });
    dependables = new DatabaseMigration(stack, "migration", {
      adapter: MigrationAdapter.coder(),
      database,
      applicationVersion: "2.33.6",
      dependsOn: [anchor],
    }).dependables;
  });
  expect(backend.program).toBeUndefined();
  expect(dependables).toContain(anchor);
});
