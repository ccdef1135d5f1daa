import type { IDatabase } from "../../database";
import { directDatabase } from "../../database/private";
import { ComponentObjects, type SqlDatabase } from "../../sql";
import { ownedDatabase, ownerLogin } from "../../sql/private";

const SESSIONS = "gitpod-sessions";

/** Options of `GitpodSql.objects()`. */
export interface GitpodObjectsOptions {
  /** Creates the database `authorization`, which Gitpod uses since 2023. @default false */
  readonly authorizationDatabase?: boolean;
  /** Creates the database `gitpod-sessions`. @default true */
  readonly sessionsDatabase?: boolean;
  /** Requires TLS of the login. Must be false behind Google's proxy, where the server sees no TLS. @default true */
  readonly requireTls?: boolean;
  /** Uses the authentication plugin `mysql_native_password`, the only one that Gitpod's clients support. @default false */
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
    const owner = database.owner.username;
    const further = [
      ...((options.sessionsDatabase ?? true) ? [SESSIONS] : []),
      ...(options.authorizationDatabase ? ["authorization"] : []),
    ];
    return new ComponentObjects({
      component: "gitpod",
      logins: [
        {
          ...ownerLogin(database),
          nativePassword: options.nativePassword,
          requireTls: options.requireTls,
        },
      ],
      databases: [
        ownedDatabase(database),
        ...further.map((name): SqlDatabase => ({ name, owner, encoding: "utf8mb4" })),
      ],
      sources: [database],
    });
  }
}
