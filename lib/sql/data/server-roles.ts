// What the clouds call their own. Sources, read 2026-11: RDS user guide "Understanding PostgreSQL roles", "IAM database
// authentication"; cloud.google.com/sql/docs "About PostgreSQL users and roles"; learn.microsoft.com "Create users in Azure
// Database for PostgreSQL". That Cloud SQL and Azure let SQL make no identity login: Cloud SQL makes IAM users by its API only, Azure
// by `pgaadauth_create_principal`, which an Entra administrator has to call.

/** A cloud's role names and how logins by identity come to be. */
export interface ServerRoles {
  /** The group that an administrator is in; an application never is. */
  readonly adminGroup?: string;
  /** The group whose members log in by the cloud's identity. */
  readonly identityGroup?: string;
  /** Whether SQL can make a login by identity in PostgreSQL; otherwise it has to exist. */
  readonly sqlMakesIdentityLogins: boolean;
  /** What to do when an extension is missing, for the server's error. */
  readonly extensionHint?: string;
}

/** By cloud. */
export const SERVER_ROLES: { readonly [cloud: string]: ServerRoles } = {
  aws: { adminGroup: "rds_superuser", identityGroup: "rds_iam", sqlMakesIdentityLogins: true },
  google: { adminGroup: "cloudsqlsuperuser", sqlMakesIdentityLogins: false },
  azure: {
    adminGroup: "azure_pg_admin",
    sqlMakesIdentityLogins: false,
    extensionHint: "name it in the server parameter azure.extensions",
  },
  "self-managed": {
    sqlMakesIdentityLogins: false,
    extensionHint: "install the package that brings it, such as postgresql-contrib",
  },
};

/** Names that PostgreSQL keeps for itself, beside everything that begins with `pg_`. */
export const POSTGRES_RESERVED_ROLES: readonly string[] = ["public", "none"];

/** MySQL's own accounts, and those that the clouds make. */
export const MYSQL_RESERVED_USERS: readonly string[] = [
  "root",
  "mysql.sys",
  "mysql.session",
  "mysql.infoschema",
  "mariadb.sys",
  "rdsadmin",
  "cloudsqladmin",
  "azure_superuser",
];
