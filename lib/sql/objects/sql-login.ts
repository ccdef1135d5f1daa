import type { DatabaseLogin } from "../../database";

/**
 * Session default of a configuration parameter, applied when a role logs in or a session connects to a database (PostgreSQL).
 *
 * @see https://www.postgresql.org/docs/current/sql-alterrole.html
 */
export interface SqlSetting {
  /** Parameter name, such as `statement_timeout`. */
  readonly name: string;
  /** Value in PostgreSQL's notation, such as `15s`; for a list parameter such as `search_path`, one member per element. */
  readonly values: string[];
  /** Database in which a role's setting applies. @default - every database; must not be set for a database's setting */
  readonly database?: string;
}

/**
 * Login role (PostgreSQL) or user account (MySQL).
 *
 * @see https://www.postgresql.org/docs/current/sql-createrole.html
 * @see https://dev.mysql.com/doc/refman/8.4/en/create-user.html
 */
export interface SqlLogin {
  /** User name and authentication method. */
  readonly login: DatabaseLogin;
  /** Stable id of the login in secrets and construct ids. @default - the user name, which must then be known at synth */
  readonly id?: string;
  /** True if the login is created elsewhere, such as by the cloud's API; only memberships and grants are then set. @default false */
  readonly existing?: boolean;
  /** Group roles that the login is a member of (PostgreSQL). @default - none */
  readonly memberOf?: string[];
  /** Maximum number of concurrent connections, -1 for no limit. @default -1 */
  readonly connectionLimit?: number;
  /** True if the login inherits the privileges of its group roles (PostgreSQL `INHERIT`). @default true */
  readonly inherit?: boolean;
  /** Allows the login to create databases (PostgreSQL `CREATEDB`). @default false */
  readonly createDatabase?: boolean;
  /** Allows the login to create roles (PostgreSQL `CREATEROLE`). @default false */
  readonly createRole?: boolean;
  /** Expiry of the password in UTC, such as `2027-01-31T00:00:00Z` (PostgreSQL `VALID UNTIL`). @default - no expiry */
  readonly validUntil?: string;
  /** Session defaults of configuration parameters (PostgreSQL). @default - none */
  readonly settings?: SqlSetting[];
  /** Host part of the account name (MySQL). @default "%" - any host that the network lets through */
  readonly host?: string;
  /** Requires TLS for connections of the account (MySQL `REQUIRE SSL`). @default true */
  readonly requireTls?: boolean;
  /** Uses the authentication plugin `mysql_native_password`, for clients that support no other (MySQL). @default false */
  readonly nativePassword?: boolean;
}

/** Group role, which has members and does not log in (PostgreSQL). @see https://www.postgresql.org/docs/current/role-membership.html */
export interface SqlGroupRole {
  /** Role name. */
  readonly name: string;
  /** Group roles that it is a member of. @default - none */
  readonly memberOf?: string[];
  /** True if the role is created elsewhere. @default false */
  readonly existing?: boolean;
}
