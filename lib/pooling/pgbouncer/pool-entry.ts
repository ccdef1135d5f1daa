import type { DatabaseLogin, IDatabase } from "../../database";
import { PoolMode } from "../../database";
import { isResolved } from "../../database/private";

/** One logical database behind a pooler, with the user of the one component that connects to it. */
export interface PoolEntry {
  /** The database on its server. */
  readonly database: IDatabase;
  /** The name by which clients ask for it; known at synth. @default - the database's name */
  readonly name?: string;
  /**
   * The component that connects. Two components never share a user; one component may have several entries, such as one in
   * each mode. @default - the entry's name
   */
  readonly component?: string;
  /** The component's own login, with which the pooler also connects to the server. @default - the database's owner */
  readonly login?: DatabaseLogin;
  /** How long a client keeps a connection. @default PoolMode.TRANSACTION */
  readonly mode?: PoolMode;
  /** The largest number of server connections in each pod, 1 to 10000; known at synth. @default - the entry's share of what the server has left */
  readonly poolSize?: number;
  /** The entry's weight when the server's connections are shared out, above 0. @default 1 */
  readonly share?: number;
  /**
   * The number of clients that may connect at a time, 1 to 100000; known at synth. In session mode those
   * beyond the pool's size wait.
   * @default - what the clients that say so need, and a quarter more; 500 when nobody says
   */
  readonly maxClients?: number;
  /** Whether clients use prepared statements of the protocol. In transaction mode this needs PgBouncer 1.21. @default false */
  readonly preparedStatements?: boolean;
}

/** An entry with its defaults filled in. @internal */
export interface ResolvedEntry {
  readonly name: string;
  readonly component: string;
  readonly database: IDatabase;
  readonly login: DatabaseLogin;
  readonly mode: PoolMode;
  readonly poolSize?: number;
  readonly share: number;
  readonly maxClients?: number;
  readonly preparedStatements: boolean;
}

/** Fills in the defaults. @internal */
export function resolveEntry(path: string, entry: PoolEntry): ResolvedEntry {
  const name = entry.name ?? entry.database.databaseName;
  if (!isResolved(name)) {
    throw new Error(
      `[${path}] the name of an entry has to be known at synth, since construct ids follow from it`,
    );
  }
  return {
    name,
    component: entry.component ?? name,
    database: entry.database,
    login: entry.login ?? entry.database.owner,
    mode: entry.mode ?? PoolMode.TRANSACTION,
    poolSize: entry.poolSize,
    share: entry.share ?? 1,
    maxClients: entry.maxClients,
    preparedStatements: entry.preparedStatements ?? false,
  };
}
