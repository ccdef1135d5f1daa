import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { IDatabase, IDatabaseServer } from "../../database";
import { EngineFamily, strictestSslMode } from "../../database";
import { claimOnce, requireProps, SynthChecks } from "../../database/private";
import type { ISqlBackend, SqlProgram, SqlProgramSecret } from "../backends/sql-backend";
import { MYSQL_SCRIPT } from "../scripts/mysql-script";
import { POSTGRES_SCRIPT } from "../scripts/postgres-script";
import { jsonText, portText } from "../terraform-text";
import { checkComponents } from "./component-checks";
import type { ComponentObjects } from "./component-objects";
import { connectRole, desiredState, hasPassword, loginPasswordKey, mysqlState } from "./desired-state";
import { rememberObjects } from "./objects-of-server";

/** Linux limits one environment variable or argument of a process to 128 KiB. */
const MAX_BYTES = 120_000;

/** Properties of `DatabaseObjects`. */
export interface DatabaseObjectsProps {
  /** Database server; must have an administrator login with a password. */
  readonly server: IDatabaseServer;
  /** Descriptions of the components' objects. */
  readonly components: ComponentObjects[];
  /** Where the SQL runs. */
  readonly backend: ISqlBackend;
  /**
   * Restricts `CONNECT` on each database to its owner and `users`; otherwise every login of the server may connect (PostgreSQL;
   * MySQL lets no login into a database without a grant). @default true
   *
   * @see https://www.postgresql.org/docs/current/ddl-priv.html
   */
  readonly restrictAccess?: boolean;
  /**
   * Maintenance database that the administrator connects to first (PostgreSQL). @default "postgres"
   *
   * @see https://www.postgresql.org/docs/current/manage-ag-templatedbs.html
   */
  readonly maintenanceDatabase?: string;
  /** Corrects manual changes in every apply; otherwise the SQL runs only when the description changes. @default false */
  readonly everyApply?: boolean;
  /** Prints the missing statements and runs none. @default false */
  readonly dryRun?: boolean;
  /** Resources that the SQL depends on, besides the server. @default - none */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Logins, databases, schemas, extensions, grants and settings of components on a server. A program brings them to the described
 * state: missing objects are created, differing ones are altered, existing objects with a described name are adopted, and nothing
 * is dropped. The program is idempotent; on a replica it changes nothing.
 *
 * @example
 * const objects = new DatabaseObjects(this, "objects", {
 *   server,
 *   components: [CoderSql.objects(server.database("coder"))],
 *   backend: new LocalSqlBackend(),
 * });
 */
export class DatabaseObjects extends Construct {
  /** Database server. */
  public readonly server: IDatabaseServer;
  /** Descriptions of the components' objects. */
  public readonly components: ComponentObjects[];
  /** Resources that exist when the objects are as described; applications and migrations depend on them. */
  public readonly dependables: ITerraformDependable[];
  private readonly restrictAccess: boolean;

  public constructor(scope: Construct, id: string, props: DatabaseObjectsProps) {
    super(scope, id);
    requireProps(this.node.path, "SQL", props, { server: true, components: true, backend: true });
    this.server = props.server;
    this.components = props.components;
    const checks = new SynthChecks(this, "SQL");
    const restrictAccess = props.restrictAccess ?? true;
    this.restrictAccess = restrictAccess;
    if (!props.server.adminLogin?.password) {
      checks.fail("server.adminLogin", undefined, "must be set, with a password, to create objects in SQL");
    }
    if (props.components.length === 0) checks.fail("components", [], "must not be empty");
    if (props.restrictAccess === false) {
      checks.optOut("restrictAccess: every login of the server may connect to every database");
    }
    checkComponents(checks, props.server, props.components, restrictAccess);
    checkSource(checks, props);
    this.checkOthers(checks);
    if (props.server.engine.family === EngineFamily.MYSQL) {
      checks.whenComplete(() => this.checkMysqlAccounts(checks));
    }
    const made = program(props, restrictAccess);
    const size = Buffer.byteLength(made.environment.SQL_DESIRED ?? "");
    if (size > MAX_BYTES) {
      checks.fail(
        "components",
        `${size} bytes`,
        `must be at most ${MAX_BYTES} bytes as JSON; use several DatabaseObjects`,
        "components.size",
      );
    }
    this.dependables = props.backend.run(this, made);
    rememberObjects(this);
  }

  /** True if a database of the contract is described here. */
  public describes(database: IDatabase): boolean {
    return (
      database.server === this.server &&
      this.components.some((c) => c.databases.some((d) => d.name === database.databaseName))
    );
  }

