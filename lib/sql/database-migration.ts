import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { IDatabase } from "../database";
import { EngineFamily, strictestSslMode } from "../database";
import { escapeTemplate, isResolved, SynthChecks } from "../database/private";
import type { DatabaseObjects } from "./database-objects";
import { jsonText } from "./json-text";
import { type MigrationAdapter, MigrationDirection } from "./migration-adapter";
import { portText } from "./port-text";
import {
  MIGRATION_SCRIPT,
  MYSQL_MIGRATION_GUARD,
  POSTGRES_MIGRATION_GUARD,
} from "./scripts/migration-script";
import type { ISqlBackend, SqlProgram, SqlProgramMount } from "./sql-backend";

/** Properties of a `DatabaseMigration`. */
export interface DatabaseMigrationProps {
  /** The component and how it migrates. */
  readonly adapter: MigrationAdapter;
  /** The database whose owner migrates. Behind a pooler, the server itself is used. */
  readonly database: IDatabase;
  /**
   * The component's further databases, which the command visits too, such as GitLab's ci. On a server of their own, a replica there is
   * refused before anything runs. @default - none
   */
  readonly furtherDatabases?: IDatabase[];
  /** The application's version; another one runs the migration again. */
  readonly applicationVersion: string;
  /** The objects that have to be there first. @default - they are there */
  readonly objects?: DatabaseObjects;
  /** Where it runs. @default - nowhere, which only a component that migrates by itself allows */
  readonly backend?: ISqlBackend;
  /** The component's image, by an exact tag or digest, where it runs in a container. @default - the engine's client */
  readonly image?: string;
  /** The memory it needs there, in MiB, 64 or more. @default 1024 */
  readonly memoryMiB?: number;
  /** The component's configuration there. @default - none */
  readonly mounts?: SqlProgramMount[];
  /** Further variables for the command; no secrets. @default - none */
  readonly environment?: { readonly [name: string]: string };
  /** What to do. @default MigrationDirection.UP */
  readonly direction?: MigrationDirection;
  /** Whether only to say what would be done. @default false */
  readonly dryRun?: boolean;
  /** Whether a migration down is meant: it loses data. @default false */
  readonly force?: boolean;
  /** The most migrations to run, 1 or more. @default - all; one for down where the component wants a number */
  readonly limit?: number;
  /** Whether to leave those for after the deployment. @default false */
  readonly skipPostDeployment?: boolean;
  /** A folder for logs on the machine that applies, made when needed. @default - the log of the pod; nowhere on a machine */
  readonly logFolder?: string;
  /** What has to exist first, beside the objects. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Runs a component's own migrations: on the primary only, past any pooler, after the objects are there. It runs again when the
 * connection, the set of databases or the application's version changes. The command's status decides.
 *
 * @example
 * new DatabaseMigration(this, "migration", {
 *   adapter: MigrationAdapter.gitlabRegistry("/etc/docker/registry/config.yml"),
 *   database: registry,
 *   applicationVersion: "4.19.0",
 *   image: "registry.gitlab.com/gitlab-org/build/cng/gitlab-container-registry:v4.19.0-gitlab",
 *   objects,
 *   backend,
 * });
 */
export class DatabaseMigration extends Construct {
  /** What has been done when the migration has succeeded; the application depends on it. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: DatabaseMigrationProps) {
    super(scope, id);
    const checks = new SynthChecks(this);
    const { adapter } = props;
    const request = {
      direction: props.direction ?? MigrationDirection.UP,
      dryRun: props.dryRun ?? false,
      force: props.force ?? false,
      limit: props.limit,
      skipPostDeployment: props.skipPostDeployment ?? false,
    };
    checks.wholeNumber("limit", props.limit, 1, 1_000_000);
    checks.wholeNumber("memoryMiB", props.memoryMiB, 64, 1_000_000, "MiB");
    if (request.direction === MigrationDirection.DOWN && !request.force && !request.dryRun) {
      checks.fail(
        "force",
        false,
        "a migration down loses data; set force when it is meant, or dryRun to see what it would do",
      );
    }
    if (request.direction !== MigrationDirection.DOWN && request.force) {
      checks.fail("force", true, "it is for down only");
    }
    for (const [name, value] of Object.entries(props.environment ?? {})) {
      checks.check(
        "environment",
        name,
        () => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
        "allowed are names of variables",
      );
      if (/^(MIGRATION_|SQL_)/.test(name)) checks.fail("environment", name, "names that begin so are ours");
      if (!isResolved(value)) continue;
      checks.check(`environment.${name}`, value, () => !value.includes("\0"), "a variable holds no NUL");
    }
    const command = adapter.command(checks, request);
    const before = [...(props.objects?.dependables ?? []), ...(props.dependsOn ?? [])];
    if (!command) {
      this.dependables = [...before, ...props.database.dependables];
      return;
    }
    for (const word of command.words) {
      checks.check("adapter", word, () => !/[\n\0]/.test(word), "a word of a command is on one line");
    }
    const { database } = resolved(props);
    if (!database.owner.password) {
      checks.fail(
        "database.owner",
        database.owner.username,
        "a migration logs in as the database's owner, with a password",
      );
    }
    if (!props.backend) {
      checks.fail("backend", undefined, `${adapter.component} has to be run; say where`);
      this.dependables = before;
      return;
    }
    for (const { databaseName, owner } of furtherServers(props)) {
      if (owner.password) continue;
      checks.fail(
        `furtherDatabases.${databaseName}.owner`,
        owner.username,
        "whether its server is a replica is asked as the database's owner, with a password",
      );
    }
    const { backend } = props;
    const primaries = furtherServers(props).flatMap((further) =>
      backend.run(
        new Construct(this, `Primary-${further.databaseName}`),
        primaryCheck(props, further, before),
      ),
    );
    this.dependables = backend.run(
      this,
      program(props, command.words, command.environment ?? {}, [...before, ...primaries]),
    );
  }
}

/** The first of the further databases on each server that is not the first database's. */
function furtherServers(props: DatabaseMigrationProps): IDatabase[] {
  const { database, all } = resolved(props);
  const seen = new Set([database.server]);
  return all.filter(({ server }) => !seen.has(server) && seen.add(server));
}

/** A command visits further servers by itself, so each is looked at before, with its own authorities and login. */
function primaryCheck(
  props: DatabaseMigrationProps,
  further: IDatabase,
  before: ITerraformDependable[],
): SqlProgram {
  const { server, owner } = further;
  const postgres = server.engine.family === EngineFamily.POSTGRES;
  return {
    name: `primary-${props.adapter.component}`,
    server,
    script: postgres ? POSTGRES_MIGRATION_GUARD : MYSQL_MIGRATION_GUARD,
    // Looked at again whenever the migration runs again.
    environment: { ...connectionOf(further), MIGRATION_OF: migrationOf(props) },
    secrets: owner.password ? [{ key: "owner", value: owner.password }] : [],
    everyApply: false,
    dependsOn: [...server.dependables, ...further.dependables, ...before],
  };
}

/** What a client of the engine is told of a database and its owner. */
function connectionOf({ server, owner, databaseName }: IDatabase): { [name: string]: string } {
  const port = portText(server.endpoint.port);
  return server.engine.family === EngineFamily.POSTGRES
    ? {
        PGHOST: server.endpoint.host,
        PGPORT: port,
        PGUSER: owner.username,
        PGDATABASE: databaseName,
        PGSSLMODE: strictestSslMode(server.tls),
      }
    : {
        MYSQL_HOST: server.endpoint.host,
        MYSQL_TCP_PORT: port,
        SQL_USER: owner.username,
        SQL_DATABASE: databaseName,
        SQL_TLS_MODE: strictestSslMode(server.tls),
      };
}

/** Nobody reads it: when it changes, so does the program, which runs again. */
function migrationOf(props: DatabaseMigrationProps): string {
  return jsonText([
    props.applicationVersion,
    ...resolved(props).all.map((d) => [
      d.server.endpoint.host,
      portText(d.server.endpoint.port),
      d.databaseName,
    ]),
  ]);
}

function resolved(props: DatabaseMigrationProps): { database: IDatabase; all: IDatabase[] } {
  const direct = (database: IDatabase) => database.pooling?.direct ?? database;
  const database = direct(props.database);
  return { database, all: [database, ...(props.furtherDatabases ?? []).map(direct)] };
}

function program(
  props: DatabaseMigrationProps,
  words: string[],
  environment: { readonly [name: string]: string },
  before: ITerraformDependable[],
): SqlProgram {
  const { database, all } = resolved(props);
  const { server, owner } = database;
  const postgres = server.engine.family === EngineFamily.POSTGRES;
  return {
    name: `migrate-${props.adapter.component}`,
    server,
    script: MIGRATION_SCRIPT,
    before: postgres ? POSTGRES_MIGRATION_GUARD : MYSQL_MIGRATION_GUARD,
    environment: {
      ...props.environment,
      ...connectionOf(database),
      ...environment,
      MIGRATION_COMMAND: words.map((word) => (isResolved(word) ? escapeTemplate(word) : word)).join("\n"),
      MIGRATION_NAME: props.adapter.component,
      MIGRATION_LOGS: props.logFolder ?? "",
      MIGRATION_OF: migrationOf(props),
    },
    secrets: owner.password ? [{ key: "owner", value: owner.password }] : [],
    image: props.image,
    memoryMiB: props.memoryMiB ?? 1024,
    mounts: props.mounts,
    everyApply: false,
    dependsOn: [...server.dependables, ...all.flatMap((d) => d.dependables), ...before],
  };
}
