// Names that the engines reserve; those of a service are `reservedNames` of its servers. Sources, read 2026-11: postgresql.org "CREATE ROLE",
// "Template Databases"; dev.mysql.com "Reserved Accounts"; mariadb.com "sys Schema".

/** Role names that PostgreSQL reserves, besides names that begin with `pg_`. */
export const POSTGRES_RESERVED_ROLES: readonly string[] = ["public", "none"];

/** Databases that `initdb` creates. */
export const POSTGRES_RESERVED_DATABASES: readonly string[] = ["postgres", "template0", "template1"];

/** Accounts that MySQL and MariaDB create. */
export const MYSQL_RESERVED_USERS: readonly string[] = [
  "root",
  "mysql.sys",
  "mysql.session",
  "mysql.infoschema",
  "mariadb.sys",
];

/** Schemas that MySQL and MariaDB create. */
export const MYSQL_RESERVED_DATABASES: readonly string[] = [
  "mysql",
  "information_schema",
  "performance_schema",
  "sys",
];
