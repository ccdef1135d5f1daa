// Predefined roles and extensions of RDS. Sources, read 2026-11: RDS user guide "Understanding PostgreSQL roles and permissions" and "IAM
// database authentication". The extensions are those of the release notes "Extensions supported for RDS for PostgreSQL", as far as
// platform applications need them, remembered and not re-read [rec]; a program accepts another one with `acceptUnlisted`.

import type { SqlRules } from "../../../database";

/** On PostgreSQL and MySQL, `CREATE USER` and a grant or plugin make a login for IAM database authentication. */
export const SQL_RULES: SqlRules = {
  predefinedRolePrefixes: ["rds_"],
  adminRole: "rds_superuser",
  identityRole: "rds_iam",
  createsIdentityLogins: true,
  // biome-ignore format: a list reads better in lines
  extensions: [
    "address_standardizer", "amcheck", "aws_commons", "aws_lambda", "aws_s3", "bloom", "btree_gin", "btree_gist",
    "citext", "cube", "dblink", "dict_int", "dict_xsyn", "earthdistance", "fuzzystrmatch", "hll", "hstore", "hypopg",
    "intagg", "intarray", "ip4r", "isn", "lo", "log_fdw", "ltree", "mysql_fdw", "orafce", "pageinspect",
    "pg_buffercache", "pg_cron", "pg_freespacemap", "pg_hint_plan", "pg_partman", "pg_prewarm", "pg_proctab",
    "pg_repack", "pg_similarity", "pg_stat_statements", "pg_tle", "pg_transport", "pg_trgm", "pg_visibility",
    "pgaudit", "pgcrypto", "pglogical", "pgrowlocks", "pgstattuple", "pgtap", "plpgsql", "plprofiler", "postgis",
    "postgis_raster", "postgis_tiger_geocoder", "postgis_topology", "postgres_fdw", "prefix", "rdkit", "rds_tools",
    "sslinfo", "tablefunc", "tcn", "tds_fdw", "test_parser", "tsm_system_rows", "tsm_system_time", "unaccent",
    "uuid-ossp", "vector", "wal2json",
  ],
};
