import type { IDatabase } from "../../database";
import { directDatabase } from "../../database/private";
import { ComponentObjects, type SqlDatabase } from "../../sql";
import { cloneGrants, ownedDatabase, ownerLogins } from "../../sql/private";

const SESSIONS = "gitpod-sessions";

/** Options of `GitpodSql.objects()`. */
export interface GitpodObjectsOptions {
  /**
   * Creates the database `authorization`, which Gitpod uses since 2023. @default false
   *
   * @see https://github.com/gitpod-io/gitpod/tree/main/install/installer/pkg/components/database
   */
  readonly authorizationDatabase?: boolean;
  /**
   * Creates the database `gitpod-sessions`. @default true
   *
   * @see https://github.com/gitpod-io/gitpod/tree/2022.11.3/install/installer/pkg/components/database
   */
  readonly sessionsDatabase?: boolean;
  /**
   * Requires TLS of the login. Must be false behind Google's proxy, where the server sees no TLS. @default true
   *
   * @see https://dev.mysql.com/doc/refman/8.4/en/create-user.html#create-user-tls
   */
  readonly requireTls?: boolean;
  /**
   * Uses the authentication plugin `mysql_native_password`, the only one that Gitpod's clients support. @default false
   *
   * @see https://dev.mysql.com/doc/refman/8.4/en/native-pluggable-authentication.html
   */
  readonly nativePassword?: boolean;
}

/**
 * SQL objects of Gitpod, as its installer creates them (`db-init-scripts`).
 *
 * @example
 * const components = [GitpodSql.objects(server.database("gitpod"), { nativePassword: true })];
 */
export class GitpodSql {
  /**
   * The databases `gitpod`, `gitpod-sessions` and, optionally, `authorization`, all owned by the owner of `gitpod`. Gitpod's
   * installer would otherwise need the privilege to create databases.
   *
   * @param gitpod the database `gitpod`; Gitpod supports no other name.
   * @param options further databases and the login's options.
   */
  public static objects(gitpod: IDatabase, options: GitpodObjectsOptions = {}): ComponentObjects {
    const database = directDatabase(gitpod);
    const owner = database.owner.ownerName;
    const grants = cloneGrants(database);
    const further = [
      ...((options.sessionsDatabase ?? true) ? [SESSIONS] : []),
      ...(options.authorizationDatabase ? ["authorization"] : []),
    ];
    return new ComponentObjects({
      component: "gitpod",
      logins: ownerLogins(database).map((login) => ({
        ...login,
        nativePassword: options.nativePassword,
        requireTls: options.requireTls,
      })),
      databases: [
        ownedDatabase(database),
        ...further.map(
          (name): SqlDatabase => ({
            name,
            owner,
            encoding: "utf8mb4",
            ...(grants.length > 0 ? { grants } : {}),
          }),
        ),
      ],
      sources: [database],
    });
  }
}
