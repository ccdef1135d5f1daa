/** Predefined roles and limits of a service that SQL meets. Members that are not set are not checked. */
export interface SqlRules {
  /** Prefixes of the predefined roles of the service (PostgreSQL), such as `rds_`; `pg_` is every server's. @default - none */
  readonly predefinedRolePrefixes?: readonly string[];
  /** Predefined role of administrators (PostgreSQL), such as `rds_superuser`; an application should not be a member. @default - none */
  readonly adminRole?: string;
  /** Predefined role whose members authenticate with a cloud identity (PostgreSQL), such as `rds_iam`. @default - none */
  readonly identityRole?: string;
  /** True if SQL can create a login for a cloud identity; otherwise the cloud's API has to. @default false */
  readonly createsIdentityLogins?: boolean;
  /** Extensions that the administrator can create (PostgreSQL). @default - not known, and not checked */
  readonly extensions?: readonly string[];
  /** Remedy for an extension that the server does not have, added to the error (PostgreSQL). @default - none */
  readonly extensionHint?: string;
  /** True if the server stores database names in lower case (MySQL `lower_case_table_names=1`). @default false */
  readonly lowerCaseDatabases?: boolean;
}
