// Sources, read 2026-11: docs.gitlab.com "Managing PostgreSQL extensions"; the Linux package's database resources of 2026-08
// (rails, registry); docs.gitlab.com "Configure Gitaly Cluster" (Praefect).

import type { DatabaseLogin, IDatabase } from "../../database";
import { directDatabase } from "../../database/private";
import { ComponentObjects, type SqlExtension, SqlGrantTarget, SqlPrivilege } from "../../sql";
import { ownedDatabase, ownerLogins } from "../../sql/private";

/** Databases of GitLab's Rails application. */
export interface GitlabRailsDatabases {
  /** Main database. */
  readonly main: IDatabase;
  /** CI database; the same as `main` when it is not decomposed. @default - in `main` */
  readonly ci?: IDatabase;
  /** Database of security data. @default - in `main` */
  readonly sec?: IDatabase;
}

/** Options of `GitlabSql.registry()`. */
export interface GitlabRegistryObjectsOptions {
  /**
   * Login with read access to the whole database, for backups. @default - none
   *
   * @see https://docs.gitlab.com/administration/packages/container_registry_metadata_database/
   */
  readonly backupLogin?: DatabaseLogin;
}

/** Extensions that GitLab requires, besides plpgsql, which every database has. */
const RAILS_EXTENSIONS: SqlExtension[] = [{ name: "amcheck" }, { name: "btree_gist" }, { name: "pg_trgm" }];

/**
 * SQL objects of GitLab's components. `GitlabObjects` uses them for all databases of a topology.
 *
 * @see https://docs.gitlab.com/install/postgresql_extensions/
 * @example
 * const components = [GitlabSql.rails({ main: server.database("gitlabhq_production") })];
 */
export class GitlabSql {
  /**
   * The Rails application: `main` and, when they are separate databases on the same server, `ci` and `sec`, each with the
   * extensions that GitLab requires. A database on another server is described there, by `railsDatabase()`.
   */
  public static rails(databases: GitlabRailsDatabases): ComponentObjects {
    const all = [databases.main, databases.ci, databases.sec].filter((d): d is IDatabase => d !== undefined);
    return ComponentObjects.fromDatabases("gitlab", all, { extensions: RAILS_EXTENSIONS });
  }

  /**
   * One database of the Rails application on a separate server, such as `ci`.
   *
   * @param component the component's name, such as `gitlab-ci`.
   * @param database the database.
   */
  public static railsDatabase(component: string, database: IDatabase): ComponentObjects {
    return ComponentObjects.fromDatabases(component, [database], { extensions: RAILS_EXTENSIONS });
  }

  /** The tracking database of a GitLab Geo secondary site. */
  public static geo(database: IDatabase): ComponentObjects {
    return ComponentObjects.fromDatabases("gitlab-geo", [database]);
  }

  /**
   * The metadata database of the container registry.
   *
   * @param database the database.
   * @param options a login for backups.
   * @see https://docs.gitlab.com/administration/packages/container_registry_metadata_database/
   */
  public static registry(database: IDatabase, options: GitlabRegistryObjectsOptions = {}): ComponentObjects {
    const { backupLogin } = options;
    if (!backupLogin) return ComponentObjects.fromDatabases("gitlab-registry", [database]);
    const direct = directDatabase(database);
    const grantee = backupLogin.username;
    const schemas = ["public", "partitions"];
    const kinds = [SqlGrantTarget.TABLES, SqlGrantTarget.SEQUENCES];
    return new ComponentObjects({
      component: "gitlab-registry",
      logins: [...ownerLogins(direct), { login: backupLogin, inherit: false }],
      databases: [
        {
          ...ownedDatabase(direct),
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
      sources: [direct],
    });
  }

  /** The database of Praefect, the router of Gitaly Cluster; must not be GitLab's database. */
  public static praefect(database: IDatabase): ComponentObjects {
    return ComponentObjects.fromDatabases("praefect", [database]);
  }
}
