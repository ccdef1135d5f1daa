// Default `max_connections` of Cloud SQL. Source, read 2026-11: cloud.google.com/sql/docs "quotas" and "flags". The steps for
// PostgreSQL above 25 are remembered, not re-read [rec].

import type { ConnectionStep } from "../../../database/private";

/** Cloud SQL for PostgreSQL: maximum by memory in GB. */
export const POSTGRES_CONNECTIONS: readonly ConnectionStep[] = [
  { fromGB: 120, connections: 1000 },
  { fromGB: 60, connections: 800 },
  { fromGB: 30, connections: 600 },
  { fromGB: 15, connections: 500 },
  { fromGB: 7.5, connections: 400 },
  { fromGB: 6, connections: 200 },
  { fromGB: 3.75, connections: 100 },
  { fromGB: 1.7, connections: 50 },
  { fromGB: 0, connections: 25 },
];

/** Cloud SQL for MySQL. */
export const MYSQL_CONNECTIONS: readonly ConnectionStep[] = [
  { fromGB: 3.75, connections: 4000 },
  { fromGB: 1.7, connections: 1000 },
  { fromGB: 0, connections: 250 },
];

/** Connections that Cloud SQL reserves [rec]. */
export const RESERVED_CONNECTIONS = 10;
