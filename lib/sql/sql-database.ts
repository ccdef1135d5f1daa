import type { SqlDefaultPrivileges, SqlGrant } from "./sql-grant";
import type { SqlSetting } from "./sql-setting";

/** A schema (PostgreSQL). */
export interface SqlSchema {
  /** The name. */
  readonly name: string;
  /** The role that owns it. @default - the database's owner */
  readonly owner?: string;
}

/** An extension (PostgreSQL). The administrator makes it; the cloud decides which there are. */
export interface SqlExtension {
  /** The name, such as `pg_trgm`. */
  readonly name: string;
  /** The schema its objects are in. @default - the extension's own, or `public` */
  readonly schema?: string;
  /** The version to be at. @default - the server's default when it is made; later never changed */
  readonly version?: string;
  /** Whether to try an extension that is not on our copy of the cloud's list. @default false */
  readonly acceptUnlisted?: boolean;
}

/** A query of your own, run when its guard says that it is needed. */
export interface SqlQuery {
  /** The name, once per database. */
  readonly name: string;
  /**
   * What to run. In PostgreSQL one or more statements, which are one transaction; in MySQL one, since nothing holds several
   * together when a run is killed. Part of the output: no secrets.
   */
  readonly sql: string;
  /** A query for one boolean that is true when there is nothing to do, such as `SELECT to_regclass('app.t') IS NOT NULL`. */
  readonly unless: string;
  /** The role to run it as (PostgreSQL). @default - the database's owner */
  readonly runAs?: string;
}

/** A logical database and what is in it. */
export interface SqlDatabase {
  /** The name. */
  readonly name: string;
  /**
   * The role that owns it, which is part of the same description. In MySQL: the user who may do everything in it.
   * @default - the administrator, when nobody else can: an identity that the cloud's API makes, in PostgreSQL; it gets grants instead
   */
  readonly owner?: string;
  /** Whether somebody else makes it and decides its owner, such as the cloud's API. @default false */
  readonly existing?: boolean;
  /** The most connections at a time, -1 for no limit (PostgreSQL). @default -1 */
  readonly connectionLimit?: number;
  /** The encoding (PostgreSQL) or character set (MySQL). @default - UTF8, or utf8mb4 */
  readonly encoding?: string;
  /** The collation. @default - the server's; for MySQL the character set's */
  readonly collation?: string;
  /** The character type (PostgreSQL). @default - the collation, when one is given */
  readonly characterType?: string;
  /** What is set when somebody connects to it (PostgreSQL). @default - nothing */
  readonly settings?: SqlSetting[];
  /** Schemas (PostgreSQL). @default - only `public` */
  readonly schemas?: SqlSchema[];
  /** Extensions (PostgreSQL). @default - none */
  readonly extensions?: SqlExtension[];
  /** What roles may do, beside the owner. @default - nothing */
  readonly grants?: SqlGrant[];
  /** What roles may do with what is made later (PostgreSQL). @default - nothing */
  readonly defaultPrivileges?: SqlDefaultPrivileges[];
  /** Queries of your own, in this order. @default - none */
  readonly queries?: SqlQuery[];
  /** Whether only the owner and `users` may connect, instead of everybody with a login (PostgreSQL). @default - what `DatabaseObjects` says */
  readonly restrictAccess?: boolean;
  /** Who may connect, beside the owner, when access is restricted: a pooler's user, one for backups. @default - nobody */
  readonly users?: string[];
}
