// Server parameters: defaults of the library, parameters that have a prop, and parameters that must not be set.
// Sources, read 2026-11: the CIS Microsoft Azure benchmark for databases (5.2, 5.3), azure-databases-docs
// concepts-server-parameters, learn.microsoft.com param-connections-and-authentication.

/** Set on every PostgreSQL server. All are dynamic: they need no restart. */
export const POSTGRES_PARAMETERS: { readonly [name: string]: string } = {
  require_secure_transport: "on",
  ssl_min_protocol_version: "TLSv1.2",
  log_checkpoints: "on",
  "connection_throttle.enable": "on",
};

/** Set on every MySQL server. `tls_version` is static there, and 5.7 has no TLS 1.3. */
export const MYSQL_PARAMETERS: { readonly [name: string]: string } = {
  require_secure_transport: "ON",
  tls_version: "TLSv1.2,TLSv1.3",
  audit_log_enabled: "ON",
  audit_log_events: "CONNECTION",
};

/** Parameters that follow from a prop, and parameters that must not be set, with the reason. */
export const OWNED_PARAMETERS: { readonly [name: string]: string } = {
  max_connections: "use maxConnections",
  log_min_duration_statement: "use slowQueryMs",
  slow_query_log: "use slowQueryMs",
  long_query_time: "use slowQueryMs",
  "azure.extensions": "use extensions",
  require_secure_transport: "the library enforces TLS",
  ssl_min_protocol_version: "the minimum is TLS 1.2, and clients negotiate the highest version",
  tls_version: "the minimum is TLS 1.2, and clients negotiate the highest version",
  aad_auth_only: "it disables password authentication, which applications use; use passwordAuthentication",
};

/**
 * Parameters of PostgreSQL that a read replica must have at least as high as its source, or its recovery stops ("insufficient parameter
 * settings"). Azure copies them when it creates the replica, not later. Source, read 2026-11: azure-databases-docs
 * postgresql/read-replica/concepts-read-replicas, "Server parameters".
 */
export const RECOVERY_PARAMETERS: readonly string[] = [
  "max_connections",
  "max_locks_per_transaction",
  "max_prepared_transactions",
  "max_wal_senders",
  "max_worker_processes",
];

/** Static parameters of PostgreSQL, which restart the server: those that the library or users commonly set. */
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

/** Static parameters of MySQL, which take effect at the next restart. */
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
