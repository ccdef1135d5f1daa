// Ends of support of engine versions on Azure. Source, read 2026-08-22: github.com/endoflife-date/endoflife.date (azure-database-for-mysql,
// azure-database-for-postgresql), with Azure's articles/mysql/concepts-version-policy.md for what those lack. PostgreSQL 13: two
// sources differ (2025-11-13 and 2026-07-31); the later one is kept.

import { Cloud } from "../../../database";
import { type EngineRelease, type EngineSupport, registerEngineSupport } from "../../../database/private";

const RELEASES: readonly EngineRelease[] = [
  { family: "mysql", major: "5.7", standardEnd: "2026-07-31", extendedEnd: "2029-03-31" },
  { family: "mysql", major: "8.0", standardEnd: "2026-12-31", extendedEnd: "2029-05-31" },
  { family: "mysql", major: "8.4" },
  { family: "postgres", major: "13", standardEnd: "2026-07-31" },
  { family: "postgres", major: "14", standardEnd: "2026-11-12" },
  { family: "postgres", major: "15", standardEnd: "2027-11-11" },
  { family: "postgres", major: "16", standardEnd: "2028-11-09" },
  { family: "postgres", major: "17", standardEnd: "2029-11-08" },
  { family: "postgres", major: "18", standardEnd: "2030-11-14" },
];

/** Support of engine versions on Azure. */
export const AZURE_SUPPORT: EngineSupport = registerEngineSupport(Cloud.AZURE, {
  provider: "on Azure",
  releases: RELEASES,
});

/** Values of `version` in azurerm 4.55 that differ from the major version, by engine family (read 2026-11). */
export const VERSION_NAMES: { readonly [family: string]: { readonly [major: string]: string } } = {
  mysql: { "8.0": "8.0.21" },
};
