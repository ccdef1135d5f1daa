import { DatabaseProvisioning, EngineFamily, type IDatabase, LoginAuthentication } from "../../database";
import { directDatabase } from "../../database/private";
import type { SqlDatabase, SqlExtension, SqlQuery } from "./sql-database";
import { type SqlGrant, SqlGrantTarget, SqlPrivilege } from "./sql-grant";
import type { SqlGroupRole, SqlLogin } from "./sql-login";

/** Properties of `ComponentObjects`. */
export interface ComponentObjectsProps {
  /** Component name, unique per server, such as `coder`. */
  readonly component: string;
  /**
   * Login roles (PostgreSQL) or user accounts (MySQL).
   *
   * @see https://www.postgresql.org/docs/current/sql-createrole.html
   * @see https://dev.mysql.com/doc/refman/8.4/en/create-user.html
   */
  readonly logins: SqlLogin[];
  /**
   * Group roles (PostgreSQL). @default - none
   *
   * @see https://www.postgresql.org/docs/current/role-membership.html
   */
  readonly groupRoles?: SqlGroupRole[];
  /**
   * Databases.
   *
   * @see https://www.postgresql.org/docs/current/sql-createdatabase.html
   * @see https://dev.mysql.com/doc/refman/8.4/en/create-database.html
   */
  readonly databases: SqlDatabase[];
  /** Databases of the contract (`server.database()`) that the description covers; they must be on the described server. @default - none */
  readonly sources?: IDatabase[];
}

/** Options of `ComponentObjects.fromDatabases()`. */
export interface OwnedDatabasesOptions {
  /**
   * Extensions created in each database (PostgreSQL). @default - none
   *
   * @see https://www.postgresql.org/docs/current/sql-createextension.html
   */
  readonly extensions?: SqlExtension[];
}

/**
 * SQL objects that one component needs on a server: logins, roles, databases, schemas, extensions, grants, settings and queries.
 * A description only; `DatabaseObjects` creates the objects. `CoderSql`, `GitpodSql` and `GitlabSql` describe the applications.
 *
 * @example
 * const wiki = new ComponentObjects({
 *   component: "wiki",
 *   logins: [{ login: DatabaseLogin.withPassword("wiki", password) }],
 *   databases: [{ name: "wiki", owner: "wiki", extensions: [{ name: "pg_trgm" }] }],
 * });
 */
export class ComponentObjects {
  /**
   * Databases of the contract, each with its owner login. Databases behind a pooler or proxy are described on their server.
   *
   * @param component the component's name.
   * @param databases the databases; duplicates are described once.
   * @param options extensions.
   */
  public static fromDatabases(
    component: string,
    databases: IDatabase[],
    options: OwnedDatabasesOptions = {},
  ): ComponentObjects {
    const sources = [...new Set(databases.map(directDatabase))];
    const logins = new Map<string, SqlLogin>();
    for (const login of sources.flatMap(ownerLogins)) {
      const { username } = login.login;
      if (!logins.has(username)) logins.set(username, login);
    }
    return new ComponentObjects({
      component,
      logins: [...logins.values()],
      databases: sources.map((database) => ownedDatabase(database, options.extensions)),
      sources,
    });
  }

  /** Component name. */
  public readonly component: string;
  /** Login roles or user accounts. */
  public readonly logins: SqlLogin[];
  /** Group roles. */
  public readonly groupRoles: SqlGroupRole[];
  /** Databases. */
  public readonly databases: SqlDatabase[];
  /** Databases of the contract that the description covers. */
  public readonly sources: IDatabase[];

  public constructor(props: ComponentObjectsProps) {
    this.component = props.component;
    this.logins = props.logins;
    this.groupRoles = props.groupRoles ?? [];
    this.databases = props.databases;
    this.sources = props.sources ?? [];
  }
}

