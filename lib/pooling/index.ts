// PgBouncer in front of logical databases, and the watch that makes it follow the leader of a cluster you run yourself.
export * from "./leader-watch";
export * from "./linux-package";
export * from "./pgbouncer";
