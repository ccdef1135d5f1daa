// Names on Azure. Sources, read 2026-11: postgres and mysql validators of azurerm 4.55.

import type { ReservedNames } from "../../../database";
import type { NameRule } from "../../../database/private";

/** Server name. */
export const SERVER_NAME: NameRule = {
  pattern: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  rule: "must be 3 to 63 lower-case letters, digits and hyphens, with no hyphen first or last; unique in all of Azure",
};

/** Names that Azure reserves, in lower case.  */
export const RESERVED_NAMES: ReservedNames = {
  users: [
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
  databases: ["azure_maintenance", "azure_sys"],
};
