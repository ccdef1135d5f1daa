// Ends of support by cloud, read 2026-08-22 from github.com/endoflife-date/endoflife.date (products amazon-rds-mysql,
// amazon-rds-postgresql, google-cloud-sql, azure-database-for-mysql, azure-database-for-postgresql), with the Cloud
// SQL page "db-versions" and Azure's articles/mysql/concepts-version-policy.md for what those lack.
// PostgreSQL 13 on Azure: two sources differ (2025-11-13 and 2026-07-31); the later one is kept.
// Extended ends of PostgreSQL on RDS: three years after the standard end, as for the majors whose date is published.

/** The support dates of a release on one cloud, as `YYYY-MM-DD`. */
export interface SupportDates {
  /** The last day of standard support. */
  readonly standardEnd?: string;
  /** The last day of paid extended support, where the cloud sells it. */
  readonly extendedEnd?: string;
}

/** The support dates of a release, by cloud. */
export interface EngineSupport {
  readonly family: "postgres" | "mysql";
  readonly major: string;
  readonly aws: SupportDates;
  readonly google: SupportDates;
  readonly azure: SupportDates;
  readonly community: SupportDates;
}

const entry = (
  family: "postgres" | "mysql",
  major: string,
  aws: [string?, string?],
  google: [string?, string?],
  azure: [string?, string?],
  community: string,
): EngineSupport => ({
  family,
  major,
  aws: { standardEnd: aws[0], extendedEnd: aws[1] },
  google: { standardEnd: google[0], extendedEnd: google[1] },
  azure: { standardEnd: azure[0], extendedEnd: azure[1] },
  community: { standardEnd: community },
});

/** Every release the library knows. */
export const ENGINE_SUPPORT: readonly EngineSupport[] = [
  entry(
    "mysql",
    "5.7",
    ["2024-02-29", "2029-06-30"],
    ["2025-02-01", "2028-02-01"],
    ["2026-07-31", "2029-03-31"],
    "2023-10-31",
  ),
  entry(
    "mysql",
    "8.0",
    ["2026-07-31", "2029-07-31"],
    ["2026-07-01", "2029-07-01"],
    ["2026-12-31", "2029-05-31"],
    "2026-04-30",
  ),
  entry("mysql", "8.4", ["2029-07-31", "2032-07-31"], [], [], "2032-04-30"),
  entry(
    "postgres",
    "13",
    ["2026-02-28", "2029-02-28"],
    ["2026-02-01", "2029-02-01"],
    ["2026-07-31"],
    "2025-11-13",
  ),
  entry(
    "postgres",
    "14",
    ["2027-02-28", "2030-02-28"],
    ["2027-02-01", "2030-02-01"],
    ["2026-11-12"],
    "2026-11-12",
  ),
  entry(
    "postgres",
    "15",
    ["2028-02-29", "2031-02-28"],
    ["2028-02-01", "2031-02-01"],
    ["2027-11-11"],
    "2027-11-11",
  ),
  entry(
    "postgres",
    "16",
    ["2029-02-28", "2032-02-29"],
    ["2029-02-01", "2032-02-01"],
    ["2028-11-09"],
    "2028-11-09",
  ),
  entry(
    "postgres",
    "17",
    ["2030-02-28", "2033-02-28"],
    ["2030-02-01", "2033-02-01"],
    ["2029-11-08"],
    "2029-11-08",
  ),
  entry("postgres", "18", ["2031-02-28", "2034-02-28"], [], ["2030-11-14"], "2030-11-14"),
];
