export * from "./pgbouncer";
export * from "./pgbouncer-authentication";
export * from "./pgbouncer-image";
export type { PoolEntry } from "./pool-entry";
