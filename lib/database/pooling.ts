// A pooler changes what a client may do: in transaction mode LISTEN, session settings and most prepared statements break.
// An application that gets a database has to see that, and migrations and backups have to find the way past the pooler.

import type { IDatabase } from "./database-server";

/** How long a client keeps a connection of the pool. */
export enum PoolMode {
  /** Until its transaction ends. LISTEN, session settings and advisory locks of a session do not work. */
  TRANSACTION = "transaction",
  /** Until the client disconnects; as if there were no pooler, and as many connections as clients. */
  SESSION = "session",
}

/** What the pooler in front of a database changes for its clients. */
export interface DatabasePooling {
  /** How long a client keeps a connection of the pool. */
  readonly mode: PoolMode;
  /** Whether prepared statements of the protocol work. */
  readonly preparedStatements: boolean;
  /** The same database past the pooler, for migrations, backups and restores. */
  readonly direct: IDatabase;
}
