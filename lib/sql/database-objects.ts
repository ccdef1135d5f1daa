import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { IDatabase, IDatabaseServer } from "../database";
import { EngineFamily, strictestSslMode } from "../database";
import { isResolved, SynthChecks } from "../database/private";
import { checkObjects } from "./check-objects";
import type { ComponentObjects } from "./component-objects";
import { desiredState, hasPassword, passwordKey } from "./desired-state";
import { jsonText } from "./json-text";
import { portText } from "./port-text";
import { MYSQL_SCRIPT } from "./scripts/mysql-script";
import { POSTGRES_SCRIPT } from "./scripts/postgres-script";
import type { ISqlBackend, SqlProgram, SqlProgramSecret } from "./sql-backend";
import type { SqlLogin } from "./sql-login";

/** Linux passes a program at most 128 KiB in one variable or argument. */
const MAX_BYTES = 120_000;

/** What is described on each server so far: components of two descriptions must not share a login either. */
const DESCRIBED = new WeakMap<IDatabaseServer, DatabaseObjects[]>();

/** Properties of `DatabaseObjects`. */
export interface DatabaseObjectsProps {
  /** The server, with an administrator. */
  readonly server: IDatabaseServer;
  /** What the components need. */
  readonly components: ComponentObjects[];
  /** Where the SQL runs. */
  readonly backend: ISqlBackend;
  /**
   * Whether only a database's owner and `users` may connect to it, instead of every login of the server (PostgreSQL; MySQL
   * lets nobody in without a grant anyway). @default true
   */
  readonly restrictAccess?: boolean;
  /** The database to which the administrator connects first (PostgreSQL). @default "postgres" */
  readonly maintenanceDatabase?: string;
  /** Whether to correct what somebody changed by hand in each apply, instead of only when the description changes. @default false */
  readonly everyApply?: boolean;
  /** Whether only to print what is missing. @default false */
  readonly dryRun?: boolean;
  /** What has to exist first, beside the server. @default - nothing */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The logins, databases, schemas, extensions, grants and settings of components on a server, brought to the described state:
 * what is missing is made, what differs is corrected, what somebody else made under a described name is taken over, and
 * nothing is ever dropped. Running it again changes nothing; on a replica it does nothing.
 *
 * @example
 * const objects = new DatabaseObjects(this, "objects", {
 *   server,
 *   components: [SqlPresets.coder(server.database("coder"))],
 *   backend: new LocalSqlBackend(),
 * });
 */
export class DatabaseObjects extends Construct {
  /** The server. */
  public readonly server: IDatabaseServer;
  /** What the components need. */
  public readonly components: ComponentObjects[];
  /** What has been done when all is as described; applications and migrations depend on it. */
  public readonly dependables: ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: DatabaseObjectsProps) {
    super(scope, id);
    this.server = props.server;
    this.components = props.components;
    const checks = new SynthChecks(this);
    const restrictAccess = props.restrictAccess ?? true;
    if (!props.server.adminLogin?.password) {
      checks.fail(
        "server.adminLogin",
        undefined,
        "making objects in SQL takes the server's administrator, with a password",
      );
    }
    if (props.components.length === 0) checks.fail("components", [], "there is nothing to make");
    if (props.restrictAccess === false) {
      checks.optOut("restrictAccess: every login of the server may connect to every database");
    }
    checkObjects(checks, props.server, props.components, restrictAccess);
    checkSource(checks, props);
    const others = DESCRIBED.get(props.server) ?? [];
    checkOthers(checks, props.components, others);
    DESCRIBED.set(props.server, [...others, this]);
    const made = program(props, restrictAccess);
    const size = Buffer.byteLength(made.environment.SQL_DESIRED ?? "");
    if (size > MAX_BYTES) {
      checks.fail(
        "components",
        `${size} bytes`,
        `a description may have ${MAX_BYTES} bytes as JSON; use several DatabaseObjects`,
      );
    }
    this.dependables = props.backend.run(this, made);
  }

  /** Whether a database of the contract is one of those described here. */
  public describes(database: IDatabase): boolean {
    return (
      database.server === this.server &&
      this.components.some((c) => c.databases.some((d) => d.name === database.databaseName))
    );
  }
}

/** The program that brings a server to the described state. */
function program(props: DatabaseObjectsProps, restrictAccess: boolean): SqlProgram {
  const { server, components } = props;
  const { family } = server.engine;
  const state = desiredState(family, components, server.location, restrictAccess);
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
      secrets.push({ key: passwordKey(login), value: login.login.password });
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
    description: { components, restrictAccess },
    dependsOn: [
      ...new Set([
        ...server.dependables,
        // What the cloud's API makes of a database comes first: Azure's is found here and handed over.
        ...components.flatMap((c) => c.sources).flatMap((source) => source.dependables),
        ...(props.dependsOn ?? []),
      ]),
    ],
  };
}

/** A login or database of two components in two descriptions of a server: they would take it from each other in turns. */
function checkOthers(checks: SynthChecks, components: ComponentObjects[], others: DatabaseObjects[]): void {
  const made = (c: ComponentObjects) => ({
    logins: c.logins.filter((l) => !l.existing).map(account),
    "databases.name": c.databases.filter((d) => !d.existing).map((d) => d.name),
  });
  for (const component of components) {
    for (const other of others) {
      for (const theirs of other.components.filter((c) => c.component !== component.component)) {
        for (const what of ["logins", "databases.name"] as const) {
          for (const name of made(component)[what]) {
            if (!isResolved(name) || !made(theirs)[what].includes(name)) continue;
            checks.fail(
              what,
              name,
              `it is ${theirs.component}'s, which ${other.node.path} describes; two components that share it reach each other's data`,
            );
          }
        }
      }
    }
  }
}

/** In MySQL a name at another host is another user. */
function account({ login, host }: SqlLogin): string {
  return host === undefined || host === "%" ? login.username : `${login.username}@${host}`;
}

function checkSource(checks: SynthChecks, props: DatabaseObjectsProps): void {
  for (const component of props.components) {
    for (const source of component.sources) {
      if (source.server !== props.server) {
        checks.fail(
          `${component.component}.databases`,
          source.databaseName,
          `it is on the server ${source.server.node.path}; describe it in a DatabaseObjects of that server`,
        );
      }
    }
  }
}
