// Default `max_connections` of flexible servers. Sources, read 2026-11: learn.microsoft.com flexible-server concepts-limits;
// azure-databases-docs concepts-server-parameters.

import type { ConnectionStep } from "../../../database/private";

/** Azure flexible server for PostgreSQL: a table, since 32 GiB is off by one from the formula. */
export const POSTGRES_CONNECTIONS: readonly ConnectionStep[] = [
  { fromGB: 48, connections: 5000 },
  { fromGB: 32, connections: 3437 },
  { fromGB: 16, connections: 1718 },
  { fromGB: 8, connections: 859 },
  { fromGB: 4, connections: 429 },
  { fromGB: 0, connections: 50 },
];

/** Azure flexible server for MySQL. */
export const MYSQL_CONNECTIONS: readonly ConnectionStep[] = [
  { fromGB: 256, connections: 21_845 },
  { fromGB: 128, connections: 10_923 },
  { fromGB: 64, connections: 5_461 },
  { fromGB: 32, connections: 2_731 },
  { fromGB: 16, connections: 1_365 },
  { fromGB: 8, connections: 683 },
  { fromGB: 4, connections: 341 },
  { fromGB: 0, connections: 171 },
];

/** Connections that Azure reserves (concepts-limits). */
export const RESERVED_CONNECTIONS = 15;
