// Predefined roles and reserved names of the clouds. Sources, read 2026-11: RDS user guide "Understanding PostgreSQL roles", "IAM database
// authentication"; cloud.google.com/sql/docs "About PostgreSQL users and roles"; learn.microsoft.com "Create users in Azure
// Database for PostgreSQL". Cloud SQL creates IAM users by its API only; Azure creates Entra users by
// `pgaadauth_create_principal`, which an Entra administrator must call.

/** Predefined roles of a cloud, and how logins for cloud identities are created. */
export interface ServerRoles {
  /** Group role of administrators; an application must not be a member. */
  readonly adminGroup?: string;
  /** Group role whose members log in with a cloud identity. */
  readonly identityGroup?: string;
  /** True if SQL can create a login for a cloud identity in PostgreSQL; otherwise it must exist. */
  readonly sqlMakesIdentityLogins: boolean;
  /** Remedy for a missing extension, shown with the server's error. */
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

/** Role names that PostgreSQL reserves, besides names that begin with `pg_`. */
export const POSTGRES_RESERVED_ROLES: readonly string[] = ["public", "none"];

/** Accounts that MySQL and the clouds create. */
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
