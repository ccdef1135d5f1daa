import type { IDatabase } from "./database-server";
import type { SecretValue } from "./secret-value";

/** SQL in a database of a restored copy. */
export interface RehearsalQuery {
  /** Database, as in the backup. */
  readonly database: IDatabase;
  /** Query of one value. */
  readonly sql: string;
}

/** A check of restored data, as rehearsals read it: `RehearsalCheck` of the room `recovery`. */
export interface IRehearsalCheck {
  /** Name in results and logs. */
  readonly name: string;
  /** Kind: `newest`, `least`, `true` or `together`. */
  readonly kind: string;
  /** Database and SQL. */
  readonly query: RehearsalQuery;
  /** Second database and SQL. @default - not set, except for `together` */
  readonly second?: RehearsalQuery;
  /** Secret that the SQL uses. @default - none */
  readonly secret?: SecretValue;
  /** Limit in the unit of the check: seconds, or a number. */
  readonly limit: number;
}
