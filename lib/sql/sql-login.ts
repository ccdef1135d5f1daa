import type { DatabaseLogin } from "../database";
import type { SqlSetting } from "./sql-setting";

/** A role that logs in. */
export interface SqlLogin {
  /** The name and how it proves who it is. */
  readonly login: DatabaseLogin;
  /** What stands for the login in secrets and construct ids. @default - its name, which then has to be known at synth */
  readonly id?: string;
  /** Whether somebody else makes it, such as the cloud's API; then only memberships and grants are set. @default false */
  readonly existing?: boolean;
  /** The group roles it is a member of (PostgreSQL). @default - none */
  readonly memberOf?: string[];
  /** The most connections at a time, -1 for no limit. @default -1 */
  readonly connectionLimit?: number;
  /** Whether it has the rights of its groups without asking (PostgreSQL). @default true */
  readonly inherit?: boolean;
  /** Whether it may make databases (PostgreSQL). @default false */
  readonly createDatabase?: boolean;
  /** Whether it may make roles (PostgreSQL). @default false */
  readonly createRole?: boolean;
  /** Until when its password holds, as `2027-01-31T00:00:00Z` (PostgreSQL). @default - for ever */
  readonly validUntil?: string;
  /** What is set when it logs in (PostgreSQL). @default - nothing */
  readonly settings?: SqlSetting[];
  /** From which hosts it may come (MySQL). @default "%" - from everywhere that the network lets through */
  readonly host?: string;
  /** Whether it has to use TLS (MySQL). @default true */
  readonly requireTls?: boolean;
  /** Whether its password is kept for clients that know `mysql_native_password` only (MySQL). @default false */
  readonly nativePassword?: boolean;
}

/** A role that groups others and does not log in (PostgreSQL). */
export interface SqlGroupRole {
  /** The name. */
  readonly name: string;
  /** The group roles it is a member of. @default - none */
  readonly memberOf?: string[];
  /** Whether somebody else makes it. @default false */
  readonly existing?: boolean;
}
