/** A setting that a server applies when a role logs in or a database is connected to (PostgreSQL). */
export interface SqlSetting {
  /** The parameter's name, such as `statement_timeout`. */
  readonly name: string;
  /** The value as PostgreSQL takes it, such as `15s`; for a list, such as `search_path`, one entry each. */
  readonly values: string[];
  /** The database in which a role's setting holds. @default - every database; never given for a database's own setting */
  readonly database?: string;
}
