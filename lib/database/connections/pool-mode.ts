/**
 * Pool mode of a pooler: when a server connection returns to the pool.
 *
 * @see https://www.pgbouncer.org/features.html
 */
export enum PoolMode {
  /** At the end of each transaction. LISTEN, session settings and session-level advisory locks do not work. */
  TRANSACTION = "transaction",
  /** When the client disconnects. All features work; there are as many server connections as clients. */
  SESSION = "session",
}
