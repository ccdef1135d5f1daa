/** What a grant is about. */
export enum SqlGrantTarget {
  /** The database itself. In MySQL the only target, which takes in everything inside. */
  DATABASE = "database",
  /** A schema (PostgreSQL). */
  SCHEMA = "schema",
  /** All tables and views that a schema holds at the time (PostgreSQL). */
  TABLES = "tables",
  /** All sequences that a schema holds at the time (PostgreSQL). */
  SEQUENCES = "sequences",
  /** All functions and procedures that a schema holds at the time (PostgreSQL). */
  FUNCTIONS = "functions",
}

/** A privilege by the engine's name. Which one fits which target is checked at synth. */
export enum SqlPrivilege {
  /** Everything the target has. */
  ALL = "ALL",
  /** Read. */
  SELECT = "SELECT",
  /** Add rows. */
  INSERT = "INSERT",
  /** Change rows; in PostgreSQL also `nextval` and `setval` of sequences. */
  UPDATE = "UPDATE",
  /** Remove rows. */
  DELETE = "DELETE",
  /** Empty tables (PostgreSQL). */
  TRUNCATE = "TRUNCATE",
  /** Make foreign keys. */
  REFERENCES = "REFERENCES",
  /** Make triggers. */
  TRIGGER = "TRIGGER",
  /** See what is in a schema; use a sequence (PostgreSQL). */
  USAGE = "USAGE",
  /** Make schemas in a database, objects in a schema; tables in MySQL. */
  CREATE = "CREATE",
  /** Connect to a database (PostgreSQL). */
  CONNECT = "CONNECT",
  /** Make temporary tables (PostgreSQL). */
  TEMPORARY = "TEMPORARY",
  /** Call functions. */
  EXECUTE = "EXECUTE",
  /** Change tables (MySQL). */
  ALTER = "ALTER",
  /** Remove tables (MySQL). */
  DROP = "DROP",
  /** Make indexes (MySQL). */
  INDEX = "INDEX",
  /** Make temporary tables (MySQL). */
  CREATE_TEMPORARY_TABLES = "CREATE TEMPORARY TABLES",
  /** Lock tables (MySQL). */
  LOCK_TABLES = "LOCK TABLES",
  /** Make views (MySQL). */
  CREATE_VIEW = "CREATE VIEW",
  /** See how a view is made (MySQL). */
  SHOW_VIEW = "SHOW VIEW",
  /** Make routines (MySQL). */
  CREATE_ROUTINE = "CREATE ROUTINE",
  /** Change routines (MySQL). */
  ALTER_ROUTINE = "ALTER ROUTINE",
  /** Make events (MySQL). */
  EVENT = "EVENT",
}
