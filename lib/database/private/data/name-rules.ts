// What each cloud takes as a name. Sources, read 2026-11: aws provider 6.25 `validate.go` and the RDS user guide's
// limits; google provider 6.50 `resource_sql_database_instance.go`; azurerm 4.55 postgres and mysql validators.
// The 63 characters of an RDS identifier are the API's: the aws provider does not check them.

/** A pattern and what it means. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly rule: string;
}

/** Server names. */
export const SERVER_NAME: { readonly [cloud: string]: NameRule } = {
  aws: {
    pattern: /^(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]$|^[a-z]$/,
    rule: "allowed are 1 to 63 lower-case letters, digits and single hyphens, with a letter first and no hyphen last",
  },
  google: {
    pattern: /^[a-z][a-z0-9-]{0,83}$/,
    rule: "allowed are up to 84 lower-case letters, digits and hyphens, with a letter first (98 together with the project)",
  },
  azure: {
    pattern: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    rule: "allowed are 3 to 63 lower-case letters, digits and hyphens, with no hyphen first or last; unique in all of Azure",
  },
};

/** Database names; the same everywhere so that a program can move. With a hyphen they need quotes in SQL. */
export const DATABASE_NAME: { readonly [family: string]: NameRule } = {
  postgres: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$/,
    rule: "allowed are 1 to 63 letters, digits, underscores and hyphens, with a letter or underscore first",
  },
  mysql: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/,
    rule: "allowed are 1 to 64 letters, digits, underscores and hyphens, with a letter or underscore first",
  },
};

/** Databases that every server has for itself. */
export const RESERVED_DATABASES: { readonly [family: string]: readonly string[] } = {
  postgres: [
    "postgres",
    "template0",
    "template1",
    "rdsadmin",
    "cloudsqladmin",
    "azure_maintenance",
    "azure_sys",
  ],
  mysql: ["mysql", "information_schema", "performance_schema", "sys"],
};

/** Administrator names that RDS takes: 1 to 16 characters for MySQL, up to 63 for PostgreSQL; 16 is legal for both. */
export const ADMIN_NAME: NameRule = {
  pattern: /^[a-zA-Z][a-zA-Z0-9_]{0,15}$/,
  rule: "allowed are 1 to 16 letters, digits and underscores, with a letter first",
};

/** User names of applications: 63 characters in PostgreSQL, 32 in MySQL. */
export const USER_NAME: { readonly [family: string]: NameRule } = {
  postgres: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_@.-]{0,62}$/,
    rule: "allowed are 1 to 63 letters, digits and _ @ . -, with a letter or underscore first",
  },
  mysql: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_@.-]{0,31}$/,
    rule: "allowed are 1 to 32 letters, digits and _ @ . -, with a letter or underscore first",
  },
};

/**
 * User names that a cloud or the engine keeps for itself, in lower case. RDS refuses `admin` for PostgreSQL only
 * (aws/aws-cdk#10579, cfn-lint#4425); here it is refused for both, so that a program can change its engine.
 */
export const RESERVED_USERS: { readonly [cloud: string]: readonly string[] } = {
  aws: [
    "rdsadmin",
    "rds_superuser",
    "rds_replication",
    "rds_iam",
    "rdsproxyadmin",
    "rdsrepladmin",
    "admin",
    "root",
  ],
  google: [
    "postgres",
    "root",
    "cloudsqlsuperuser",
    "cloudsqladmin",
    "cloudsqlreplica",
    "cloudsqlagent",
    "cloudsqlimportexport",
  ],
  azure: [
    "azure_superuser",
    "azure_pg_admin",
    "admin",
    "administrator",
    "root",
    "guest",
    "public",
    "azuresu",
    "replication",
  ],
  "self-managed": [],
};
