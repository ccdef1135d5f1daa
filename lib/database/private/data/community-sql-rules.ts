// A server as the community ships it. Source, read 2026-11: postgresql.org "Additional Supplied Modules and Extensions".

import type { SqlRules } from "../../sql-rules";

/** Installed extensions are available; no role is predefined besides those of PostgreSQL. */
export const COMMUNITY_SQL_RULES: SqlRules = {
  predefinedRolePrefixes: [],
  extensionHint: "install the package that brings it, such as postgresql-contrib",
};
