// Default flags of an instance: those that the CIS benchmark for Google Cloud and the scanners ask for (checkov CKV_GCP_50 to 57,
// 109 to 111, CKV2_GCP_14 to 17), read 2026-11. Two of them are left out: `log_duration` writes a line for every statement, and
// `log_hostname` makes each connection wait for a DNS look-up.

/** A flag and its secure value. */
export interface SecureFlag {
  readonly name: string;
  readonly value: string;
  /** Other values that are as secure. */
  readonly alsoSecure?: readonly string[];
}

export const POSTGRES_FLAGS: readonly SecureFlag[] = [
  { name: "cloudsql.enable_pgaudit", value: "on" },
  { name: "log_checkpoints", value: "on" },
  { name: "log_connections", value: "on" },
  { name: "log_disconnections", value: "on" },
  { name: "log_lock_waits", value: "on" },
  { name: "log_min_error_statement", value: "error", alsoSecure: ["warning", "notice", "info", "log"] },
  { name: "log_min_messages", value: "warning", alsoSecure: ["notice", "info", "log", "error"] },
  { name: "log_statement", value: "ddl", alsoSecure: ["mod", "all"] },
  { name: "log_temp_files", value: "0" },
];

export const MYSQL_FLAGS: readonly SecureFlag[] = [
  { name: "local_infile", value: "off" },
  { name: "skip_show_database", value: "on" },
];

/** Flags that a property sets, by engine family, and the property. */
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
