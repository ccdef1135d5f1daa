import { DatabaseProvisioning, type IDatabase } from "../database";
import type { SqlDatabase } from "./sql-database";
import type { SqlGroupRole, SqlLogin } from "./sql-login";

/** Properties of `ComponentObjects`. */
export interface ComponentObjectsProps {
  /** The component's name, once per server, such as `coder`. */
  readonly component: string;
  /** Roles that log in. */
  readonly logins: SqlLogin[];
  /** Roles that group others (PostgreSQL). @default - none */
  readonly groupRoles?: SqlGroupRole[];
  /** Databases. */
  readonly databases: SqlDatabase[];
  /** The databases of the contract that this describes, so that they are not made on another server. @default - none */
  readonly sources?: IDatabase[];
}

/**
 * Everything that one component needs on a server: users, databases, schemas, extensions, grants, queries. A plain description;
 * `DatabaseObjects` makes it real. `SqlPresets` has those of Coder, Gitpod and GitLab's components.
 *
 * @example
 * const wiki = new ComponentObjects({
 *   component: "wiki",
 *   logins: [{ login: DatabaseLogin.withPassword("wiki", password) }],
 *   databases: [{ name: "wiki", owner: "wiki", extensions: [{ name: "pg_trgm" }] }],
 * });
 */
export class ComponentObjects {
  /** The component's name. */
  public readonly component: string;
  /** Roles that log in. */
  public readonly logins: SqlLogin[];
  /** Roles that group others. */
  public readonly groupRoles: SqlGroupRole[];
  /** Databases. */
  public readonly databases: SqlDatabase[];
  /** The databases of the contract that this describes. */
  public readonly sources: IDatabase[];

  public constructor(props: ComponentObjectsProps) {
    this.component = props.component;
    this.logins = props.logins;
    this.groupRoles = props.groupRoles ?? [];
    this.databases = props.databases;
    this.sources = props.sources ?? [];
  }
}

/**
 * Whether a database and its owner are left to the cloud's API. The one place where that is decided: the server's class
 * knows its API, and says by `DatabaseProvisioning.CLOUD_API` that it makes both there (Cloud SQL), by `SQL` that the owner, or both, are
 * left to us (RDS; Azure, whose API makes databases but no users: such a database is found and handed over to its owner).
 */
export function leftToCloudApi(database: IDatabase): boolean {
  return database.provisioning === DatabaseProvisioning.CLOUD_API;
}
