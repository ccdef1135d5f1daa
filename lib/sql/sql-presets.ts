// What Coder, Gitpod and the components of GitLab need. Sources in facts: Coder "External database" and its server's migrations
// (plpgsql only); Gitpod's installer (`db-init-scripts`); GitLab "Managing PostgreSQL extensions", the Linux package's database
// resources of 2026-08 (rails, registry) and Praefect's setup page.

import type { IDatabase } from "../database";
import { type DatabaseLogin, EngineFamily, LoginAuthentication } from "../database";
import { ComponentObjects, leftToCloudApi } from "./component-objects";
import { SERVER_ROLES } from "./data/server-roles";
import type { SqlDatabase, SqlExtension } from "./sql-database";
import type { SqlLogin } from "./sql-login";
import { SqlGrantTarget, SqlPrivilege } from "./sql-privilege";

/** GitLab's logical databases: one, two or three physical ones. */
export interface GitlabRailsDatabases {
  /** The main database. */
  readonly main: IDatabase;
  /** The database of CI; the same as `main` when it is not split off. @default - in `main` */
  readonly ci?: IDatabase;
  /** The database of security data. @default - in `main` */
  readonly sec?: IDatabase;
}

/** Options of the registry's objects. */
export interface RegistryObjectsOptions {
  /** A login that reads everything, for backups. @default - none */
  readonly backupLogin?: DatabaseLogin;
}

/** Options of Gitpod's objects. */
export interface GitpodObjectsOptions {
  /** Whether Gitpod is from 2023 or later: it keeps relations in a database `authorization`. @default false */
  readonly authorizationDatabase?: boolean;
  /** Whether to make `gitpod-sessions`. @default true */
  readonly sessionsDatabase?: boolean;
  /** Whether the login has to use TLS; behind Google's proxy the server sees none. @default true */
  readonly requireTls?: boolean;
  /** Whether the password is kept for clients that know `mysql_native_password` only, as Gitpod's. @default false */
  readonly nativePassword?: boolean;
}

const GITPOD_SESSIONS = "gitpod-sessions";

// GitLab requires the first three; plpgsql is in every database already (docs.gitlab.com "Managing PostgreSQL extensions").
const RAILS_EXTENSIONS: SqlExtension[] = [{ name: "amcheck" }, { name: "btree_gist" }, { name: "pg_trgm" }];

/** Descriptions of the objects that applications need. */
export class SqlPresets {
  /** Coder: a database and its owner. Coder's migrations need to own the database and nothing more. */
  public static coder(database: IDatabase): ComponentObjects {
    return owned("coder", [database], []);
  }

  /**
   * Gitpod on MySQL: `gitpod`, `gitpod-sessions` and, on wish, `authorization`, all for the owner of `gitpod`. The user can
   * then do without the right to make databases, which Gitpod's installer otherwise needs.
   *
   * @param given the database `gitpod`; Gitpod knows no other name.
   * @param options further databases and the password's form.
   */
  public static gitpod(given: IDatabase, options: GitpodObjectsOptions = {}): ComponentObjects {
    const database = direct(given);
    const owner = database.owner.username;
    const further = [
      ...((options.sessionsDatabase ?? true) ? [GITPOD_SESSIONS] : []),
      ...(options.authorizationDatabase ? ["authorization"] : []),
    ];
    return new ComponentObjects({
      component: "gitpod",
      logins: [
        {
          ...ownerOf(database),
          nativePassword: options.nativePassword,
          requireTls: options.requireTls,
        },
      ],
      databases: [
        databaseOf(database, []),
        ...further.map((name): SqlDatabase => ({ name, owner, encoding: "utf8mb4" })),
      ],
      sources: [database],
    });
  }

  /**
   * GitLab's Rails application: main and, when they are databases of their own, ci and sec, all with the same extensions. One on
   * another server is described there, by `gitlabRailsAlone`.
   */
  public static gitlabRails(databases: GitlabRailsDatabases): ComponentObjects {
    const all = [databases.main, databases.ci, databases.sec].filter((d): d is IDatabase => d !== undefined);
    return owned("gitlab", all, RAILS_EXTENSIONS);
  }

