// Ends of community support of engine versions. Source, read 2026-08-22: github.com/endoflife-date/endoflife.date (postgresql, mysql).

import type { EngineRelease } from "../engine-support";

/** Releases that the communities support, with the last day. */
export const COMMUNITY_RELEASES: readonly EngineRelease[] = [
  { family: "mysql", major: "5.7", standardEnd: "2023-10-31" },
  { family: "mysql", major: "8.0", standardEnd: "2026-04-30" },
  { family: "mysql", major: "8.4", standardEnd: "2032-04-30" },
  { family: "postgres", major: "13", standardEnd: "2025-11-13" },
  { family: "postgres", major: "14", standardEnd: "2026-11-12" },
  { family: "postgres", major: "15", standardEnd: "2027-11-11" },
  { family: "postgres", major: "16", standardEnd: "2028-11-09" },
  { family: "postgres", major: "17", standardEnd: "2029-11-08" },
  { family: "postgres", major: "18", standardEnd: "2030-11-14" },
];
