// A pooler changes what a client may do: in transaction mode LISTEN, session settings and most prepared statements break.
// An application that gets a database has to see that.

/** How long a client keeps a connection of the pool. */
export enum PoolMode {
  /** Until its transaction ends. LISTEN, session settings and advisory locks of a session do not work. */
  TRANSACTION = "transaction",
  /** Until the client disconnects; as if there were no pooler, and as many connections as clients. */
  SESSION = "session",
}
