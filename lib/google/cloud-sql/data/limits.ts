// Limits of Cloud SQL. Sources, read 2026-11: the API description sqladmin v1 (revision 20261018), google 6.50's schema,
// terraform-google-sql-db 28.1 (log days stay below the retained backups: its issue #785), cloud.google.com/sql/docs.

/** `retained_backups`, a count of daily backups. At least two, so that transaction logs can reach back to the first of them. */
export const RETAINED_BACKUPS = { min: 2, max: 365 };

/** `transaction_log_retention_days` by edition. */
export const LOG_DAYS: { readonly [edition: string]: { readonly max: number } } = {
  ENTERPRISE: { max: 7 },
  ENTERPRISE_PLUS: { max: 35 },
};

/** Longest deny maintenance period, in days. */
export const DENY_MAINTENANCE_DAYS = 90;

/** Maximum length of `project:instance`. */
export const CONNECTION_NAME_LENGTH = 98;

/** Limits of the flag `max_connections`; the minimum of PostgreSQL and the maximum of MySQL are remembered, not re-read. */
export const MAX_CONNECTIONS: { readonly [family: string]: { readonly min: number; readonly max: number } } =
  {
    postgres: { min: 14, max: 262_143 },
    mysql: { min: 10, max: 100_000 },
  };