  /**
   * A run revokes what a created MySQL account must not have, and locks its name's other hosts: one description must have it all. Two
   * that say the same, such as those of two clusters, do not undo each other.
   */
  private checkMysqlAccounts(checks: SynthChecks): void {
    const others = this.node.root.node
      .findAll()
      .filter(
        (c): c is DatabaseObjects => c instanceof DatabaseObjects && c !== this && c.server === this.server,
      );
    const described = (objects: DatabaseObjects) => JSON.stringify(mysqlState(objects.components));
    const own = described(this);
    const differing = others.filter((other) => described(other) !== own);
    for (const { component, logins } of this.components) {
      for (const { login, existing } of logins) {
        // Logins that two components create are reported as such.
        const other = differing.find((o) =>
          o.components.some(
            (c) => (existing || c.component === component) && createdBy(c).logins?.includes(login.username),
          ),
        );
        if (!other) continue;
        checks.fail(
          "logins",
          login.username,
          `must be described with all its databases in one DatabaseObjects: ${other.node.path} creates it and revokes privileges that it does not describe`,
        );
      }
    }
  }

  /**
   * A login or database as its run compares it; not set for a login on MySQL, for which another rule stands. A database's group role is not
   * compared at a login: each run knows those of its databases only.
   */
  private describedAs(property: string, name: string): string | undefined {
    const state = desiredState(this.server, this.components, this.restrictAccess);
    const named = (list: readonly { readonly name: string }[]) => list.find((each) => each.name === name);
    if (property !== "logins") return JSON.stringify(named(state.databases));
    if (!("roles" in state)) return undefined;
    const groups = this.components.flatMap((c) => c.databases).map((d) => connectRole(d.name));
    return JSON.stringify(named(state.roles), (key, value) =>
      key === "memberOf" ? (value as string[]).filter((group) => !groups.includes(group)) : value,
    );
  }

  /** Two descriptions of a server that share a login or database would change its owner back and forth. */
  private checkOthers(checks: SynthChecks): void {
    for (const component of this.components) {
      for (const [property, names] of Object.entries(createdBy(component))) {
        for (const name of names) {
          const other = claimOnce(this, `SQL ${property}`, name, { within: this.server });
          if (!(other instanceof DatabaseObjects)) continue;
          const theirs = other.components.find((c) => createdBy(c)[property]?.includes(name));
          if (!theirs) continue;
          if (theirs.component === component.component) {
            const own = this.describedAs(property, name);
            if (own === undefined || own === other.describedAs(property, name)) continue;
            checks.fail(
              property,
              name,
              `must be described alike in each DatabaseObjects of a server: ${other.node.path} describes it otherwise, and each run would undo the other's`,
            );
            continue;
          }
          checks.fail(
            property,
            name,
            `must belong to one component: ${other.node.path} describes it for ${theirs.component}, and components that share it reach each other's data`,
          );
        }
      }
    }
  }
}

/** Logins and databases that a component creates. */
function createdBy(c: ComponentObjects): { readonly [property: string]: string[] } {
  return {
    logins: c.logins.filter((l) => !l.existing).map((l) => l.login.username),
    "databases.name": c.databases.filter((d) => !d.existing).map((d) => d.name),
  };
}

/** The program that brings a server to the described state. */
function program(props: DatabaseObjectsProps, restrictAccess: boolean): SqlProgram {
  const { server, components } = props;
  const { family } = server.engine;
  const state = desiredState(server, components, restrictAccess);
  const connection: { [name: string]: string } =
    family === EngineFamily.POSTGRES
      ? {
          PGHOST: server.endpoint.host,
          PGPORT: portText(server.endpoint.port),
          PGUSER: server.adminLogin?.username ?? "",
          PGSSLMODE: strictestSslMode(server.tls),
          SQL_MAINTENANCE_DATABASE: props.maintenanceDatabase ?? "postgres",
        }
      : {
          MYSQL_HOST: server.endpoint.host,
          MYSQL_TCP_PORT: portText(server.endpoint.port),
          SQL_USER: server.adminLogin?.username ?? "",
          SQL_TLS_MODE: strictestSslMode(server.tls),
        };
  const secrets: SqlProgramSecret[] = [];
  if (server.adminLogin?.password) secrets.push({ key: "admin", value: server.adminLogin.password });
  for (const login of components.flatMap((c) => c.logins)) {
    if (hasPassword(login) && login.login.password) {
      secrets.push({ key: loginPasswordKey(login), value: login.login.password });
    }
  }
  return {
    name: "database-objects",
    server,
    script: family === EngineFamily.POSTGRES ? POSTGRES_SCRIPT : MYSQL_SCRIPT,
    environment: {
      ...connection,
      SQL_DESIRED: jsonText(state),
      SQL_DRY_RUN: `${props.dryRun ?? false}`,
    },
    secrets,
    everyApply: props.everyApply ?? false,
    dependsOn: [
      ...new Set([
        ...server.dependables,
        // Databases that the cloud's API creates come first: those of Azure are found and their ownership changed.
        ...components.flatMap((c) => c.sources).flatMap((source) => source.dependables),
        ...(props.dependsOn ?? []),
      ]),
    ],
  };
}

function checkSource(checks: SynthChecks, props: DatabaseObjectsProps): void {
  for (const component of props.components) {
    for (const source of component.sources) {
      if (source.server !== props.server) {
        checks.fail(
          `components[${component.component}].databases`,
          source.databaseName,
          `must be on the server of this DatabaseObjects: it is on ${source.server.node.path}; describe it in a DatabaseObjects of that server`,
        );
      }
    }
  }
}
