export * from "./auth-query";
export * from "./client-tls";
export * from "./pgbouncer";
export * from "./pgbouncer-image";
export * from "./pgbouncer-props";
export type { PoolEntry } from "./pool-entry";
export { ENTRYPOINT_SCRIPT } from "./scripts/entrypoint";
