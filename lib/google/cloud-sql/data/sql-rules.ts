// Predefined roles and extensions of Cloud SQL. Source of the roles, read 2026-11: cloud.google.com/sql/docs "About PostgreSQL users and
// roles". The extensions are those of cloud.google.com/sql/docs/postgres/extensions, as far as platform applications need them,
// remembered and not re-read [rec]; a program accepts another one with `acceptUnlisted`.

import type { SqlRules } from "../../../database";

/** IAM users are created by the API only. */
export const SQL_RULES: SqlRules = {
  predefinedRolePrefixes: ["cloudsql"],
  adminRole: "cloudsqlsuperuser",
  // biome-ignore format: a list reads better in lines
  extensions: [
    "address_standardizer", "amcheck", "bloom", "btree_gin", "btree_gist", "citext", "cube", "dblink", "dict_int",
    "dict_xsyn", "earthdistance", "fuzzystrmatch", "google_ml_integration", "hll", "hstore", "hypopg", "intagg",
    "intarray", "ip4r", "isn", "lo", "ltree", "oracle_fdw", "orafce", "pageinspect", "pg_background", "pg_bigm",
    "pg_buffercache", "pg_cron", "pg_freespacemap", "pg_hint_plan", "pg_partman", "pg_prewarm", "pg_proctab",
    "pg_repack", "pg_similarity", "pg_squeeze", "pg_stat_statements", "pg_trgm", "pg_visibility", "pg_wait_sampling",
    "pgaudit", "pgcrypto", "pgfincore", "pglogical", "pgrowlocks", "pgstattuple", "pgtap", "pgtt", "plpgsql",
    "plproxy", "plv8", "postgis", "postgis_raster", "postgis_tiger_geocoder", "postgis_topology", "postgres_fdw",
    "prefix", "rdkit", "refint", "sslinfo", "tablefunc", "tcn", "temporal_tables", "tsm_system_rows",
    "tsm_system_time", "unaccent", "uuid-ossp", "vector",
  ],
};
