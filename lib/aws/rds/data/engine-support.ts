// Ends of support of engine versions on RDS. Source, read 2026-08-22: github.com/endoflife-date/endoflife.date (amazon-rds-mysql,
// amazon-rds-postgresql). Extended ends of PostgreSQL: three years after the standard end, as for the majors whose date is published.

import { Cloud } from "../../../database";
import { type EngineRelease, type EngineSupport, registerEngineSupport } from "../../../database/private";

const RELEASES: readonly EngineRelease[] = [
  { family: "mysql", major: "5.7", standardEnd: "2024-02-29", extendedEnd: "2029-06-30" },
  { family: "mysql", major: "8.0", standardEnd: "2026-07-31", extendedEnd: "2029-07-31" },
  { family: "mysql", major: "8.4", standardEnd: "2029-07-31", extendedEnd: "2032-07-31" },
  { family: "postgres", major: "13", standardEnd: "2026-02-28", extendedEnd: "2029-02-28" },
  { family: "postgres", major: "14", standardEnd: "2027-02-28", extendedEnd: "2030-02-28" },
  { family: "postgres", major: "15", standardEnd: "2028-02-29", extendedEnd: "2031-02-28" },
  { family: "postgres", major: "16", standardEnd: "2029-02-28", extendedEnd: "2032-02-29" },
  { family: "postgres", major: "17", standardEnd: "2030-02-28", extendedEnd: "2033-02-28" },
  { family: "postgres", major: "18", standardEnd: "2031-02-28", extendedEnd: "2034-02-28" },
];

/** Support of engine versions on RDS. */
export const RDS_SUPPORT: EngineSupport = registerEngineSupport(Cloud.AWS, {
  provider: "on RDS",
  releases: RELEASES,
});
