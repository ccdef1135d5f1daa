// Ends of support of engine versions on Cloud SQL. Source, read 2026-08-22: github.com/endoflife-date/endoflife.date (google-cloud-sql), with
// the Cloud SQL page "db-versions" for what it lacks.

import { Cloud } from "../../../database";
import { type EngineRelease, type EngineSupport, registerEngineSupport } from "../../../database/private";

const RELEASES: readonly EngineRelease[] = [
  { family: "mysql", major: "5.7", standardEnd: "2025-02-01", extendedEnd: "2028-02-01" },
  { family: "mysql", major: "8.0", standardEnd: "2026-07-01", extendedEnd: "2029-07-01" },
  { family: "mysql", major: "8.4" },
  { family: "postgres", major: "13", standardEnd: "2026-02-01", extendedEnd: "2029-02-01" },
  { family: "postgres", major: "14", standardEnd: "2027-02-01", extendedEnd: "2030-02-01" },
  { family: "postgres", major: "15", standardEnd: "2028-02-01", extendedEnd: "2031-02-01" },
  { family: "postgres", major: "16", standardEnd: "2029-02-01", extendedEnd: "2032-02-01" },
  { family: "postgres", major: "17", standardEnd: "2030-02-01", extendedEnd: "2033-02-01" },
  { family: "postgres", major: "18" },
];

/** Support of engine versions on Cloud SQL. */
export const CLOUD_SQL_SUPPORT: EngineSupport = registerEngineSupport(Cloud.GOOGLE, {
  provider: "on Cloud SQL",
  releases: RELEASES,
});
