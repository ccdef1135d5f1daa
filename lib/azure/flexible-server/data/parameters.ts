// Server parameters: what the library always sets, what has a property of its own, and what must not be touched.
// Sources, read 2026-11: the CIS Microsoft Azure benchmark for databases (5.2, 5.3), azure-databases-docs
// concepts-server-parameters, learn.microsoft.com param-connections-and-authentication.

/** Always set for PostgreSQL. All of them are dynamic: no restart. */
export const POSTGRES_PARAMETERS: { readonly [name: string]: string } = {
  require_secure_transport: "on",
  ssl_min_protocol_version: "TLSv1.2",
  log_checkpoints: "on",
  "connection_throttle.enable": "on",
};

/** Always set for MySQL. `tls_version` is static there, and 5.7 has no TLS 1.3. */
export const MYSQL_PARAMETERS: { readonly [name: string]: string } = {
  require_secure_transport: "ON",
  tls_version: "TLSv1.2,TLSv1.3",
  audit_log_enabled: "ON",
  audit_log_events: "CONNECTION",
};

/** Parameters with a property of their own, or that follow from one. */
export const OWNED_PARAMETERS: { readonly [name: string]: string } = {
  max_connections: "use maxConnections",
  log_min_duration_statement: "use slowQueryMs",
  slow_query_log: "use slowQueryMs",
  long_query_time: "use slowQueryMs",
  "azure.extensions": "use extensions",
  require_secure_transport: "the server never accepts connections without TLS",
  ssl_min_protocol_version: "TLS 1.2 is the least; clients negotiate the best by themselves",
  tls_version: "TLS 1.2 is the least; clients negotiate the best by themselves",
  aad_auth_only: "it would switch passwords off, and applications log in by password",
};

/** Parameters of PostgreSQL that restart the server, as far as the library sets them or people commonly do. */
export const STATIC_POSTGRES_PARAMETERS: readonly string[] = [
  "max_connections",
  "shared_preload_libraries",
  "shared_buffers",
  "max_wal_senders",
  "max_replication_slots",
  "max_worker_processes",
  "max_locks_per_transaction",
  "max_prepared_transactions",
  "track_activity_query_size",
  "wal_level",
];

/** Parameters of MySQL that wait for a restart. */
export const STATIC_MYSQL_PARAMETERS: readonly string[] = [
  "innodb_buffer_pool_instances",
  "innodb_page_cleaners",
  "innodb_read_io_threads",
  "innodb_write_io_threads",
  "innodb_ft_min_token_size",
  "performance_schema",
  "ft_min_word_len",
  "lower_case_table_names",
  "log_bin_use_v1_row_events",
];