  /** One of GitLab's Rails databases on a server of its own, such as ci. */
  public static gitlabRailsAlone(component: string, database: IDatabase): ComponentObjects {
    return owned(component, [database], RAILS_EXTENSIONS);
  }

  /** The tracking database of a GitLab Geo secondary site. */
  public static gitlabGeo(database: IDatabase): ComponentObjects {
    return owned("gitlab-geo", [database], []);
  }

  /** The metadata database of GitLab's container registry, with a login for backups on wish. */
  public static gitlabRegistry(given: IDatabase, options: RegistryObjectsOptions = {}): ComponentObjects {
    const database = direct(given);
    const { backupLogin } = options;
    if (!backupLogin) return owned("gitlab-registry", [database], []);
    const grantee = backupLogin.username;
    const schemas = ["public", "partitions"];
    const kinds = [SqlGrantTarget.TABLES, SqlGrantTarget.SEQUENCES];
    return new ComponentObjects({
      component: "gitlab-registry",
      logins: [ownerOf(database), { login: backupLogin, inherit: false }],
      databases: [
        {
          ...databaseOf(database, []),
          schemas: [{ name: "partitions" }],
          grants: [
            { on: SqlGrantTarget.DATABASE, grantee, privileges: [SqlPrivilege.CONNECT] },
            ...schemas.flatMap((schema) => [
              { on: SqlGrantTarget.SCHEMA, schema, grantee, privileges: [SqlPrivilege.USAGE] },
              ...kinds.map((on) => ({ on, schema, grantee, privileges: [SqlPrivilege.SELECT] })),
            ]),
          ],
          defaultPrivileges: schemas.flatMap((schema) =>
            kinds.map((on) => ({ on, schema, grantee, privileges: [SqlPrivilege.SELECT] })),
          ),
        },
      ],
      sources: [database],
    });
  }

  /** A component of GitLab that needs no more than a database and its owner, such as OpenBao. */
  public static gitlabComponent(component: string, database: IDatabase): ComponentObjects {
    return owned(component, [database], []);
  }

  /** Praefect, the router of Gitaly Cluster: a database of its own, never GitLab's. */
  public static praefect(database: IDatabase): ComponentObjects {
    return owned("praefect", [database], []);
  }
}

// Behind a pooler, objects are made on the server itself.
function direct(database: IDatabase): IDatabase {
  return database.pooling?.direct ?? database;
}

function owned(component: string, given: IDatabase[], extensions: SqlExtension[]): ComponentObjects {
  const databases = [...new Set(given.map(direct))];
  const logins = new Map<string, SqlLogin>();
  for (const database of databases) {
    const { username } = database.owner;
    if (!logins.has(username)) logins.set(username, ownerOf(database));
  }
  return new ComponentObjects({
    component,
    logins: [...logins.values()],
    databases: databases.map((database) => databaseOf(database, extensions)),
    sources: databases,
  });
}

function ownerOf(database: IDatabase): SqlLogin {
  const existing = leftToCloudApi(database) || !sqlMakes(database);
  return { login: database.owner, id: database.databaseName, existing };
}

function databaseOf(database: IDatabase, extensions: SqlExtension[]): SqlDatabase {
  const name = database.databaseName;
  const existing = leftToCloudApi(database);
  const grantee = database.owner.username;
  if (existing || sqlMakes(database)) return { name, owner: grantee, existing, extensions };
  // From PostgreSQL 16 on only its creator may hand something over to a role, and this one's is the cloud's API.
  return {
    name,
    extensions,
    grants: [
      { on: SqlGrantTarget.DATABASE, grantee, privileges: [SqlPrivilege.ALL] },
      { on: SqlGrantTarget.SCHEMA, grantee, privileges: [SqlPrivilege.ALL] },
    ],
  };
}

/** Whether SQL can make the owner's login; the cloud's API makes it otherwise. */
function sqlMakes({ owner, server }: IDatabase): boolean {
  return (
    owner.authentication === LoginAuthentication.PASSWORD ||
    server.engine.family !== EngineFamily.POSTGRES ||
    (owner.authentication === LoginAuthentication.CLOUD_IDENTITY &&
      SERVER_ROLES[server.location.cloud]?.sqlMakesIdentityLogins === true)
  );
}
