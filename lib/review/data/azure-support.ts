// Last days of support of engine versions on Azure. The same dates as in `lib/azure/flexible-server/data` (a test compares them), read 2026-08-22 from
// github.com/endoflife-date/endoflife.date. Whether and when Azure charges for a version after these days was not verified.

/** Last day of standard support, and of extended support where there is one, by resource type and major version. */
export const AZURE_SUPPORT_ENDS: {
  readonly [type: string]: { readonly [major: string]: readonly [standard: string, extended?: string] };
} = {
  azurerm_mysql_flexible_server: {
    "5.7": ["2026-07-31", "2029-03-31"],
    "8.0": ["2026-12-31", "2029-05-31"],
  },
  azurerm_postgresql_flexible_server: {
    "13": ["2026-07-31"],
    "14": ["2026-11-12"],
    "15": ["2027-11-11"],
    "16": ["2028-11-09"],
    "17": ["2029-11-08"],
    "18": ["2030-11-14"],
  },
};

/** Pages with the dates, by resource type. */
export const AZURE_SUPPORT_SOURCES: { readonly [type: string]: string } = {
  azurerm_mysql_flexible_server: "https://learn.microsoft.com/azure/mysql/concepts-version-policy",
  azurerm_postgresql_flexible_server:
    "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-version-policy",
};
