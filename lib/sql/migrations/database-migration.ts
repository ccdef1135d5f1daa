import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { IDatabase } from "../../database";
import { EngineFamily, strictestSslMode } from "../../database";
import {
  directDatabase,
  escapeTemplate,
  isResolved,
  type Rule,
  requireProps,
  SynthChecks,
} from "../../database/private";
import type { ISqlBackend, SqlProgram, SqlProgramMount } from "../backends/sql-backend";
import type { DatabaseObjects } from "../objects/database-objects";
import {
  MIGRATION_SCRIPT,
  MYSQL_MIGRATION_GUARD,
  POSTGRES_MIGRATION_GUARD,
} from "../scripts/migration-script";
import { jsonText, portText } from "../terraform-text";
import { type IMigrationAdapter, MigrationDirection, type MigrationRequest } from "./migration-adapter";

/** Properties of `DatabaseMigration`. */
export interface DatabaseMigrationProps {
  /** Migrations of the component. */
  readonly adapter: IMigrationAdapter;
  /** Database to migrate; its owner runs the migrations. Migrations connect to the server, past a pooler or proxy. */
  readonly database: IDatabase;
  /**
   * Further databases that the command migrates, such as GitLab's `ci`. A check on each further server fails before the migration
   * starts when that server is a replica. @default - none
   */
  readonly furtherDatabases?: IDatabase[];
  /** Application version; a change runs the migration again. */
  readonly applicationVersion: string;
  /** SQL objects that the migration depends on. @default - none: the database and its owner exist */
  readonly objects?: DatabaseObjects;
  /** Where the migration runs. Required unless the component migrates at startup. @default - none */
  readonly backend?: ISqlBackend;
  /**
   * Container image with the component, by exact tag or digest. @default - image with the engine's client
   *
   * @see https://kubernetes.io/docs/concepts/containers/images/
   */
  readonly image?: string;
  /**
   * Memory limit of the container in MiB, 64 or more. @default 1024
   *
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly memoryMiB?: number;
  /**
   * Configuration of the component, as mounts of the container. @default - none
   *
   * @see https://kubernetes.io/docs/concepts/storage/volumes/
   */
  readonly mounts?: SqlProgramMount[];
  /**
   * Environment variables of the command; must not hold secrets. @default - none
   *
   * @see https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
   */
  readonly environment?: { readonly [name: string]: string };
  /** Direction. @default MigrationDirection.UP */
  readonly direction?: MigrationDirection;
  /** Shows the migrations and runs none. @default false */
  readonly dryRun?: boolean;
  /** Confirms a migration down, which loses data. @default false */
  readonly force?: boolean;
  /** Maximum number of migrations to run or revert, 1 or more; required for down. @default - all for up */
  readonly limit?: number;
  /**
   * Skips post-deployment migrations. @default false
   *
   * @see https://docs.gitlab.com/development/database/post_deployment_migrations/
   */
  readonly skipPostDeployment?: boolean;
  /** Folder for log files on the machine that runs Terraform; created if missing. @default - no file; a pod's log has the output */
  readonly logFolder?: string;
  /** Resources that the migration depends on, besides the objects. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Database migration of a component. It runs on the primary, past any pooler, after the SQL objects exist, and again when the
 * connection, the set of databases or the application version changes. It fails when the command's exit status is not 0, with 3 on a
 * replica and with 4 when the server does not answer. Two runs at once are refused with 5 where the image has `psql` or `mysql`;
 * elsewhere only the lock of the component itself prevents them.
 *
 * @example
 * new DatabaseMigration(this, "migration", {
 *   adapter: GitlabMigrations.registry("/etc/docker/registry/config.yml"),
 *   database: registry,
 *   applicationVersion: "4.19.0",
 *   image: "registry.gitlab.com/gitlab-org/build/cng/gitlab-container-registry:v4.19.0-gitlab",
 *   objects,
 *   backend,
 * });
 */
export class DatabaseMigration extends Construct {
  /** Resources that exist when the migration has succeeded; the application depends on them. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: DatabaseMigrationProps) {
    super(scope, id);
    requireProps(this.node.path, "SQL", props, { adapter: true, database: true, applicationVersion: true });
    const checks = new SynthChecks(this, "SQL");
    const { adapter, backend } = props;
    const request = {
      direction: props.direction ?? MigrationDirection.UP,
      dryRun: props.dryRun ?? false,
      force: props.force ?? false,
      limit: props.limit,
      skipPostDeployment: props.skipPostDeployment ?? false,
    };
    const command = adapter.commandFor(request);
    checkRequest(checks, props, request);
    for (const { option, rule } of command.unsupported ?? []) {
      checks.fail(option, (request as { readonly [option: string]: unknown })[option], rule as Rule);
    }
    const before = [...(props.objects?.dependables ?? []), ...(props.dependsOn ?? [])];
    if (command.words.length === 0) {
      this.dependables = [...before, ...props.database.dependables];
      return;
    }
    for (const word of command.words) {
      checks.check(
        "adapter",
        word,
        () => !/[\n\0]/.test(word),
        "must have no line break or NUL in an argument",
      );
    }
    const { database } = resolved(props);
    if (!database.owner.password) {
      checks.fail(
        "database.owner",
        database.owner.username,
        "must have a password: migrations log in as the database's owner",
      );
    }
    if (!backend) {
      checks.fail("backend", undefined, `must be set to run the migrations of ${adapter.component}`);
      this.dependables = before;
      return;
    }
    const servers = furtherServers(props);
    for (const { databaseName, owner } of servers) {
      if (owner.password) continue;
      checks.fail(
        `furtherDatabases[${databaseName}].owner`,
        owner.username,
        "must have a password: the check for a replica logs in as the database's owner",
      );
    }
    const primaries = servers.flatMap((further) =>
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

function checkRequest(checks: SynthChecks, props: DatabaseMigrationProps, request: MigrationRequest): void {
  const { direction, dryRun, force, limit } = request;
  if (direction === MigrationDirection.DOWN && limit === undefined) {
    checks.fail("limit", limit, "must be set for down: the number of migrations to revert");
  }
  if (direction === MigrationDirection.STATUS && limit !== undefined) {
    checks.fail("limit", limit, "must not be set for status, which shows all migrations");
  }
  checks.wholeNumber("limit", props.limit, 1, 1_000_000);
  checks.wholeNumber("memoryMiB", props.memoryMiB, 64, 1_000_000, "MiB");
  if (direction === MigrationDirection.DOWN && !force && !dryRun) {
    checks.fail(
      "force",
      false,
      "must be true for a migration down, which loses data; set dryRun to see what it would revert",
    );
  }
  if (direction !== MigrationDirection.DOWN && force) {
    checks.fail("force", true, "must be false unless the direction is down");
  }
  for (const [name, value] of Object.entries(props.environment ?? {})) {
    checks.check(
      "environment",
      name,
      () => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
      "must have names of letters, digits and underscores, with no digit first",
    );
    if (/^(MIGRATION_|SQL_)/.test(name)) {
      checks.fail("environment", name, "must not set variables that begin with MIGRATION_ or SQL_");
    }
    checks.check(`environment[${name}]`, value, () => !value.includes("\0"), "must have no NUL");
  }
}

/** The first further database on each server that is not the server of `database`. */
function furtherServers(props: DatabaseMigrationProps): IDatabase[] {
  const { database, all } = resolved(props);
  const seen = new Set([database.server]);
  return all.filter(({ server }) => !seen.has(server) && seen.add(server));
}

/** The command connects to further servers without our guard, so each is checked before, with its CA certificates and login. */
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
    // Runs again whenever the migration runs again.
    environment: { ...connectionOf(further), MIGRATION_OF: migrationOf(props) },
    secrets: owner.password ? [{ key: "owner", value: owner.password }] : [],
    everyApply: false,
    dependsOn: [...server.dependables, ...further.dependables, ...before],
  };
}

/** Environment variables of the engine's client for a database and its owner. */
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

/** Part of the environment that no program reads: a change of it changes the program, which then runs again. */
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
  const database = directDatabase(props.database);
  return { database, all: [database, ...(props.furtherDatabases ?? []).map(directDatabase)] };
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
