/** Kind of object that a grant applies to. @see https://www.postgresql.org/docs/current/sql-grant.html */
export enum SqlGrantTarget {
  /** The database. In MySQL the only target: database-level privileges cover all objects in it. */
  DATABASE = "database",
  /** A schema (PostgreSQL). */
  SCHEMA = "schema",
  /** All tables and views that exist in a schema (PostgreSQL: `ALL TABLES IN SCHEMA`). */
  TABLES = "tables",
  /** All sequences that exist in a schema (PostgreSQL: `ALL SEQUENCES IN SCHEMA`). */
  SEQUENCES = "sequences",
  /** All functions and procedures that exist in a schema (PostgreSQL: `ALL ROUTINES IN SCHEMA`). */
  FUNCTIONS = "functions",
}

/**
 * Privilege, by the engine's name. Whether a privilege applies to a target is checked at synth.
 *
 * @see https://www.postgresql.org/docs/current/ddl-priv.html
 * @see https://dev.mysql.com/doc/refman/8.4/en/privileges-provided.html
 */
export enum SqlPrivilege {
  /** All privileges of the target. */
  ALL = "ALL",
  /** Reading rows. */
  SELECT = "SELECT",
  /** Inserting rows. */
  INSERT = "INSERT",
  /** Updating rows; in PostgreSQL also `nextval` and `setval` of sequences. */
  UPDATE = "UPDATE",
  /** Deleting rows. */
  DELETE = "DELETE",
  /** Truncating tables (PostgreSQL). */
  TRUNCATE = "TRUNCATE",
  /** Creating foreign keys. */
  REFERENCES = "REFERENCES",
  /** Creating triggers. */
  TRIGGER = "TRIGGER",
  /** Access to the objects of a schema; use of a sequence (PostgreSQL). */
  USAGE = "USAGE",
  /** Creating schemas in a database, or objects in a schema (PostgreSQL); creating tables (MySQL). */
  CREATE = "CREATE",
  /** Connecting to a database (PostgreSQL). */
  CONNECT = "CONNECT",
  /** Creating temporary tables (PostgreSQL). */
  TEMPORARY = "TEMPORARY",
  /** Executing functions and procedures. */
  EXECUTE = "EXECUTE",
  /** Altering tables (MySQL). */
  ALTER = "ALTER",
  /** Dropping tables (MySQL). */
  DROP = "DROP",
  /** Creating and dropping indexes (MySQL). */
  INDEX = "INDEX",
  /** Creating temporary tables (MySQL). */
  CREATE_TEMPORARY_TABLES = "CREATE TEMPORARY TABLES",
  /** Locking tables (MySQL). */
  LOCK_TABLES = "LOCK TABLES",
  /** Creating views (MySQL). */
  CREATE_VIEW = "CREATE VIEW",
  /** `SHOW CREATE VIEW` (MySQL). */
  SHOW_VIEW = "SHOW VIEW",
  /** Creating stored routines (MySQL). */
  CREATE_ROUTINE = "CREATE ROUTINE",
  /** Altering and dropping stored routines (MySQL). */
  ALTER_ROUTINE = "ALTER ROUTINE",
  /** Creating and dropping scheduled events (MySQL). */
  EVENT = "EVENT",
}

/**
 * Privileges of a role on a target. The role gets exactly these privileges on the target: missing ones are granted, further
 * ones are revoked, together with what the role has handed on. In a PostgreSQL database with restricted access, privileges on the
 * database and its described schemas that no grant names are revoked as well; other ones are left unchanged and listed by the run.
 */
export interface SqlGrant {
  /** Kind of object. */
  readonly on: SqlGrantTarget;
  /** Schema. @default "public" */
  readonly schema?: string;
  /** Role, which must be part of the same description, or `public` for all roles (PostgreSQL). */
  readonly grantee: string;
  /** Privileges; an empty list revokes all privileges of the grantee. */
  readonly privileges: SqlPrivilege[];
  /** Adds `WITH GRANT OPTION`. @default false */
  readonly grantable?: boolean;
}

/**
 * Default privileges: privileges on objects that a role creates later (PostgreSQL).
 *
 * @see https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
 */
export interface SqlDefaultPrivileges {
  /** Role that creates the objects. @default - the database's owner */
  readonly owner?: string;
  /** Kind of objects: tables, sequences or functions. */
  readonly on: SqlGrantTarget;
  /** Schema. @default "public" */
  readonly schema?: string;
  /** Role that gets the privileges. */
  readonly grantee: string;
  /** Privileges. */
  readonly privileges: SqlPrivilege[];
}