/** The owner of a database as a login to create, or to find where the cloud's API creates it; two where users alternate. */
export function ownerLogins(database: IDatabase): SqlLogin[] {
  const existing = createdByCloudApi(database) || !sqlCreatesOwner(database);
  const { databaseName: id, owner, server } = database;
  const { alternating } = owner;
  if (!alternating) return [{ login: owner, id, existing }];
  const { username } = alternating.owner;
  const acting =
    server.engine.family === EngineFamily.POSTGRES
      ? // The owner owns what the clone's sessions create, so that each of the two users can alter it.
        { memberOf: [username], settings: [{ name: "role", values: [username] }] }
      : {};
  return [
    { login: alternating.owner, id, existing },
    { login: alternating.clone, id: `${id} clone`, existing, ...(existing ? {} : acting) },
  ];
}

/** Grants to the second of two users that alternate: MySQL has no owners, so it gets the same privileges (MySQL). */
export function cloneGrants({ owner, server }: IDatabase): SqlGrant[] {
  if (!owner.alternating || server.engine.family !== EngineFamily.MYSQL) return [];
  const grantee = owner.alternating.clone.username;
  return [{ on: SqlGrantTarget.DATABASE, grantee, privileges: [SqlPrivilege.ALL] }];
}

/**
 * Gives the owner what sessions of the second user have created without its role, after SET ROLE none (PostgreSQL; DISCARD ALL keeps the
 * role that ALTER ROLE has set). Names come from the server, since they may be tokens.
 */
function reassignment({ owner, server }: IDatabase): SqlQuery[] {
  if (!owner.alternating || server.engine.family !== EngineFamily.POSTGRES) return [];
  return [
    {
      name: "objects of the second user",
      sql: "DO $$ BEGIN EXECUTE format('REASSIGN OWNED BY CURRENT_USER TO %I', (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database())); END $$",
      unless:
        "SELECT NOT EXISTS (SELECT FROM pg_shdepend d JOIN pg_database c ON c.oid = d.dbid WHERE c.datname = current_database() AND d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND d.refobjid = (SELECT oid FROM pg_roles WHERE rolname = current_user))",
      runAs: owner.alternating.clone.username,
    },
  ];
}

/** A database with its owner. */
export function ownedDatabase(database: IDatabase, extensions: SqlExtension[] = []): SqlDatabase {
  const name = database.databaseName;
  const existing = createdByCloudApi(database);
  const grantee = database.owner.ownerName;
  if (existing || sqlCreatesOwner(database)) {
    const grants = cloneGrants(database);
    const queries = existing ? [] : reassignment(database);
    return {
      name,
      owner: grantee,
      existing,
      extensions,
      ...(grants.length > 0 ? { grants } : {}),
      ...(queries.length > 0 ? { queries } : {}),
    };
  }
  // Since PostgreSQL 16 only a member of a role with SET may hand ownership to it; here the cloud's API creates the role.
  return {
    name,
    extensions,
    grants: [
      { on: SqlGrantTarget.DATABASE, grantee, privileges: [SqlPrivilege.ALL] },
      { on: SqlGrantTarget.SCHEMA, grantee, privileges: [SqlPrivilege.ALL] },
    ],
  };
}

/**
 * True if the cloud's API creates a database and its owner. The server's class decides: `CLOUD_API` where the API creates both
 * (Cloud SQL), `SQL_JOB` where the owner or both are created in SQL (RDS; Azure, whose API creates databases but no users: the
 * database is then found and its ownership changed).
 */
function createdByCloudApi(database: IDatabase): boolean {
  return database.provisioning === DatabaseProvisioning.CLOUD_API;
}

/** True if the owner's login can be created in SQL. */
function sqlCreatesOwner({ owner, server }: IDatabase): boolean {
  return (
    owner.authentication === LoginAuthentication.PASSWORD ||
    server.engine.family !== EngineFamily.POSTGRES ||
    (owner.authentication === LoginAuthentication.CLOUD_IDENTITY &&
      server.sqlRules?.createsIdentityLogins === true)
  );
}
