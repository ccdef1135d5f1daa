// PgBouncer in front of logical databases, and the watch that makes it follow the leader of a cluster you run yourself.
export * from "./auth-query";
export * from "./client-tls";
export * from "./consul-policy";
export * from "./leader-source";
export { LeaderWatch, type LeaderWatchProps } from "./leader-watch";
export * from "./linux-package-pooler";
export * from "./pgbouncer";
export * from "./pgbouncer-image";
export * from "./pgbouncer-props";
export type { PoolEntry } from "./pool-entry";
export * from "./ruby";
export { ENTRYPOINT_SCRIPT } from "./scripts/entrypoint";
export { LEADER_EXIT_CODES, LEADER_HANDLER_SCRIPT } from "./scripts/leader-handler";
