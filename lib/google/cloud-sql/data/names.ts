// Names on Cloud SQL. Source, read 2026-11: google provider 6.50 `resource_sql_database_instance.go`.

import type { ReservedNames } from "../../../database";
import type { NameRule } from "../../../database/private";

/** Instance ID. */
export const SERVER_NAME: NameRule = {
  pattern: /^[a-z][a-z0-9-]{0,83}$/,
  rule: "must be up to 84 lower-case letters, digits and hyphens, with a letter first (98 together with the project)",
};

/** Names that Cloud SQL reserves, in lower case.  */
export const RESERVED_NAMES: ReservedNames = {
  users: [
    "postgres",
    "root",
    "cloudsqlsuperuser",
    "cloudsqladmin",
    "cloudsqlreplica",
    "cloudsqlagent",
    "cloudsqlimportexport",
  ],
  databases: ["cloudsqladmin"],
};
