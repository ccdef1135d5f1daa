// Last days of standard support of database engines whose extended support is charged. The same dates as in `lib/aws/rds/data` and
// `lib/google/cloud-sql/data` (a test compares them), read 2026-08-22 from github.com/endoflife-date/endoflife.date (amazon-rds-mysql,
// amazon-rds-postgresql, google-cloud-sql). Azure is not in the table: when it charges for a version was not verified.

/** Standard support of a cloud's database servers. */
export interface ServerSupport {
  /** Argument with the version, and the one with the engine if the version does not name it. */
  readonly version: string;
  readonly engine?: string;
  /** Argument and value that refuse extended support. */
  readonly refusal?: { readonly path: string; readonly value: string };
  /** Last day of standard support and of extended support, by engine and major version. */
  readonly ends: {
    readonly [engine: string]: { readonly [major: string]: readonly [standard: string, extended: string] };
  };
  readonly source: string;
}

/** By resource type. */
export const SERVER_SUPPORT: { readonly [type: string]: ServerSupport | undefined } = {
  aws_db_instance: {
    version: "engine_version",
    engine: "engine",
    refusal: { path: "engine_lifecycle_support", value: "open-source-rds-extended-support-disabled" },
    ends: {
      mysql: {
        "5.7": ["2024-02-29", "2029-06-30"],
        "8.0": ["2026-07-31", "2029-07-31"],
        "8.4": ["2029-07-31", "2032-07-31"],
      },
      postgres: {
        "13": ["2026-02-28", "2029-02-28"],
        "14": ["2027-02-28", "2030-02-28"],
        "15": ["2028-02-29", "2031-02-28"],
        "16": ["2029-02-28", "2032-02-29"],
        "17": ["2030-02-28", "2033-02-28"],
        "18": ["2031-02-28", "2034-02-28"],
      },
    },
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html",
  },
  google_sql_database_instance: {
    version: "database_version",
    ends: {
      mysql: { "5.7": ["2025-02-01", "2028-02-01"], "8.0": ["2026-07-01", "2029-07-01"] },
      postgres: {
        "13": ["2026-02-01", "2029-02-01"],
        "14": ["2027-02-01", "2030-02-01"],
        "15": ["2028-02-01", "2031-02-01"],
        "16": ["2029-02-01", "2032-02-01"],
        "17": ["2030-02-01", "2033-02-01"],
      },
    },
    source: "https://docs.cloud.google.com/sql/docs/mysql/db-versions",
  },
};
