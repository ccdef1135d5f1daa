import type { SqlDefaultPrivileges, SqlGrant } from "./sql-grant";
import type { SqlSetting } from "./sql-login";

/** Schema (PostgreSQL). @see https://www.postgresql.org/docs/current/ddl-schemas.html */
export interface SqlSchema {
  /** Schema name. */
  readonly name: string;
  /** Role that owns the schema. @default - the database's owner */
  readonly owner?: string;
}

/**
 * Extension (PostgreSQL). The administrator creates it; each cloud supports its own list of extensions.
 *
 * @see https://www.postgresql.org/docs/current/sql-createextension.html
 */
export interface SqlExtension {
  /** Extension name, such as `pg_trgm`. */
  readonly name: string;
  /** Schema of the extension's objects. @default - the schema that the extension names, otherwise `public` */
  readonly schema?: string;
  /** Extension version. @default - the server's default version at creation; not changed afterwards */
  readonly version?: string;
  /** Accepts an extension that is not in the known extension list of the cloud. @default false */
  readonly acceptUnlisted?: boolean;
}

/** SQL statement that runs when its guard query returns false. */
export interface SqlQuery {
  /** Name, unique in the database. */
  readonly name: string;
  /**
   * SQL to run. In PostgreSQL one or more statements, which run in one transaction; in MySQL one statement, because several
   * statements are not atomic when a run is interrupted. Part of the synthesized output: must not hold secrets.
   */
  readonly sql: string;
  /** Guard query that returns one boolean, true when the SQL must not run, such as `SELECT to_regclass('app.t') IS NOT NULL`. */
  readonly unless: string;
  /** Role that runs the SQL (PostgreSQL). @default - the database's owner */
  readonly runAs?: string;
}

/**
 * Logical database and the objects in it.
 *
 * @see https://www.postgresql.org/docs/current/sql-createdatabase.html
 * @see https://dev.mysql.com/doc/refman/8.4/en/create-database.html
 */
export interface SqlDatabase {
  /** Database name. */
  readonly name: string;
  /**
   * Role that owns the database; must be part of the same description. In MySQL, the user with all privileges on it.
   * @default - the administrator, for an identity that the cloud's API creates in PostgreSQL; the identity gets grants instead
   */
  readonly owner?: string;
  /** True if the database is created elsewhere, such as by the cloud's API, which also sets its owner. @default false */
  readonly existing?: boolean;
  /** Maximum number of concurrent connections, -1 for no limit (PostgreSQL). @default -1 */
  readonly connectionLimit?: number;
  /** Encoding (PostgreSQL) or character set (MySQL). @default - UTF8 in PostgreSQL, utf8mb4 in MySQL */
  readonly encoding?: string;
  /** Collation (`LC_COLLATE` in PostgreSQL). @default - the server's in PostgreSQL, the character set's in MySQL */
  readonly collation?: string;
  /** Character classification (`LC_CTYPE` in PostgreSQL). @default - the collation, when it is set */
  readonly characterType?: string;
  /** Session defaults of configuration parameters (PostgreSQL). @default - none */
  readonly settings?: SqlSetting[];
  /** Schemas (PostgreSQL). @default - `public` only */
  readonly schemas?: SqlSchema[];
  /** Extensions (PostgreSQL). @default - none */
  readonly extensions?: SqlExtension[];
  /** Privileges of roles other than the owner. @default - none */
  readonly grants?: SqlGrant[];
  /** Default privileges on objects created later (PostgreSQL). @default - none */
  readonly defaultPrivileges?: SqlDefaultPrivileges[];
  /** Further SQL, run in this order. @default - none */
  readonly queries?: SqlQuery[];
  /**
   * Restricts `CONNECT` to the owner and `users`; otherwise every login of the server may connect (PostgreSQL).
   * @default - `restrictAccess` of `DatabaseObjects`
   */
  readonly restrictAccess?: boolean;
  /** Roles that may connect besides the owner when access is restricted, such as a pooler's or a backup user. @default - none */
  readonly users?: string[];
}
