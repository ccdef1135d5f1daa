// Predefined roles and extensions of flexible servers. Sources, read 2026-11: learn.microsoft.com "Create users in Azure Database for
// PostgreSQL", MySQL "Server parameters" (lower_case_table_names). The extensions are those of "Extension versions by name", as far as
// platform applications need them, remembered and not re-read [rec]; a program accepts another one with `acceptUnlisted`.

import type { SqlRules } from "../../../database";

/** Entra users are created by `pgaadauth_create_principal`, which an Entra administrator must call. */
export const POSTGRES_SQL_RULES: SqlRules = {
  predefinedRolePrefixes: ["azure_"],
  adminRole: "azure_pg_admin",
  extensionHint: "name it in the server parameter azure.extensions",
  // biome-ignore format: a list reads better in lines
  extensions: [
    "address_standardizer", "age", "amcheck", "anon", "azure_ai", "azure_storage", "bloom", "btree_gin", "btree_gist",
    "citext", "cube", "dblink", "dict_int", "dict_xsyn", "earthdistance", "fuzzystrmatch", "hll", "hstore", "hypopg",
    "intarray", "ip4r", "isn", "lo", "login_hook", "ltree", "orafce", "pageinspect", "pg_buffercache", "pg_cron",
    "pg_diskann", "pg_failover_slots", "pg_freespacemap", "pg_hint_plan", "pg_partman", "pg_prewarm", "pg_repack",
    "pg_squeeze", "pg_stat_statements", "pg_trgm", "pg_visibility", "pgaudit", "pgcrypto", "pglogical", "pgrouting",
    "pgrowlocks", "pgstattuple", "plpgsql", "plv8", "postgis", "postgis_raster", "postgis_tiger_geocoder",
    "postgis_topology", "postgres_fdw", "semver", "session_variable", "sslinfo", "tablefunc", "tds_fdw", "timescaledb",
    "topn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "vector", "wal2json",
  ],
};

/** Rules of MySQL flexible servers. */
export const MYSQL_SQL_RULES: SqlRules = { lowerCaseDatabases: true };
