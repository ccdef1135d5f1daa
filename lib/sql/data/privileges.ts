// Privileges of each target. Sources, read 2026-11: postgresql.org "5.8 Privileges" (table 5.2; MAINTAIN, new in 17, is
// left out so that a description means the same on every version); dev.mysql.com "Privileges Provided by MySQL", database level.

/** Privileges of PostgreSQL's targets. */
export const POSTGRES_PRIVILEGES: { readonly [target: string]: readonly string[] } = {
  database: ["CONNECT", "CREATE", "TEMPORARY"],
  schema: ["CREATE", "USAGE"],
  tables: ["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"],
  sequences: ["SELECT", "UPDATE", "USAGE"],
  functions: ["EXECUTE"],
};

/** Database-level privileges of MySQL 5.7 to 8.4. */
export const MYSQL_PRIVILEGES: readonly string[] = [
  "ALTER",
  "ALTER ROUTINE",
  "CREATE",
  "CREATE ROUTINE",
  "CREATE TEMPORARY TABLES",
  "CREATE VIEW",
  "DELETE",
  "DROP",
  "EVENT",
  "EXECUTE",
  "INDEX",
  "INSERT",
  "LOCK TABLES",
  "REFERENCES",
  "SELECT",
  "SHOW VIEW",
  "TRIGGER",
  "UPDATE",
];
