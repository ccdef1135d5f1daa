// The flags that a server gets unless told otherwise: what the CIS benchmark for Google Cloud and the scanners ask for
// (checkov CKV_GCP_50 to 57, 109 to 111, CKV2_GCP_14 to 17), read 2026-11. Two of their wishes are left out:
// `log_duration` writes a line for every statement, and `log_hostname` makes each connection wait for a DNS look-up.

/** A flag and its safe value. */
export interface SafeFlag {
  readonly name: string;
  readonly value: string;
  /** Other values that are as safe. */
  readonly alsoSafe?: readonly string[];
}

export const POSTGRES_FLAGS: readonly SafeFlag[] = [
  { name: "cloudsql.enable_pgaudit", value: "on" },
  { name: "log_checkpoints", value: "on" },
  { name: "log_connections", value: "on" },
  { name: "log_disconnections", value: "on" },
  { name: "log_lock_waits", value: "on" },
  { name: "log_min_error_statement", value: "error", alsoSafe: ["warning", "notice", "info", "log"] },
  { name: "log_min_messages", value: "warning", alsoSafe: ["notice", "info", "log", "error"] },
  { name: "log_statement", value: "ddl", alsoSafe: ["mod", "all"] },
  { name: "log_temp_files", value: "0" },
];

export const MYSQL_FLAGS: readonly SafeFlag[] = [
  { name: "local_infile", value: "off" },
  { name: "skip_show_database", value: "on" },
];

/** Flags that have a property of their own, by engine family, and the property. */
export const FLAG_PROPERTIES: { readonly [family: string]: { readonly [flag: string]: string } } = {
  postgres: {
    "cloudsql.iam_authentication": "iamAuthentication",
    log_min_duration_statement: "slowQueryMs",
    max_connections: "maxConnections",
  },
  mysql: {
    cloudsql_iam_authentication: "iamAuthentication",
    long_query_time: "slowQueryMs",
    max_connections: "maxConnections",
    require_secure_transport: "tlsMode",
    slow_query_log: "slowQueryMs",
  },
};
